//! A new token: the only time that its value is seen.

use leptos::html::{ElementChild, Span, div, p, span};
use leptos::prelude::*;

use super::{Words, notice};
use crate::browser;
use crate::domain::TokenId;
use crate::i18n::fill;
use crate::state::{App, Dialog, Progress, Reveal};
use crate::ui::{Button, Icon, Kind, Modal, icon};

/// The dialog with the new token, and above it the question if it may be closed unsaved.
pub(super) fn view(app: App, words: Words, token: &Reveal) -> AnyView {
    let t = words.t;
    let progress = token.progress.clone();
    let expires = token.claims.as_ref().and_then(|claims| claims.expires);
    let valid_until = expires.map(|expires| {
        fill(
            t.valid_until,
            &[&words.date(expires, app.utc.get_untracked())],
        )
    });
    let body = (
        p().attr("class", "warning-box")
            .child((icon(Icon::Warning), span().child(t.save_warning))),
        id_box(app, words, token.id.clone()),
        value_box(app, words, progress.clone()),
        p().attr("class", "field-hint").child(valid_until),
        notice::area(app, words, {
            |dialog| match dialog {
                Dialog::Reveal(reveal) => !reveal.progress.closing.get(),
                _ => false,
            }
        }),
    );
    let modal = Modal {
        title: t.reveal,
        name: "reveal",
        alert: false,
        on_escape: Box::new(move || app.close_reveal()),
        body: body.into_any(),
        actions: (
            Button::new(t.download, move || app.download_value())
                .label(t.download_value)
                .view(),
            Button::new(t.close, move || app.close_reveal())
                .kind(Kind::Primary)
                .view(),
        )
            .into_any(),
    };
    let has_id = token.id.is_some();
    let guard = move || {
        let closing = progress.closing.get();
        closing.then(|| close_guard(app, words, progress.clone(), has_id))
    };
    (modal.view(), guard).into_any()
}

fn id_box(app: App, words: Words, id: Option<TokenId>) -> AnyView {
    let t = words.t;
    let node: NodeRef<Span> = NodeRef::new();
    let text = match &id {
        Some(id) => id.to_string(),
        None => t.id_unknown.to_owned(),
    };
    let copy = id.map(|id| {
        let select = move || {
            if let Some(element) = node.get_untracked() {
                browser::select(&element);
            }
        };
        Button::new(t.copy, move || app.copy_id(&id, select))
            .label(t.copy_id)
            .view()
    });
    div()
        .attr("class", "value-box")
        .child((
            p().attr("class", "value-label").child(t.token_id),
            span()
                .node_ref(node)
                .attr("class", "value id")
                .attr("dir", "ltr")
                .child(text),
            div().attr("class", "value-actions").child(copy),
        ))
        .into_any()
}

fn value_box(app: App, words: Words, progress: Progress) -> AnyView {
    let t = words.t;
    let node: NodeRef<Span> = NodeRef::new();
    let shown = progress.shown;
    // The value goes straight from JavaScript's memory into the page, and out of it again.
    Effect::new({
        let shown = shown.clone();
        move || {
            let shown = shown.get();
            if let Some(element) = node.get() {
                let filled = shown.then(|| {
                    app.with_value(|value| {
                        browser::show_secret(&element, Some(value));
                    })
                });
                if filled.flatten().is_none() {
                    browser::show_secret(&element, None);
                }
            }
        }
    });
    on_cleanup(move || {
        if let Some(Some(element)) = node.try_get_untracked() {
            browser::show_secret(&element, None);
        }
    });
    let toggle = {
        let shown = shown.clone();
        let (text, label) = (shown.clone(), shown.clone());
        Button {
            text: Some(Signal::derive_local(move || match text.get() {
                true => t.hide,
                false => t.show,
            })),
            label: Some(Signal::derive_local(move || {
                match label.get() {
                    true => t.hide_value,
                    false => t.show_value,
                }
                .to_owned()
            })),
            ..Button::new("", move || shown.update(|shown| *shown = !*shown))
        }
    };
    let select = move || {
        if let Some(element) = node.get_untracked() {
            browser::select(&element);
        }
    };
    let copy = Button::new(t.copy, move || app.copy_value(select)).label(t.copy_value);
    let masked = {
        let shown = shown.clone();
        move || {
            (!shown.get()).then(|| {
                span().attr("class", "value masked").child((
                    span().attr("aria-hidden", "true").child("••••••••••••••••"),
                    span().attr("class", "visually-hidden").child(t.masked),
                ))
            })
        }
    };
    div()
        .attr("class", "value-box")
        .child((
            p().attr("class", "value-label").child(t.token_value),
            masked,
            span()
                .node_ref(node)
                .attr("class", "value")
                .attr("dir", "ltr")
                .attr("translate", "no")
                .attr("data-token-value", "")
                .prop("hidden", move || !shown.get()),
            div()
                .attr("class", "value-actions")
                .child((toggle.view(), copy.first().view())),
        ))
        .into_any()
}

fn close_guard(app: App, words: Words, progress: Progress, has_id: bool) -> AnyView {
    let t = words.t;
    let back = {
        let closing = progress.closing.clone();
        move || closing.set(false)
    };
    let delete = has_id.then(|| {
        Button::new(t.delete_this, move || app.delete_revealed())
            .kind(Kind::Danger)
            .view()
    });
    Modal {
        title: t.close_guard,
        name: "close-guard",
        alert: true,
        on_escape: Box::new(back.clone()),
        body: (
            p().child(t.close_guard_text),
            notice::area(app, words, |dialog| match dialog {
                Dialog::Reveal(reveal) => reveal.progress.closing.get(),
                _ => false,
            }),
        )
            .into_any(),
        actions: (
            delete,
            Button::new(t.close_anyway, move || app.close_dialog()).view(),
            Button::new(t.go_back, back)
                .kind(Kind::Primary)
                .first()
                .view(),
        )
            .into_any(),
    }
    .view()
}

/// What is said in place of a value that was wiped before it was saved.
pub(super) fn wiped(app: App, words: Words, id: Option<&TokenId>) -> AnyView {
    let t = words.t;
    Modal {
        title: t.reveal,
        name: "wiped",
        alert: true,
        on_escape: Box::new(move || app.close_dialog()),
        body: (
            p().attr("class", "warning-box")
                .child((icon(Icon::Warning), span().child(t.value_wiped))),
            p().attr("class", "id").child(id.map(ToString::to_string)),
        )
            .into_any(),
        actions: Button::new(t.close, move || app.close_dialog())
            .kind(Kind::Primary)
            .first()
            .view(),
    }
    .view()
}
