//! The rules of the house: which module may use which, and what the app never contains.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each module of `src` may use of the others, and of the crates that touch the platform.
///
/// Where a module uses more than its row says, either the use or the row is a mistake.
const MAY_USE: [(&str, &[&str]); 12] = [
    ("domain", &[]),
    ("later", &[]),
    ("secret", &["web_sys"]),
    ("api", &["domain", "secret", "gloo_net", "web_sys"]),
    ("session", &["domain", "secret", "api"]),
    ("browser", &["secret", "web_sys"]),
    ("i18n", &[]),
    ("signal", &["leptos"]),
    (
        "state",
        &[
            "domain", "secret", "api", "session", "browser", "i18n", "later", "signal", "leptos",
        ],
    ),
    ("ui", &["browser", "later", "signal", "leptos", "web_sys"]),
    (
        "page",
        &[
            "domain", "api", "session", "browser", "i18n", "later", "signal", "state", "ui",
            "leptos",
        ],
    ),
    (
        "embed",
        &[
            "domain", "browser", "session", "state", "ui", "page", "leptos", "web_sys",
        ],
    ),
];

/// Crates whose use is a matter of the layer.
const WATCHED: [&str; 3] = ["leptos", "web_sys", "gloo_net"];

fn root() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

/// The code of a source without its tests and comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The modules and watched crates that a source names in a path.
fn used(code: &str, modules: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for part in code.split("crate::").skip(1) {
        let names: String = part
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        if modules.contains(names.as_str()) {
            used.insert(names);
        }
    }
    for name in WATCHED {
        let path = format!("{name}::");
        let mut places = code.match_indices(&path);
        if places.any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == ':')) {
            used.insert(name.to_owned());
        }
    }
    used
}

#[test]
fn modules_use_only_what_the_table_allows() {
    let table: BTreeMap<&str, BTreeSet<&str>> = MAY_USE
        .into_iter()
        .map(|(module, used)| (module, used.iter().copied().collect()))
        .collect();
    let modules: BTreeSet<&str> = table.keys().copied().collect();
    let mut seen = BTreeSet::new();
    for (path, text) in sources(&root().join("src")) {
        let relative = path.strip_prefix(root().join("src")).unwrap().to_owned();
        let module = relative.iter().next().unwrap().to_string_lossy();
        let module = module.trim_end_matches(".rs").to_owned();
        if module == "lib" {
            continue;
        }
        let allowed = table
            .get(module.as_str())
            .unwrap_or_else(|| panic!("the module {module} is missing in the table"));
        seen.insert(module.clone());
        for name in used(&code(&text), &modules) {
            assert!(
                name == module || allowed.contains(name.as_str()),
                "{} uses {name}, which {module} may not",
                relative.display()
            );
        }
    }
    assert_eq!(seen.len(), table.len(), "a module of the table is missing");
}

#[test]
fn dependencies_go_one_way() {
    for (module, used) in MAY_USE {
        for other in used {
            let back = MAY_USE.iter().find(|(name, _)| name == other);
            let back = back.map(|(_, used)| *used).unwrap_or_default();
            assert!(
                !back.contains(&module),
                "{module} and {other} use each other"
            );
        }
    }
}

#[test]
fn nothing_in_the_browser_can_panic_on_purpose() {
    for (path, text) in sources(&root().join("src")) {
        let code = code(&text);
        for banned in [
            ".unwrap()",
            ".expect(",
            "panic!(",
            "unreachable!(",
            "todo!(",
            "unimplemented!(",
        ] {
            assert!(!code.contains(banned), "{}: {banned}", path.display());
        }
    }
}

#[test]
fn no_markup_is_made_of_strings() {
    for (path, text) in sources(&root().join("src")) {
        let code = code(&text);
        for banned in ["view!", "inner_html", "innerHTML", "\"style\""] {
            assert!(!code.contains(banned), "{}: {banned}", path.display());
        }
    }
}

#[test]
fn secrets_can_be_neither_shown_nor_copied() {
    let path = root().join("src/secret/mod.rs");
    let code = code(&fs::read_to_string(path).unwrap());
    for banned in [
        "derive",
        "Debug",
        "Display",
        "Clone",
        "Serialize",
        "ToString",
    ] {
        assert!(!code.contains(banned), "{banned}");
    }
}

#[test]
fn requests_are_never_cached_never_follow_and_never_tell_where_they_come_from() {
    let send = fs::read_to_string(root().join("src/api/send.rs")).unwrap();
    for rule in [
        "RequestCache::NoStore",
        "RequestRedirect::Error",
        "ReferrerPolicy::NoReferrer",
        "set_signal",
    ] {
        assert!(send.contains(rule), "{rule}");
    }
    for (path, text) in sources(&root().join("src")) {
        let sends = code(&text).contains("RequestInit");
        assert!(
            !sends || path.ends_with("api/send.rs"),
            "{}",
            path.display()
        );
    }
}

#[test]
fn every_dependency_says_why_it_is_there() {
    for manifest in [
        "Cargo.toml",
        "xtask/Cargo.toml",
        "tests/auth-api/Cargo.toml",
        "tests/site/Cargo.toml",
        "tests/e2e/Cargo.toml",
    ] {
        let text = fs::read_to_string(root().join(manifest)).unwrap();
        let mut in_dependencies = false;
        let mut explained = false;
        for line in text.lines() {
            if line.starts_with('[') {
                in_dependencies = line.contains("dependencies");
                explained = false;
            } else if line.starts_with('#') {
                explained = true;
            } else if in_dependencies && line.contains(" = ") && !line.starts_with(' ') {
                assert!(explained, "{manifest}: {line}");
            }
        }
    }
}
