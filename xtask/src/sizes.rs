//! How many bytes a browser downloads, and how many it may.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::compress::{self, BROTLI, GZIP};
use crate::workspace::Workspace;

/// The brotli size at which the page fails, in bytes.
const LIMIT: usize = 100_000;
/// The one that it should have.
const GOAL: usize = 75_000;
/// What a server sends before it waits for the browser, in bytes: the HTML with its style needs no
/// more for the first paint (RFC 6928).
const FIRST_PAINT: usize = 14_000;
/// How much a part may grow in small steps, and by another compiler than the budget's, in percent.
const GROWTH: usize = 1;
const GROWTH_OF_OTHERS: usize = 5;
/// How much the names and integrity values of other files, which change with these, may take more
/// or less after compression, in bytes.
const HASHES: usize = 32;

/// What other pages load, what this one loads after the list is there or in German, and what no page
/// does.
const ELSEWHERE: [&str; 8] = [
    "de.bin",
    "element.js",
    "embed.js",
    "frame.html",
    "frame.js",
    "package.json",
    "rest.bin",
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
    /// Of a file and its compressed copies; what has none is sent as it is.
    fn of(path: &Path) -> Result<Self> {
        let length = |path: &Path| -> Result<usize> { Ok(fs::metadata(path)?.len().try_into()?) };
        let raw = length(path).with_context(|| path.display().to_string())?;
        let copy = |extension| {
            let mut copy = path.as_os_str().to_owned();
            copy.push(extension);
            length(Path::new(&copy)).unwrap_or(raw)
        };
        Ok(Self {
            raw,
            gzip: copy(GZIP),
            brotli: copy(BROTLI),
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
    /// By name, without the hash of the content.
    files: BTreeMap<String, Size>,
}

impl Report {
    /// Measures the files in `dist` that a browser asks for.
    pub(crate) fn of(dist: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        for folder in [dist.to_owned(), dist.join("assets")] {
            let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
            for entry in entries {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let is_copy = compress::is_copy(&entry.path());
                if entry.file_type()?.is_file() && !name.starts_with('_') && !is_copy {
                    files.insert(without_hash(&name), Size::of(&entry.path())?);
                }
            }
        }
        Ok(Self { files })
    }

    /// What the standalone page loads before it can be used.
    fn until_usable(&self) -> Size {
        let loaded = self.files.iter();
        let loaded = loaded.filter(|(name, _)| !ELSEWHERE.contains(&name.as_str()));
        loaded.fold(Size::default(), |sum, (_, size)| sum.plus(*size))
    }

    /// The brotli size of all that the page loads before it can be used.
    pub(crate) fn bytes_until_usable(&self) -> usize {
        self.until_usable().brotli
    }

    /// Fails if the page has outgrown its limit.
    pub(crate) fn check(&self) -> Result<()> {
        let total = self.bytes_until_usable();
        if total >= LIMIT {
            bail!(
                "the page takes {} to load, compressed by brotli; the limit is {}",
                kilobytes(total),
                kilobytes(LIMIT)
            );
        }
        let page = self.files.get("index.html").copied().unwrap_or_default();
        if page.brotli > FIRST_PAINT {
            bail!(
                "index.html takes {}, compressed by brotli; {} at most come at once",
                kilobytes(page.brotli),
                kilobytes(FIRST_PAINT)
            );
        }
        Ok(())
    }

    /// Prints the table of sizes.
    pub(crate) fn print(&self) {
        let total = "needed until usable";
        let names = self.files.keys().map(String::len);
        let width = names.chain([total.len()]).max().unwrap_or_default();
        println!("{:width$} {:>9} {:>9} {:>9}", "", "raw", "gzip", "brotli");
        for (name, size) in &self.files {
            println!("{name:width$} {size}");
        }
        println!("{total:width$} {}", self.until_usable());
        println!(
            "The goal is {}, the limit {}.",
            kilobytes(GOAL),
            kilobytes(LIMIT)
        );
    }
}

/// The sizes that were last agreed to, and why they are what they are.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Budget {
    /// Why it was raised the last time.
    reason: String,
    /// What the sizes were measured with: others make other sizes of the same sources.
    compiler: String,
    /// The brotli sizes, in bytes.
    brotli: BTreeMap<String, usize>,
}

impl Budget {
    /// Reads the budget of the workspace.
    pub(crate) fn read(workspace: &Workspace) -> Result<Self> {
        let path = path(workspace);
        let text = fs::read(&path).with_context(|| path.display().to_string())?;
        serde_json::from_slice(&text).with_context(|| path.display().to_string())
    }

    /// Agrees to the sizes of `report`.
    pub(crate) fn record(
        workspace: &Workspace,
        report: &Report,
        compiler: &str,
        reason: &str,
    ) -> Result<()> {
        if reason.trim().is_empty() {
            bail!("--record needs a reason: why is the page as large as it is?");
        }
        let sizes = report.files.iter();
        let budget = Self {
            reason: reason.trim().to_owned(),
            compiler: compiler.to_owned(),
            brotli: sizes
                .map(|(name, size)| (name.clone(), size.brotli))
                .collect(),
        };
        let path = path(workspace);
        let text = serde_json::to_string_pretty(&budget)? + "\n";
        fs::write(&path, text).with_context(|| path.display().to_string())
    }

    /// Fails if a part has grown, or is new.
    pub(crate) fn check(&self, report: &Report, compiler: &str) -> Result<()> {
        let growth = match compiler == self.compiler {
            true => GROWTH,
            false => GROWTH_OF_OTHERS,
        };
        let grown: Vec<String> = report
            .files
            .iter()
            .filter_map(|(name, size)| {
                let agreed = self.brotli.get(name).copied().unwrap_or_default();
                let allowed = match agreed {
                    0 => 0,
                    agreed => (agreed * growth / 100).max(HASHES),
                };
                (size.brotli > agreed + allowed)
                    .then(|| format!("{name} takes {} bytes, not {agreed}", size.brotli))
            })
            .collect();
        if !grown.is_empty() {
            bail!(
                "the page has grown: {}. If that is worth it: cargo xtask dist --record \"why\"",
                grown.join(", ")
            );
        }
        Ok(())
    }
}

fn path(workspace: &Workspace) -> PathBuf {
    workspace.root.join("xtask/budget.json")
}

/// `app.js` for `app-0123456789abcdef.js`.
fn without_hash(name: &str) -> String {
    let is_hash = |part: &str| part.len() == 16 && part.chars().all(|c| c.is_ascii_hexdigit());
    let parts = name.split_once('-').and_then(|(start, rest)| {
        let (hash, extension) = rest.split_once('.')?;
        is_hash(hash).then(|| format!("{start}.{extension}"))
    });
    parts.unwrap_or_else(|| name.to_owned())
}

/// For people.
pub(crate) fn kilobytes(bytes: usize) -> String {
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let tenths = (bytes + 50) / 100;
    format!("{}.{} kB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(sizes: &[(&str, usize)]) -> Report {
        let size = |brotli| Size {
            brotli,
            ..Size::default()
        };
        let files = sizes.iter();
        Report {
            files: files
                .map(|&(name, brotli)| (name.to_owned(), size(brotli)))
                .collect(),
        }
    }

    fn budget() -> Budget {
        Budget {
            reason: "the first one".to_owned(),
            compiler: "rustc 1.95.0".to_owned(),
            brotli: [("app.wasm".to_owned(), 50_000)].into(),
        }
    }

    #[test]
    fn sizes_are_given_in_kilobytes() {
        assert_eq!(kilobytes(0), "0 B");
        assert_eq!(kilobytes(999), "999 B");
        assert_eq!(kilobytes(1000), "1.0 kB");
        assert_eq!(kilobytes(149_960), "150.0 kB");
    }

    #[test]
    fn a_part_keeps_its_name_when_its_content_changes() {
        assert_eq!(without_hash("app-0123456789abcdef.wasm"), "app.wasm");
        assert_eq!(without_hash("token-manager.d.ts"), "token-manager.d.ts");
    }

    #[test]
    fn the_limit_counts_what_the_page_loads() {
        let files = |wasm| report(&[("app.wasm", wasm), ("embed.js", 1000)]);
        assert!(files(LIMIT - 1).check().is_ok());
        let error = files(LIMIT).check().unwrap_err().to_string();
        assert!(error.contains("100.0 kB"), "{error}");
    }

    #[test]
    fn the_first_paint_comes_at_once() {
        assert!(report(&[("index.html", FIRST_PAINT)]).check().is_ok());
        let error = report(&[("index.html", FIRST_PAINT + 1)]).check();
        let error = error.unwrap_err().to_string();
        assert!(error.contains("14.0 kB at most"), "{error}");
    }

    #[test]
    fn a_part_may_grow_by_a_hundredth() {
        let check = |size| budget().check(&report(&[("app.wasm", size)]), "rustc 1.95.0");
        assert!(check(40_000).is_ok());
        assert!(check(50_500).is_ok());
        let error = check(50_501).unwrap_err().to_string();
        assert!(
            error.contains("app.wasm takes 50501 bytes, not 50000"),
            "{error}"
        );
    }

    #[test]
    fn another_compiler_may_differ_a_little_more() {
        let check = |size| budget().check(&report(&[("app.wasm", size)]), "rustc 1.96.0");
        assert!(check(52_500).is_ok());
        assert!(check(52_501).is_err());
    }

    #[test]
    fn a_new_part_has_to_be_agreed_to() {
        let report = report(&[("app.wasm", 50_000), ("more.wasm", 1)]);
        let error = budget().check(&report, "rustc 1.95.0").unwrap_err();
        assert!(error.to_string().contains("more.wasm takes 1 bytes"));
    }
}
