//! Above the table: how full the account is, what is shown, and what can be done with many.

use leptos::prelude::*;

use super::{Words, details};
use crate::browser;
use crate::domain::{Counts, Status, decimal};
use crate::i18n::fill;
use crate::later::Later;
use crate::signal::{Memo, follow};
use crate::state::App;
use crate::ui::{Button, El, Input, Kind, el, key};

/// The whole of it.
pub(super) fn view(app: App, words: Words) -> El {
    // A memo, so that the list is counted once for all.
    let counts = Memo::new(move || {
        let now = app.now.get();
        app.list.with(|list| Counts::of(&list.rows, now))
    });
    el("div")
        .class("tools")
        .child(bar(app, words))
        .bind(move || freed(app, words, counts.get().expired))
        .child(cards(app, words, counts))
        .bind(move || timeline(app, words))
        .child(find(app, words))
        .bind(move || bulk(app, words))
}

fn bar(app: App, words: Words) -> El {
    let t = words.t;
    let count = move || app.list.with(|list| list.rows.len());
    let limit = move || app.options.with(|options| options.token_limit);
    let quota = move || fill(t.quota, &[&decimal(count()), &decimal(limit())]);
    let meter = el("meter")
        .class("meter")
        .attr("aria-label", t.quota_meter)
        .bind_attr("max", move || Some(decimal(limit())))
        .bind_attr("high", move || Some(decimal(limit() * 9 / 10)))
        .bind_attr("value", move || Some(decimal(count())));
    let busy = move || Some((app.loading.get() > 0).to_string());
    let refresh = Button::new(t.refresh, move || app.refresh()).hook("refresh");
    el("div")
        .class("toolbar")
        .child(el("p").class("quota").bind_text(quota))
        .child(meter)
        .child(
            el("div")
                .class("toolbar-actions")
                .bind_attr("aria-busy", busy)
                .child(refresh.view())
                .child(more(app, words)),
        )
}

/// What a row of the menu does.
type Action = Box<dyn FnMut(App)>;

/// What is needed now and then.
fn more(app: App, words: Words) -> El {
    let menu = el("details").class("more");
    let rows = menu.clone();
    menu.child(el("summary").class("button outlined").text(words.t.more))
        .bind(move || {
            let complete = app.complete.get();
            complete.then(|| (|()| menu_rows(app, words, rows.clone())).run(()))
        })
}

fn menu_rows(app: App, words: Words, menu: El) -> El {
    let t = words.later();
    let import = el("input")
        .attr("type", "file")
        .attr("accept", "application/json,.json")
        .attr("aria-label", t.import_names);
    let chosen: Input = import.cast();
    let import = import.on("change", move |_| {
        app.import_names(browser::chosen_file(&chosen));
    });
    let remind = move |app: App| {
        let tokens = untrack(|| app.live_tokens());
        app.save_reminders(&tokens, |token| details::reminder(words, app, token));
    };
    let actions: [(&str, Action); 5] = [
        (t.inspect, Box::new(App::open_inspector)),
        (t.remind_all, Box::new(remind)),
        (t.export_names, Box::new(App::export_names)),
        (words.t.delete_expired, Box::new(App::ask_to_delete_expired)),
        (t.delete_all, Box::new(App::ask_to_delete_all)),
    ];
    let actions = actions.map(|(text, mut act)| {
        let menu = menu.clone();
        let action = Button::new(text, move || {
            // First, so that the focus comes back from a dialog to what opens the menu.
            close(&menu);
            act(app);
        });
        action.kind(Kind::Text).view()
    });
    let (escaped, left) = (menu.clone(), menu.clone());
    menu.on("keydown", move |event| {
        if key(&event) == "Escape" {
            close(&escaped);
        }
    })
    // It would cover what has the focus then.
    .on("focusout", move |event| {
        if browser::leaves(left.node(), &event) {
            left.clone().attr_if("open", None);
        }
    });
    el("div").class("menu-rows").children(actions).child(
        el("label")
            .class("menu-row")
            .child(el("span").text(t.import_names))
            .child(import),
    )
}

fn close(menu: &El) {
    browser::focus_in(menu.node(), "summary");
    menu.clone().attr_if("open", None);
}

