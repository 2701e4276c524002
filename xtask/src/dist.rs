//! Makes the page: Trunk builds the wasm and its glue, esbuild bundles script and style, and the
//! files are named after their content and tied together by integrity values.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::headers;
use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha384};

use crate::compress;
use crate::glue::Pair;
use crate::module;
use crate::policy::{self, Parts, Place};
use crate::process;
use crate::sbom;
use crate::setup::Toolchain;
use crate::template;
use crate::workspace::Workspace;

/// The types of the element, for hosts in TypeScript.
pub(crate) const TYPES: &str = "token-manager.d.ts";

/// What wasm-opt may use: every browser of the last years has it. With all that wasm-opt knows it
/// writes files that browsers refuse.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Chosen by the size after brotli, which likes repetition: inlined and shared parts of functions
/// make the file smaller and what is sent larger, functions of like names beside each other help.
const SIZE_PASSES: [&str; 9] = [
    "-g",
    "--traps-never-happen",
    "-Oz",
    "--one-caller-inline-max-function-size=0",
    "--always-inline-max-function-size=0",
    "--skip-pass=local-cse",
    "--reorder-functions-by-name",
    "--strip-producers",
    "--strip-target-features",
];

/// The app's scripts: of the standalone page, of the one inside the frame, and for other pages.
const SCRIPTS: [Script; 3] = [
    Script {
        name: "app",
        entry: "standalone.js",
        for_other_pages: false,
    },
    Script {
        name: "frame",
        entry: "framed.js",
        for_other_pages: false,
    },
    Script {
        name: "element",
        entry: "embedded.js",
        for_other_pages: true,
    },
];

struct Script {
    name: &'static str,
    /// The file that it is bundled from.
    entry: &'static str,
    /// Whether it has what only they need: all of the style, and the frame mode.
    for_other_pages: bool,
}

/// The style of what only the second module shows.
const LATER_STYLE: &str = "later.css";

/// The last release's wasm, with the names of its functions.
const NAMED: &str = "named.wasm";

/// How the wasm is compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Profile {
    /// Quick to build.
    Debug,
    /// Small to load.
    Release,
}

/// Builds the page and puts it into the folder `out`, which stays as it was if anything fails.
///
/// The compiler's output goes to the file `log`, if there is one.
pub(crate) fn build(
    workspace: &Workspace,
    toolchain: &Toolchain,
    profile: Profile,
    out: &Path,
    log: Option<&Path>,
) -> Result<()> {
    let stage = stage(workspace, toolchain, profile);
    let small = profile == Profile::Release && toolchain.builds_small()?;
    if profile == Profile::Release && !small {
        println!("This Rust can't build its standard library for size: the page gets larger.");
    }
    let build = Build {
        workspace,
        toolchain,
        profile,
        small,
        stage,
    };
    build.wasm(log)?;
    let assembled = build
        .assemble()
        .context("the page could not be assembled")?;
    replace(&assembled, out)
}

/// The wasm of the last release build with the names of its functions.
pub(crate) fn named_wasm(workspace: &Workspace, toolchain: &Toolchain) -> Result<Vec<u8>> {
    read(&stage(workspace, toolchain, Profile::Release).join(NAMED))
}

fn stage(workspace: &Workspace, toolchain: &Toolchain, profile: Profile) -> PathBuf {
    let name = format!("{profile:?}").to_lowercase();
    toolchain.target(workspace).join("xtask/stage").join(name)
}

/// Fails if a file in `dist` tells where it was built.
pub(crate) fn check_paths(workspace: &Workspace, dist: &Path) -> Result<()> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let folders = [
        Some(&workspace.root),
        Some(&workspace.target),
        Some(&workspace.cache),
        home.as_ref(),
    ];
    for folder in [dist.to_owned(), dist.join("assets")] {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_file() {
                let content = read(&path)?;
                for place in folders.into_iter().flatten() {
                    // A short path, such as that of the root folder, may be there by chance.
                    let place = place.as_os_str().as_encoded_bytes();
                    if place.len() > 4 && content.windows(place.len()).any(|part| part == place) {
                        let place = String::from_utf8_lossy(place);
                        bail!("{} contains the path {place}", path.display());
                    }
                }
            }
        }
    }
    Ok(())
}

struct Build<'a> {
    workspace: &'a Workspace,
    toolchain: &'a Toolchain,
    profile: Profile,
    /// Whether the standard library is built along, for size.
    small: bool,
    /// Intermediate files.
    stage: PathBuf,
}

