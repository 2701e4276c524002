//! One token in the list.

use std::cell::Cell;
use std::rc::Rc;

use super::Words;
use crate::domain::{Status, Timestamp, Token, TokenId};
use crate::i18n::{Messages, fill};
use crate::later::Later;
use crate::signal::Memo;
use crate::state::{App, Obstacle, Target};
use crate::ui::{Button, El, Event, Icon, Input, Kind, el, icon, is_shifted};

/// What the rows share.
#[derive(Clone)]
pub(super) struct Rows {
    /// All that are shown.
    shown: Memo<Vec<Token>>,
    /// The place of the box that was clicked last.
    last: Rc<Cell<Option<usize>>>,
    /// Whether a token can be asked for now.
    may_rotate: Memo<bool>,
    models: Rc<Models>,
}

impl Rows {
    /// The rows of those that are shown.
    pub(super) fn new(app: App, words: Words, shown: Memo<Vec<Token>>) -> Self {
        Self {
            shown,
            last: Rc::new(Cell::new(None)),
            // A memo, so that no row asks for itself whenever the list has changed. While a token
            // is asked for, which is over soon, rows stay as they are and a click is one too many.
            may_rotate: Memo::new(move || matches!(app.obstacle(), None | Some(Obstacle::Running))),
            models: Rc::new(Models::new(words.t)),
        }
    }
}

/// What is alike in all rows, to be copied.
struct Models {
    row: El,
    cells: [El; 6],
    check: El,
    id: El,
    copy: El,
    relative: El,
    /// Details, Rotate, Delete.
    actions: [El; 3],
    active: El,
    expires_soon: El,
    expired: El,
    unknown: El,
}

impl Models {
    fn new(t: &'static Messages) -> Self {
        let cell = |(label, class)| {
            el("td")
                .class(class)
                .attr("role", "cell")
                .attr("data-label", label)
        };
        let cells = [
            ("", "cell-check"),
            (t.column_id, "cell-id"),
            (t.column_created, "cell-date"),
            (t.column_expires, "cell-date"),
            (t.column_status, "cell-status"),
            (t.column_actions, "actions"),
        ];
        let action = |text| Button::model(text, Kind::Small);
        let status = |class, shape, text| el("span").class(class).child(icon(shape)).text(text);
        Self {
            row: el("tr").attr("role", "row"),
            cells: cells.map(cell),
            check: el("input").attr("type", "checkbox"),
            id: el("span").class("id").attr("dir", "ltr"),
            copy: Button::model(t.copy, Kind::Text),
            relative: el("span").class("relative"),
            actions: [
                action(t.details),
                action(t.rotate),
                action(t.delete).attr("data-hook", "delete"),
            ],
            active: status("status active", Icon::Check, t.active),
            expires_soon: status("status soon", Icon::Clock, t.expires_soon),
            expired: status("status expired", Icon::Cross, t.expired),
            unknown: status("status unknown", Icon::Question, t.unknown_status),
        }
    }

    fn status(&self, status: Status) -> El {
        match status {
            Status::Active => &self.active,
            Status::ExpiresSoon => &self.expires_soon,
            Status::Expired => &self.expired,
            Status::Unknown => &self.unknown,
        }
        .copy()
    }
}

/// The row of a token.
pub(super) fn view(app: App, words: Words, token: &Token, rows: Rows) -> El {
    let models = rows.models.clone();
    let date = move |time: Option<Timestamp>| match time {
        Some(time) => words.date(time, app.utc.get()),
        None => words.t.unknown_date.to_owned(),
    };
    let (created_at, expires_at) = (token.created, token.expires);
    let until = move || {
        let until = expires_at.map(|expires| words.relative(expires, app.now.get()));
        until.unwrap_or_default()
    };
    let state = {
        let token = token.clone();
        Memo::new(move || token.status(app.now.get()))
    };
    let [check_box, id, created, expires, status, actions] = models.cells.each_ref().map(El::copy);
    models.row.copy().children([
        check_box.child(check(app, words, token, &rows)),
        identity(app, words, token, &models, id),
        created.bind_text(move || date(created_at)),
        expires
            .bind_text(move || date(expires_at))
            .child(models.relative.copy().bind_text(until)),
        status.bind(move || Some(models.status(state.get()))),
        actions_of(app, words, token, &rows, actions),
    ])
}