/// The way out of a full account.
fn freed(app: App, words: Words, expired: usize) -> Option<El> {
    let t = words.t;
    let delete = Button::new(t.delete_expired, move || app.ask_to_delete_expired());
    (expired > 0).then(|| {
        el("div")
            .class("freed")
            .child(el("span").text(&words.count(&t.frees_up, expired)))
            .child(delete.kind(Kind::Small).view())
    })
}

/// How many tokens there are of each status; each card shows those alone.
fn cards(app: App, words: Words, counts: Memo<Counts>) -> El {
    let t = words.t;
    let statuses = [
        (None, t.all),
        (Some(Status::Active), t.active),
        (Some(Status::ExpiresSoon), t.expires_soon),
        (Some(Status::Expired), t.expired),
    ];
    let cards = statuses.map(|(status, label)| {
        let count = move || {
            let counts = counts.get();
            status.map_or(counts.total(), |status| counts.get(status))
        };
        let pressed = move || Some((app.view.with(|view| view.status) == status).to_string());
        el("button")
            .class("status-card")
            .attr("type", "button")
            .bind_attr("aria-pressed", pressed)
            .on("click", move |_| app.filter_by(status))
            .child(
                el("span")
                    .class("count")
                    .bind_text(move || decimal(count())),
            )
            .child(el("span").text(label))
    });
    el("div")
        .class("cards")
        .attr("role", "group")
        .attr("aria-label", t.filter)
        .children(cards)
}

/// What expires next; each shows its token alone.
fn timeline(app: App, words: Words) -> Option<El> {
    let t = words.t;
    let next = app.next_expiries();
    if next.is_empty() {
        return None;
    }
    let now = app.now.get();
    let marks = next.into_iter().filter_map(|token| {
        let when = words.relative(token.expires?, now);
        let label = app.label(&token.id);
        let name = match label.is_empty() {
            true => token.id.short().to_owned(),
            false => label,
        };
        let button = el("button")
            .attr("type", "button")
            .on("click", move |_| app.show_only(&token.id))
            .child(el("span").class("when").text(&when))
            .child(el("span").class("id").text(&name));
        Some(el("li").child(button))
    });
    Some(
        el("ol")
            .class("timeline")
            .attr("aria-label", t.next_expiries)
            .children(marks),
    )
}

/// What is searched for, and in which zone times are shown.
fn find(app: App, words: Words) -> El {
    let t = words.t;
    let input = el("input")
        .class("control search")
        .attr("type", "search")
        .attr("aria-label", t.search)
        .attr("placeholder", t.search)
        .attr("autocomplete", "off")
        .attr("spellcheck", "false");
    let field: Input = input.cast();
    let shown = field.clone();
    follow(move || {
        let search = app.view.with(|view| view.search.clone());
        if shown.value() != search {
            shown.set_value(&search);
        }
    });
    let input = input.on("input", move |_| {
        app.search(browser::read_text(&field).unwrap_or_default());
    });
    let utc = el("input")
        .attr("type", "checkbox")
        .bind_flag("checked", move || app.utc.get());
    let checked: Input = utc.cast();
    let utc = utc.on("change", move |_| app.show_utc(checked.checked()));
    el("div").class("find").child(input).child(
        el("label")
            .class("check")
            .child(utc)
            .child(el("span").text(t.utc)),
    )
}

/// What can be done with the tokens that are checked.
fn bulk(app: App, words: Words) -> Option<El> {
    let count = app.selected.with(|selected| selected.len());
    // What has checked them was loaded later itself.
    (count > 0).then(|| (|()| checked(app, words, count)).run(()))
}

fn checked(app: App, words: Words, count: usize) -> El {
    let t = words.later();
    let delete = Button::new(t.delete_selected, move || app.ask_to_delete_selected());
    let none = Button::new(t.select_none, move || {
        app.selected.update(|all| all.clear())
    });
    el("div")
        .class("bulk")
        .child(el("span").text(&words.count(&t.selected, count)))
        .child(delete.kind(Kind::Danger).view())
        .child(none.kind(Kind::Text).view())
}
