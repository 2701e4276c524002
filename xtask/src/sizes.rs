//! How many bytes a browser downloads.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

/// The brotli size that the page must stay under, in bytes.
const LIMIT: usize = 150_000;

/// What other pages load, and what no page does.
const ELSEWHERE: [&str; 5] = [
    "assets/frame-",
    "embed.js",
    "frame.html",
    "package.json",
    "token-manager.d.ts",
];

/// A size on disk and as sent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl Size {
    fn of(content: &[u8]) -> Result<Self> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(content)?;
        let mut brotli = Vec::new();
        let best = BrotliEncoderParams {
            quality: 11,
            ..BrotliEncoderParams::default()
        };
        brotli::BrotliCompress(&mut &content[..], &mut brotli, &best)?;
        Ok(Self {
            raw: content.len(),
            gzip: gzip.finish()?.len(),
            brotli: brotli.len(),
        })
    }

    fn plus(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [raw, gzip, brotli] = [self.raw, self.gzip, self.brotli].map(kilobytes);
        write!(f, "{raw:>9} {gzip:>9} {brotli:>9}")
    }
}

/// The sizes of all files of a built page.
pub(crate) struct Report {
    files: Vec<(String, Size)>,
}

impl Report {
    /// Measures the files in `dist` that a browser asks for.
    pub(crate) fn of(dist: &Path) -> Result<Self> {
        let mut files = Vec::new();
        for (folder, prefix) in [(dist.to_owned(), ""), (dist.join("assets"), "assets/")] {
            let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
            for entry in entries {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                if entry.file_type()?.is_file() && !name.starts_with('_') {
                    let content = fs::read(entry.path())?;
                    files.push((format!("{prefix}{name}"), Size::of(&content)?));
                }
            }
        }
        files.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(Self { files })
    }

    /// What the standalone page loads before it can be used.
    fn until_usable(&self) -> Size {
        let loaded = self.files.iter().filter(|(name, _)| {
            let elsewhere = ELSEWHERE.iter().any(|start| name.starts_with(start));
            !elsewhere
        });
        loaded.fold(Size::default(), |sum, (_, size)| sum.plus(*size))
    }

    /// Fails if the page has outgrown its limit.
    pub(crate) fn check(&self) -> Result<()> {
        let total = self.until_usable().brotli;
        if total >= LIMIT {
            bail!(
                "the page takes {} to load, compressed by brotli; the limit is {}",
                kilobytes(total),
                kilobytes(LIMIT)
            );
        }
        Ok(())
    }

    /// Prints the table of sizes.
    pub(crate) fn print(&self) {
        let total = "needed until usable";
        let names = self.files.iter().map(|(name, _)| name.len());
        let width = names.chain([total.len()]).max().unwrap_or_default();
        println!("{:width$} {:>9} {:>9} {:>9}", "", "raw", "gzip", "brotli");
        for (name, size) in &self.files {
            println!("{name:width$} {size}");
        }
        println!("{total:width$} {}", self.until_usable());
    }
}

fn kilobytes(bytes: usize) -> String {
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let tenths = (bytes + 50) / 100;
    format!("{}.{} kB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_given_in_kilobytes() {
        assert_eq!(kilobytes(0), "0 B");
        assert_eq!(kilobytes(999), "999 B");
        assert_eq!(kilobytes(1000), "1.0 kB");
        assert_eq!(kilobytes(149_960), "150.0 kB");
    }

    #[test]
    fn compressing_makes_text_smaller() {
        let size = Size::of(&b"token ".repeat(100)).unwrap();
        assert_eq!(size.raw, 600);
        assert!(size.gzip < 60 && size.brotli < 60, "{size:?}");
    }

    #[test]
    fn the_limit_counts_what_the_page_loads() {
        let size = |brotli| Size {
            brotli,
            ..Size::default()
        };
        let files = |wasm| Report {
            files: vec![
                ("assets/app.wasm".to_owned(), size(wasm)),
                ("embed.js".to_owned(), size(1000)),
            ],
        };
        assert!(files(LIMIT - 1).check().is_ok());
        let error = files(LIMIT).check().unwrap_err().to_string();
        assert!(error.contains("150.0 kB"), "{error}");
    }
}
