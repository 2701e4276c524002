//! Rust for WebAssembly: rustup's target or, where rustup cannot download it, Debian's Rust.
//!
//! Debian delivers no wasm32 standard library of a rustc that is new enough, but its source:
//! cargo builds it along.

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::debian;
use crate::process;
use crate::workspace::Workspace;

const TARGET: &str = "wasm32-unknown-unknown";

/// What Debian's Rust is made of: the programs of these packages, under these names.
const DEBIAN_PACKAGES: [&str; 5] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-clippy",
    "lld-22",
];
const DEBIAN_PROGRAMS: [(&str, &str); 6] = [
    ("rustc", "/usr/bin/rustc"),
    ("rustdoc", "/usr/bin/rustdoc"),
    ("cargo", "/usr/bin/cargo"),
    ("cargo-clippy", "/usr/bin/cargo-clippy"),
    ("clippy-driver", "/usr/bin/clippy-driver"),
    // rustc calls the linker of wasm32 by this name.
    ("rust-lld", "/usr/bin/lld-22"),
];
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";

/// What makes the app small: a panic ends it at once, without a message, and no text is kept that
/// only messages would have.
const SMALL_FLAGS: [&str; 8] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
    // Measured by the size after brotli: less inlining repeats more calls, more repeats more bodies.
    "-Cllvm-args=-inline-threshold=40",
    // Names that tell the types a function was compiled for: for reading what weighs how much.
    "-Csymbol-mangling-version=v0",
    // Half a megabyte is far more than the app needs, and all of it is memory that the page takes.
    "-Clink-arg=-zstack-size=524288",
    // Which functions and data refer to which: for loading some of them later.
    "-Clink-arg=--emit-relocs",
];

/// How the standard library is come by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Library {
    /// As quickly as possible.
    Quick,
    /// Built along with the app, for size; only where `builds_small` says so.
    Small,
}

/// A Rust toolchain that builds for wasm32.
pub(super) struct Rust {
    sysroot: PathBuf,
    /// The folder with the programs of Debian's toolchain; none if the active one has the target.
    debian: Option<PathBuf>,
}

impl Rust {
    pub(super) fn ready(workspace: &Workspace) -> Result<Self> {
        match env::var("TOKEN_MANAGER_WASM").as_deref() {
            Ok("rustup") if rustup_has_target()? || rustup_adds_target()? => Self::rustup(),
            Ok("rustup") => bail!("rustup cannot download the target {TARGET}"),
            Ok("debian") => Self::debian(workspace),
            Ok(other) => bail!("TOKEN_MANAGER_WASM is `{other}`, not `rustup` or `debian`"),
            Err(_) if rustup_has_target()? => Self::rustup(),
            // Once it was needed, it is there: no second wait for rustup.
            Err(_) if debian_folder(workspace).is_dir() => Self::debian(workspace),
            Err(_) if rustup_adds_target()? => Self::rustup(),
            Err(_) => {
                println!("rustup cannot download it; taking Debian's Rust for the wasm build.");
                Self::debian(workspace)
            }
        }
    }

    fn rustup() -> Result<Self> {
        Ok(Self {
            sysroot: sysroot("rustc".as_ref())?,
            debian: None,
        })
    }

    fn debian(workspace: &Workspace) -> Result<Self> {
        let installed = || {
            let mut programs = DEBIAN_PROGRAMS.iter().map(|(_, program)| *program);
            programs.all(|program| Path::new(program).exists()) && Path::new(DEBIAN_SOURCE).exists()
        };
        if !installed() {
            debian::install(
                workspace,
                &DEBIAN_PACKAGES,
                "the wasm build",
                "about 2 minutes",
            )?;
            if !installed() {
                bail!("Debian's Rust was installed, but its programs are not where they should be");
            }
        }
        let folder = debian_folder(workspace);
        fs::create_dir_all(&folder)?;
        for (name, program) in DEBIAN_PROGRAMS {
            let link = folder.join(name);
            if !link.exists() {
                symlink(program, &link).with_context(|| link.display().to_string())?;
            }
        }
        Ok(Self {
            sysroot: sysroot(&folder.join("rustc"))?,
            debian: Some(folder),
        })
    }

