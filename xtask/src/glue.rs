//! The wasm and its glue: each loses what the other does not use, and what is left gets short
//! names, since wasm-bindgen's carry hashes that do not compress.

use std::collections::HashMap;
use std::convert::Infallible;

use anyhow::{Context, Result, bail};
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{ExportSection, ImportSection, Module};
use wasmparser::{CustomSectionReader, Export, Import, ImportSectionReader, Parser, Payload};

use crate::references::References;
use crate::split::{self, Place};

/// The one export that keeps its name: tests look into the memory.
const MEMORY: &str = "memory";

/// How wasm-bindgen starts the import of a function in the glue.
const ENTRY_INDENT: &str = "        ";
/// How it ends the list of imports.
const ENTRIES_END: &str = "    };";

/// A wasm module and the script by which it reaches the browser.
pub(crate) struct Pair {
    /// The module.
    pub(crate) wasm: Vec<u8>,
    /// What of the app is loaded later, if it was split.
    pub(crate) rest: Option<Vec<u8>>,
    /// The data of another language, if it was split.
    pub(crate) texts: Option<Vec<u8>>,
    /// The script that wasm-bindgen has written for it.
    pub(crate) glue: String,
}

impl Pair {
    /// Prepares the glue for a bundler that leaves out what is not used.
    pub(crate) fn new(wasm: Vec<u8>, glue: &str) -> Self {
        let glue: Vec<String> = glue
            .lines()
            // It makes a class used that nobody uses; this app frees its objects by itself.
            .filter(|line| !line.starts_with("if (Symbol.dispose)"))
            .map(|line| {
                line.replace(
                    ": new FinalizationRegistry(",
                    ": /* @__PURE__ */ new FinalizationRegistry(",
                )
            })
            // Its own idea of where the wasm lies has no integrity value: without a base the
            // fallback fails instead of loading a file unchecked.
            .map(|line| line.replace("import.meta.url", "undefined"))
            // The second module imports the same functions.
            .map(|line| line.replace("export { ", "export { __wbg_get_imports as imports, "))
            .collect();
        Self {
            wasm,
            rest: None,
            texts: None,
            glue: glue.join("\n"),
        }
    }

    /// Drops the exports that `script`, in which the glue was bundled, does not name; tells how
    /// many there were.
    pub(crate) fn drop_exports(&mut self, script: &str) -> Result<usize> {
        let unused: Vec<String> = exports(&self.wasm)?
            .into_iter()
            .filter(|name| !has_word(script, name))
            .collect();
        if !unused.is_empty() {
            let mut names = Rename {
                dropped_exports: unused.clone(),
                ..Rename::default()
            };
            self.wasm = names.apply(&self.wasm)?;
        }
        Ok(unused.len())
    }

    /// Splits the module: what is only reached through the functions that `ends` names is loaded
    /// later, and the data that is only reached through those that `texts` names comes by itself.
    /// `linked` is the module as the linker has left it, with relocations.
    pub(crate) fn split(
        &mut self,
        linked: &[u8],
        ends: impl Fn(&str) -> bool,
        texts: impl Fn(&str) -> bool,
    ) -> Result<()> {
        let references = References::of(linked)?;
        let used = split::used(&self.wasm, &ends)?;
        let first =
            references.reached(|name| used.contains(name), |name| ends(name) || texts(name));
        let both = references.reached(|name| used.contains(name) || ends(name), &texts);
        let kept = references.reached(|name| used.contains(name) || ends(name), |_| false);
        let known = references.reached(|_| true, |_| false);
        let place = |name: &str| match name {
            _ if ends(name) => Place::Entrance,
            _ if texts(name) || first.functions.contains(name) => Place::First,
            _ if kept.functions.contains(name) => Place::Second,
            _ if known.functions.contains(name) => Place::Nowhere,
            // What the linker did not know is wasm-bindgen's.
            _ => Place::First,
        };
        let later = split::without(&both.data, &first.data);
        let alone = split::without(&kept.data, &both.data);
        let elsewhere = split::without(&known.data, &both.data);
        self.texts = Some(split::data_alone(&self.wasm, &alone)?);
        let [wasm, rest] = split::split(&self.wasm, place, &later, &elsewhere)?;
        self.wasm = wasm;
        self.rest = Some(rest);
        Ok(())
    }

