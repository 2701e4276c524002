//! Deleting one token, after a question that names it.

use leptos::html::{ElementChild, p};
use leptos::prelude::*;

use super::{Words, notice};
use crate::i18n::fill;
use crate::state::{App, Deletion, Dialog};
use crate::ui::{Button, Kind, Modal};

/// The question.
pub(super) fn view(app: App, words: Words, deletion: &Deletion) -> AnyView {
    let t = words.t;
    let text = fill(t.delete_text, &[deletion.token.id.as_ref()]);
    let in_use = deletion.in_use.then_some(t.delete_in_use);
    let running = deletion.running.clone();
    let caption = running.clone();
    let delete = Button {
        text: Some(Signal::derive_local(move || match caption.get() {
            true => t.deleting,
            false => t.delete,
        })),
        ..Button::new("", move || app.delete_asked())
    };
    Modal {
        title: t.delete_title,
        name: "delete",
        alert: true,
        on_escape: Box::new(move || app.close_dialog()),
        body: (
            p().attr("class", "delete-text").child(text),
            in_use.map(|text| notice::notice("notice warning", text.to_owned())),
            notice::area(app, words, |dialog| matches!(dialog, Dialog::Delete(_))),
        )
            .into_any(),
        actions: (
            Button::new(t.cancel, move || app.close_dialog())
                .first()
                .view(),
            delete
                .kind(Kind::Danger)
                .disabled(move || running.get())
                .view(),
        )
            .into_any(),
    }
    .view()
}
