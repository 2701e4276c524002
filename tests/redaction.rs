//! Every type that can hold a secret can be neither printed, nor serialised, nor turned into text.
//!
//! `Secret` itself has no such trait, so that none can be derived where it is held; what remains
//! is code written by hand. The first test finds the types in the sources, the second one looks at
//! what is written for them, and the compiler checks those that can be named from here.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display};
use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use serde::Serialize;
use static_assertions::assert_not_impl_any;
use syn::visit::{self, Visit};
use token_manager::api::{AuthApi, Minted};
use token_manager::embed::Panel;
use token_manager::secret::{Authorization, Secret};
use token_manager::session::{Credential, Session};
use token_manager::state::{App, Dialog, Reveal};

macro_rules! redacted {
    ($($type:ident),* $(,)?) => {
        const REDACTED: &[&str] = &[$(stringify!($type)),*];
        $(assert_not_impl_any!($type: Debug, Display, Serialize, AsRef<str>, Into<String>, Deref);)*
    };
}

redacted! { App, AuthApi, Authorization, Credential, Dialog, Minted, Panel, Reveal, Secret, Session }

// A copy would outlive the one that is wiped.
assert_not_impl_any!(Secret: Clone, PartialEq, Default);
assert_not_impl_any!(Authorization: Clone, PartialEq, Default);

/// Traits that would make text of a value.
const TELLING: [&str; 9] = [
    "AsRef",
    "Borrow",
    "Debug",
    "Deref",
    "Display",
    "Hash",
    "Into",
    "Serialize",
    "ToString",
];

/// What the sources say about types, by their names.
#[derive(Default)]
struct Types {
    /// The types that are named in a type's fields.
    fields: BTreeMap<String, BTreeSet<String>>,
    /// The traits that are implemented or derived for a type.
    traits: BTreeMap<String, BTreeSet<String>>,
}

impl Types {
    fn read() -> Self {
        let mut types = Self::default();
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        read_folder(&root.join("src"), &mut types);
        types
    }

    fn add(&mut self, name: &syn::Ident, attributes: &[syn::Attribute], fields: Names) {
        let name = name.to_string();
        let derived = self.traits.entry(name.clone()).or_default();
        for attribute in attributes.iter().filter(|a| a.path().is_ident("derive")) {
            let paths = attribute.parse_args_with(
                syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated,
            );
            derived.extend(paths.unwrap().iter().filter_map(last_name));
        }
        self.fields.entry(name).or_default().extend(fields.0);
    }

    /// Every type that has a secret in it, however deep.
    fn with_secret(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::from(["Secret"]);
        loop {
            let holders = self
                .fields
                .iter()
                .filter(|(_, fields)| fields.iter().any(|field| found.contains(field.as_str())));
            let more: BTreeSet<&str> = holders.map(|(name, _)| name.as_str()).collect();
            let before = found.len();
            found.extend(more);
            if found.len() == before {
                return found;
            }
        }
    }
}

fn read_folder(folder: &Path, types: &mut Types) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_folder(&path, types);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).unwrap();
            types.visit_file(&syn::parse_file(&source).unwrap());
        }
    }
}

impl Visit<'_> for Types {
    fn visit_item_struct(&mut self, item: &syn::ItemStruct) {
        self.add(&item.ident, &item.attrs, Names::in_fields(&item.fields));
    }

    fn visit_item_enum(&mut self, item: &syn::ItemEnum) {
        for variant in &item.variants {
            self.add(&item.ident, &item.attrs, Names::in_fields(&variant.fields));
        }
    }

    fn visit_item_impl(&mut self, item: &syn::ItemImpl) {
        let name = match &*item.self_ty {
            syn::Type::Path(path) => last_name(&path.path),
            _ => None,
        };
        let implemented = item
            .trait_
            .as_ref()
            .and_then(|(_, path, _)| last_name(path));
        if let (Some(name), Some(implemented)) = (name, implemented) {
            self.traits.entry(name).or_default().insert(implemented);
        }
        visit::visit_item_impl(self, item);
    }
}

fn last_name(path: &syn::Path) -> Option<String> {
    path.segments
        .last()
        .map(|segment| segment.ident.to_string())
}

/// The names of all types in a place.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn in_fields(fields: &syn::Fields) -> Self {
        let mut names = Self::default();
        names.visit_fields(fields);
        names
    }
}

impl Visit<'_> for Names {
    fn visit_path_segment(&mut self, segment: &syn::PathSegment) {
        self.0.insert(segment.ident.to_string());
        visit::visit_path_segment(self, segment);
    }
}

#[test]
fn the_compiler_checks_every_type_that_can_hold_a_secret() {
    let types = Types::read();
    let listed: BTreeSet<&str> = REDACTED.iter().copied().collect();
    let found = types.with_secret();
    let unchecked: Vec<_> = found.difference(&listed).collect();
    assert!(unchecked.is_empty(), "not in `redacted!`: {unchecked:?}");
    let needless: Vec<_> = listed.difference(&found).collect();
    assert!(needless.is_empty(), "without a secret: {needless:?}");
}

#[test]
fn no_code_makes_text_of_a_type_that_can_hold_a_secret() {
    let types = Types::read();
    for name in types.with_secret() {
        let traits = types.traits.get(name).cloned().unwrap_or_default();
        for telling in TELLING {
            assert!(!traits.contains(telling), "{telling} for {name}");
        }
    }
}
