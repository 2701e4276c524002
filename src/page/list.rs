//! The list of tokens.

use leptos::ev;
use leptos::html::{
    ElementChild, caption, div, input, label, p, span, table, tbody, td, th, thead, tr,
};
use leptos::prelude::*;

use super::{Words, notice};
use crate::domain::{Direction, SortKey, Status, Timestamp, Token, sort};
use crate::i18n::{Messages, fill};
use crate::state::App;
use crate::ui::{Button, Icon, Kind, icon};

/// How full the account is, the table, and what stands in its place.
pub(super) fn view(app: App, words: Words) -> AnyView {
    let t = words.t;
    let empty = Memo::new(move |_| app.list.with(|list| list.rows.is_empty()));
    let never_read = Memo::new(move |_| app.list.with(|list| list.read_at.is_none()));
    let content = move || match (empty.get(), never_read.get()) {
        (true, true) => p().attr("class", "empty busy").child(t.loading).into_any(),
        (true, false) => div()
            .attr("class", "empty")
            .child((
                p().attr("class", "empty-title").child(t.empty),
                p().child(t.empty_hint),
            ))
            .into_any(),
        (false, _) => tokens(app, words),
    };
    (toolbar(app, words), failure(app, words), content).into_any()
}

fn toolbar(app: App, words: Words) -> AnyView {
    let t = words.t;
    let quota = move || {
        let count = app.list.with(|list| list.rows.len());
        let limit = app.options.with(|options| options.token_limit);
        fill(t.quota, &[&count.to_string(), &limit.to_string()])
    };
    let loading = move || app.list.with(|list| list.loading > 0);
    div()
        .attr("class", "toolbar")
        .child((
            p().attr("class", "quota")
                .attr("part", "quota")
                .child(quota),
            label().attr("class", "check").child((
                input()
                    .attr("type", "checkbox")
                    .prop("checked", move || app.utc.get())
                    .on(ev::change, move |event| {
                        app.utc.set(event_target_checked(&event))
                    }),
                span().child(t.utc),
            )),
            div()
                .attr("class", "toolbar-actions")
                .attr("aria-busy", move || loading().to_string())
                .child(
                    Button::new(t.refresh, move || app.refresh())
                        .hook("refresh")
                        .view(),
                ),
        ))
        .into_any()
}

/// Why the list that is shown is old.
fn failure(app: App, words: Words) -> AnyView {
    let t = words.t;
    let shown = move || {
        let (error, read_at) = app.list.with(|list| (list.error.clone(), list.read_at));
        let error = error?;
        let age = read_at.map(|time| {
            let time = words.date(time, app.utc.get());
            [" ", &fill(t.list_old, &[&time])].concat()
        });
        let text = [
            t.list_failed,
            " ",
            &notice::error_text(t, &error),
            &age.unwrap_or_default(),
        ];
        Some(
            div().attr("class", "notice error").child((
                p().attr("class", "notice-text").child(text.concat()),
                div()
                    .attr("class", "notice-actions")
                    .child(Button::new(t.retry, move || app.refresh()).view()),
            )),
        )
    };
    div().attr("role", "alert").child(shown).into_any()
}

fn tokens(app: App, words: Words) -> AnyView {
    let t = words.t;
    let rows = Memo::new(move |_| {
        let mut rows = app.list.with(|list| list.rows.clone());
        let now = app.now.get_untracked();
        sort(&mut rows, SortKey::Created, Direction::Descending, now);
        rows
    });
    let old = move || match app.list.with(|list| list.error.is_some()) {
        true => "table-scroll stale",
        false => "table-scroll",
    };
    let columns = [
        t.column_id,
        t.column_created,
        t.column_expires,
        t.column_status,
        t.column_actions,
    ];
    let columns = columns.map(|column| th().attr("scope", "col").child(column).into_any());
    let body = For(ForProps::builder()
        .each(move || rows.get())
        .key(|token| token.clone())
        .children(move |token| row(app, words, token))
        .build());
    div()
        .attr("class", old)
        .child(
            table()
                .attr("class", "tokens")
                .attr("part", "table")
                .child((
                    caption().attr("class", "visually-hidden").child(t.list),
                    thead().child(tr().child(Vec::from(columns))),
                    tbody().child(body),
                )),
        )
        .into_any()
}

fn row(app: App, words: Words, token: Token) -> AnyView {
    let t = words.t;
    let id = token.id.clone();
    let shown_id = span()
        .attr("class", "id")
        .attr("dir", "ltr")
        .child(id.to_string());
    let copy = {
        let id = id.clone();
        let label = fill(t.copy_id_named, &[id.as_ref()]);
        Button::new(t.copy, move || app.copy_id(&id, || ()))
            .kind(Kind::Small)
            .label(label)
            .view()
    };
    let date = move |time: Option<Timestamp>| {
        move || match time {
            Some(time) => words.date(time, app.utc.get()),
            None => t.unknown_date.to_owned(),
        }
    };
    let (created, expires) = (token.created, token.expires);
    let until = move || expires.map(|expires| words.relative(expires, app.now.get()));
    let status = {
        let token = token.clone();
        Memo::new(move |_| token.status(app.now.get()))
    };
    let tag = move || {
        let in_use = app.token_in_use().as_ref() == Some(&id);
        in_use.then(|| span().attr("class", "tag").child(t.in_use))
    };
    let delete = {
        let token = token.clone();
        let label = fill(t.delete_named, &[token.id.as_ref()]);
        Button::new(t.delete, move || app.ask_to_delete(token.clone()))
            .kind(Kind::Small)
            .label(label)
            .hook("delete")
            .view()
    };
    let cell = |label: &'static str, class: &'static str, content: AnyView| {
        td().attr("class", class)
            .attr("data-label", label)
            .child(content)
            .into_any()
    };
    tr().child(vec![
        cell(t.column_id, "cell-id", (shown_id, copy, tag).into_any()),
        cell(t.column_created, "cell-date", date(created).into_any()),
        cell(
            t.column_expires,
            "cell-date",
            (date(expires), span().attr("class", "relative").child(until)).into_any(),
        ),
        cell(
            t.column_status,
            "cell-status",
            (move || status_view(t, status.get())).into_any(),
        ),
        cell(t.column_actions, "actions", delete),
    ])
    .into_any()
}

fn status_view(t: &'static Messages, status: Status) -> AnyView {
    let (class, shape, text) = match status {
        Status::Active => ("status active", Icon::Check, t.active),
        Status::ExpiresSoon => ("status soon", Icon::Clock, t.expires_soon),
        Status::Expired => ("status expired", Icon::Cross, t.expired),
        Status::Unknown => ("status unknown", Icon::Question, t.unknown_status),
    };
    span()
        .attr("class", class)
        .child((icon(shape), text))
        .into_any()
}
