//! Measures the page against the same journey in plain JavaScript and in React.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::dist::{self, Asset, Profile};
use crate::process;
use crate::setup::{Chromium, Toolchain};
use crate::workspace::Workspace;

/// What the app is compared with, the reference first: a name and the script in `tests/bench`.
const OTHERS: [(&str, &str); 2] = [("plain", "reference/boot.js"), ("react", "react/boot.jsx")];

/// Builds and measures; the exit code tells whether the page is as small and fast as it should be.
///
/// `pairs` is how often each page is visited.
pub(crate) fn run(workspace: &Workspace, pairs: Option<u32>) -> Result<ExitCode> {
    let chromium = Chromium::ready(workspace)?;
    let toolchain = Toolchain::ready(workspace)?;
    println!("Building the pages…");
    let folder = workspace.scratch("bench");
    let app = folder.join("app");
    dist::build(workspace, &toolchain, Profile::Release, &app, None)?;
    let mut pages = vec![("app", app)];
    for (name, script) in OTHERS {
        let page = folder.join(name);
        let bundle = bundle(workspace, &toolchain, script)?;
        replace_script(&pages[0].1, &bundle, &page)
            .with_context(|| format!("the page {name} could not be made"))?;
        pages.push((name, page));
    }
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(&workspace.root)
        .args(["run", "--quiet", "--package", "bench", "--"])
        .arg("--out")
        .arg(folder.join("results.json"))
        .env("CHROME", &chromium.browser)
        .env("CHROMEDRIVER", &chromium.driver);
    for (name, page) in pages {
        cargo
            .arg("--page")
            .arg(format!("{name}={}", page.display()));
    }
    if let Some(pairs) = pairs {
        cargo.args(["--pairs", &pairs.to_string()]);
    }
    let passed = process::passes(&mut cargo)?;
    Ok(if passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The script of a page that is compared, from a copy of the sources in which all of the panel's
/// style is in one piece and React beside it.
fn bundle(workspace: &Workspace, toolchain: &Toolchain, script: &str) -> Result<Vec<u8>> {
    let stage = workspace.scratch("bench/stage");
    dist::make_empty(&stage)?;
    for folder in ["public", "tests/bench"] {
        dist::copy(&workspace.root.join(folder), &stage.join(folder))?;
    }
    symlink(toolchain.node_modules(), stage.join("node_modules"))?;
    let mut style = Vec::new();
    for name in ["panel.css", "later.css"] {
        let part = workspace.root.join("style").join(name);
        style.extend(dist::esbuild(workspace, toolchain, &part, &[])?);
    }
    fs::create_dir(stage.join("style"))?;
    fs::write(stage.join("style/panel.css"), style)?;
    let arguments = [
        "--format=esm",
        "--jsx=automatic",
        "--loader:.css=text",
        "--define:process.env.NODE_ENV=\"production\"",
    ];
    let script = stage.join("tests/bench").join(script);
    dist::esbuild(workspace, toolchain, &script, &arguments.map(str::to_owned))
}

/// A page in the folder `page` like the one in `app`, but with another script and no wasm.
fn replace_script(app: &Path, script: &[u8], page: &Path) -> Result<()> {
    dist::make_empty(page)?;
    dist::copy(app, page)?;
    for entry in fs::read_dir(page.join("assets"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("app-") {
            fs::remove_file(&path)?;
        }
    }
    let index = page.join("index.html");
    let html = fs::read_to_string(&index)?;
    let attribute = |name| attribute_of_script(&html, name);
    let (path, integrity) = (attribute("src")?, attribute("integrity")?);
    let asset = Asset::write(page, "app", "js", script)?;
    for name in ["index.html", "_headers"] {
        let file = page.join(name);
        let text: Vec<String> = fs::read_to_string(&file)?
            .lines()
            .filter(|line| !line.contains(".wasm"))
            .map(|line| {
                line.replace(path, &asset.path)
                    .replace(integrity, &asset.integrity)
            })
            .collect();
        fs::write(&file, text.join("\n") + "\n")?;
    }
    dist::compress_all(page)
}

/// The value of an attribute of the page's one script.
fn attribute_of_script<'a>(html: &'a str, name: &str) -> Result<&'a str> {
    let value = || {
        let (_, script) = html.split_once("<script ")?;
        let (tag, _) = script.split_once('>')?;
        let (_, value) = tag.split_once(&format!("{name}=\""))?;
        Some(value.split_once('"')?.0)
    };
    value().with_context(|| format!("the page's script has no attribute {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attributes_of_the_script_are_found() {
        let html = r#"<link href="x"><script type="module" src="a.js" integrity="sha"></script>"#;
        assert_eq!(attribute_of_script(html, "src").unwrap(), "a.js");
        assert_eq!(attribute_of_script(html, "integrity").unwrap(), "sha");
        assert!(attribute_of_script(html, "defer").is_err());
    }
}
