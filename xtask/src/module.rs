//! What more than one part of `xtask` reads of a wasm module.

use std::collections::HashMap;

use anyhow::{Result, bail};
use wasm_encoder::{CustomSection, Section};
use wasmparser::{CustomSectionReader, DataKind, KnownCustom, Name, Operator};

/// The names of functions by their index, if `section` is the one that holds them.
pub(crate) fn function_names<'a>(
    section: &CustomSectionReader<'a>,
) -> Result<HashMap<u32, &'a str>> {
    let mut names = HashMap::new();
    if let KnownCustom::Name(parts) = section.as_known() {
        for part in parts {
            if let Name::Function(functions) = part? {
                for naming in functions {
                    let naming = naming?;
                    names.insert(naming.index, naming.name);
                }
            }
        }
    }
    Ok(names)
}

/// Where a segment of data goes in the memory.
pub(crate) fn address(kind: &DataKind<'_>) -> Result<u32> {
    let DataKind::Active { offset_expr, .. } = kind else {
        bail!("a segment of data has no place");
    };
    match offset_expr.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(u32::try_from(value)?),
        _ => bail!("the place of a segment is no constant"),
    }
}

/// Gives a module a section of its own, in which a page finds `content` under this name.
pub(crate) fn append(wasm: &mut Vec<u8>, name: &str, content: &[u8]) {
    let section = CustomSection {
        name: name.into(),
        data: content.into(),
    };
    section.append_to(wasm);
}
