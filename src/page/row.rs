//! One token in the list.

use std::cell::Cell;
use std::rc::Rc;

use super::Words;
use crate::domain::{Status, Timestamp, Token};
use crate::i18n::{Messages, fill};
use crate::signal::Memo;
use crate::state::{App, Target};
use crate::ui::{Button, El, Event, Icon, Input, Kind, el, icon, is_shifted};

/// What the rows share.
#[derive(Clone)]
pub(super) struct Rows {
    /// All that are shown.
    pub(super) shown: Memo<Vec<Token>>,
    /// The place of the box that was clicked last.
    pub(super) last: Rc<Cell<Option<usize>>>,
    /// Whether a token can be asked for now.
    pub(super) may_rotate: Memo<bool>,
}

/// The row of a token.
pub(super) fn view(app: App, words: Words, token: &Token, rows: Rows) -> El {
    let may_rotate = rows.may_rotate;
    let t = words.t;
    let date = move |time: Option<Timestamp>| match time {
        Some(time) => words.date(time, app.utc.get()),
        None => t.unknown_date.to_owned(),
    };
    let (created, expires) = (token.created, token.expires);
    let until = move || {
        let until = expires.map(|expires| words.relative(expires, app.now.get()));
        until.unwrap_or_default()
    };
    let status = {
        let token = token.clone();
        Memo::new(move || token.status(app.now.get()))
    };
    let cell = |label: &str, class: &str| {
        el("td")
            .class(class)
            .attr("role", "cell")
            .attr("data-label", label)
    };
    el("tr").attr("role", "row").children([
        cell("", "cell-check").child(check(app, words, token, rows)),
        identity(app, words, token, cell(t.column_id, "cell-id")),
        cell(t.column_created, "cell-date").bind_text(move || date(created)),
        cell(t.column_expires, "cell-date")
            .bind_text(move || date(expires))
            .child(el("span").class("relative").bind_text(until)),
        cell(t.column_status, "cell-status").bind(move || Some(status_view(t, status.get()))),
        actions(
            app,
            words,
            token,
            may_rotate,
            cell(t.column_actions, "actions"),
        ),
    ])
}

/// The box that checks the row; with the shift key, all rows from the last box on.
fn check(app: App, words: Words, token: &Token, rows: Rows) -> El {
    let Rows { shown, last, .. } = rows;
    let label = fill(words.t.select_named, &[token.id.as_ref()]);
    let (id, own) = (token.id.clone(), token.id.clone());
    let input = el("input")
        .attr("type", "checkbox")
        .attr("aria-label", &label)
        .bind_flag("checked", move || app.is_selected(&id));
    let checked: Input = input.cast();
    let click = move |event: &Event, rows: &[Token]| {
        let place = rows.iter().position(|row| row.id == own);
        let from = last.replace(place).filter(|_| is_shifted(event));
        let (first, end) = match (from, place) {
            (Some(a), Some(b)) => (a.min(b), a.max(b)),
            (_, Some(place)) => (place, place),
            (_, None) => return,
        };
        let rows = rows.iter().skip(first).take(end - first + 1);
        app.select(rows.map(|row| &row.id), checked.checked());
    };
    input.on("click", move |event| {
        shown.with_untracked(|rows| click(&event, rows));
    })
}

/// What the token is called, its ID, and marks.
fn identity(app: App, words: Words, token: &Token, cell: El) -> El {
    let t = words.t;
    let id = token.id.clone();
    let copy_label = fill(t.copy_id_named, &[id.as_ref()]);
    let copy = {
        let id = id.clone();
        Button::new(t.copy, move || app.copy_id(&id, || ()))
            .kind(Kind::Text)
            .label(&copy_label)
    };
    let label = {
        let id = id.clone();
        move || {
            let label = app.label(&id);
            (!label.is_empty()).then(|| el("span").class("label").text(&label))
        }
    };
    let replaced = {
        let id = id.clone();
        move || {
            let replaced = app
                .names
                .with(|names| names.get(&id).is_some_and(|name| name.replaced));
            replaced.then(|| el("span").class("tag").text(t.replaced))
        }
    };
    let found = {
        let id = id.clone();
        move || {
            let found = app.finding.with(|finding| {
                let mut tokens = finding.iter().flat_map(|finding| &finding.tokens);
                tokens.any(|token| token.id == id)
            });
            found.then(|| el("span").class("tag warning").text(t.check_this))
        }
    };
    let shown_id = el("span").class("id").attr("dir", "ltr").text(id.as_ref());
    let in_use = move || {
        let in_use = app.token_in_use().as_ref() == Some(&id);
        in_use.then(|| el("span").class("tag").text(t.in_use))
    };
    cell.bind(label)
        .child(shown_id)
        .child(copy.view())
        .bind(in_use)
        .bind(replaced)
        .bind(found)
}

fn actions(app: App, words: Words, token: &Token, may_rotate: Memo<bool>, cell: El) -> El {
    let t = words.t;
    let id = token.id.as_ref();
    let (details, rotate, delete) = (token.clone(), token.clone(), token.clone());
    let details = Button::new(t.details, move || app.show_details(details.clone()))
        .label(&fill(t.details_named, &[id]));
    let rotate = Button::new(t.rotate, move || app.rotate(rotate.clone()))
        .label(&fill(t.rotate_named, &[id]))
        .disabled(move || !may_rotate.get());
    let delete = Button::new(t.delete, move || {
        app.ask_to_delete(Target::One(delete.clone()));
    })
    .label(&fill(t.delete_named, &[id]))
    .hook("delete");
    let buttons = [details, rotate, delete].map(|button| button.kind(Kind::Small).view());
    cell.children(buttons)
}

fn status_view(t: &'static Messages, status: Status) -> El {
    let (class, shape, text) = match status {
        Status::Active => ("status active", Icon::Check, t.active),
        Status::ExpiresSoon => ("status soon", Icon::Clock, t.expires_soon),
        Status::Expired => ("status expired", Icon::Cross, t.expired),
        Status::Unknown => ("status unknown", Icon::Question, t.unknown_status),
    };
    el("span").class(class).child(icon(shape)).text(text)
}
