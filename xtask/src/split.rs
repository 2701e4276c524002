//! One wasm module made into two: what is needed at once, and what is loaded later.
//!
//! Both share memory, globals and tables, which the first one exports. Functions of the second are
//! reached through the table alone; until it is there, their places are empty, and calling one ends
//! in a trap. Who may be called when is up to the app.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

use anyhow::{Context, Result, bail};
use wasm_encoder::reencode::{self, Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind,
    ExportSection, FunctionSection, ImportSection, Instruction, Module, NameMap, NameSection,
    TableSection,
};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, Data, ElementItems, ElementKind, ElementSectionReader,
    ExportSectionReader, ExternalKind, FunctionBody, FunctionSectionReader, Global, MemoryType,
    Operator, Parser, Payload, TableSectionReader, TableType, TypeRef,
};

use crate::module::{address, function_names};

/// The name under which the second module knows the first.
const FIRST: &str = "first";
/// How names of exports start that are meant for the second module.
pub(crate) const SHARED: char = '$';
/// The table through which functions are called.
const FUNCTIONS: u32 = 0;

/// Where a function goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Place {
    /// To the first module.
    First,
    /// To the second module, where others of it call it.
    Second,
    /// To the second module, where the first one may call it, too.
    Entrance,
    /// To neither: nothing refers to it.
    Nowhere,
}

/// Makes `wasm` two modules; `place` says by its name where each function goes. What is exported
/// stays in the first. The data at `later` comes with the second, that at `elsewhere` with neither.
pub(crate) fn split(
    wasm: &[u8],
    place: impl Fn(&str) -> Place,
    later: &[Range<u32>],
    elsewhere: &[Range<u32>],
) -> Result<[Vec<u8>; 2]> {
    let mut plan = Plan::new(wasm, place)?;
    plan.later = later.to_vec();
    plan.cleared = [later, elsewhere].concat();
    Ok([First::encode(&plan, wasm)?, Second::encode(&plan, wasm)?])
}

/// A module that brings along the data of `wasm` at `ranges`, and nothing else.
pub(crate) fn data_alone(wasm: &[u8], ranges: &[Range<u32>]) -> Result<Vec<u8>> {
    let plan = Plan::new(wasm, |_| Place::First)?;
    let mut imports = ImportSection::new();
    for (index, memory) in (0..).zip(&plan.memories) {
        let memory = RoundtripReencoder.memory_type(*memory)?;
        imports.import(FIRST, &export_name("m", index), memory);
    }
    let mut module = Module::new();
    module
        .section(&imports)
        .section(&memory())
        .section(&pieces(wasm, ranges)?);
    Ok(module.finish())
}

/// The memory that all modules share, under its usual name: tools that look into a page's memory
/// find the same in each.
fn memory() -> ExportSection {
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    exports
}

/// The data of `wasm` at `ranges`.
fn pieces(wasm: &[u8], ranges: &[Range<u32>]) -> Result<DataSection> {
    let mut data = DataSection::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::DataSection(section) = payload? else {
            continue;
        };
        for segment in section {
            let segment = segment?;
            let address = address(&segment.kind)?;
            for range in ranges {
                let part = part(address, segment.data, range);
                if !part.is_empty() {
                    let place = i32::try_from(address as usize + part.start)?;
                    let place = ConstExpr::i32_const(place);
                    data.active(0, &place, segment.data[part].iter().copied());
                }
            }
        }
    }
    Ok(data)
}

/// The parts of `all` that do not lie in `without`, in order and in as few pieces as possible.
pub(crate) fn without(all: &[Range<u32>], without: &[Range<u32>]) -> Vec<Range<u32>> {
    let mut places = BTreeSet::new();
    for range in all {
        places.extend(range.clone());
    }
    for place in without.iter().cloned().flatten() {
        places.remove(&place);
    }
    let mut pieces: Vec<Range<u32>> = Vec::new();
    for place in places {
        match pieces.last_mut() {
            Some(piece) if piece.end == place => piece.end += 1,
            _ => pieces.push(place..place + 1),
        }
    }
    pieces
}

/// The part of a segment at `address` that lies in `range`.
fn part(address: u32, data: &[u8], range: &Range<u32>) -> Range<usize> {
    let place = |at: u32| (at.saturating_sub(address) as usize).min(data.len());
    place(range.start)..place(range.end)
}

