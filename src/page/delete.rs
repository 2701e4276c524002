//! Deleting one token, after a question that names it.

use leptos::prelude::*;

use super::{Words, notice};
use crate::i18n::fill;
use crate::state::{App, Deletion, Dialog};
use crate::ui::{Button, El, Kind, Modal, el};

/// The question.
pub(super) fn view(app: App, words: Words, deletion: &Deletion) -> El {
    let t = words.t;
    let text = fill(t.delete_text, &[deletion.token.id.as_ref()]);
    let mut body = vec![el("p").class("delete-text").text(&text)];
    if deletion.in_use {
        body.push(notice::boxed("notice warning", t.delete_in_use));
    }
    body.push(notice::area(app, words, |dialog| {
        matches!(dialog, Dialog::Delete(_))
    }));
    let (running, caption) = (deletion.running.clone(), deletion.running.clone());
    let caption = move || match caption.get() {
        true => t.deleting,
        false => t.delete,
    };
    let cancel = Button::new(t.cancel, move || app.close_dialog()).first();
    let delete = Button::changing(caption, move || app.delete_asked())
        .kind(Kind::Danger)
        .disabled(move || running.get());
    Modal {
        title: t.delete_title,
        name: "delete",
        alert: true,
        on_escape: Box::new(move || app.close_dialog()),
        body,
        actions: vec![cancel.view(), delete.view()],
    }
    .view()
}