    /// The imports of both modules.
    fn imports(&self) -> Result<Vec<(String, String)>> {
        let mut found = imports(&self.wasm)?;
        if let Some(rest) = &self.rest {
            found.extend(imports(rest)?);
        }
        Ok(found)
    }

    /// Drops the glue's functions that the module does not import; tells how many there were.
    pub(crate) fn drop_imports(&mut self) -> Result<usize> {
        let imports = self.imports()?;
        let is_used = |name: &str| imports.iter().any(|(_, import)| import == name);
        let mut kept = Vec::new();
        let mut dropped = 0;
        let mut in_dropped = false;
        for line in self.glue.lines() {
            if let Some(name) = entry(line) {
                in_dropped = !is_used(name);
                dropped += usize::from(in_dropped);
            } else if line == ENTRIES_END {
                in_dropped = false;
            }
            if !in_dropped {
                kept.push(line);
            }
        }
        self.glue = kept.join("\n");
        Ok(dropped)
    }

    /// Gives imports and exports short names, in both files alike, and takes the names of functions
    /// away.
    pub(crate) fn shorten(&mut self) -> Result<()> {
        let mut names = Rename {
            strip: true,
            ..Rename::default()
        };
        for name in self.glue.lines().filter_map(module_entry) {
            let short = short_name(names.modules.len());
            names.modules.entry(name.to_owned()).or_insert(short);
        }
        let glue_module = self.glue_module()?;
        for (module, name) in self.imports()? {
            // Other modules are scripts of the app: their functions have names of their own.
            if module == glue_module {
                let short = short_name(names.imports.len());
                names.imports.entry(name).or_insert(short);
            }
        }
        for name in exports(&self.wasm)? {
            if name != MEMORY && !name.starts_with(split::SHARED) {
                let short = short_name(names.exports.len());
                names.exports.insert(name, short);
            }
        }
        self.wasm = names.apply(&self.wasm)?;
        if let Some(rest) = &mut self.rest {
            *rest = names.apply(rest)?;
        }
        self.glue = names.apply_to_glue(&self.glue)?;
        Ok(())
    }

    /// The module name under which the wasm imports the glue's functions.
    fn glue_module(&self) -> Result<String> {
        let first = self.glue.lines().find_map(module_entry);
        let first = first.context("the glue names no module for its imports")?;
        Ok(first.to_owned())
    }
}

/// New names, and what goes.
#[derive(Default)]
struct Rename {
    modules: HashMap<String, String>,
    imports: HashMap<String, String>,
    exports: HashMap<String, String>,
    dropped_exports: Vec<String>,
    /// Whether the names of functions and all else that browsers skip goes.
    strip: bool,
}

impl Rename {
    fn apply(&mut self, wasm: &[u8]) -> Result<Vec<u8>> {
        let mut module = Module::new();
        self.parse_core_module(&mut module, Parser::new(0), wasm)?;
        Ok(module.finish())
    }

    fn apply_to_glue(&self, glue: &str) -> Result<String> {
        let mut renamed = Vec::new();
        let mut count = 0;
        for line in glue.lines() {
            let short = entry(line).and_then(|name| Some((name, self.imports.get(name)?)));
            let line = match short {
                Some((name, short)) => {
                    count += 1;
                    line.replacen(name, short, 1)
                }
                None => self.module_in(line),
            };
            renamed.push(self.exports_in(&line));
        }
        if count != self.imports.len() {
            bail!(
                "the wasm imports {} functions, the glue has {count} of them",
                self.imports.len()
            );
        }
        Ok(renamed.join("\n"))
    }

