//! What `SECURITY.md` says is tested is tested.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The names of all functions in the sources below a folder.
fn functions(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            functions(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let names = text.split("fn ").skip(1).map(|rest| {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                rest[..end.unwrap_or(rest.len())].to_owned()
            });
            found.extend(names);
        }
    }
}

#[test]
fn every_test_that_security_md_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    for folder in ["src", "tests", "xtask"] {
        functions(&root.join(folder), &mut found);
    }
    let text = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    // Words of code are between backticks; names of tests are sentences.
    let words = text.split('`').skip(1).step_by(2);
    let named: BTreeSet<&str> = words
        .filter(|word| word.matches('_').count() >= 3 && !word.contains(['.', '/', ' ']))
        .collect();
    let missing: Vec<&&str> = named
        .iter()
        .filter(|name| !found.contains(**name))
        .collect();
    assert!(named.len() > 40, "only {} names found", named.len());
    assert!(missing.is_empty(), "{missing:#?}");
}
