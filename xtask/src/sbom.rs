//! What the page is made of, as a software bill of materials in CycloneDX's form.
//!
//! It lists the crates that the wasm is linked from, and nothing that changes from one build to the
//! next.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::process;
use crate::workspace::Workspace;

/// The file's name: hosts keep it, browsers have no use for it.
pub(crate) const FILE: &str = "_sbom.cdx.json";

/// The bill of materials of the package `name`.
pub(crate) fn sbom(workspace: &Workspace, name: &str) -> Result<String> {
    let mut tree = Command::new("cargo");
    tree.current_dir(&workspace.root)
        .args(["tree", "--quiet", "--locked", "--package", name])
        .args(["--target", "wasm32-unknown-unknown"])
        .args(["--edges", "normal,no-proc-macro", "--prefix", "depth"])
        // A tab ends the depth, which could else be taken for a part of the name.
        .args(["--format", "\t{p}\t{l}"]);
    let tree = process::read(&mut tree).context("cargo does not tell the dependencies")?;
    let lock = fs::read_to_string(workspace.root.join("Cargo.lock")).context("Cargo.lock")?;
    let document = document(&tree, &checksums(&lock)).context("cargo tree")?;
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

#[derive(Debug, PartialEq)]
struct Package {
    name: String,
    version: String,
    license: String,
    /// What it depends on, as references.
    needs: Vec<String>,
}

impl Package {
    /// Its package URL, by which it is also referred to.
    fn url(&self) -> String {
        format!("pkg:cargo/{}@{}", self.name, self.version)
    }

    fn component(&self, kind: &str, checksum: Option<&str>) -> Value {
        let mut component = json!({
            "type": kind,
            "bom-ref": self.url(),
            "name": self.name,
            "version": self.version,
            "licenses": [{ "expression": self.license }],
            "purl": self.url(),
        });
        if let Some(checksum) = checksum {
            component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
        }
        component
    }
}

fn document(tree: &str, checksums: &BTreeMap<String, &str>) -> Option<Value> {
    let (root, packages) = packages(tree)?;
    let application = packages.get(&root)?;
    let others = || packages.iter().filter(|(url, _)| **url != root);
    let component = |(url, package): (&String, &Package)| {
        package.component("library", checksums.get(url).copied())
    };
    let needs =
        |(url, package): (&String, &Package)| json!({ "ref": url, "dependsOn": package.needs });
    Some(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": application.component("application", None) },
        "components": others().map(component).collect::<Vec<_>>(),
        "dependencies": packages.iter().map(needs).collect::<Vec<_>>(),
    }))
}

/// The packages of a tree as cargo draws it, by their URLs, and the URL of its root.
fn packages(tree: &str) -> Option<(String, BTreeMap<String, Package>)> {
    let mut packages: BTreeMap<String, Package> = BTreeMap::new();
    // The URLs from the root to the line before.
    let mut path: Vec<String> = Vec::new();
    for line in tree.lines() {
        let mut columns = line.split('\t');
        let depth: usize = columns.next()?.parse().ok()?;
        let mut words = columns.next()?.split(' ');
        let package = Package {
            name: words.next()?.to_owned(),
            version: words.next()?.strip_prefix('v')?.to_owned(),
            // The slash is how licences were combined before there were expressions for it.
            license: columns
                .next()?
                .trim_end_matches(" (*)")
                .replace('/', " OR "),
            needs: Vec::new(),
        };
        let url = package.url();
        path.truncate(depth);
        if let Some(parent) = path.last().and_then(|parent| packages.get_mut(parent))
            && !parent.needs.contains(&url)
        {
            parent.needs.push(url.clone());
        }
        packages.entry(url.clone()).or_insert(package);
        path.push(url);
    }
    Some((path.into_iter().next()?, packages))
}

/// The checksums of a lock file, by the URLs of their packages.
fn checksums(lock: &str) -> BTreeMap<String, &str> {
    lock.split("[[package]]")
        .filter_map(|block| {
            let value = |key: &str| {
                let mut lines = block.lines();
                let value = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""));
                value?.strip_suffix('"')
            };
            let url = format!("pkg:cargo/{}@{}", value("name")?, value("version")?);
            Some((url, value("checksum")?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "\
0\tapp v0.1.0 (/somewhere)\tApache-2.0
1\ta v1.0.0\tMIT/Apache-2.0
2\tb v2.0.0\tMIT
1\tb v2.0.0\tMIT
1\tc v3.0.0\tZlib
2\ta v1.0.0\tMIT/Apache-2.0 (*)";

    const LOCK: &str = "\
version = 4

[[package]]
name = \"a\"
version = \"1.0.0\"
source = \"somewhere\"
checksum = \"abc\"

[[package]]
name = \"app\"
version = \"0.1.0\"
dependencies = [
 \"a\",
]
";

    #[test]
    fn everything_that_is_linked_is_listed_once_with_its_license_and_its_checksum() {
        let document = document(TREE, &checksums(LOCK)).unwrap();
        let components = document["components"].as_array().unwrap();
        let names: Vec<&str> = components
            .iter()
            .map(|c| c["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(components[0]["purl"], "pkg:cargo/a@1.0.0");
        assert_eq!(
            components[0]["licenses"][0]["expression"],
            "MIT OR Apache-2.0"
        );
        assert_eq!(components[0]["hashes"][0]["content"], "abc");
        assert_eq!(document["metadata"]["component"]["name"], "app");
    }

    #[test]
    fn who_needs_what_is_told() {
        let document = document(TREE, &BTreeMap::new()).unwrap();
        let needs = json!([
            { "ref": "pkg:cargo/a@1.0.0", "dependsOn": ["pkg:cargo/b@2.0.0"] },
            { "ref": "pkg:cargo/app@0.1.0", "dependsOn": [
                "pkg:cargo/a@1.0.0", "pkg:cargo/b@2.0.0", "pkg:cargo/c@3.0.0",
            ] },
            { "ref": "pkg:cargo/b@2.0.0", "dependsOn": [] },
            { "ref": "pkg:cargo/c@3.0.0", "dependsOn": ["pkg:cargo/a@1.0.0"] },
        ]);
        assert_eq!(document["dependencies"], needs);
    }

    #[test]
    fn the_pages_own_bill_names_its_framework_and_no_place_or_time() {
        let workspace = Workspace::find().unwrap();
        let bill = sbom(&workspace, "token-manager").unwrap();
        let document: Value = serde_json::from_str(&bill).unwrap();
        let components = document["components"].as_array().unwrap();
        let find = |name| {
            components
                .iter()
                .find(|component| component["name"] == name)
        };
        assert!(find("leptos").unwrap()["hashes"][0]["content"].is_string());
        // These only build or test it.
        assert!(find("leptos_macro").is_none() && find("proptest").is_none());
        assert!(!bill.contains(workspace.root.to_str().unwrap()));
        assert!(!bill.contains("timestamp") && !bill.contains("serialNumber"));
    }
}
