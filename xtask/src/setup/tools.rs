//! Tools from crates.io and npm, each in a folder of the cache named after its version.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::find;
use crate::process;
use crate::workspace::Workspace;

const TRUNK: &str = "0.21.14";
const CARGO_DENY: &str = "0.20.2";
const GECKODRIVER: &str = "0.37.1";

/// The folder of Trunk, which builds the wasm.
pub(super) fn trunk(workspace: &Workspace) -> Result<PathBuf> {
    cargo_install(workspace, "trunk", TRUNK, &["--locked"], "about 4 minutes")
}

/// The folder of wasm-bindgen's commands, in the version that the app links.
pub(super) fn wasm_bindgen(workspace: &Workspace) -> Result<PathBuf> {
    let version = workspace.locked_version("wasm-bindgen")?;
    cargo_install(
        workspace,
        "wasm-bindgen-cli",
        &version,
        &[],
        "about 2 minutes",
    )
}

/// The folder of Firefox's WebDriver server.
pub(super) fn geckodriver(workspace: &Workspace) -> Result<PathBuf> {
    cargo_install(
        workspace,
        "geckodriver",
        GECKODRIVER,
        &["--locked"],
        "about 3 minutes",
    )
}

/// The program that checks the dependencies.
pub(crate) fn cargo_deny(workspace: &Workspace) -> Result<PathBuf> {
    let arguments = ["--locked"];
    let folder = cargo_install(
        workspace,
        "cargo-deny",
        CARGO_DENY,
        &arguments,
        "about 6 minutes",
    )?;
    Ok(folder.join("cargo-deny"))
}

fn cargo_install(
    workspace: &Workspace,
    package: &str,
    version: &str,
    arguments: &[&str],
    takes: &str,
) -> Result<PathBuf> {
    let name = format!("{package}-{version}");
    let root = workspace.cache.join("tools").join(&name);
    // Cargo writes this file once the binaries are in place.
    if root.join(".crates.toml").is_file() {
        return Ok(root.join("bin"));
    }
    println!("Installing {package} {version} (once, {takes})…");
    let build = workspace.cache.join("build").join(&name);
    let log = workspace.cache.join("logs").join(format!("{name}.log"));
    let status = process::logged(
        Command::new("cargo")
            .args(["install", package, "--version", version])
            .args(arguments)
            .arg("--root")
            .arg(&root)
            .current_dir(&workspace.cache)
            .env("CARGO_TARGET_DIR", &build)
            // These programs are run a few times a day: compiling them quickly saves more.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env_remove("RUSTFLAGS"),
        &log,
    )?;
    if !status.success() {
        bail!(
            "{package} {version} could not be installed; is crates.io within reach? See {}",
            log.display()
        );
    }
    fs::remove_dir_all(&build).with_context(|| build.display().to_string())?;
    Ok(root.join("bin"))
}

/// The folder whose `node_modules` holds what `xtask/npm/package-lock.json` names.
pub(super) fn npm(workspace: &Workspace) -> Result<PathBuf> {
    let source = workspace.root.join("xtask/npm");
    let lock = fs::read(source.join("package-lock.json")).context("xtask/npm/package-lock.json")?;
    let hash = format!("{:x}", Sha256::digest(&lock));
    let tools = workspace.cache.join("tools");
    let folder = tools.join(format!("npm-{}", &hash[..16]));
    if find(&["node"]).is_none() || find(&["npm"]).is_none() {
        bail!("Node.js 20 or newer and its npm are needed, but `node` and `npm` are not on PATH");
    }
    if folder.is_dir() {
        return Ok(folder);
    }
    println!("Installing the tools from npm (once, about 20 seconds)…");
    let part = tools.join(format!("npm-{}.part-{}", &hash[..16], std::process::id()));
    fs::create_dir_all(&part)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(source.join(name), part.join(name))?;
    }
    let log = workspace.cache.join("logs/npm.log");
    let flags = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"].map(OsStr::new);
    let mut command = Command::new("npm");
    command.args(flags).current_dir(&part);
    if !process::logged(&mut command, &log)?.success() {
        fs::remove_dir_all(&part)?;
        bail!(
            "the tools from npm could not be installed; is npm's registry within reach? See {}",
            log.display()
        );
    }
    fs::rename(&part, &folder)?;
    Ok(folder)
}