    /// The line with the new name of the module that it names, if it does.
    fn module_in(&self, line: &str) -> String {
        let name = module_entry(line).and_then(|name| Some((name, self.modules.get(name)?)));
        name.map_or_else(
            || line.to_owned(),
            |(name, short)| line.replacen(name, short, 1),
        )
    }

    /// The line with `wasm.name` in the place of each export's old name.
    fn exports_in(&self, line: &str) -> String {
        const OBJECT: &str = "wasm.";
        let mut parts = line.split(OBJECT);
        let mut renamed = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(|c| !is_word(c)).unwrap_or(part.len());
            let (name, rest) = part.split_at(end);
            let name = self.exports.get(name).map_or(name, String::as_str);
            renamed.extend([OBJECT, name, rest]);
        }
        renamed
    }
}

impl Reencode for Rename {
    type Error = Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        for import in section.into_imports() {
            let import = import?;
            let short = self.imports.get(import.name).cloned();
            let name = short.as_deref().unwrap_or(import.name);
            let short = self.modules.get(import.module).cloned();
            let module = short.as_deref().unwrap_or(import.module);
            reencode::utils::parse_import(
                self,
                imports,
                Import {
                    module,
                    name,
                    ..import
                },
            )?;
        }
        Ok(())
    }

    fn parse_custom_section(
        &mut self,
        module: &mut Module,
        section: CustomSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        if self.strip {
            return Ok(());
        }
        reencode::utils::parse_custom_section(self, module, section)
    }

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: Export<'_>,
    ) -> Result<(), reencode::Error> {
        if self.dropped_exports.iter().any(|name| name == export.name) {
            return Ok(());
        }
        let short = self.exports.get(export.name).cloned();
        let name = short.as_deref().unwrap_or(export.name);
        let export = Export { name, ..export };
        reencode::utils::parse_export(self, exports, export)
    }
}

/// The module and the name of each import.
fn imports(wasm: &[u8]) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ImportSection(section) = payload? {
            for import in section.into_imports() {
                let import = import?;
                found.push((import.module.to_owned(), import.name.to_owned()));
            }
        }
    }
    Ok(found)
}

fn exports(wasm: &[u8]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ExportSection(section) = payload? {
            for export in section {
                found.push(export?.name.to_owned());
            }
        }
    }
    Ok(found)
}

/// The name of the import that starts in this line of the glue.
fn entry(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix(ENTRY_INDENT)?.split_once(": function(")?;
    (!name.is_empty() && name.chars().all(is_word)).then_some(name)
}

/// The name of the module whose functions this line of the glue gives.
fn module_entry(line: &str) -> Option<&str> {
    let (name, functions) = line
        .trim_start()
        .strip_prefix('"')?
        .split_once("\": import")?;
    let number = functions.strip_suffix(',')?;
    let is_one = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_one.then_some(name)
}

