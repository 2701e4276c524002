//! The example hosts in `public/examples`: their types are checked, and those that are written for
//! a framework are bundled, so that browser tests can open them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::dist;
use crate::process;
use crate::setup::Toolchain;
use crate::workspace::Workspace;

/// The examples that need a bundle, and what it is made of.
const BUNDLES: [(&str, &str); 2] = [("react", "main.tsx"), ("vue", "main.ts")];

/// Makes the examples ready to be served, in the folder that is returned.
pub(crate) fn build(workspace: &Workspace, toolchain: &Toolchain) -> Result<PathBuf> {
    let stage = stage(workspace, toolchain)?;
    for (example, entry) in BUNDLES {
        let folder = stage.join(example);
        let mut esbuild = toolchain.command(workspace, "esbuild");
        esbuild
            .arg(folder.join(entry))
            .args(["--bundle", "--format=esm", "--jsx=automatic", "--minify"])
            .arg("--define:process.env.NODE_ENV=\"production\"")
            .arg("--log-level=warning")
            .arg(format!("--outfile={}", folder.join("main.js").display()));
        process::run(&mut esbuild).with_context(|| format!("the example {example}"))?;
    }
    Ok(stage)
}

/// The compiler that checks the element's types and everything that is written with them.
pub(crate) fn type_checker(workspace: &Workspace, toolchain: &Toolchain) -> Result<Command> {
    let stage = stage(workspace, toolchain)?;
    let mut tsc = toolchain.command(workspace, "tsc");
    tsc.arg("--project").arg(stage);
    Ok(tsc)
}

/// A copy of the examples beside the packages that they import.
fn stage(workspace: &Workspace, toolchain: &Toolchain) -> Result<PathBuf> {
    let stage = workspace.scratch("examples");
    dist::make_empty(&stage)?;
    dist::copy(&workspace.root.join("public/examples"), &stage)?;
    dist::copy(&workspace.root.join("tests/embedding"), &stage)?;
    let types = workspace.root.join("public").join(dist::TYPES);
    fs::copy(types, stage.join(dist::TYPES)).context(dist::TYPES)?;
    symlink(toolchain.node_modules(), stage.join("node_modules"))?;
    Ok(stage)
}
