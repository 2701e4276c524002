//! A new token: the only time that its value is seen.

use std::mem;

use leptos::prelude::*;

use super::{Words, claims, notice};
use crate::browser::{self, SecretText};
use crate::domain::{ClaimWarning, FileFormat, Snippet, TokenId, check_claims};
use crate::i18n::fill;
use crate::signal::{Local, follow};
use crate::state::{App, Dialog, NewToken, Progress, Trial, timestamp};
use crate::ui::{Button, El, Icon, Kind, Modal, el, icon, key};

/// The dialog with the new token, and above it the question if it may be closed unsaved.
pub(super) fn view(app: App, words: Words, token: &NewToken) -> El {
    let t = words.later();
    let progress = token.progress.clone();
    let download = Button::new(t.download, move || app.download_value(FileFormat::Bare))
        .label(t.download_value);
    let close = Button::new(t.close, move || app.close_reveal())
        .kind(Kind::Primary)
        .hook("close");
    let modal = Modal {
        title: t.reveal,
        name: "reveal",
        alert: false,
        on_escape: Box::new(move || app.close_reveal()),
        body: vec![
            warning(t.save_warning),
            id_box(app, words, token.id.clone()),
            value_box(app, words, progress.clone()),
            el("div").children(warnings(app, words, token)),
            about(app, words, token),
            use_it(app, words, &progress),
            notice::area(app, words, |dialog| match dialog {
                Dialog::Reveal(reveal) => !reveal.token.progress.closing.get(),
                _ => false,
            }),
        ],
        actions: vec![download.view(), close.view()],
    };
    let has_id = token.id.is_some();
    let view = modal.view();
    // Coming back from the question, the focus is where it was asked.
    let (closing, dialog) = (progress.closing.clone(), view.node().clone());
    Effect::new(move |before: Option<bool>| {
        let closing = closing.get();
        if before == Some(true) && !closing {
            browser::focus_in(&dialog, "[data-hook=close]");
        }
        closing
    });
    view.bind(move || {
        let closing = progress.closing.get();
        closing.then(|| close_guard(app, words, progress.clone(), has_id))
    })
}

/// What is not as it was asked for.
fn warnings(app: App, words: Words, token: &NewToken) -> Vec<El> {
    let t = words.later();
    let Some(claims) = &token.claims else {
        return Vec::new();
    };
    let warnings = check_claims(claims, app.contract(), token.ttl, timestamp());
    let text = |warning: ClaimWarning| match warning {
        ClaimWarning::OtherContract { token, page } => {
            fill(t.other_contract, &[&token.to_string(), &page.to_string()])
        }
        ClaimWarning::OtherExpiry { expires } => fill(
            t.other_expiry,
            &[&words.date(expires, app.utc.get_untracked())],
        ),
        ClaimWarning::ClockOff { seconds } => {
            // The nearest, since what the answer took on its way is no part of it.
            let minutes = (seconds.unsigned_abs() + 30) / 60;
            fill(t.clock_off, &[&minutes.to_string()])
        }
    };
    let boxed = |warning| notice::boxed("notice warning", &text(warning));
    warnings.into_iter().map(boxed).collect()
}

/// What the token says of itself.
fn about(app: App, words: Words, token: &NewToken) -> El {
    let t = words.later();
    let expires = token.claims.as_ref().and_then(|claims| claims.expires);
    let summary = match expires {
        Some(expires) => {
            let date = words.date(expires, app.utc.get_untracked());
            fill(t.valid_until, &[&date])
        }
        None => t.about_token.to_owned(),
    };
    let rows = token.claims.as_ref();
    let rows = rows.map(|found| claims::rows(app, words, found));
    let fingerprint = token.progress.fingerprint.clone();
    let fingerprint = move || {
        let digits = fingerprint.get()?;
        Some(
            el("p")
                .class("fingerprint")
                .text(&fill(t.fingerprint_is, &[&digits])),
        )
    };
    el("details")
        .class("about")
        .child(el("summary").text(&summary))
        .child(claims::list(rows.unwrap_or_default()))
        .bind(fingerprint)
}

/// Other files, a trial, and how tools take the token: made when somebody asks for it, since it is
/// half of the dialog.
fn use_it(app: App, words: Words, progress: &Progress) -> El {
    let progress = progress.clone();
    let opened = Local::new(false);
    el("details")
        .class("about")
        .child(
            el("summary")
                .text(words.later().use_it)
                // Keys click, too. Before it opens, so that it is never seen empty.
                .on("click", move |_| {
                    // Once: what was chosen in it stays.
                    opened.maybe_update(|opened| !mem::replace(opened, true));
                }),
        )
        .bind(move || {
            let opened = opened.get();
            opened.then(|| uses(app, words, &progress))
        })
}

