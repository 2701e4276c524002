//! Buttons.

use leptos::ev;
use leptos::html::{ElementChild, button};
use leptos::prelude::*;

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

/// A button; `view` makes it.
#[derive(Default)]
pub struct Button {
    /// How it looks.
    pub kind: Kind,
    /// Its text.
    pub text: Option<Signal<&'static str, LocalStorage>>,
    /// Its accessible name, where that says more than the text.
    pub label: Option<Signal<String, LocalStorage>>,
    /// When it can't be pressed.
    pub disabled: Option<Signal<bool, LocalStorage>>,
    /// Whether it submits its form.
    pub submits: bool,
    /// Whether it gets the focus when its dialog opens.
    pub first: bool,
    /// A name for finding it when the focus has to go somewhere.
    pub hook: Option<&'static str>,
    /// What it does.
    pub on_click: Option<Box<dyn FnMut()>>,
}

impl Button {
    /// A button that shows `text` and does `on_click`.
    pub fn new(text: &'static str, on_click: impl FnMut() + 'static) -> Self {
        Self {
            text: Some(fixed(text)),
            on_click: Some(Box::new(on_click)),
            ..Self::default()
        }
    }

    /// With this look.
    pub fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// With this accessible name.
    pub fn label(self, label: impl Into<String>) -> Self {
        let label: String = label.into();
        Self {
            label: Some(Signal::stored_local(label)),
            ..self
        }
    }

    /// Disabled while `disabled` is true.
    pub fn disabled(self, disabled: impl Fn() -> bool + 'static) -> Self {
        Self {
            disabled: Some(Signal::derive_local(disabled)),
            ..self
        }
    }

    /// Focused when its dialog opens.
    pub fn first(self) -> Self {
        Self {
            first: true,
            ..self
        }
    }

    /// Found by this name.
    pub fn hook(self, hook: &'static str) -> Self {
        Self {
            hook: Some(hook),
            ..self
        }
    }

    /// The element.
    pub fn view(self) -> AnyView {
        let Self {
            kind,
            text,
            label,
            disabled,
            submits,
            first,
            hook,
            mut on_click,
        } = self;
        button()
            .attr("type", if submits { "submit" } else { "button" })
            .attr("class", kind.class())
            .attr("part", "button")
            .attr("data-first", first.then_some(""))
            .attr("data-hook", hook)
            .attr("aria-label", move || label.map(|label| label.get()))
            .prop("disabled", move || {
                disabled.is_some_and(|disabled| disabled.get())
            })
            .on(ev::click, move |_| {
                if let Some(on_click) = &mut on_click {
                    on_click();
                }
            })
            .child(move || text.map(|text| text.get()))
            .into_any()
    }
}

fn fixed(text: &'static str) -> Signal<&'static str, LocalStorage> {
    Signal::stored_local(text)
}
