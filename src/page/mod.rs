//! What the user sees: one file for each thing that is done here.

mod delete;
mod focus;
mod generate;
mod list;
mod notice;
mod reveal;
mod sign_in;
mod words;

use leptos::html::{ElementChild, div, p};
use leptos::prelude::*;

use crate::state::{App, Dialog, Phase};
use crate::ui::heading;
pub use words::Words;

/// The whole panel, made anew when the language changes.
pub fn panel(app: App) -> AnyView {
    let language = Memo::new(move |_| app.options.with(|options| options.language));
    let level = app.options.with_untracked(|options| options.heading_level);
    (move || {
        let language = language.get();
        let words = Words::new(language);
        let t = words.t;
        let root = NodeRef::new();
        focus::keep(app, root);
        div()
            .node_ref(root)
            .attr("class", "panel")
            .attr("part", "panel")
            .attr("lang", language.tag())
            .child((
                div().attr("class", "heading").child((
                    heading(level, "title", t.title),
                    p().attr("class", "lead").child(t.lead),
                )),
                notice::area(app, words, |dialog| matches!(dialog, Dialog::Closed)),
                session(app, words),
                dialog(app, words),
            ))
    })
    .into_any()
}

fn session(app: App, words: Words) -> AnyView {
    let has_list = Memo::new(move |_| app.phase.with(|phase| *phase == Phase::SignedIn));
    let ended = Memo::new(move |_| app.list.with(|list| list.read_at.is_some()));
    (
        move || (!has_list.get()).then(|| sign_in::view(app, words)),
        move || {
            (has_list.get() || ended.get())
                .then(|| (generate::view(app, words), list::view(app, words)))
        },
    )
        .into_any()
}

fn dialog(app: App, words: Words) -> AnyView {
    (move || {
        app.dialog.with(|dialog| match dialog {
            Dialog::Closed => ().into_any(),
            Dialog::Reveal(token) => reveal::view(app, words, token),
            Dialog::Wiped(id) => reveal::wiped(app, words, id.as_ref()),
            Dialog::Delete(deletion) => delete::view(app, words, deletion),
        })
    })
    .into_any()
}