fn uses(app: App, words: Words, progress: &Progress) -> El {
    let t = words.later();
    let env = Button::new(t.download_env, move || app.download_value(FileFormat::Env));
    let ionosctl = Button::new(t.download_ionosctl, move || {
        app.download_value(FileFormat::IonosctlConfig);
    });
    let attempt = Button::new(t.try_it, move || app.try_value());
    let trial = progress.trial.clone();
    let trial = move || match trial.get() {
        Trial::NotTried => None,
        Trial::Running => Some(notice::boxed("notice info", t.trying)),
        Trial::Works(count) => Some(notice::boxed(
            "notice success",
            &words.count(&t.it_works, count),
        )),
        Trial::Failed(error) => {
            let text = [t.it_fails, " ", &notice::error_text(words.t, &error)].concat();
            Some(notice::boxed("notice error", &text))
        }
    };
    let buttons = [env, ionosctl, attempt].map(|button| button.kind(Kind::Small).view());
    el("div")
        .class("about-rows")
        .child(el("div").class("notice-actions").children(buttons))
        .child(el("div").attr("role", "status").bind(trial))
        .child(snippets(app, words))
}

/// How tools take the token: from the variable `IONOS_TOKEN`, never as a text of theirs.
fn snippets(app: App, words: Words) -> El {
    let t = words.later();
    let chosen = Local::new(Snippet::Curl);
    let tabs = Snippet::ALL.map(|snippet| {
        let is_chosen = move || chosen.get() == snippet;
        el("button")
            .class("tab")
            .attr("type", "button")
            .attr("role", "tab")
            .attr("aria-controls", "snippet")
            .bind_attr("aria-selected", move || Some(is_chosen().to_string()))
            .bind_attr("tabindex", move || {
                Some(if is_chosen() { "0" } else { "-1" }.to_owned())
            })
            .text(snippet.name())
            .on("click", move |_| chosen.set(snippet))
    });
    let list = el("div")
        .class("tabs")
        .attr("role", "tablist")
        .attr("aria-label", t.snippets)
        .children(tabs);
    let node = list.node().clone();
    let list = list.on("keydown", move |event| {
        let count = Snippet::ALL.len();
        let step = match key(&event).as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => count - 1,
            _ => return,
        };
        event.prevent_default();
        let place = Snippet::ALL
            .iter()
            .position(|snippet| *snippet == chosen.get_untracked());
        let place = (place.unwrap_or_default() + step) % count;
        if let Some(snippet) = Snippet::ALL.get(place) {
            chosen.set(*snippet);
            browser::focus_in(
                &node,
                &[":nth-child(", &(place + 1).to_string(), ")"].concat(),
            );
        }
    });
    let copy = Button::new(words.t.copy, move || {
        app.copy_text(chosen.get_untracked().text());
    });
    let panel = el("div")
        .class("snippet tabpanel")
        .attr("role", "tabpanel")
        .attr("id", "snippet")
        .attr("tabindex", "0")
        .bind_attr("aria-label", move || Some(chosen.get().name().to_owned()))
        .child(
            el("pre")
                .attr("dir", "ltr")
                .attr("translate", "no")
                .bind_text(move || chosen.get().text().to_owned()),
        )
        .child(copy.kind(Kind::Small).label(t.copy_snippet).view());
    el("div").child(list).child(panel)
}

fn warning(text: &str) -> El {
    el("p")
        .class("warning-box")
        .child(icon(Icon::Warning))
        .child(el("span").text(text))
}

fn select(shown: &El) -> impl Fn() + Clone + use<> {
    let element = shown.node().clone();
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
    let t = words.later();
    let text = id.as_ref().map_or(t.id_unknown, |id| id.as_ref());
    let shown = el("span").class("value id").attr("dir", "ltr").text(text);
    let select = select(&shown);
    let copy = id.map(|id| {
        Button::new(words.t.copy, move || app.copy_id(&id, select.clone()))
            .label(t.copy_id)
            .view()
    });
    value_row(t.token_id, vec![shown], Vec::from_iter(copy))
}

fn value_box(app: App, words: Words, progress: Progress) -> El {
    let t = words.later();
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
        let is_shown = is_shown.clone();
        let text = StoredValue::new_local(SecretText::new(value.node().clone()));
        move || {
            let shown = is_shown();
            text.try_with_value(|text| {
                text.show(None);
                if shown {
                    app.with_value(|value| text.show(Some(value)));
                }
            });
        }
    });
    let select = select(&value);
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
    let copy =
        Button::new(words.t.copy, move || app.copy_value(select.clone())).label(t.copy_value);
    value_row(
        t.token_value,
        vec![masked, value],
        vec![toggle.changing_label(label).view(), copy.first().view()],
    )
}

fn close_guard(app: App, words: Words, progress: Progress, has_id: bool) -> El {
    let t = words.later();
    let back = {
        let closing = progress.closing;
        move || closing.set(false)
    };
    let delete = has_id.then(|| {
        Button::new(t.delete_this, move || app.delete_revealed())
            .kind(Kind::Danger)
            .view()
    });
    let close = Button::new(t.close_anyway, move || app.leave_reveal());
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
                Dialog::Reveal(reveal) => reveal.token.progress.closing.get(),
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
    let t = words.later();
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