/// The names of the functions that are exported, and of those that these call directly and so on,
/// without going into one that `ends` names.
pub(crate) fn used(wasm: &[u8], ends: impl Fn(&str) -> bool) -> Result<HashSet<String>> {
    let plan = Plan::new(wasm, |_| Place::First)?;
    let mut used = HashSet::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<u32> = plan.fixed.iter().copied().collect();
    while let Some(function) = open.pop() {
        let name = plan.names.get(&function);
        if name.is_some_and(|name| ends(name)) || !seen.insert(function) {
            continue;
        }
        used.extend(name.cloned());
        open.extend(plan.callees.get(&function).into_iter().flatten());
    }
    Ok(used)
}

/// What goes where; functions have the numbers that they have in the whole.
#[derive(Default)]
struct Plan {
    /// For each imported function, its module, name and type.
    imports: Vec<(String, String, u32)>,
    /// For each function, imported ones first, its type.
    types: Vec<u32>,
    tables: Vec<TableType>,
    memories: Vec<MemoryType>,
    globals: Vec<wasmparser::GlobalType>,
    names: HashMap<u32, String>,
    /// The functions that are exported or run at the start.
    fixed: BTreeSet<u32>,
    /// For each function, those that it calls directly.
    callees: HashMap<u32, Vec<u32>>,
    /// The functions that go to the second module.
    moved: BTreeSet<u32>,
    /// The functions that the first module has no more: those, and what nothing refers to.
    gone: BTreeSet<u32>,
    /// What is in the table.
    slots: BTreeMap<u32, u32>,
    /// The places in the table by which the first module calls functions of the second.
    calls: BTreeMap<u32, u32>,
    /// The functions of the first module that the second one calls.
    shared: BTreeSet<u32>,
    /// The imported functions that the second one calls.
    imported: BTreeSet<u32>,
    /// The data that the second module brings along, by its place in the memory.
    later: Vec<Range<u32>>,
    /// The data that the first module does without.
    cleared: Vec<Range<u32>>,
}

