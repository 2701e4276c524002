//! What the user sees: one file for each thing that is done here.

mod claims;
mod delete;
mod details;
mod focus;
mod generate;
mod inspect;
mod list;
mod notice;
mod rehearsal;
mod reveal;
mod rotate;
mod row;
mod sign_in;
mod toolbar;
mod words;

use crate::later::Later;
use crate::signal::{Memo, follow};
use crate::state::{App, Dialog, Phase};
use crate::ui::{El, el, heading};
use words::Words;

/// Shows the panel in `container`, for as long as the current reactive owner lives.
///
/// It is made anew when the language or the heading's level changes; what is open stays open.
pub fn show(app: App, container: El) {
    let settings = Memo::new(move || {
        app.options
            .with(|options| (options.locale.as_ref().to_owned(), options.heading_level))
    });
    container.bind(move || {
        let (locale, level) = settings.get();
        Some(panel(app, Words::new(&locale), &locale, level))
    });
}

fn panel(app: App, words: Words, locale: &str, level: u8) -> El {
    let t = words.t;
    let signed_in = Memo::new(move || app.phase.get() == Phase::SignedIn);
    let has_list =
        Memo::new(move || signed_in.get() || app.list.with(|list| list.read_at.is_some()));
    let panel = el("div")
        .class("panel")
        .attr("lang", locale)
        .child(
            el("div")
                .class("heading")
                .child(heading(level, "title", t.title))
                .child(el("p").class("lead").text(t.lead)),
        )
        .child(notice::area(app, words, |dialog| {
            matches!(dialog, Dialog::Closed)
        }))
        .bind(move || (!signed_in.get()).then(|| sign_in::view(app, words)))
        .bind(move || has_list.get().then(|| generate::view(app, words)))
        .bind(move || has_list.get().then(|| list::view(app, words)))
        .bind(move || dialog(app, words));
    follow(move || {
        if app.complete.get() && has_list.get() {
            (|()| rehearsal::hold(app, words)).run(());
        }
    });
    focus::keep(app, panel.clone());
    panel
}

fn dialog(app: App, words: Words) -> Option<El> {
    app.dialog.with(|dialog| match dialog {
        Dialog::Closed => None,
        // Whatever has opened it was loaded later itself.
        open => Some((|()| open_dialog(app, words, open)).run(())),
    })
}

fn open_dialog(app: App, words: Words, dialog: &Dialog) -> El {
    match dialog {
        Dialog::Closed => el("div"),
        Dialog::Reveal(reveal) => reveal::view(app, words, &reveal.token),
        Dialog::Wiped(id) => reveal::wiped(app, words, id.as_ref()),
        Dialog::Delete(deletion) => delete::view(app, words, deletion),
        Dialog::Rotated(token) => rotate::view(app, words, token),
        Dialog::Details(token) => details::view(app, words, token),
        Dialog::Inspect(inspection) => inspect::view(app, words, inspection),
    }
}
