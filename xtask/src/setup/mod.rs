//! Installs what a task needs and the machine lacks.

mod browsers;
mod debian;
mod servers;
mod tools;
mod wasm;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

pub(crate) use browsers::{Browser, Chromium};
pub(crate) use servers::WebServers;
pub(crate) use tools::cargo_deny;

use crate::process;
use crate::workspace::Workspace;

/// Everything that builds the page.
pub(crate) struct Toolchain {
    wasm: wasm::Rust,
    /// The folder whose `node_modules` holds the tools from npm.
    npm: PathBuf,
    /// The folder of `wasm-bindgen` and its test runner.
    bindgen: PathBuf,
    path: OsString,
}

impl Toolchain {
    /// Finds or installs it.
    pub(crate) fn ready(workspace: &Workspace) -> Result<Self> {
        let wasm = wasm::Rust::ready(workspace)?;
        let npm = tools::npm(workspace)?;
        let trunk = tools::trunk(workspace)?;
        let bindgen = tools::wasm_bindgen(workspace)?;
        let mut folders: Vec<PathBuf> = wasm.folder().map(ToOwned::to_owned).into_iter().collect();
        folders.extend([trunk, bindgen.clone(), npm.join("node_modules/.bin")]);
        folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        Ok(Self {
            wasm,
            npm,
            bindgen,
            path: env::join_paths(folders).context("a folder on PATH has a colon in its name")?,
        })
    }

    /// A command that builds for WebAssembly, or calls a tool that does.
    pub(crate) fn command(&self, workspace: &Workspace, program: &str) -> Command {
        self.configured(workspace, program, wasm::Library::Quick)
    }

    /// Whether `small_command` can build; the source that it needs is fetched if that is possible.
    pub(crate) fn builds_small(&self) -> Result<bool> {
        self.wasm.builds_small()
    }

    /// The version of the compiler for WebAssembly.
    pub(crate) fn compiler(&self) -> Result<String> {
        self.wasm.version()
    }

    /// The same with the standard library built along, for size.
    pub(crate) fn small_command(&self, workspace: &Workspace, program: &str) -> Command {
        self.configured(workspace, program, wasm::Library::Small)
    }

    fn configured(&self, workspace: &Workspace, program: &str, library: wasm::Library) -> Command {
        let mut command = Command::new(program);
        self.wasm.configure(&mut command, workspace, library);
        command.current_dir(&workspace.root).env("PATH", &self.path);
        command
    }

    /// Where such commands put what they build.
    pub(crate) fn target(&self, workspace: &Workspace) -> PathBuf {
        self.wasm.target(workspace)
    }

    /// What runs wasm tests.
    pub(crate) fn test_runner(&self) -> PathBuf {
        self.bindgen.join("wasm-bindgen-test-runner")
    }

    /// The packages from npm.
    pub(crate) fn node_modules(&self) -> PathBuf {
        self.npm.join("node_modules")
    }

    /// The script that looks for barriers in a page.
    pub(crate) fn axe(&self) -> PathBuf {
        self.node_modules().join("axe-core/axe.min.js")
    }
}

/// Sees to it that clippy and rustfmt are there.
pub(crate) fn lints() -> Result<()> {
    let available = |tool: &str| {
        let mut cargo = Command::new("cargo");
        process::succeeds_within(cargo.args([tool, "--version"]), Duration::from_secs(20))
    };
    if available("clippy")? && available("fmt")? {
        return Ok(());
    }
    println!("Adding clippy and rustfmt to the Rust toolchain (once, about 1 minute)…");
    let mut rustup = Command::new("rustup");
    rustup.args(["component", "add", "clippy", "rustfmt"]);
    if !process::succeeds_within(&mut rustup, Duration::from_secs(120))? {
        bail!("clippy and rustfmt are missing: rustup component add clippy rustfmt");
    }
    Ok(())
}

/// The first of `names` on PATH.
fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let candidates = |name| env::split_paths(&path).map(move |folder| folder.join(name));
    names
        .iter()
        .flat_map(candidates)
        .find(|candidate| candidate.is_file())
}
