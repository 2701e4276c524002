//! Where things are: the clone, cargo's target folder, the cache outside the clone.

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

/// The folders that every task works with, all absolute.
pub(crate) struct Workspace {
    /// The clone.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// Installed tools, shared by all clones.
    pub(crate) cache: PathBuf,
}

impl Workspace {
    /// Finds the folders from this crate's place and the environment.
    pub(crate) fn find() -> Result<Self> {
        // Clones may share a target folder: cargo's word at run time is newer than at compile time.
        let own = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let own = own.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = own
            .parent()
            .context("xtask has no parent folder")?
            .to_owned();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => std::path::absolute(folder)?,
            None => root.join("target"),
        };
        let cache = std::path::absolute(cache(|name| env::var_os(name).map(PathBuf::from))?)?;
        Ok(Self {
            root,
            target,
            cache,
        })
    }

    /// The version of `package` that the workspace has settled on.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String> {
        let path = self.root.join("Cargo.lock");
        let lock = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        locked_version(&lock, package)
            .map(str::to_owned)
            .with_context(|| format!("Cargo.lock does not list {package}"))
    }

    /// A folder in the target folder for what a task leaves behind.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.target.join("xtask").join(name)
    }
}

fn cache(variable: impl Fn(&str) -> Option<PathBuf>) -> Result<PathBuf> {
    let set = |name| variable(name).filter(|value| !value.as_os_str().is_empty());
    set("TOKEN_MANAGER_CACHE")
        .or_else(|| Some(set("XDG_CACHE_HOME")?.join("token-manager")))
        .or_else(|| Some(set("HOME")?.join(".cache/token-manager")))
        .context("no place for the tools: set TOKEN_MANAGER_CACHE to a folder")
}

fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_version_is_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"a-b\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"a\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "a"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "b"), None);
    }

    #[test]
    fn the_cache_is_the_first_place_that_is_named() {
        let find = |set: &[(&str, &str)]| {
            cache(|name| {
                let value = set.iter().find(|(set, _)| *set == name)?.1;
                Some(PathBuf::from(value))
            })
        };
        let home = ("HOME", "/h");
        let own = ("TOKEN_MANAGER_CACHE", "/c");
        let xdg = ("XDG_CACHE_HOME", "/x");
        assert_eq!(find(&[home, xdg, own]).unwrap(), Path::new("/c"));
        assert_eq!(find(&[home, xdg]).unwrap(), Path::new("/x/token-manager"));
        assert_eq!(
            find(&[home, ("XDG_CACHE_HOME", "")]).unwrap(),
            Path::new("/h/.cache/token-manager")
        );
        assert!(find(&[]).is_err());
    }
}
