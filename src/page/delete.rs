//! Deleting tokens, after a question that names them and what follows.

use super::{Words, notice};
use crate::i18n::fill;
use crate::signal::Local;
use crate::state::{App, Deletion, Dialog, Run, Target};
use crate::ui::{Button, El, Field, FieldKind, Kind, Modal, el};

/// The question.
pub(super) fn view(app: App, words: Words, deletion: &Deletion) -> El {
    let t = words.later();
    let (title, text) = match &deletion.target {
        Target::One(token) => (t.delete_title, fill(t.delete_text, &[token.id.as_ref()])),
        Target::Some(ids) => (
            t.delete_selected_title,
            words.count(&t.delete_selected_text, ids.len()),
        ),
        Target::Expired(count) => (
            t.delete_expired_title,
            words.count(&t.delete_expired_text, *count),
        ),
        Target::All(count) => (t.delete_all_title, words.count(&t.delete_all_text, *count)),
    };
    let mut body = vec![el("p").class("delete-text").text(&text)];
    if deletion.in_use {
        body.push(notice::boxed("notice warning", t.delete_in_use));
    }
    // Deleting everything takes two steps: the number has to be typed.
    let confirmed = Local::new(!matches!(deletion.target, Target::All(_)));
    if let Target::All(count) = deletion.target {
        let (field, input) = Field {
            name: "confirm",
            label: t.delete_all_confirm,
            kind: FieldKind::Digits,
            hint: "",
            error: Box::new(|| None),
        }
        .view();
        let typed = input.clone();
        body.push(field.on("input", move |_| {
            confirmed.set(typed.value().trim() == count.to_string());
        }));
    }
    let failed = deletion.run.clone();
    let failures = move || match failed.get() {
        Run::Partly {
            left,
            deleted,
            error,
        } => {
            let counts = [deleted.to_string(), left.len().to_string()];
            let text = fill(t.deleted_partly, &[&counts[0], &counts[1]]);
            let text = [&text, " ", &notice::error_text(words.t, &error)].concat();
            let ids = left.iter();
            let ids = ids.map(|id| el("li").class("id").attr("dir", "ltr").text(id.as_ref()));
            Some(notice::boxed("notice error", &text).child(el("ul").class("found").children(ids)))
        }
        Run::Asking | Run::Running => None,
    };
    body.push(el("div").attr("role", "alert").bind(failures));
    body.push(notice::area(app, words, |dialog| {
        matches!(dialog, Dialog::Delete(_))
    }));
    let run = deletion.run.clone();
    let caption = move || match run.get() {
        Run::Asking => words.t.delete,
        Run::Running => t.deleting,
        Run::Partly { .. } => words.t.retry,
    };
    let cancel = Button::new(t.cancel, move || app.close_dialog()).first();
    let delete = Button::changing(caption, move || app.delete_asked())
        .kind(Kind::Danger)
        // Not while requests run: the focus would leave the dialog. Another click does nothing then.
        .disabled(move || !confirmed.get());
    Modal {
        title,
        name: "delete",
        alert: true,
        on_escape: Box::new(move || app.close_dialog()),
        body,
        actions: vec![cancel.view(), delete.view()],
    }
    .view()
}