impl Build<'_> {
    /// The wasm and its glue, in the stage's folder `trunk`.
    fn wasm(&self, log: Option<&Path>) -> Result<()> {
        let out = self.stage.join("trunk");
        fs::create_dir_all(&out)?;
        // Trunk builds offline, so everything has to be there.
        let mut fetch = self.command("cargo");
        fetch.args(["fetch", "--quiet", "--target", "wasm32-unknown-unknown"]);
        process::run(&mut fetch).context("the app's dependencies could not be downloaded")?;
        let mut trunk = self.command("trunk");
        trunk.args(["build", "--quiet", "--dist"]).arg(&out);
        // Trunk takes no other value of this variable than true and false.
        trunk.env_remove("NO_COLOR");
        // The compiler's messages tell what is wrong, not Trunk's stack.
        trunk.env("RUST_BACKTRACE", "0");
        if self.profile == Profile::Release {
            trunk.arg("--release");
        }
        match log {
            None => process::run(&mut trunk).context("the app does not build"),
            Some(log) if process::logged(&mut trunk, log)?.success() => Ok(()),
            Some(log) => bail!("the app does not build, see {}", log.display()),
        }
    }

    fn command(&self, program: &str) -> Command {
        if self.small {
            self.toolchain.small_command(self.workspace, program)
        } else {
            self.toolchain.command(self.workspace, program)
        }
    }

    /// All files of the page, in the folder that is returned.
    fn assemble(&self) -> Result<PathBuf> {
        let dist = self.stage.join("dist");
        make_empty(&dist)?;
        fs::create_dir(dist.join("assets"))?;
        let public = self.workspace.root.join("public");
        let style = self.workspace.root.join("style");

        let boot = self.boot_sources()?;
        let trunk = self.stage.join("trunk");
        let glue = String::from_utf8(read(&trunk.join("token-manager.js"))?)?;
        let mut pair = Pair::new(read(&trunk.join("token-manager_bg.wasm"))?, &glue);
        if self.profile == Profile::Release {
            self.shrink(&mut pair, &boot)?;
        }
        let wasm = Asset::write(&dist, "app", "wasm", &pair.wasm)?;
        let part = |name, content: &Option<Vec<u8>>| {
            let content = content.as_deref();
            content.map(|content| Asset::write(&dist, name, "bin", content))
        };
        let rest = part("rest", &pair.rest).transpose()?;
        let texts = part("de", &pair.texts).transpose()?;
        let parts = [Some(&wasm), rest.as_ref(), texts.as_ref()];
        let script = |script: &Script| {
            let content = self.script(&boot, &pair.glue, script, parts)?;
            Asset::write(&dist, script.name, "js", &content)
        };
        let [page, frame, element] = SCRIPTS.each_ref().map(script);
        let (page, frame, element) = (page?, frame?, element?);

        let embed = self.esbuild(
            &public.join("embed.js"),
            &[
                "--format=esm".to_owned(),
                define("ELEMENT_FILE", &element.path),
                define("ELEMENT_INTEGRITY", &element.integrity),
                define("WASM_FILE", &wasm.path),
            ],
        )?;
        write(&dist.join("embed.js"), &embed)?;

        let icon = Asset::write(&dist, "icon", "svg", &read(&public.join("icon.svg"))?)?;

        let page_style = Style::new(self.esbuild(&style.join("page.css"), &[])?)?;
        let frame_style = Style::new(self.esbuild(&style.join("frame.css"), &[])?)?;
        let (page_parts, frame_parts) = (page_style.with(&page), frame_style.with(&frame));
        let pages = [
            ("index.html", &page, &page_style, page_parts, Some(&icon)),
            ("frame.html", &frame, &frame_style, frame_parts, None),
        ];
        for (name, script, style, parts, icon) in pages {
            let policy = policy::content_security(Place::Meta, parts);
            let mut values = vec![
                ("app_file", script.path.as_str()),
                ("app_integrity", &script.integrity),
                ("wasm_file", &wasm.path),
                ("style", &style.text),
                ("csp", &policy),
            ];
            values.extend(icon.map(|icon| ("icon_file", icon.path.as_str())));
            self.fill(name, &values, &dist)?;
        }

        let config = read(&public.join("config.json"))?;
        write(&dist.join("config.json"), &config)?;
        let rules = policy::rules(page_parts, frame_parts, &embed_origins(&config)?);
        for (name, headers) in headers::files(&rules) {
            write(&dist.join(name), headers.as_bytes())?;
        }

        let sbom = sbom::sbom(self.workspace, "token-manager")?;
        write(&dist.join(sbom::FILE), sbom.as_bytes())?;

        let types = read(&public.join(TYPES))?;
        write(&dist.join(TYPES), &types)?;
        let version = [("version", env!("CARGO_PKG_VERSION"))];
        self.fill("package.json", &version, &dist)?;
        if self.profile == Profile::Release {
            compress_all(&dist)?;
        }
        Ok(dist)
    }

    /// A file of `public` with `values` in it, in the folder `dist`.
    fn fill(&self, name: &str, values: &[(&str, &str)], dist: &Path) -> Result<()> {
        let template = read(&self.workspace.root.join("public").join(name))?;
        let template = String::from_utf8(template).with_context(|| name.to_owned())?;
        let mut filled = template::fill(&template, values).with_context(|| name.to_owned())?;
        if name.ends_with(".html") {
            filled = template::without_indent(&filled);
        }
        write(&dist.join(name), filled.as_bytes())
    }

    /// A copy of what the script is bundled from, with the panel's styles in one piece each, since
    /// a style that is imported as text is taken as it is.
    fn boot_sources(&self) -> Result<PathBuf> {
        let boot = self.stage.join("boot");
        make_empty(&boot)?;
        copy(&self.workspace.root.join("public"), &boot.join("public"))?;
        copy(&self.stage.join("trunk"), &boot.join("glue"))?;

        fs::create_dir(boot.join("style"))?;
        for name in ["isolation.css", "panel.css", "parts.css", LATER_STYLE] {
            let style = self.esbuild(&self.workspace.root.join("style").join(name), &[])?;
            write(&boot.join("style").join(name), &style)?;
        }
        Ok(boot)
    }

    /// One of the app's scripts, from the sources in `boot` and this glue: it loads the module, its
    /// rest and the German texts, where they are files of their own.
    fn script(
        &self,
        boot: &Path,
        glue: &str,
        script: &Script,
        parts: [Option<&Asset>; 3],
    ) -> Result<Vec<u8>> {
        let path = boot.join("glue/token-manager.js");
        write(&path, glue.as_bytes())?;
        let mut arguments = vec![
            "--format=esm".to_owned(),
            "--loader:.css=text".to_owned(),
            format!("--alias:token-manager-glue={}", path.display()),
            format!("--define:FOR_OTHER_PAGES={}", script.for_other_pages),
        ];
        for (name, part) in ["WASM", "REST", "GERMAN"].into_iter().zip(parts) {
            let values = part.map(|part| (part.file_name(), part.integrity.as_str()));
            let (file, integrity) = values.unwrap_or_default();
            arguments.push(define(&format!("{name}_FILE"), file));
            arguments.push(define(&format!("{name}_INTEGRITY"), integrity));
        }
        self.esbuild(&boot.join("public").join(script.entry), &arguments)
    }

    /// Makes wasm and glue as small as the browsers' network sees them, which is after brotli.
    fn shrink(&self, pair: &mut Pair, boot: &Path) -> Result<()> {
        // What only one of them needs may need something of the other: until nothing goes.
        loop {
            let mut scripts = String::new();
            for script in &SCRIPTS {
                let script = self.script(boot, &pair.glue, script, [None; 3])?;
                scripts += &String::from_utf8(script)?;
            }
            let exports = pair.drop_exports(&scripts)?;
            pair.wasm = self.wasm_opt(&pair.wasm, &["-g", "--remove-unused-module-elements"])?;
            let imports = pair.drop_imports()?;
            if exports + imports == 0 {
                break;
            }
        }
        // Only then the linker leaves the relocations that it takes.
        if self.small {
            let linked = read(&self.linked())?;
            pair.split(&linked, is_loaded_later, gives_german_texts)?;
        }
        pair.wasm = self.wasm_opt(&pair.wasm, &SIZE_PASSES)?;
        write(&self.stage.join(NAMED), &pair.wasm)?;
        if let Some(rest) = &mut pair.rest {
            *rest = self.wasm_opt(rest, &SIZE_PASSES)?;
        }
        pair.drop_imports()?;
        pair.shorten()?;
        if let Some(rest) = &mut pair.rest {
            let style = read(&boot.join("style").join(LATER_STYLE))?;
            module::append(rest, "style", &style);
        }
        Ok(())
    }

    /// The module as the linker has left it.
    fn linked(&self) -> PathBuf {
        let target = self.toolchain.target(self.workspace);
        target.join("wasm32-unknown-unknown/release/token_manager.wasm")
    }

    fn wasm_opt(&self, wasm: &[u8], arguments: &[&str]) -> Result<Vec<u8>> {
        let [from, to] = ["from.wasm", "to.wasm"].map(|name| self.stage.join(name));
        write(&from, wasm)?;
        let mut wasm_opt = self.toolchain.command(self.workspace, "wasm-opt");
        wasm_opt.arg(&from).arg("--output").arg(&to);
        wasm_opt.args(WASM_FEATURES).args(arguments);
        let output = process::output(&mut wasm_opt)?;
        if !output.status.success() {
            bail!("wasm-opt: {}", String::from_utf8_lossy(&output.stderr));
        }
        read(&to)
    }

    fn esbuild(&self, entry: &Path, arguments: &[String]) -> Result<Vec<u8>> {
        esbuild(self.workspace, self.toolchain, entry, arguments)
    }
}

