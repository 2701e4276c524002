//! Parts that know nothing of tokens: properties in, callbacks out.

mod button;
mod dom;
mod field;
mod icon;
mod modal;

pub use button::{Button, Kind};
pub use dom::{El, Event, Input, Select, el, is_shifted, key};
pub use field::{Field, FieldKind};
pub use icon::{Icon, icon};
pub use modal::Modal;

/// A heading of a level that is known only when the page runs; below 6 there is none.
pub fn heading(level: u8, class: &str, text: &str) -> El {
    let tag = match level {
        0 | 1 => "h1",
        2 => "h2",
        3 => "h3",
        4 => "h4",
        5 => "h5",
        _ => "h6",
    };
    el(tag).class(class).text(text)
}
