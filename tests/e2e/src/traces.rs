//! Looking for what must not be anywhere: any piece of a secret, as it is or encoded.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use serde_json::Value;

/// The length of a piece that is long enough to be no coincidence.
const PIECE: usize = 16;

/// Every piece of some secrets.
///
/// Of a token it is the signature: its header and claims say what the page may show, and they are
/// no token without it.
#[derive(Debug)]
pub struct Traces(HashSet<[u8; PIECE]>);

impl Traces {
    /// What would be left of `secrets`.
    pub fn of<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut pieces = HashSet::new();
        for secret in secrets {
            let secret = secret.rsplit_once('.').map_or(secret, |(_, rest)| rest);
            pieces.extend(windows(secret.as_bytes()));
            // The encoded text depends on where the secret begins in what was encoded.
            for start in 0..3 {
                let encoded = BASE64_STANDARD_NO_PAD.encode(&secret[start..]);
                pieces.extend(windows(encoded.as_bytes()));
            }
        }
        Self(pieces)
    }

    /// The pieces, for a search inside the page.
    pub fn pieces(&self) -> Value {
        self.0
            .iter()
            .map(|piece| String::from_utf8_lossy(piece).into_owned())
            .collect()
    }

    /// Whether `bytes` hold a piece, in UTF-8 or UTF-16.
    pub fn are_in(&self, bytes: &[u8]) -> bool {
        let every_second = |first| bytes.iter().copied().skip(first).step_by(2).collect();
        let [even, odd]: [Vec<u8>; 2] = [every_second(0), every_second(1)];
        [bytes, &even, &odd]
            .iter()
            .any(|bytes| self.are_in_ascii(bytes))
    }

    fn are_in_ascii(&self, bytes: &[u8]) -> bool {
        let no_secret = |byte: &u8| !(byte.is_ascii_alphanumeric() || b"-_.+/".contains(byte));
        let mut runs = bytes.split(no_secret);
        runs.any(|run| windows(run).any(|piece| self.0.contains(&piece)))
    }

    /// The files in a folder that hold a piece.
    pub fn in_folder(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                found.extend(self.in_folder(&entry.path())?);
            } else if kind.is_file() && self.are_in(&fs::read(entry.path())?) {
                found.push(entry.path());
            }
        }
        Ok(found)
    }
}

fn windows(bytes: &[u8]) -> impl Iterator<Item = [u8; PIECE]> {
    bytes
        .windows(PIECE)
        .filter_map(|piece| piece.try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "eyJhbGciOiJSUzI1NiJ9.c2VjcmV0LWNsYWltcw.0123456789abcdefghijkl";

    #[test]
    fn a_piece_is_found_however_it_is_written() {
        let traces = Traces::of([SECRET]);
        let piece = "3456789abcdefghi";
        assert!(traces.are_in(format!("..{piece}..").as_bytes()));
        let utf_16: Vec<u8> = piece.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(traces.are_in(&[&[0, 7, 9], utf_16.as_slice()].concat()));
        for before in ["", "x", "xy"] {
            let encoded = BASE64_STANDARD_NO_PAD.encode(format!("{before}{SECRET}"));
            assert!(traces.are_in(encoded.as_bytes()), "after {before:?}");
        }
    }

    #[test]
    fn what_is_public_is_no_trace() {
        let traces = Traces::of([SECRET]);
        assert!(!traces.are_in(b"eyJhbGciOiJSUzI1NiJ9"));
        assert!(!traces.are_in(b"0123456789abcde"));
    }
}
