//! Buttons.

use super::dom::{El, el};
use crate::later::Later;

/// How much a button wants to be pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// The way on: filled.
    Primary,
    /// One of several: outlined.
    #[default]
    Outlined,
    /// Beside something: text alone.
    Text,
    /// Something is lost.
    Danger,
    /// One of several in a row of a table.
    Small,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Outlined => "button outlined",
            Self::Text => "button text",
            Self::Danger => "button danger",
            Self::Small => "button outlined small",
        }
    }
}

/// A button.
pub struct Button(El);

impl Button {
    /// A button that shows `text` and does `on_click`.
    pub fn new(text: &str, on_click: impl FnMut() + 'static) -> Self {
        Self(Self::later(Self::of_type("button"), on_click).0.text(text))
    }

    /// A button that looks like `model`, another one, and does `on_click`.
    pub fn like(model: &El, on_click: impl FnMut() + 'static) -> Self {
        Self::later(Self(model.copy()), on_click)
    }

    /// What [`like`](Self::like) takes: a button that shows `text` and does nothing.
    pub fn model(text: &str, kind: Kind) -> El {
        Self(Self::of_type("button").0.text(text)).kind(kind).0
    }

    /// A button whose text follows what `text` reads.
    pub fn changing(
        text: impl Fn() -> &'static str + 'static,
        on_click: impl FnMut() + 'static,
    ) -> Self {
        let button = Self::later(Self::of_type("button"), on_click);
        Self(button.0.bind_text(move || text().to_owned()))
    }

    /// The same; what it does is there from the start.
    pub fn changing_at_once(
        text: impl Fn() -> &'static str + 'static,
        mut on_click: impl FnMut() + 'static,
    ) -> Self {
        let button = Self::of_type("button")
            .0
            .bind_text(move || text().to_owned());
        Self(button.on_at_once("click", move |_| on_click()))
    }

    /// A button that shows `text` and sends its form.
    pub fn submit(text: &str) -> Self {
        Self(Self::of_type("submit").0.text(text))
    }

    fn later(self, mut on_click: impl FnMut() + 'static) -> Self {
        self.boxed_later(Box::new(move |()| on_click()))
    }

    #[inline(never)]
    fn boxed_later(self, mut on_click: Box<dyn Later<()>>) -> Self {
        Self(self.0.on("click", move |_| on_click.run(())))
    }

    #[inline(never)]
    fn of_type(kind: &str) -> Self {
        Self(el("button").attr("type", kind)).kind(Kind::default())
    }

    /// With this look.
    pub fn kind(self, kind: Kind) -> Self {
        Self(self.0.class(kind.class()))
    }

    /// With an accessible name that says more than the text.
    pub fn label(self, label: &str) -> Self {
        Self(self.0.attr("aria-label", label))
    }

    /// With an accessible name that follows what `label` reads.
    pub fn changing_label(self, label: impl Fn() -> &'static str + 'static) -> Self {
        let label = move || Some(label().to_owned());
        Self(self.0.bind_attr("aria-label", label))
    }

    /// Disabled while `disabled` is true.
    pub fn disabled(self, disabled: impl Fn() -> bool + 'static) -> Self {
        Self(self.0.bind_flag("disabled", disabled))
    }

    /// Focused when its dialog opens.
    pub fn first(self) -> Self {
        Self(self.0.attr("data-first", ""))
    }

    /// Found by this name when the focus has to go somewhere.
    pub fn hook(self, hook: &str) -> Self {
        Self(self.0.attr("data-hook", hook))
    }

    /// The element.
    pub fn view(self) -> El {
        self.0
    }
}
