//! Debian's packages, where they can be had without asking.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use anyhow::{Result, bail};

use super::find;
use crate::process;
use crate::workspace::Workspace;

/// Installs `packages`; `purpose` completes "… for".
pub(super) fn install(
    workspace: &Workspace,
    packages: &[&str],
    purpose: &str,
    takes: &str,
) -> Result<()> {
    let list = packages.join(" ");
    let by_hand = format!("install them with: apt-get install {list}");
    if find(&["apt-get"]).is_none() {
        bail!("for {purpose} these Debian packages, or what they hold, are missing: {list}");
    }
    let Some(prefix) = privilege()? else {
        bail!("for {purpose} Debian packages are missing; {by_hand}");
    };
    println!("Installing {list} for {purpose} (once, {takes})…");
    let log = workspace.cache.join("logs/apt.log");
    let apt_get = |arguments: &[&str]| apt_get(prefix, arguments, &log);
    let install = [&["install", "--no-install-recommends"], packages].concat();
    // The lists of packages may be missing or too old: only then are they fetched again.
    let installed = apt_get(&install)?.success()
        || apt_get(&["update"])?.success() && apt_get(&install)?.success();
    if !installed {
        bail!(
            "for {purpose} Debian packages could not be installed (see {}); {by_hand}",
            log.display()
        );
    }
    Ok(())
}

/// Fetches the lists of packages, if that can be done without asking.
fn update(workspace: &Workspace) -> Result<bool> {
    let Some(prefix) = privilege()? else {
        return Ok(false);
    };
    let log = workspace.cache.join("logs/apt.log");
    Ok(apt_get(prefix, &["update"], &log)?.success())
}

fn apt_get(prefix: &[&str], arguments: &[&str], log: &Path) -> Result<ExitStatus> {
    let mut command = Command::new(prefix.first().unwrap_or(&"apt-get"));
    if let Some((_, rest)) = prefix.split_first() {
        command.args(rest).arg("apt-get");
    }
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["-o", "DPkg::Lock::Timeout=120", "--yes"])
        .args(arguments);
    process::logged(&mut command, log)
}

/// The folder with the files of `packages`, which are not installed: no service starts, and no
/// privilege is needed unless apt's lists are missing.
pub(super) fn unpack(workspace: &Workspace, packages: &[&str], purpose: &str) -> Result<PathBuf> {
    let list = packages.join(" ");
    let folder = workspace
        .cache
        .join("tools/debian")
        .join(packages.join("+"));
    if folder.is_dir() {
        return Ok(folder);
    }
    if find(&["apt-get"]).is_none() {
        bail!("for {purpose} these Debian packages, or what they hold, are missing: {list}");
    }
    println!("Unpacking {list} for {purpose} (once, about 10 seconds)…");
    let log = workspace.cache.join("logs/apt-download.log");
    let part = folder.with_extension(format!("part-{}", std::process::id()));
    fs::create_dir_all(&part)?;
    let download = || {
        let mut command = Command::new("apt-get");
        // As root, apt would rather download as a user who has no access to the folder.
        command.args(["-o", "APT::Sandbox::User=root", "download"]);
        process::logged(command.args(packages).current_dir(&part), &log)
    };
    let downloaded = download()?.success() || update(workspace)? && download()?.success();
    if !downloaded {
        fs::remove_dir_all(&part)?;
        bail!(
            "for {purpose} the Debian packages {list} could not be downloaded (see {})",
            log.display()
        );
    }
    for entry in fs::read_dir(&part)? {
        let package = entry?.path();
        process::run(Command::new("dpkg-deb").arg("-x").arg(&package).arg(&part))?;
        fs::remove_file(package)?;
    }
    fs::rename(&part, &folder)?;
    Ok(folder)
}

/// The words before `apt-get` that let it install; none if a password would be asked for.
fn privilege() -> Result<Option<&'static [&'static str]>> {
    if process::read(Command::new("id").arg("-u"))? == "0" {
        return Ok(Some(&[]));
    }
    let sudo = find(&["sudo"]).is_some()
        && process::succeeds_within(
            Command::new("sudo").args(["-n", "true"]),
            Duration::from_secs(10),
        )?;
    Ok(sudo.then_some(&["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"]))
}
