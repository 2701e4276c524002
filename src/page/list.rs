//! The list of tokens.

use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::{Words, notice};
use crate::domain::{Direction, SortKey, Status, Timestamp, Token, sort};
use crate::i18n::{Messages, fill};
use crate::state::App;
use crate::ui::{Button, El, Icon, Kind, el, icon};

/// How full the account is, the table, and what stands in its place.
pub(super) fn view(app: App, words: Words) -> El {
    let t = words.t;
    let content = Memo::new(move |_| {
        app.list
            .with(|list| match (list.rows.is_empty(), list.read_at) {
                (true, None) => Content::NotRead,
                (true, Some(_)) => Content::Empty,
                (false, _) => Content::Tokens,
            })
    });
    el("div")
        .class("list")
        .child(toolbar(app, words))
        .child(
            el("div")
                .attr("role", "alert")
                .bind(move || failure(app, words)),
        )
        .bind(move || {
            Some(match content.get() {
                Content::NotRead => el("p").class("empty busy").text(t.loading),
                Content::Empty => el("div")
                    .class("empty")
                    .child(el("p").class("empty-title").text(t.empty))
                    .child(el("p").text(t.empty_hint)),
                Content::Tokens => tokens(app, words),
            })
        })
}

/// What stands below the toolbar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    NotRead,
    Empty,
    Tokens,
}

fn toolbar(app: App, words: Words) -> El {
    let t = words.t;
    let quota = move || {
        let count = app.list.with(|list| list.rows.len());
        let limit = app.options.with(|options| options.token_limit);
        fill(t.quota, &[&count.to_string(), &limit.to_string()])
    };
    let busy = move || Some(app.list.with(|list| list.loading > 0).to_string());
    let utc = el("input")
        .attr("type", "checkbox")
        .bind_flag("checked", move || app.utc.get());
    let checked: HtmlInputElement = utc.cast();
    let utc = utc.on("change", move |_| app.utc.set(checked.checked()));
    let refresh = Button::new(t.refresh, move || app.refresh()).hook("refresh");
    el("div")
        .class("toolbar")
        .child(
            el("p")
                .class("quota")
                .attr("part", "quota")
                .bind_text(quota),
        )
        .child(
            el("label")
                .class("check")
                .child(utc)
                .child(el("span").text(t.utc)),
        )
        .child(
            el("div")
                .class("toolbar-actions")
                .bind_attr("aria-busy", busy)
                .child(refresh.view()),
        )
}

/// Why the list that is shown is old.
fn failure(app: App, words: Words) -> Option<El> {
    let t = words.t;
    let (error, read_at) = app.list.with(|list| (list.error.clone(), list.read_at));
    let mut text = [t.list_failed, " ", &notice::error_text(t, &error?)].concat();
    if let Some(time) = read_at {
        text.push(' ');
        text.push_str(&fill(t.list_old, &[&words.date(time, app.utc.get())]));
    }
    let retry = Button::new(t.retry, move || app.refresh());
    Some(notice::actionable(
        "notice error",
        &text,
        vec![retry.view()],
    ))
}

fn tokens(app: App, words: Words) -> El {
    let t = words.t;
    let rows = move || {
        let mut rows = app.list.with(|list| list.rows.clone());
        let now = app.now.get_untracked();
        sort(&mut rows, SortKey::Created, Direction::Descending, now);
        rows
    };
    let scroll = move || {
        Some(match app.list.with(|list| list.error.is_some()) {
            true => "table-scroll stale".to_owned(),
            false => "table-scroll".to_owned(),
        })
    };
    let columns = [
        t.column_id,
        t.column_created,
        t.column_expires,
        t.column_status,
        t.column_actions,
    ];
    let columns = columns.map(|column| {
        el("th")
            .attr("scope", "col")
            .attr("role", "columnheader")
            .text(column)
    });
    // The roles are those of the elements: on narrow panels the style makes cards of the rows, and
    // some browsers then forget that this is a table.
    let table = el("table")
        .class("tokens")
        .attr("part", "table")
        .attr("role", "table")
        .child(el("caption").class("visually-hidden").text(t.list))
        .child(
            el("thead")
                .attr("role", "rowgroup")
                .child(el("tr").attr("role", "row").children(columns)),
        )
        .child(
            el("tbody")
                .attr("role", "rowgroup")
                .each(rows, move |token| row(app, words, token)),
        );
    el("div").bind_attr("class", scroll).child(table)
}

fn row(app: App, words: Words, token: &Token) -> El {
    let t = words.t;
    let id = token.id.clone();
    let copy_label = fill(t.copy_id_named, &[id.as_ref()]);
    let delete_label = fill(t.delete_named, &[id.as_ref()]);
    let copy = {
        let id = id.clone();
        Button::new(t.copy, move || app.copy_id(&id, || ()))
            .kind(Kind::Text)
            .label(&copy_label)
    };
    let delete = {
        let token = token.clone();
        Button::new(t.delete, move || app.ask_to_delete(token.clone()))
            .kind(Kind::Small)
            .label(&delete_label)
            .hook("delete")
    };
    let shown_id = el("span").class("id").attr("dir", "ltr").text(id.as_ref());
    let in_use = move || app.token_in_use().as_ref() == Some(&id);
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
        Memo::new(move |_| token.status(app.now.get()))
    };
    let cell = |label: &str, class: &str| {
        el("td")
            .class(class)
            .attr("role", "cell")
            .attr("data-label", label)
    };
    el("tr").attr("role", "row").children([
        cell(t.column_id, "cell-id")
            .child(shown_id)
            .child(copy.view())
            .bind(move || in_use().then(|| el("span").class("tag").text(t.in_use))),
        cell(t.column_created, "cell-date").bind_text(move || date(created)),
        cell(t.column_expires, "cell-date")
            .bind_text(move || date(expires))
            .child(el("span").class("relative").bind_text(until)),
        cell(t.column_status, "cell-status").bind(move || Some(status_view(t, status.get()))),
        cell(t.column_actions, "actions").child(delete.view()),
    ])
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
