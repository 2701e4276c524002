//! All about one token: its dates, its name in this browser, and what can be done with it.

use super::{Words, notice};
use crate::browser;
use crate::domain::{Name, Token};
use crate::i18n::fill;
use crate::signal::Local;
use crate::state::{App, Dialog};
use crate::ui::{Button, El, Field, FieldKind, Input, Kind, Modal, el};

/// The dialog.
pub(super) fn view(app: App, words: Words, token: &Token) -> El {
    let t = words.later();
    let token = token.clone();
    let name = app
        .names
        .with_untracked(|names| names.get(&token.id).cloned())
        .unwrap_or_default();
    let wrong = Local::new(false);
    let (label_view, label) = text_field("label", t.name, t.names_hint, &name.label);
    let (note_view, note) = text_field("note", t.note, "", &name.note);
    let save = {
        let (id, replaced) = (token.id.clone(), name.replaced);
        move || {
            let texts = browser::read_text(&label).zip(browser::read_text(&note));
            let named = texts.is_some_and(|(label, note)| {
                let name = Name {
                    label,
                    note,
                    replaced,
                };
                app.name_token(id.clone(), name)
            });
            wrong.set(!named);
            if named {
                app.close_dialog();
            }
        }
    };
    let remind = {
        let token = token.clone();
        Button::new(t.remind, move || {
            app.save_reminders(std::slice::from_ref(&token), |token| {
                reminder(words, app, token)
            });
        })
    };
    let mistake = move || {
        wrong
            .get()
            .then(|| notice::boxed("notice error", t.no_token_here))
    };
    Modal {
        title: words.t.details,
        name: "details",
        alert: false,
        on_escape: Box::new(move || app.close_dialog()),
        body: vec![
            facts(app, words, &token),
            label_view,
            note_view,
            el("div").attr("role", "alert").bind(mistake),
            notice::area(app, words, |dialog| matches!(dialog, Dialog::Details(_))),
        ],
        actions: vec![
            remind.view(),
            Button::new(t.cancel, move || app.close_dialog()).view(),
            Button::new(t.save, save).kind(Kind::Primary).view(),
        ],
    }
    .view()
}

fn text_field(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: &str,
) -> (El, Input) {
    let (view, input) = Field {
        name,
        label,
        kind: FieldKind::Text,
        hint,
        error: Box::new(|| None),
    }
    .view();
    input.set_value(value);
    (view, input)
}

/// What is known of a token, in the device's zone and in UTC.
fn facts(app: App, words: Words, token: &Token) -> El {
    let t = words.later();
    let mut list = vec![(words.t.column_id, token.id.to_string())];
    for (label, time) in [
        (words.t.column_created, token.created),
        (words.t.column_expires, token.expires),
    ] {
        if let Some(time) = time {
            list.push((label, words.date(time, false)));
            list.push(("UTC", browser::iso(time.timestamp_millis())));
        }
    }
    let known = app
        .fingerprints
        .with_untracked(|known| known.get(&token.id).cloned());
    if let Some(fingerprint) = known {
        list.push((t.fingerprint, fingerprint.to_string()));
    }
    let rows = list.into_iter().map(|(label, value)| {
        let shown = el("dd").class("id").attr("dir", "ltr").text(&value);
        let copy_label = fill(t.copy_named, &[&value]);
        let copy = Button::new(words.t.copy, move || app.copy_text(&value))
            .kind(Kind::Text)
            .label(&copy_label);
        [el("dt").text(label), shown.child(copy.view())]
    });
    el("dl").class("claims").children(rows.flatten())
}

/// The title and the text of a reminder.
pub(super) fn reminder(words: Words, app: App, token: &Token) -> [String; 2] {
    let label = app.label(&token.id);
    let name = if label.is_empty() {
        token.id.short().to_owned()
    } else {
        label
    };
    [
        fill(words.later().reminder_title, &[&name]),
        fill(words.later().reminder_text, &[token.id.as_ref()]),
    ]
}
