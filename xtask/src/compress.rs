//! Compressed copies of files, for hosts that send those.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

/// What is added to a file's name.
pub(crate) const BROTLI: &str = ".br";
pub(crate) const GZIP: &str = ".gz";

/// Writes the copies beside the file at `path`.
pub(crate) fn beside(path: &Path) -> Result<()> {
    let content = fs::read(path).with_context(|| path.display().to_string())?;
    for (extension, compressed) in [(BROTLI, brotli(&content)?), (GZIP, gzip(&content)?)] {
        let mut copy = path.as_os_str().to_owned();
        copy.push(extension);
        fs::write(&copy, compressed).with_context(|| Path::new(&copy).display().to_string())?;
    }
    Ok(())
}

/// Whether a file is such a copy.
pub(crate) fn is_copy(path: &Path) -> bool {
    let name = path.as_os_str().to_string_lossy();
    name.ends_with(BROTLI) || name.ends_with(GZIP)
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let best = BrotliEncoderParams {
        quality: 11,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &best)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(content)?;
    Ok(gzip.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn both_copies_hold_the_content_in_less_space() {
        let content = b"token ".repeat(100);
        let mut decoded = Vec::new();
        let compressed = brotli(&content).unwrap();
        assert!(compressed.len() < 60);
        brotli::BrotliDecompress(&mut &compressed[..], &mut decoded).unwrap();
        assert_eq!(decoded, content);

        let mut decoded = Vec::new();
        let compressed = gzip(&content).unwrap();
        assert!(compressed.len() < 60);
        GzDecoder::new(&compressed[..])
            .read_to_end(&mut decoded)
            .unwrap();
        assert_eq!(decoded, content);
    }
}
