//! A token has been replaced by a new one: what happens to the old one?

use super::{Words, notice};
use crate::domain::Token;
use crate::i18n::fill;
use crate::state::{App, Dialog};
use crate::ui::{Button, El, Kind, Modal, el};

/// The question.
pub(super) fn view(app: App, words: Words, token: &Token) -> El {
    let t = words.later();
    let id = token.id.clone();
    let keep = {
        let id = id.clone();
        Button::new(t.mark_replaced, move || app.mark_replaced(id.clone())).first()
    };
    let text = fill(t.rotated_text, &[id.as_ref()]);
    let delete = Button::new(t.delete_old, move || app.delete_found(id.clone())).kind(Kind::Danger);
    Modal {
        title: t.rotated,
        name: "rotated",
        alert: true,
        on_escape: Box::new(move || app.close_dialog()),
        body: vec![
            el("p").text(&text),
            notice::area(app, words, |dialog| matches!(dialog, Dialog::Rotated(_))),
        ],
        actions: vec![delete.view(), keep.view()],
    }
    .view()
}
