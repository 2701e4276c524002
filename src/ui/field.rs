//! Form fields with their label, hint and error.

use leptos::html::{ElementChild, Input, div, input, label, p};
use leptos::prelude::*;

/// What is typed into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Something that nobody beside the user should read.
    Secret,
    /// An e-mail address.
    Email,
    /// Digits.
    Digits,
}

/// A field for one line of text; `view` makes it.
pub struct Field {
    /// Tells its parts from those of other fields.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// What is typed.
    pub kind: FieldKind,
    /// What helps to fill it in.
    pub hint: Option<&'static str>,
    /// What is wrong with what was typed.
    pub error: Signal<Option<&'static str>, LocalStorage>,
    /// Its element, for reading what was typed.
    pub node: NodeRef<Input>,
}

impl Field {
    /// The label, the field, and what is said about it.
    pub fn view(self) -> AnyView {
        let Self {
            name, hint, error, ..
        } = self;
        let hint_id = [name, "-hint"].concat();
        let described_by = hint_id.clone();
        let (kind, mode, completion) = match self.kind {
            FieldKind::Secret => ("password", None, "off"),
            FieldKind::Email => ("email", Some("email"), "off"),
            FieldKind::Digits => ("text", Some("numeric"), "off"),
        };
        div()
            .attr("class", "field")
            .child((
                label().attr("for", name).child(self.label),
                input()
                    .node_ref(self.node)
                    .attr("class", "control")
                    .attr("part", "control")
                    .attr("id", name)
                    .attr("type", kind)
                    .attr("inputmode", mode)
                    .attr("autocomplete", completion)
                    .attr("autocapitalize", "off")
                    .attr("spellcheck", "false")
                    .attr("aria-describedby", described_by)
                    .attr("aria-invalid", move || error.get().map(|_| "true")),
                p().attr("class", "field-hint").attr("id", hint_id).child((
                    move || error.get(),
                    move || error.get().is_none().then_some(hint).flatten(),
                )),
            ))
            .into_any()
    }
}