/// Whether a function is one through which alone the second module is reached; see `src/later.rs`.
fn is_loaded_later(name: &str) -> bool {
    name.contains("]::later::Later<") && name.ends_with("::run")
}

/// Whether a function is the one that knows where the German texts are; see `src/i18n`.
fn gives_german_texts(name: &str) -> bool {
    name.ends_with("]::i18n::german")
}

/// What esbuild makes of `entry` and all that it imports: one file, minified.
pub(crate) fn esbuild(
    workspace: &Workspace,
    toolchain: &Toolchain,
    entry: &Path,
    arguments: &[String],
) -> Result<Vec<u8>> {
    let mut esbuild = toolchain.command(workspace, "esbuild");
    esbuild
        .arg(entry)
        .args(["--bundle", "--minify", "--charset=utf8", "--target=es2022"])
        .args(["--legal-comments=none", "--log-level=warning"])
        // The glue names a module once for each of its functions.
        .arg("--log-override:duplicate-object-key=silent")
        .args(arguments);
    let output = process::output(&mut esbuild)?;
    let messages = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() || !messages.is_empty() {
        bail!("{}\n{messages}", entry.display());
    }
    Ok(output.stdout)
}

/// A file that may be cached for ever, since its name changes with its content.
pub(crate) struct Asset {
    /// The path from the page.
    pub(crate) path: String,
    /// The integrity value.
    pub(crate) integrity: String,
}

