//! What the wasm consists of: bytes by crate, by module of the app, by function.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use anyhow::{Result, bail};
use wasmparser::{Parser, Payload, TypeRef};

use crate::module::function_names;
use crate::sizes::kilobytes;

/// The app, as names of functions call it.
const APP: &str = "token_manager";
/// How many lines a table has.
const LINES: usize = 30;

/// A function's name, without the hashes of crates, and its bytes.
struct Function {
    name: String,
    size: usize,
}

/// Prints what the functions of `wasm`, a module with names, weigh.
pub(crate) fn print(wasm: &[u8]) -> Result<()> {
    let functions = functions(wasm)?;
    let code: usize = functions.iter().map(|function| function.size).sum();
    println!(
        "\n{} of code in {} functions, {} of data, {} in all",
        kilobytes(code),
        functions.len(),
        kilobytes(data(wasm)?),
        kilobytes(wasm.len())
    );
    table("by crate", &functions, home);
    table(
        "by module of the app that it is made for",
        &functions,
        |name| made_for(name).unwrap_or_else(|| "(no one module)".to_owned()),
    );
    table("by generic function", &functions, without_arguments);
    table("by function", &functions, str::to_owned);
    Ok(())
}

fn table(title: &str, functions: &[Function], key: impl Fn(&str) -> String) {
    let mut sums: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for function in functions {
        let (size, count) = sums.entry(key(&function.name)).or_default();
        *size += function.size;
        *count += 1;
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(_, (size, _))| Reverse(*size));
    println!("\n{title}:\n{:>9} {:>9}", "bytes", "functions");
    for (name, (size, count)) in sums.iter().take(LINES) {
        let name: String = name.chars().take(120).collect();
        println!("{size:>9} {count:>9} {name}");
    }
}

fn functions(wasm: &[u8]) -> Result<Vec<Function>> {
    let mut imported = 0;
    let mut sizes = Vec::new();
    let mut names = HashMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => sizes.push(body.range().len()),
            Payload::CustomSection(section) => {
                let found = function_names(&section)?.into_iter();
                names.extend(found.map(|(index, name)| (index, without_hashes(name))));
            }
            _ => {}
        }
    }
    if names.is_empty() {
        bail!("the wasm has no names");
    }
    let functions = (imported..).zip(sizes).map(|(index, size)| Function {
        name: names.remove(&index).unwrap_or_default(),
        size,
    });
    Ok(functions.collect())
}

fn data(wasm: &[u8]) -> Result<usize> {
    let mut size = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::DataSection(section) = payload? {
            size += section.range().len();
        }
    }
    Ok(size)
}

/// Crates have their hash in brackets: `core[27cd0353e63fa9bc]::ptr`.
fn without_hashes(name: &str) -> String {
    let mut rest = name;
    let mut short = String::new();
    while let Some((before, after)) = rest.split_once('[') {
        short.push_str(before);
        let hash = after
            .split_once(']')
            .filter(|(hash, _)| hash.len() > 8 && hash.chars().all(|c| c.is_ascii_hexdigit()));
        match hash {
            Some((_, after)) => rest = after,
            None => {
                short.push('[');
                rest = after;
            }
        }
    }
    short + rest
}

/// The crate that a function is written in, or the one whose trait a foreign type implements.
fn home(name: &str) -> String {
    let mut paths = name.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
    let path = paths.find(|path| path.contains("::") && !path.starts_with("::"));
    let home = path.and_then(|path| path.split("::").next());
    home.unwrap_or("(no name)").to_owned()
}

/// The first module of the app that stands in a name, generic arguments included.
fn made_for(name: &str) -> Option<String> {
    let (_, path) = name.split_once(&format!("{APP}::"))?;
    let words: Vec<&str> = path
        .split("::")
        .map(|word| {
            word.split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
        })
        .map(Option::unwrap_or_default)
        .take(2)
        .collect();
    Some(words.join("::"))
}

/// One name for all the functions that a generic one is compiled to.
fn without_arguments(name: &str) -> String {
    let mut short = String::new();
    let mut depth = 0_usize;
    let mut before = ' ';
    for (place, c) in name.chars().enumerate() {
        match c {
            // The first bracket may open `<Type as Trait>`, which says what the function is.
            '<' if place > 0 => depth += 1,
            '>' if before == '-' => {}
            '>' if depth > 0 => depth -= 1,
            _ if depth == 0 => short.push(c),
            _ => {}
        }
        before = c;
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "<reactive_graph[67c7a208524415fc]::signal::RwSignal<token_manager\
                        [58104f68e08e9ee5]::state::dialog::Dialog> as reactive_graph\
                        [67c7a208524415fc]::traits::With>::try_with::<(), fn() -> ()>";

    #[test]
    fn a_name_loses_its_hashes() {
        assert_eq!(without_hashes("core[27cd0353e63fa9bc]::ptr"), "core::ptr");
        assert_eq!(without_hashes("<[u8] as a::B>::c"), "<[u8] as a::B>::c");
    }

    #[test]
    fn a_function_belongs_to_a_crate() {
        let name = without_hashes(NAME);
        assert_eq!(home(&name), "reactive_graph");
        assert_eq!(home("<f64 as core::fmt::Display>::fmt"), "core");
        assert_eq!(home("<&mut alloc::vec::Vec<u8>>::push"), "alloc");
        assert_eq!(home("memcpy"), "(no name)");
    }

    #[test]
    fn a_function_is_made_for_a_module_of_the_app() {
        let name = without_hashes(NAME);
        assert_eq!(made_for(&name).as_deref(), Some("state::dialog"));
        assert_eq!(made_for("core::ptr::read"), None);
    }

    #[test]
    fn what_a_generic_function_is_compiled_to_has_one_name() {
        assert_eq!(
            without_arguments(&without_hashes(NAME)),
            "<reactive_graph::signal::RwSignal as reactive_graph::traits::With>::try_with::"
        );
    }
}