impl Plan {
    fn new(wasm: &[u8], place: impl Fn(&str) -> Place) -> Result<Self> {
        let mut this = Self::default();
        let mut bodies = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        let TypeRef::Func(ty) = import.ty else {
                            bail!("{} is imported, which is no function", import.name);
                        };
                        this.imports
                            .push((import.module.into(), import.name.into(), ty));
                        this.types.push(ty);
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        this.types.push(ty?);
                    }
                }
                Payload::TableSection(section) => {
                    for table in section {
                        this.tables.push(table?.ty);
                    }
                }
                Payload::MemorySection(section) => {
                    for memory in section {
                        this.memories.push(memory?);
                    }
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        let Global { ty, .. } = global?;
                        this.globals.push(ty);
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            this.fixed.insert(export.index);
                        }
                    }
                }
                Payload::StartSection { func, .. } => drop(this.fixed.insert(func)),
                Payload::ElementSection(section) => this.read_slots(section)?,
                Payload::CodeSectionEntry(body) => bodies.push(body),
                Payload::CustomSection(section) => {
                    let names = function_names(&section)?.into_iter();
                    this.names
                        .extend(names.map(|(index, name)| (index, name.to_owned())));
                }
                _ => {}
            }
        }
        let own = u32::try_from(this.imports.len())?;
        let all = u32::try_from(this.types.len())?;
        let mut entrances = BTreeSet::new();
        for index in (own..all).filter(|index| !this.fixed.contains(index)) {
            let place = this
                .names
                .get(&index)
                .map_or(Place::First, |name| place(name));
            if matches!(place, Place::Second | Place::Entrance) {
                this.moved.insert(index);
            }
            if place == Place::Entrance {
                entrances.insert(index);
            }
            if place != Place::First {
                this.gone.insert(index);
            }
        }
        for (index, body) in (own..).zip(&bodies) {
            for operator in body.get_operators_reader()? {
                match operator? {
                    Operator::Call { function_index } => {
                        this.callees.entry(index).or_default().push(function_index);
                    }
                    Operator::RefFunc { .. } | Operator::ReturnCall { .. } => {
                        bail!("a function is referred to in an unknown way");
                    }
                    _ => {}
                }
            }
        }
        let mut slot = u32::try_from(this.functions_table()?.initial)?;
        let goes = |index: &u32| this.moved.contains(index);
        let (mut calls, mut shared, mut imported) =
            <(BTreeMap<_, _>, BTreeSet<_>, BTreeSet<_>)>::default();
        let callers = this
            .callees
            .iter()
            .filter(|(caller, _)| goes(caller) || !this.gone.contains(caller));
        for (caller, callee) in callers
            .flat_map(|(caller, callees)| callees.iter().map(move |callee| (caller, *callee)))
        {
            if this.gone.contains(&callee) && !goes(&callee) {
                bail!("{:?} is called, but was to go", this.names.get(&callee));
            }
            match (goes(caller), goes(&callee)) {
                (false, true) if entrances.contains(&callee) => drop(calls.insert(callee, 0)),
                (false, true) => bail!(
                    "a function of the first module calls {:?} of the second",
                    this.names.get(&callee)
                ),
                (true, false) if callee < own => drop(imported.insert(callee)),
                (true, false) => drop(shared.insert(callee)),
                _ => {}
            }
        }
        for place in calls.values_mut() {
            *place = slot;
            slot += 1;
        }
        (this.calls, this.shared, this.imported) = (calls, shared, imported);
        Ok(this)
    }

    fn functions_table(&self) -> Result<&TableType> {
        self.tables.first().context("the module has no table")
    }

    /// A table with room for the calls.
    fn grown(&self, index: u32, mut table: TableType) -> TableType {
        if index == FUNCTIONS {
            let more = self.calls.len() as u64;
            table.initial += more;
            table.maximum = table.maximum.map(|most| most + more);
        }
        table
    }

    fn read_slots(&mut self, section: ElementSectionReader<'_>) -> Result<()> {
        for element in section {
            let element = element?;
            let (
                ElementKind::Active {
                    table_index: None | Some(FUNCTIONS),
                    offset_expr,
                },
                ElementItems::Functions(functions),
            ) = (element.kind, element.items)
            else {
                continue;
            };
            let mut operators = offset_expr.get_operators_reader();
            let Operator::I32Const { value } = operators.read()? else {
                bail!("an element's place is no constant");
            };
            for (slot, function) in (u32::try_from(value)?..).zip(functions) {
                self.slots.insert(slot, function?);
            }
        }
        Ok(())
    }

    /// What is in the table's places, in runs; only the second module's functions or only the
    /// first's.
    fn runs(&self, moved: bool, map: impl Fn(u32) -> u32) -> Vec<(u32, Vec<u32>)> {
        let mut runs: Vec<(u32, Vec<u32>)> = Vec::new();
        let calls = self
            .calls
            .iter()
            .map(|(function, slot)| (*slot, *function))
            .filter(|_| moved);
        for (slot, function) in self
            .slots
            .iter()
            .map(|(slot, function)| (*slot, *function))
            .chain(calls)
        {
            let set = if moved { &self.moved } else { &self.gone };
            if set.contains(&function) != moved {
                continue;
            }
            match runs.last_mut() {
                Some((start, run)) if *start as usize + run.len() == slot as usize => {
                    run.push(map(function))
                }
                _ => runs.push((slot, vec![map(function)])),
            }
        }
        runs
    }
}

fn elements(runs: Vec<(u32, Vec<u32>)>) -> ElementSection {
    let mut section = ElementSection::new();
    for (start, run) in runs {
        section.active(
            None,
            &ConstExpr::i32_const(start as i32),
            Elements::Functions(run.into()),
        );
    }
    section
}

fn names(plan: &Plan, map: impl Fn(u32) -> Option<u32>) -> NameSection {
    let mut sorted: Vec<(u32, &str)> = plan
        .names
        .iter()
        .filter_map(|(index, name)| Some((map(*index)?, name.as_str())))
        .collect();
    sorted.sort_unstable();
    let mut functions = NameMap::new();
    for (index, name) in sorted {
        functions.append(index, name);
    }
    let mut section = NameSection::new();
    section.functions(&functions);
    section
}

fn export_name(kind: &str, index: u32) -> String {
    format!("{SHARED}{kind}{index}")
}

/// The first module.
struct First<'a> {
    plan: &'a Plan,
}

