//! Icons: own drawings on a grid of 16, in the colour of the text.

use super::dom::{El, drawing};

/// A drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A check mark in a circle.
    Check,
    /// A clock.
    Clock,
    /// A cross in a circle.
    Cross,
    /// A question mark in a circle.
    Question,
    /// An exclamation mark in a triangle.
    Warning,
    /// Two sheets.
    Copy,
    /// An arrow in a circle.
    Refresh,
}

impl Icon {
    fn drawing(self) -> &'static str {
        match self {
            Self::Check => "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M5 8.2l2.1 2.1L11 6",
            Self::Clock => "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M8 4.5V8l2.5 1.8",
            Self::Cross => {
                "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M5.7 5.7l4.6 4.6m0-4.6-4.6 4.6"
            }
            Self::Question => {
                "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M6 6.3a2 2 0 1 1 2.8 1.9c-.5.2-.8.6-.8 1.1M8 11.4v.1"
            }
            Self::Warning => "M8 1.8 14.8 14H1.2zM8 6.2v3.8M8 12v.1",
            Self::Copy => "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
            Self::Refresh => "M13.5 8a5.5 5.5 0 1 1-1.6-3.9M13.5 1.8v3h-3",
        }
    }
}

/// An icon that says nothing that the text beside it does not say.
pub fn icon(icon: Icon) -> El {
    drawing(icon.drawing())
}
