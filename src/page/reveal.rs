//! A new token: the only time that its value is seen.

use leptos::prelude::*;
use web_sys::Element;

use super::{Words, notice};
use crate::browser;
use crate::domain::TokenId;
use crate::i18n::fill;
use crate::state::{App, Dialog, Progress, Reveal};
use crate::ui::{Button, El, Icon, Kind, Modal, el, follow, icon};

/// The dialog with the new token, and above it the question if it may be closed unsaved.
pub(super) fn view(app: App, words: Words, token: &Reveal) -> El {
    let t = words.t;
    let progress = token.progress.clone();
    let expires = token.claims.as_ref().and_then(|claims| claims.expires);
    let valid_until = expires.map(|expires| {
        let date = words.date(expires, app.utc.get_untracked());
        fill(t.valid_until, &[&date])
    });
    let download = Button::new(t.download, move || app.download_value()).label(t.download_value);
    let close = Button::new(t.close, move || app.close_reveal()).kind(Kind::Primary);
    let modal = Modal {
        title: t.reveal,
        name: "reveal",
        alert: false,
        on_escape: Box::new(move || app.close_reveal()),
        body: vec![
            warning(t.save_warning),
            id_box(app, words, token.id.clone()),
            value_box(app, words, progress.clone()),
            el("p")
                .class("field-hint")
                .text(&valid_until.unwrap_or_default()),
            notice::area(app, words, |dialog| match dialog {
                Dialog::Reveal(reveal) => !reveal.progress.closing.get(),
                _ => false,
            }),
        ],
        actions: vec![download.view(), close.view()],
    };
    let has_id = token.id.is_some();
    modal.view().bind(move || {
        let closing = progress.closing.get();
        closing.then(|| close_guard(app, words, progress.clone(), has_id))
    })
}

fn warning(text: &str) -> El {
    el("p")
        .class("warning-box")
        .child(icon(Icon::Warning))
        .child(el("span").text(text))
}

fn select(element: Element) -> impl Fn() + Clone {
    move || browser::select(&element)
}

fn value_row(label: &str, value: Vec<El>, actions: Vec<El>) -> El {
    el("div")
        .class("value-box")
        .child(el("p").class("value-label").text(label))
        .children(value)
        .child(el("div").class("value-actions").children(actions))
}

fn id_box(app: App, words: Words, id: Option<TokenId>) -> El {
    let t = words.t;
    let text = id.as_ref().map_or(t.id_unknown, |id| id.as_ref());
    let shown = el("span").class("value id").attr("dir", "ltr").text(text);
    let select = select(shown.node().clone());
    let copy = id.map(|id| {
        Button::new(t.copy, move || app.copy_id(&id, select.clone()))
            .label(t.copy_id)
            .view()
    });
    value_row(t.token_id, vec![shown], Vec::from_iter(copy))
}

fn value_box(app: App, words: Words, progress: Progress) -> El {
    let t = words.t;
    let shown = progress.shown;
    let is_shown = {
        let shown = shown.clone();
        move || shown.get()
    };
    let value = el("span")
        .class("value")
        .attr("dir", "ltr")
        .attr("translate", "no")
        .attr("data-token-value", "");
    // The value goes straight from JavaScript's memory into the page, and out of it again.
    follow({
        let (is_shown, element) = (is_shown.clone(), value.node().clone());
        move || {
            let filled = is_shown().then(|| {
                app.with_value(|value| browser::show_secret(&element, Some(value)));
            });
            if filled.is_none() {
                browser::show_secret(&element, None);
            }
        }
    });
    let select = select(value.node().clone());
    let masked = el("span")
        .class("value masked")
        .child(
            el("span")
                .attr("aria-hidden", "true")
                .text("••••••••••••••••"),
        )
        .child(el("span").class("visually-hidden").text(t.masked))
        .bind_flag("hidden", is_shown.clone());
    let value = value.bind_flag("hidden", {
        let is_shown = is_shown.clone();
        move || !is_shown()
    });
    let caption = {
        let is_shown = is_shown.clone();
        move || if is_shown() { t.hide } else { t.show }
    };
    let label = move || {
        if is_shown() {
            t.hide_value
        } else {
            t.show_value
        }
    };
    let toggle = Button::changing(caption, move || shown.update(|shown| *shown = !*shown));
    let copy = Button::new(t.copy, move || app.copy_value(select.clone())).label(t.copy_value);
    value_row(
        t.token_value,
        vec![masked, value],
        vec![toggle.changing_label(label).view(), copy.first().view()],
    )
}

fn close_guard(app: App, words: Words, progress: Progress, has_id: bool) -> El {
    let t = words.t;
    let back = {
        let closing = progress.closing;
        move || closing.set(false)
    };
    let delete = has_id.then(|| {
        Button::new(t.delete_this, move || app.delete_revealed())
            .kind(Kind::Danger)
            .view()
    });
    let close = Button::new(t.close_anyway, move || app.close_dialog());
    let go_back = Button::new(t.go_back, back.clone())
        .kind(Kind::Primary)
        .first();
    Modal {
        title: t.close_guard,
        name: "close-guard",
        alert: true,
        on_escape: Box::new(back),
        body: vec![
            el("p").text(t.close_guard_text),
            notice::area(app, words, |dialog| match dialog {
                Dialog::Reveal(reveal) => reveal.progress.closing.get(),
                _ => false,
            }),
        ],
        actions: delete
            .into_iter()
            .chain([close.view(), go_back.view()])
            .collect(),
    }
    .view()
}

/// What is said in place of a value that was wiped before it was saved.
pub(super) fn wiped(app: App, words: Words, id: Option<&TokenId>) -> El {
    let t = words.t;
    let close = Button::new(t.close, move || app.close_dialog())
        .kind(Kind::Primary)
        .first();
    let id = id.map_or("", |id| id.as_ref());
    Modal {
        title: t.reveal,
        name: "wiped",
        alert: true,
        on_escape: Box::new(move || app.close_dialog()),
        body: vec![warning(t.value_wiped), el("p").class("id").text(id)],
        actions: vec![close.view()],
    }
    .view()
}
