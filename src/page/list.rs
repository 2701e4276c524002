//! The list of tokens.

use std::ops::RangeInclusive;

use super::row::{self, Rows};
use super::{Words, notice, toolbar};
use crate::browser;
use crate::domain::{Direction, SortKey, Token};
use crate::i18n::fill;
use crate::signal::{Local, Memo, follow};
use crate::state::App;
use crate::ui::{Button, El, Input, el};

/// What went wrong, how full the account is, the table, and what stands in its place.
pub(super) fn view(app: App, words: Words) -> El {
    let t = words.t;
    // A memo, so that nothing is told twice.
    let failed = Memo::new(move || failure(app, words));
    let content = Memo::new(move || {
        app.list
            .with(|list| match (list.rows.is_empty(), list.read_at) {
                (true, None) => Content::NotRead,
                (true, Some(_)) => Content::Empty,
                (false, _) => Content::Tokens,
            })
    });
    el("div")
        .class("list")
        .child(el("div").attr("role", "alert").bind(move || {
            let text = failed.get()?;
            let retry = Button::new(t.retry, move || app.refresh()).view();
            Some(notice::actionable("notice error", &text, vec![retry]))
        }))
        .child(toolbar::view(app, words))
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

/// How many rows are drawn at a time.
const PART: usize = 200;
/// Of so many rows, browsers lay out those alone that are seen: fewer are no trouble, and of more
/// they need ever longer to answer what asks for one that is not laid out, such as a screen reader.
const MANY: RangeInclusive<usize> = 21..=1200;

/// What stands below the toolbar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    NotRead,
    Empty,
    Tokens,
}

/// Why the list that is shown is old.
fn failure(app: App, words: Words) -> Option<String> {
    let t = words.t;
    let (error, read_at) = app.list.with(|list| (list.error.clone(), list.read_at));
    let mut text = fill("{} {}", &[t.list_failed, &notice::error_text(t, &error?)]);
    if let Some(time) = read_at {
        text.push(' ');
        text.push_str(&fill(t.list_old, &[&words.date(time, app.utc.get())]));
    }
    Some(text)
}

fn tokens(app: App, words: Words) -> El {
    let t = words.t;
    let scroll = move || {
        Some(match app.list.with(|list| list.error.is_some()) {
            true => "table-scroll stale".to_owned(),
            false => "table-scroll".to_owned(),
        })
    };
    let shown = Memo::new(move || app.rows());
    let drawn = draw_in_parts(app, shown);
    let sortable = [
        (t.column_id, SortKey::Id),
        (t.column_created, SortKey::Created),
        (t.column_expires, SortKey::Expires),
        (t.column_status, SortKey::Status),
    ];
    let heads = sortable.map(|(label, key)| sort_head(app, label, key));
    // The roles are those of the elements: on narrow panels the style makes cards of the rows, and
    // some browsers then forget that this is a table.
    let rows = Rows::new(app, words, shown);
    let table = el("table")
        .class("tokens")
        .attr("part", "table")
        .attr("role", "table")
        .bind_attr("data-many", move || {
            let many = shown.with(|shown| MANY.contains(&shown.len()));
            many.then(String::new)
        })
        .child(el("caption").class("visually-hidden").text(t.list))
        .child(
            el("thead").attr("role", "rowgroup").child(
                el("tr")
                    .attr("role", "row")
                    // A cell, not a head: it names no column.
                    .child(
                        el("td")
                            .attr("role", "cell")
                            .child(select_all(app, words, shown)),
                    )
                    .children(heads)
                    .child(head().text(t.column_actions)),
            ),
        )
        .child(el("tbody").attr("role", "rowgroup").each(
            move || {
                let drawn = drawn.get();
                shown.with(|shown| shown.iter().take(drawn).cloned().collect())
            },
            move |token| row::view(app, words, token, rows.clone()),
        ));
    let nothing = move || {
        let nothing = shown.with(|shown| shown.is_empty());
        nothing.then(|| el("p").class("empty").text(t.nothing_found))
    };
    el("div")
        .bind_attr("class", scroll)
        .child(table)
        .bind(nothing)
}

/// How many rows are drawn: few at first, then more after each turn, so that a list far beyond the
/// API's limit can be used while it is drawn.
fn draw_in_parts(app: App, shown: Memo<Vec<Token>>) -> Local<usize> {
    let drawn = Local::new(PART);
    follow(move || {
        // A little ahead, so that a row that comes at the end is not one turn late.
        if drawn.get() < shown.with(Vec::len) + PART / 4 {
            app.spawn(async move {
                browser::pause(0).await;
                drawn.try_update(|drawn| *drawn += PART);
            });
        }
    });
    drawn
}

fn head() -> El {
    el("th").attr("scope", "col").attr("role", "columnheader")
}

/// The head of a column that the list can be sorted by.
fn sort_head(app: App, label: &'static str, key: SortKey) -> El {
    let order = move || {
        let view = app.view.with(|view| (view.sort, view.direction));
        let order = match view {
            (sort, Direction::Ascending) if sort == key => "ascending",
            (sort, Direction::Descending) if sort == key => "descending",
            _ => "none",
        };
        Some(order.to_owned())
    };
    let button = el("button")
        .class("sort")
        .attr("type", "button")
        .text(label)
        .on("click", move |_| app.sort_by(key));
    head().bind_attr("aria-sort", order).child(button)
}

/// The box that checks all rows that are shown.
fn select_all(app: App, words: Words, shown: Memo<Vec<Token>>) -> El {
    let all = move || {
        app.selected.with(|selected| {
            !selected.is_empty()
                && shown.with(|shown| {
                    !shown.is_empty() && shown.iter().all(|token| selected.contains(&token.id))
                })
        })
    };
    let input = el("input")
        .attr("type", "checkbox")
        .attr("aria-label", words.t.select_all)
        .bind_flag("checked", all);
    let some = move || app.selected.with(|selected| !selected.is_empty()) && !all();
    let checked: Input = input.cast();
    input
        .bind_flag("indeterminate", some)
        .on("change", move |_| {
            shown.with_untracked(|shown| {
                app.select(shown.iter().map(|token| &token.id), checked.checked());
            });
        })
}
