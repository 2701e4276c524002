//! Installing Debian packages, where that can be done without asking.

use std::process::Command;
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
    let apt_get = |arguments: &[&str]| {
        let mut command = Command::new(prefix.first().unwrap_or(&"apt-get"));
        if let Some((_, rest)) = prefix.split_first() {
            command.args(rest).arg("apt-get");
        }
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-o", "DPkg::Lock::Timeout=120", "--yes"])
            .args(arguments);
        process::logged(&mut command, &log)
    };
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
