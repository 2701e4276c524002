//! Whose token is this?

use super::{Words, claims, notice};
use crate::browser;
use crate::domain::{Status, TokenId};
use crate::i18n::fill;
use crate::state::{App, Dialog, Inspected, Inspection, Verdict};
use crate::ui::{Button, El, Field, FieldKind, Kind, Modal, el};

/// The dialog: a token is pasted, chosen or dropped, and read.
pub(super) fn view(app: App, words: Words, inspection: &Inspection) -> El {
    let t = words.later();
    let (field, input) = Field {
        name: "inspected",
        label: t.inspect_field,
        kind: FieldKind::Secret,
        hint: t.inspect_hint,
        error: Box::new(|| None),
    }
    .view();
    let look = move || {
        let token = browser::take_token(&input);
        app.inspect(async move { token });
    };
    let file = el("input")
        .attr("type", "file")
        .attr("aria-label", t.inspect_file)
        .on("change", move |event| {
            app.inspect(browser::dropped_token(&event));
        });
    let form = el("form")
        .class("drop")
        .attr("autocomplete", "off")
        .on("submit", {
            let look = look.clone();
            move |event| {
                event.prevent_default();
                look();
            }
        })
        .on("dragover", |event| event.prevent_default())
        .on("drop", move |event| {
            event.prevent_default();
            app.inspect(browser::dropped_token(&event));
        })
        .child(field)
        .child(file);
    let result = inspection.result.clone();
    let outcome = el("div").attr("role", "status").attr("tabindex", "-1");
    let place = outcome.clone();
    let shown = move || {
        let result = result.get()?;
        Some(inspected(app, words, &result, place.clone()))
    };
    Modal {
        title: t.inspect,
        name: "inspect",
        alert: false,
        on_escape: Box::new(move || app.close_dialog()),
        body: vec![
            form,
            outcome.bind(shown),
            notice::area(app, words, |dialog| matches!(dialog, Dialog::Inspect(_))),
        ],
        actions: vec![
            Button::new(t.close, move || app.close_dialog()).view(),
            Button::new(t.inspect_go, look).kind(Kind::Primary).view(),
        ],
    }
    .view()
}

fn inspected(app: App, words: Words, found: &Inspected, place: El) -> El {
    let t = words.later();
    let (class, text) = verdict(words, app, &found.verdict);
    let mut view = el("div").child(notice::boxed(class, &text));
    if let (Some(id), Verdict::Known(_)) = (&found.id, &found.verdict) {
        view = view.child(actions(app, words, id, place));
    }
    let mut rows = Vec::new();
    if let Some(id) = &found.id {
        rows.push((words.t.column_id, id.to_string()));
    }
    if let Some(found) = &found.claims {
        rows.extend(claims::rows(app, words, found));
    }
    if let Some(fingerprint) = &found.fingerprint {
        rows.push((t.fingerprint, fingerprint.to_string()));
    }
    view.child(claims::list(rows))
}

/// What can be done with a token that is known; `place` is where its outcome is told.
fn actions(app: App, words: Words, id: &TokenId, place: El) -> El {
    let (shown, gone) = (id.clone(), id.clone());
    let show = Button::new(words.later().show_in_list, move || app.show_only(&shown));
    let delete = Button::new(words.later().delete_now, move || {
        // The button goes with the answer, and the focus must not leave the dialog.
        browser::focus(&place.cast());
        app.delete_inspected(gone.clone());
    });
    el("div")
        .class("notice-actions")
        .child(show.view())
        .child(delete.kind(Kind::Danger).view())
}

/// What the API says, never more certain than it is.
fn verdict(words: Words, app: App, verdict: &Verdict) -> (&'static str, String) {
    let t = words.later();
    match verdict {
        Verdict::Asking => ("notice info", t.inspect_asking.to_owned()),
        Verdict::Known(token) => match token.status(app.now.get_untracked()) {
            Status::Expired => ("notice info", t.inspect_expired.to_owned()),
            _ => ("notice success", t.inspect_active.to_owned()),
        },
        Verdict::NotFound => ("notice warning", t.inspect_not_found.to_owned()),
        Verdict::Gone(time) => {
            let time = words.time(*time);
            ("notice success", fill(t.inspect_gone, &[&time]))
        }
        Verdict::NoId => ("notice warning", t.inspect_no_id.to_owned()),
        Verdict::Failed(error) => ("notice error", notice::error_text(words.t, error)),
        Verdict::NoToken => ("notice error", t.inspect_no_token.to_owned()),
    }
}