impl<'a> First<'a> {
    fn encode(plan: &'a Plan, wasm: &[u8]) -> Result<Vec<u8>> {
        let mut module = Module::new();
        Self { plan }.parse_core_module(&mut module, Parser::new(0), wasm)?;
        module.section(&names(plan, |index| {
            (!plan.gone.contains(&index)).then(|| Self { plan }.place(index))
        }));
        Ok(module.finish())
    }

    fn place(&self, function: u32) -> u32 {
        function - self.plan.gone.range(..function).count() as u32
    }

    fn own(&self) -> u32 {
        self.plan.imports.len() as u32
    }
}

/// What comes of encoding a part of a module.
type Encoded<T = ()> = Result<T, reencode::Error<Refused>>;

#[derive(Debug)]
struct Refused(&'static str);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Refused {}

impl Reencode for First<'_> {
    type Error = Refused;

    fn function_index(&mut self, function: u32) -> Encoded<u32> {
        match self.plan.gone.contains(&function) {
            true => Err(reencode::Error::UserError(Refused(
                "a function is gone that is needed",
            ))),
            false => Ok(self.place(function)),
        }
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Encoded {
        for (index, ty) in (self.own()..).zip(section) {
            let ty = ty?;
            if !self.plan.gone.contains(&index) {
                functions.function(ty);
            }
        }
        Ok(())
    }

    fn parse_table_section(
        &mut self,
        tables: &mut TableSection,
        section: TableSectionReader<'_>,
    ) -> Encoded {
        for (index, table) in (0..).zip(section) {
            let mut table = table?;
            table.ty = self.plan.grown(index, table.ty);
            reencode::utils::parse_table(self, tables, table)?;
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Encoded {
        reencode::utils::parse_export_section(self, exports, section)?;
        for &function in &self.plan.shared {
            exports.export(
                &export_name("", function),
                ExportKind::Func,
                self.place(function),
            );
        }
        let others = [
            (ExportKind::Table, "t", self.plan.tables.len()),
            (ExportKind::Memory, "m", self.plan.memories.len()),
            (ExportKind::Global, "g", self.plan.globals.len()),
        ];
        for (kind, name, count) in others {
            for index in 0..count as u32 {
                exports.export(&export_name(name, index), kind, index);
            }
        }
        Ok(())
    }

    fn parse_element_section(
        &mut self,
        elements: &mut ElementSection,
        section: ElementSectionReader<'_>,
    ) -> Encoded {
        for element in section {
            let element = element?;
            let kept = matches!(
                (&element.kind, &element.items),
                (
                    ElementKind::Active {
                        table_index: None | Some(FUNCTIONS),
                        ..
                    },
                    ElementItems::Functions(_)
                )
            );
            if !kept {
                self.parse_element(elements, element)?;
            }
        }
        for (start, run) in self.plan.runs(false, |function| self.place(function)) {
            elements.active(
                None,
                &ConstExpr::i32_const(start as i32),
                Elements::Functions(run.into()),
            );
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Encoded {
        for (index, body) in (self.own()..).zip(section) {
            let body = body?;
            if !self.plan.gone.contains(&index) {
                self.parse_function_body(code, body)?;
            }
        }
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Encoded {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            if let Operator::Call { function_index } = operator
                && let Some(slot) = self.plan.calls.get(&function_index)
            {
                let type_index = self.plan.types[function_index as usize];
                function.instruction(&Instruction::I32Const(*slot as i32));
                function.instruction(&Instruction::CallIndirect {
                    type_index,
                    table_index: FUNCTIONS,
                });
            } else {
                function.instruction(&self.instruction(operator)?);
            }
        }
        code.function(&function);
        Ok(())
    }

    fn parse_data(&mut self, section: &mut DataSection, segment: Data<'_>) -> Encoded {
        let mut data = segment.data.to_vec();
        let address = address(&segment.kind)
            .map_err(|_| reencode::Error::UserError(Refused("data has no place")))?;
        for range in &self.plan.cleared {
            let part = part(address, &data, range);
            data[part].fill(0);
        }
        // What is zero anyway, wasm-opt leaves out.
        reencode::utils::parse_data(
            self,
            section,
            Data {
                data: &data,
                ..segment
            },
        )
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Encoded {
        Ok(())
    }
}

/// The second module.
struct Second {
    places: HashMap<u32, u32>,
}

impl Second {
    fn encode(plan: &Plan, wasm: &[u8]) -> Result<Vec<u8>> {
        let mut imports = ImportSection::new();
        let order: Vec<u32> = [&plan.imported, &plan.shared, &plan.moved]
            .into_iter()
            .flatten()
            .copied()
            .collect();
        let mut this = Self {
            places: order.into_iter().zip(0..).collect(),
        };
        for &function in &plan.imported {
            let (module, name, ty) = &plan.imports[function as usize];
            imports.import(module, name, EntityType::Function(*ty));
        }
        for &function in &plan.shared {
            imports.import(
                FIRST,
                &export_name("", function),
                EntityType::Function(plan.types[function as usize]),
            );
        }
        for (index, table) in (0..).zip(&plan.tables) {
            imports.import(
                FIRST,
                &export_name("t", index),
                this.table_type(plan.grown(index, *table))?,
            );
        }
        for (index, memory) in (0..).zip(&plan.memories) {
            imports.import(FIRST, &export_name("m", index), this.memory_type(*memory)?);
        }
        for (index, global) in (0..).zip(&plan.globals) {
            imports.import(FIRST, &export_name("g", index), this.global_type(*global)?);
        }
        let mut types = wasm_encoder::TypeSection::new();
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        let mut index = plan.imports.len() as u32;
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(section) => this.parse_type_section(&mut types, section)?,
                Payload::CodeSectionEntry(body) => {
                    if plan.moved.contains(&index) {
                        functions.function(plan.types[index as usize]);
                        this.parse_function_body(&mut code, body)?;
                    }
                    index += 1;
                }
                _ => {}
            }
        }
        let mut module = Module::new();
        module
            .section(&types)
            .section(&imports)
            .section(&functions)
            .section(&memory())
            .section(&elements(
                plan.runs(true, |function| this.places[&function]),
            ))
            .section(&code)
            .section(&pieces(wasm, &plan.later)?)
            .section(&names(plan, |index| this.places.get(&index).copied()));
        Ok(module.finish())
    }
}

impl Reencode for Second {
    type Error = Refused;

    fn function_index(&mut self, function: u32) -> Encoded<u32> {
        self.places
            .get(&function)
            .copied()
            .ok_or(reencode::Error::UserError(Refused("a function is missing")))
    }
}

#[cfg(test)]
mod tests {
    use std::slice;

    use super::*;

    use wasm_encoder::{
        DataSection, GlobalSection, GlobalType, MemorySection, TypeSection, ValType,
    };
    use wasmparser::{Validator, WasmFeatures};

    /// A module in which `entry` is exported and calls `gate`, which calls `own` and the imported
    /// `ask`; `own` and `handler` are in the table, and nothing knows `lost`.
    fn module() -> Vec<u8> {
        const NAMES: [&str; 6] = ["ask", "entry", "gate", "own", "handler", "lost"];
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("glue", "ask", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        for callees in [&[2_u32][..], &[3, 0], &[], &[1], &[]] {
            functions.function(0);
            let mut function = wasm_encoder::Function::new([]);
            for &callee in callees {
                function.instruction(&Instruction::Call(callee));
            }
            function.instruction(&Instruction::End);
            code.function(&function);
        }
        let mut tables = TableSection::new();
        tables.table(wasm_encoder::TableType {
            element_type: wasm_encoder::RefType::FUNCREF,
            minimum: 3,
            maximum: Some(3),
            table64: false,
            shared: false,
        });
        let mut memories = MemorySection::new();
        memories.memory(wasm_encoder::MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut globals = GlobalSection::new();
        let stack = GlobalType {
            val_type: ValType::I32,
            mutable: true,
            shared: false,
        };
        globals.global(stack, &ConstExpr::i32_const(64));
        let mut exports = ExportSection::new();
        exports.export("entry", ExportKind::Func, 1);
        let mut elements = ElementSection::new();
        let both = Elements::Functions(vec![3, 4].into());
        elements.active(None, &ConstExpr::i32_const(1), both);
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(100), *b"first, second, unused");
        let mut naming = NameMap::new();
        for (index, name) in (0..).zip(NAMES) {
            naming.append(index, name);
        }
        let mut names = NameSection::new();
        names.functions(&naming);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions);
        module.section(&tables).section(&memories).section(&globals);
        module.section(&exports).section(&elements).section(&code);
        module.section(&data).section(&names);
        module.finish()
    }

    fn place(name: &str) -> Place {
        match name {
            "gate" => Place::Entrance,
            "own" => Place::Second,
            "lost" => Place::Nowhere,
            _ => Place::First,
        }
    }

    fn parts() -> [Vec<u8>; 2] {
        let [later, unused] = [107..113, 113..121].map(|range| vec![range]);
        split(&module(), place, &later, &unused).unwrap()
    }

    fn valid(wasm: &[u8]) {
        let features = WasmFeatures::MVP | WasmFeatures::MUTABLE_GLOBAL;
        Validator::new_with_features(features)
            .validate_all(wasm)
            .unwrap();
    }

    fn names_in(wasm: &[u8]) -> Vec<String> {
        let plan = Plan::new(wasm, |_| Place::First).unwrap();
        let mut names: Vec<String> = plan.names.into_values().collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn each_function_is_in_one_module_and_both_are_valid() {
        let [first, second] = parts();
        valid(&first);
        valid(&second);
        assert_eq!(names_in(&first), ["ask", "entry", "handler"]);
        let sections: Vec<Payload<'_>> = Parser::new(0)
            .parse_all(&second)
            .collect::<Result<_, _>>()
            .unwrap();
        let bodies = sections.iter();
        let bodies = bodies.filter(|payload| matches!(payload, Payload::CodeSectionEntry(_)));
        assert_eq!(bodies.count(), 2);
    }

    #[test]
    fn the_first_calls_the_second_through_a_new_place_of_the_table() {
        let plan = Plan::new(&module(), place).unwrap();
        assert_eq!(plan.calls, BTreeMap::from([(2, 3)]));
        // `own` keeps the place at which the data knows it.
        assert_eq!(
            plan.runs(true, |function| function),
            [(1, vec![3]), (3, vec![2])]
        );
        assert_eq!(plan.runs(false, |function| function), [(2, vec![4])]);
        assert_eq!(plan.imported, BTreeSet::from([0]));
    }

    #[test]
    fn data_goes_with_those_that_read_it() {
        let [first, second] = parts();
        let has = |wasm: &[u8], text: &[u8]| wasm.windows(text.len()).any(|part| part == text);
        assert!(has(&first, b"first, ") && !has(&first, b"second") && !has(&first, b"unused"));
        assert!(has(&second, b"second") && !has(&second, b"first, ") && !has(&second, b"unused"));
    }

    #[test]
    fn data_alone_needs_nothing_but_the_memory() {
        let german = data_alone(&module(), slice::from_ref(&(107..113))).unwrap();
        valid(&german);
        assert!(german.windows(6).any(|part| part == b"second"));
        assert!(
            !german
                .windows(5)
                .any(|part| part == b"first," || part == b"unuse")
        );
    }

    #[test]
    fn a_call_beside_the_entrances_is_an_error() {
        let no_entrance = |name: &str| match place(name) {
            Place::Entrance => Place::Second,
            place => place,
        };
        let error = split(&module(), no_entrance, &[], &[]).unwrap_err();
        assert!(error.to_string().contains("gate"), "{error}");
    }

    #[test]
    fn what_is_needed_is_never_dropped() {
        let lost = |name: &str| match name {
            "own" => Place::Nowhere,
            name => place(name),
        };
        assert!(split(&module(), lost, &[], &[]).is_err());
    }

    #[test]
    fn what_exports_call_is_used_up_to_an_end() {
        let all = used(&module(), |_| false).unwrap();
        let some = used(&module(), |name| name == "gate").unwrap();
        assert!(
            ["ask", "entry", "gate", "own"]
                .iter()
                .all(|name| all.contains(*name))
        );
        assert_eq!(all.len(), 4);
        assert_eq!(some, HashSet::from(["entry".to_owned()]));
    }

    #[test]
    fn ranges_without_others_come_in_few_pieces() {
        assert_eq!(
            without(&[0..4, 4..10, 20..22], slice::from_ref(&(6..8))),
            [0..6, 8..10, 20..22]
        );
    }
}