impl Asset {
    /// Writes it into the assets of the page in `dist`.
    pub(crate) fn write(dist: &Path, name: &str, extension: &str, content: &[u8]) -> Result<Self> {
        let digest = Sha384::digest(content);
        let hash: String = digest[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let path = format!("assets/{name}-{hash}.{extension}");
        write(&dist.join(&path), content)?;
        Ok(Self {
            path,
            integrity: integrity(content),
        })
    }

    fn file_name(&self) -> &str {
        self.path.trim_start_matches("assets/")
    }
}

/// The style in a page's head.
struct Style {
    text: String,
    integrity: String,
}

impl Style {
    fn new(text: Vec<u8>) -> Result<Self> {
        let text = String::from_utf8(text)?.trim_end().to_owned();
        let integrity = integrity(text.as_bytes());
        Ok(Self { text, integrity })
    }

    /// A page with this style and this script.
    fn with<'a>(&'a self, script: &'a Asset) -> Parts<'a> {
        Parts {
            script: &script.integrity,
            style: &self.integrity,
        }
    }
}

/// The integrity value of a file, by which browsers check it.
fn integrity(content: &[u8]) -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(content)))
}

/// The origins that `config.json` lets embed the frame mode.
fn embed_origins(config: &[u8]) -> Result<Vec<String>> {
    let mut config: Value = serde_json::from_slice(config).context("public/config.json")?;
    serde_json::from_value(config["embedOrigins"].take()).context("embedOrigins")
}

/// Compressed copies of what a browser loads, but not of the configuration: who changes that would
/// have to know of the copies.
pub(crate) fn compress_all(dist: &Path) -> Result<()> {
    let mut paths = vec![
        dist.join("index.html"),
        dist.join("frame.html"),
        dist.join("embed.js"),
    ];
    for entry in fs::read_dir(dist.join("assets"))? {
        paths.push(entry?.path());
    }
    paths.retain(|path| !compress::is_copy(path));
    paths.iter().try_for_each(|path| compress::beside(path))
}

/// An esbuild option that puts a string in a name's place.
fn define(name: &str, value: &str) -> String {
    format!("--define:{name}=\"{value}\"")
}

/// Puts the folder `new` in the place of `old`.
fn replace(new: &Path, old: &Path) -> Result<()> {
    let parent = old.parent().context("no folder to build into")?;
    fs::create_dir_all(parent)?;
    // Both may lie on different file systems: what is renamed must be copied first.
    let copied = parent.join(format!(".dist-{}", std::process::id()));
    make_empty(&copied)?;
    copy(new, &copied)?;
    remove(old)?;
    fs::rename(&copied, old).with_context(|| old.display().to_string())
}

/// Copies all that is in a folder.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).with_context(|| target.display().to_string())?;
        }
    }
    Ok(())
}

/// Makes a folder, or removes all that is in it.
pub(crate) fn make_empty(folder: &Path) -> Result<()> {
    remove(folder)?;
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| folder.display().to_string())
        }
        _ => Ok(()),
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| path.display().to_string())
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    fs::write(path, content).with_context(|| path.display().to_string())
}