/// `a` to `Z`, then `aa` and so on.
fn short_name(mut index: usize) -> String {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut name = String::new();
    loop {
        name.insert(0, char::from(LETTERS[index % LETTERS.len()]));
        match (index / LETTERS.len()).checked_sub(1) {
            Some(rest) => index = rest,
            None => return name,
        }
    }
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + word.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    use wasm_encoder::{
        CodeSection, EntityType, ExportKind, Function, FunctionSection, TypeSection,
    };

    const GLUE: &str = "\
export class Unused {
}
if (Symbol.dispose) Unused.prototype[Symbol.dispose] = Unused.prototype.free;
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_get_0123456789abcdef: function(arg0) {
            return wasm.__wbindgen_malloc(arg0);
        },
        __wbg_gone_0123456789abcdef: function() { return handleError(function (arg0) {
            wasm.old(arg0);
        }, arguments); },
        __wbg_last_0123456789abcdef: function() {
            getMemory(wasm.memory.buffer, wasm.__wbindgen_malloc);
        },
    };
    return {
        __proto__: null,
        \"./app_bg.js\": import0,
        \"./snippet.js\": import1,
    };
}
const Finalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.old(ptr, 1));
";

    /// A module that imports and exports functions of these names.
    fn module(imported: &[(&str, &str)], exported: &[&str]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        for (module, name) in imported {
            imports.import(module, name, EntityType::Function(0));
        }
        let mut functions = FunctionSection::new();
        functions.function(0);
        let own = u32::try_from(imported.len()).unwrap();
        let mut exports = ExportSection::new();
        for name in exported {
            exports.export(name, ExportKind::Func, own);
        }
        let mut code = CodeSection::new();
        let mut function = Function::new([]);
        function.instructions().end();
        code.function(&function);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions);
        module.section(&exports).section(&code);
        module.finish()
    }

    fn pair() -> Pair {
        let imports = [
            ("./app_bg.js", "__wbg_get_0123456789abcdef"),
            ("./snippet.js", "ask"),
            ("./app_bg.js", "__wbg_last_0123456789abcdef"),
        ];
        Pair::new(
            module(&imports, &["memory", "__wbindgen_malloc", "old"]),
            GLUE,
        )
    }

    #[test]
    fn an_export_goes_that_no_script_names() {
        let mut pair = pair();
        let script = "wasm.memory; wasm.__wbindgen_malloc(4); wasm.older();";
        assert_eq!(pair.drop_exports(script).unwrap(), 1);
        assert_eq!(
            exports(&pair.wasm).unwrap(),
            ["memory", "__wbindgen_malloc"]
        );
        assert_eq!(pair.drop_exports(script).unwrap(), 0);
    }

    #[test]
    fn a_function_of_the_glue_goes_that_the_module_does_not_import() {
        let mut pair = pair();
        assert_eq!(pair.drop_imports().unwrap(), 1);
        assert!(!pair.glue.contains("gone") && !pair.glue.contains("wasm.old(arg0)"));
        assert!(pair.glue.contains("__wbg_get_0123456789abcdef: function"));
        assert!(pair.glue.contains("\n    };\n    return {\n"));
        assert_eq!(pair.drop_imports().unwrap(), 0);
    }

    #[test]
    fn module_and_glue_get_the_same_short_names() {
        let mut pair = pair();
        pair.shorten().unwrap();
        let names: Vec<String> = imports(&pair.wasm)
            .unwrap()
            .into_iter()
            .map(|(module, name)| module + "." + &name)
            .collect();
        assert_eq!(names, ["a.a", "b.ask", "a.b"]);
        assert!(
            pair.glue
                .contains("\"a\": import0,\n        \"b\": import1,")
        );
        assert_eq!(exports(&pair.wasm).unwrap(), ["memory", "a", "b"]);
        assert!(pair.glue.contains("        a: function(arg0) {"));
        assert!(pair.glue.contains(
            "        b: function() {\n            getMemory(wasm.memory.buffer, wasm.a);"
        ));
    }

    #[test]
    fn a_glue_without_an_imported_function_is_an_error() {
        let mut pair = pair();
        pair.glue = pair.glue.replace("__wbg_last_", "__wbg_lost_");
        assert!(pair.shorten().is_err());
    }

    #[test]
    fn a_bundler_may_leave_out_what_the_glue_only_declares() {
        let pair = pair();
        assert!(!pair.glue.contains("Symbol.dispose"));
        assert!(
            pair.glue
                .contains("/* @__PURE__ */ new FinalizationRegistry")
        );
    }

    #[test]
    fn short_names_are_all_different() {
        assert_eq!(
            [0, 51, 52, 103, 104].map(short_name),
            ["a", "Z", "aa", "aZ", "ba"]
        );
    }
}
