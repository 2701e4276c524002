//! Parts that know nothing of tokens: properties in, callbacks out.
//!
//! They are made with Leptos's builders, not with `view!`: the macro makes static markup through
//! `innerHTML`, which the page's policy (`trusted-types 'none'`) forbids.

mod button;
mod field;
mod icon;
mod modal;

pub use button::{Button, Kind};
pub use field::{Field, FieldKind};
pub use icon::{Icon, icon};
pub use modal::Modal;

use leptos::html::{ElementChild, h1, h2, h3, h4, h5, h6};
use leptos::prelude::*;

/// A heading of a level that is known only when the page runs; above 6 there is none.
pub fn heading(level: u8, class: &'static str, text: &'static str) -> AnyView {
    match level {
        0 | 1 => h1().class(class).child(text).into_any(),
        2 => h2().class(class).child(text).into_any(),
        3 => h3().class(class).child(text).into_any(),
        4 => h4().class(class).child(text).into_any(),
        5 => h5().class(class).child(text).into_any(),
        _ => h6().class(class).child(text).into_any(),
    }
}