    /// The folder that has to be first on PATH.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.debian.as_deref()
    }

    /// What is built by another compiler must not lie in the same folder.
    pub(super) fn target(&self, workspace: &Workspace) -> PathBuf {
        match self.debian {
            None => workspace.target.clone(),
            Some(_) => workspace.target.join("wasm-debian"),
        }
    }

    /// Whether the standard library can be built for size: its source is there, and the compiler
    /// knows the flags, which no release of Rust promises.
    pub(super) fn builds_small(&self) -> Result<bool> {
        if !self.has_source() {
            rustup_adds_source()?;
        }
        if !self.has_source() {
            return Ok(false);
        }
        let mut rustc = self.rustc();
        rustc
            .args(SMALL_FLAGS)
            .args(["--target", TARGET, "--print", "cfg"]);
        rustc.env("RUSTC_BOOTSTRAP", "1");
        process::succeeds_within(&mut rustc, Duration::from_secs(20))
    }

    pub(super) fn version(&self) -> Result<String> {
        process::read(self.rustc().arg("--version"))
    }

    fn rustc(&self) -> Command {
        Command::new(match &self.debian {
            Some(folder) => folder.join("rustc"),
            None => "rustc".into(),
        })
    }

    fn has_source(&self) -> bool {
        let library = self.sysroot.join("lib/rustlib/src/rust/library");
        library.join("std/Cargo.toml").is_file()
    }

    pub(super) fn configure(&self, command: &mut Command, workspace: &Workspace, library: Library) {
        let mut flags = self.flags(workspace);
        if library == Library::Small {
            flags.extend(SMALL_FLAGS.map(ToOwned::to_owned));
            command.env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size");
        }
        command
            .env("CARGO_TARGET_DIR", self.target(workspace))
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"))
            // No one reads it there, and it is nine tenths of what browsers have to load.
            .env("CARGO_PROFILE_DEV_DEBUG", "none");
        if library == Library::Small || self.debian.is_some() {
            command
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");
        }
        if self.debian.is_some() {
            // Set by rustup for its own compiler.
            command.env_remove("LD_LIBRARY_PATH").env_remove("RUSTC");
        }
    }

    /// The same bytes wherever the clone, the caches and the compiler lie.
    fn flags(&self, workspace: &Workspace) -> Vec<String> {
        let library = self.sysroot.join("lib/rustlib/src/rust");
        // Not the clone's own: cargo names its files from there, and a flag that names the clone would
        // have every dependency compiled anew for each.
        let mut folders = vec![(self.target(workspace), "/target")];
        // The crates lie in a folder for each registry, a mirror's named otherwise than the original.
        let registries = cargo_home().map(|home| fs::read_dir(home.join("registry/src")));
        let registries = registries.into_iter().flatten().flatten().flatten();
        folders.extend(registries.map(|registry| (registry.path(), "/crates")));
        folders.extend(fs::canonicalize(&library).map(|folder| (folder, "/rustc")));
        folders.push((library, "/rustc"));
        folders
            .into_iter()
            .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
            .collect()
    }
}

fn cargo_home() -> Option<PathBuf> {
    let set = env::var_os("CARGO_HOME").map(PathBuf::from);
    set.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")))
}

fn sysroot(rustc: &Path) -> Result<PathBuf> {
    let mut rustc = Command::new(rustc);
    process::read(rustc.args(["--print", "sysroot"])).map(PathBuf::from)
}

fn debian_folder(workspace: &Workspace) -> PathBuf {
    workspace.cache.join("tools/debian-rust")
}

fn rustup_has_target() -> Result<bool> {
    let mut rustc = Command::new("rustc");
    let folder = process::read(rustc.args(["--print", "target-libdir", "--target", TARGET]))
        .context("Rust is needed: https://rustup.rs")?;
    Ok(Path::new(&folder).is_dir())
}

fn rustup_adds_target() -> Result<bool> {
    rustup_adds("target", TARGET)
}

fn rustup_adds_source() -> Result<bool> {
    rustup_adds("component", "rust-src")
}

fn rustup_adds(kind: &str, name: &str) -> Result<bool> {
    if super::find(&["rustup"]).is_none() {
        return Ok(false);
    }
    println!("Adding the {kind} {name} to the Rust toolchain (once, up to 1 minute)…");
    let mut rustup = Command::new("rustup");
    process::succeeds_within(rustup.args([kind, "add", name]), Duration::from_secs(60))
}