/// The box that checks the row; with the shift key, all rows from the last box on.
fn check(app: App, words: Words, token: &Token, rows: &Rows) -> El {
    let (shown, last) = (rows.shown, rows.last.clone());
    let label = fill(words.t.select_named, &[token.id.as_ref()]);
    let (id, own) = (token.id.clone(), token.id.clone());
    let input = rows
        .models
        .check
        .copy()
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
fn identity(app: App, words: Words, token: &Token, models: &Models, cell: El) -> El {
    let t = words.t;
    let id = token.id.clone();
    let copy_label = fill(t.copy_id_named, &[id.as_ref()]);
    let copy = {
        let id = id.clone();
        Button::like(&models.copy, move || app.copy_id(&id, || ())).label(&copy_label)
    };
    let shown_id = models.id.copy().text(id.as_ref());
    let in_use = move || {
        let in_use = app.token_in_use().as_ref() == Some(&id);
        in_use.then(|| el("span").class("tag").text(t.in_use))
    };
    let named = |app: App| app.names.with(|names| !names.is_empty());
    let found = |app: App| app.finding.with(Option::is_some);
    cell.bind(later(app, words, token.id.clone(), named, label))
        .child(shown_id)
        .child(copy.view())
        .bind(in_use)
        .bind(later(app, words, token.id.clone(), named, replaced_tag))
        .bind(later(app, words, token.id.clone(), found, found_tag))
}

/// Something about a token that is loaded later; what says that there is any was so, too.
fn later(
    app: App,
    words: Words,
    id: TokenId,
    is_any: impl Fn(App) -> bool,
    view: impl Fn(App, Words, &TokenId) -> Option<El>,
) -> impl Fn() -> Option<El> {
    move || {
        let any = is_any(app).then(|| (|()| view(app, words, &id)).run(()));
        any.flatten()
    }
}

fn label(app: App, _: Words, id: &TokenId) -> Option<El> {
    let label = app.label(id);
    (!label.is_empty()).then(|| el("span").class("label").text(&label))
}

fn replaced_tag(app: App, words: Words, id: &TokenId) -> Option<El> {
    let replaced = app
        .names
        .with(|names| names.get(id).is_some_and(|name| name.replaced));
    replaced.then(|| el("span").class("tag").text(words.later().replaced))
}

fn found_tag(app: App, words: Words, id: &TokenId) -> Option<El> {
    let found = app.finding.with(|finding| {
        let mut tokens = finding.iter().flat_map(|finding| &finding.tokens);
        tokens.any(|token| token.id == *id)
    });
    found.then(|| {
        el("span")
            .class("tag warning")
            .text(words.later().check_this)
    })
}

fn actions_of(app: App, words: Words, token: &Token, rows: &Rows, cell: El) -> El {
    let t = words.t;
    let id = token.id.as_ref();
    let may_rotate = rows.may_rotate;
    let [details, rotate, delete] = &rows.models.actions;
    let (shown, replaced, deleted) = (token.clone(), token.clone(), token.clone());
    let details = Button::like(details, move || app.show_details(shown.clone()))
        .label(&fill(t.details_named, &[id]));
    let rotate = Button::like(rotate, move || app.rotate(replaced.clone()))
        .label(&fill(t.rotate_named, &[id]))
        .disabled(move || !may_rotate.get());
    let delete = Button::like(delete, move || {
        app.ask_to_delete(Target::One(deleted.clone()));
    })
    .label(&fill(t.delete_named, &[id]));
    cell.children([details, rotate, delete].map(Button::view))
}
