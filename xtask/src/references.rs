//! What of a linked module refers to what, from the relocations that its linker has left.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::mem;
use std::ops::Range;

use anyhow::{Result, bail};
use rustc_demangle::demangle;
use wasmparser::{
    DefinedDataSymbol, KnownCustom, Linking, Parser, Payload, RelocationType, SymbolInfo, TypeRef,
};

use crate::module::{address, function_names};

/// A function by its index, or a piece of the module's static data by its place in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Thing {
    Function(u32),
    Data(usize),
}

/// What refers to what.
#[derive(Default)]
pub(crate) struct References {
    to: HashMap<Thing, Vec<Thing>>,
    roots: Vec<Thing>,
    names: HashMap<u32, String>,
    /// Data by its place in the file.
    data: BTreeMap<usize, Range<usize>>,
    /// For each segment of data, its place in the file and where it goes in the memory.
    segments: Vec<(usize, u32)>,
}

/// What is reached.
#[derive(Default)]
pub(crate) struct Reached<'a> {
    /// The names of functions.
    pub(crate) functions: HashSet<&'a str>,
    /// Data, by its place in the memory.
    pub(crate) data: Vec<Range<u32>>,
}

impl References {
    /// Of a module that was linked with `--emit-relocs`.
    pub(crate) fn of(wasm: &[u8]) -> Result<Self> {
        let mut this = Self::default();
        let mut imported = 0;
        let mut section = 0_u32;
        let mut code = (0, 0);
        let mut bodies = Vec::new();
        let mut data = (0, 0);
        let mut symbols = Vec::new();
        let mut relocations = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            let index = section;
            section += u32::from(
                payload.as_section().is_some() && !matches!(payload, Payload::CodeSectionEntry(_)),
            );
            match payload {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::StartSection { func, .. } => this.roots.push(Thing::Function(func)),
                Payload::CodeSectionStart { range, .. } => code = (index, range.start),
                Payload::CodeSectionEntry(body) => bodies.push(body.range()),
                Payload::DataSection(found) => {
                    data = (index, found.range().start);
                    for segment in found {
                        let segment = segment?;
                        let start = segment.range.end - segment.data.len();
                        this.segments.push((start, address(&segment.kind)?));
                    }
                }
                Payload::CustomSection(custom) => match custom.as_known() {
                    KnownCustom::Linking(linking) => {
                        for part in linking.subsections() {
                            if let Linking::SymbolTable(table) = part? {
                                symbols = table.into_iter().collect::<Result<_, _>>()?;
                            }
                        }
                    }
                    KnownCustom::Reloc(reloc) => relocations.push(reloc),
                    KnownCustom::Name(_) => {
                        let names = function_names(&custom)?.into_iter();
                        this.names
                            .extend(names.map(|(index, name)| (index, demangle(name).to_string())));
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        if symbols.is_empty() || relocations.is_empty() {
            bail!("the linker has left no relocations");
        }
        let segments = mem::take(&mut this.segments);
        let place = |symbol: DefinedDataSymbol| -> Option<usize> {
            Some(segments.get(symbol.index as usize)?.0 + symbol.offset as usize)
        };
        for symbol in &symbols {
            if let SymbolInfo::Data {
                symbol: Some(symbol),
                ..
            } = symbol
                && let Some(start) = place(*symbol)
            {
                let end = start + symbol.size as usize;
                let range = this.data.entry(start).or_insert(start..end);
                range.end = range.end.max(end);
            }
        }
        for reloc in relocations {
            let (is_code, start) = match reloc.section_index() {
                index if index == code.0 => (true, code.1),
                index if index == data.0 => (false, data.1),
                _ => continue,
            };
            for entry in reloc.entries() {
                let entry = entry?;
                let target = match symbols.get(entry.index as usize) {
                    _ if !is_reference(entry.ty) => continue,
                    Some(SymbolInfo::Func { index, .. }) => Thing::Function(*index),
                    Some(SymbolInfo::Data {
                        symbol: Some(symbol),
                        ..
                    }) => match place(*symbol) {
                        Some(start) => Thing::Data(start),
                        None => continue,
                    },
                    _ => continue,
                };
                let at = start + entry.offset as usize;
                let source = if is_code {
                    let body = bodies.partition_point(|body: &Range<usize>| body.start <= at);
                    body.checked_sub(1)
                        .map(|body| Thing::Function(imported + body as u32))
                } else {
                    this.data_at(at).map(Thing::Data)
                };
                match source {
                    Some(source) => this.to.entry(source).or_default().push(target),
                    // Who knows what that is: its target stays.
                    None => this.roots.push(target),
                }
            }
        }
        this.segments = segments;
        Ok(this)
    }

    fn data_at(&self, place: usize) -> Option<usize> {
        // Pieces may lie in others: a few steps back.
        self.data
            .range(..=place)
            .rev()
            .take(8)
            .find(|(_, range)| range.contains(&place))
            .map(|(start, _)| *start)
    }

    /// All that is reached from the functions that `roots` names, without going into one that `ends`
    /// names. Names are readable, not mangled.
    pub(crate) fn reached(
        &self,
        roots: impl Fn(&str) -> bool,
        ends: impl Fn(&str) -> bool,
    ) -> Reached<'_> {
        let roots = self.names.iter().filter(|(_, name)| roots(name));
        let roots = roots.map(|(index, _)| Thing::Function(*index));
        let mut open: Vec<Thing> = self.roots.iter().copied().chain(roots).collect();
        let mut seen = HashSet::new();
        let mut reached = Reached::default();
        while let Some(thing) = open.pop() {
            let name = match thing {
                Thing::Function(index) => self.names.get(&index),
                Thing::Data(_) => None,
            };
            if name.is_some_and(|name| ends(name)) || !seen.insert(thing) {
                continue;
            }
            reached.functions.extend(name.map(String::as_str));
            if let Thing::Data(start) = thing {
                reached.data.extend(self.in_memory(start));
            }
            open.extend(self.to.get(&thing).into_iter().flatten());
        }
        reached
    }

    /// Where a piece of data goes.
    fn in_memory(&self, start: usize) -> Option<Range<u32>> {
        let range = self.data.get(&start)?;
        let before = self
            .segments
            .partition_point(|(segment, _)| *segment <= start);
        let (segment, address) = self.segments.get(before.checked_sub(1)?)?;
        let start = address + u32::try_from(range.start - segment).ok()?;
        Some(start..start + u32::try_from(range.len()).ok()?)
    }
}

fn is_reference(ty: RelocationType) -> bool {
    use RelocationType as R;
    matches!(
        ty,
        R::FunctionIndexLeb
            | R::TableIndexSleb
            | R::TableIndexI32
            | R::MemoryAddrLeb
            | R::MemoryAddrSleb
            | R::MemoryAddrI32
            | R::FunctionIndexI32
            | R::FunctionOffsetI32
    )
}

#[cfg(test)]
mod tests {
    use std::slice;

    use super::*;

    use wasm_encoder::{
        CodeSection, ConstExpr, CustomSection, DataSection, FunctionSection, Instruction,
        LinkingSection, MemorySection, Module, NameMap, NameSection, SymbolTable, TypeSection,
    };

    /// A module whose function `a` loads from a table of methods that names `b`, which loads from
    /// `text`; `c` is alone. All as the linker writes it, with padded numbers.
    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        for constant in [Some(1_000_000), Some(1_000_004), None] {
            functions.function(0);
            let mut function = wasm_encoder::Function::new([]);
            if let Some(constant) = constant {
                function.instruction(&Instruction::I32Const(constant));
                function.instruction(&Instruction::Drop);
            }
            function.instruction(&Instruction::End);
            code.function(&function);
        }
        let mut memories = MemorySection::new();
        memories.memory(wasm_encoder::MemoryType {
            minimum: 17,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(1_000_000), *b"\x01\0\0\0text");
        let mut symbols = SymbolTable::new();
        for (index, name) in (0..).zip(["a", "b", "c"]) {
            symbols.function(SymbolTable::WASM_SYM_BINDING_LOCAL, index, Some(name));
        }
        for (name, offset) in [("methods", 0), ("text", 4)] {
            let place = wasm_encoder::DataSymbolDefinition {
                index: 0,
                offset,
                size: 4,
            };
            symbols.data(SymbolTable::WASM_SYM_BINDING_LOCAL, name, Some(place));
        }
        let mut linking = LinkingSection::new();
        linking.symbol_table(&symbols);
        let mut naming = NameMap::new();
        for (index, name) in (0..).zip(["a", "b", "c"]) {
            naming.append(index, name);
        }
        let mut names = NameSection::new();
        names.functions(&naming);
        // In the code: the count, then for each body its length, its locals and `i32.const`. The
        // fourth section is the data: the count, then the kind, the place and the length.
        let code_relocations = [3, 2, 4, 4, 3, 0, 4, 12, 4, 0];
        let data_relocations = [4, 1, 2, 8, 1];
        let mut module = Module::new();
        module.section(&types).section(&functions);
        module.section(&memories).section(&code).section(&data);
        module.section(&linking);
        for (name, relocations) in [
            ("reloc.CODE", &code_relocations[..]),
            ("reloc.DATA", &data_relocations[..]),
        ] {
            module.section(&CustomSection {
                name: name.into(),
                data: relocations.into(),
            });
        }
        module.section(&names);
        module.finish()
    }

    #[test]
    fn functions_and_data_are_reached_through_data() {
        let wasm = module();
        let references = References::of(&wasm).unwrap();
        let reached = references.reached(|name| name == "a", |_| false);
        assert_eq!(reached.functions, HashSet::from(["a", "b"]));
        let mut data = reached.data;
        data.sort_unstable_by_key(|range| range.start);
        assert_eq!(data, [1_000_000..1_000_004, 1_000_004..1_000_008]);
    }

    #[test]
    fn nothing_is_reached_through_an_end() {
        let wasm = module();
        let references = References::of(&wasm).unwrap();
        let reached = references.reached(|name| name == "a", |name| name == "b");
        assert_eq!(reached.functions, HashSet::from(["a"]));
        assert_eq!(reached.data, slice::from_ref(&(1_000_000..1_000_004)));
    }

    #[test]
    fn a_module_without_relocations_is_an_error() {
        assert!(References::of(&Module::new().finish()).is_err());
    }
}
