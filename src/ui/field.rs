//! Form fields with their label, hint and error.

use super::dom::{El, Input, el};

/// What is typed into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Something that nobody beside the user should read.
    Secret,
    /// An e-mail address.
    Email,
    /// Digits.
    Digits,
    /// Any text.
    Text,
}

/// A field for one line of text.
pub struct Field {
    /// Tells its parts from those of other fields.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// What is typed.
    pub kind: FieldKind,
    /// What helps to fill it in.
    pub hint: &'static str,
    /// What is wrong with what was typed.
    pub error: Box<dyn Fn() -> Option<&'static str>>,
}

impl Field {
    /// The label, the field and what is said about it; and the field alone, for reading it.
    pub fn view(self) -> (El, Input) {
        let Self {
            name, hint, error, ..
        } = self;
        let hint_id = name.to_owned() + "-hint";
        let error = std::rc::Rc::new(error);
        let (kind, mode) = match self.kind {
            FieldKind::Secret => ("password", None),
            FieldKind::Email => ("email", Some("email")),
            FieldKind::Digits => ("text", Some("numeric")),
            FieldKind::Text => ("text", None),
        };
        let input = el("input")
            .class("control")
            .attr("id", name)
            .attr("type", kind)
            .attr_if("inputmode", mode)
            // What is typed here must not come back by itself (`leaks`, L3).
            .attr("autocomplete", "off")
            .attr("autocapitalize", "off")
            .attr("spellcheck", "false")
            .attr("aria-describedby", &hint_id)
            .bind_attr("aria-invalid", {
                let error = error.clone();
                move || error().map(|_| "true".to_owned())
            });
        let said = el("p")
            .class("field-hint")
            .attr("id", &hint_id)
            .bind_text(move || error().unwrap_or(hint).to_owned());
        let node = input.cast();
        let view = el("div")
            .class("field")
            .child(el("label").attr("for", name).text(self.label))
            .child(input)
            .child(said);
        (view, node)
    }
}
