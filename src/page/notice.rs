//! What the user is told: what happened, what it means for the tokens, what to do next.

use super::Words;
use crate::api::ApiError;
use crate::browser;
use crate::domain::{Token, decimal};
use crate::i18n::{Messages, fill};
use crate::later::Later;
use crate::state::{App, Dialog, Finding, FindingKind, Notice};
use crate::ui::{Button, El, Kind, el};

/// The live regions; they speak while `here` says that this place is on top.
pub(super) fn area(app: App, words: Words, here: fn(&Dialog) -> bool) -> El {
    let here = move || app.dialog.with(here);
    let said = move |errors: bool| {
        let notice = here().then(|| app.notice.get()).flatten()?;
        (notice.is_error() == errors).then(|| (|notice| text(words, notice)).run(&notice))
    };
    let status = el("div")
        .attr("role", "status")
        .bind(move || said(false).map(|text| boxed("notice success", &text)));
    let alert = el("div")
        .attr("role", "alert")
        .bind(move || said(true).map(|text| boxed("notice error", &text)))
        .bind(move || {
            let finding = here().then(|| app.finding.get()).flatten();
            // Whatever has found it was loaded later itself, as what makes a notice was.
            finding.map(|finding| (|finding| found(app, words, finding)).run(finding))
        });
    el("div").class("notices").child(status).child(alert)
}

/// A boxed text.
pub(super) fn boxed(class: &str, text: &str) -> El {
    el("div")
        .class(class)
        .child(el("p").class("notice-text").text(text))
}

/// A boxed text with what can be done about it.
pub(super) fn actionable(class: &str, text: &str, actions: Vec<El>) -> El {
    boxed(class, text).child(el("div").class("notice-actions").children(actions))
}

/// Tokens that somebody should look at, each with its ID, its date and its deletion.
fn found(app: App, words: Words, finding: Finding) -> El {
    let t = words.later();
    let count = finding.tokens.len();
    let text = match finding.kind {
        FindingKind::Orphans => words.count(&t.orphans, count),
        FindingKind::Extras => words.count(&t.extras, count),
        FindingKind::Late => words.count(&t.late, count),
    };
    let tokens = finding.tokens.iter();
    let dismiss = Button::new(t.dismiss, move || app.finding.set(None)).kind(Kind::Text);
    boxed("notice warning", &text)
        .child(
            el("ul")
                .class("found")
                .children(tokens.map(|token| found_token(app, words, token))),
        )
        .child(el("div").class("notice-actions").child(dismiss.view()))
}

fn found_token(app: App, words: Words, token: &Token) -> El {
    let t = words.t;
    let id = token.id.clone();
    let created = token.created.map(|created| {
        fill(
            words.later().created_at,
            &[&words.date(created, app.utc.get_untracked())],
        )
    });
    let label = fill(t.delete_named, &[id.as_ref()]);
    let delete = Button::new(t.delete, move || app.delete_found(id.clone()))
        .kind(Kind::Small)
        .label(&label);
    el("li")
        .child(
            el("span")
                .class("id")
                .attr("dir", "ltr")
                .text(token.id.as_ref()),
        )
        .child(el("span").text(&created.unwrap_or_default()))
        .child(delete.view())
}

fn text(words: Words, notice: &Notice) -> String {
    let t = words.later();
    let after = |what: &str, error| [what, " ", &error_text(words.t, error)].concat();
    match notice {
        Notice::CopiedId => t.copied_id.to_owned(),
        Notice::CopiedValue => t.copied_value.to_owned(),
        Notice::CopyFailed => t.copy_failed.to_owned(),
        Notice::Downloaded(name) => fill(t.downloaded, &[name]),
        Notice::DownloadFailed => t.download_failed.to_owned(),
        Notice::GenerateRefused(error) | Notice::GenerateFailed(error) => {
            after(t.generate_failed, error)
        }
        Notice::NothingCreated(error) => {
            [&error_text(words.t, error), " ", t.nothing_created].concat()
        }
        Notice::OtherTab => t.other_tab.to_owned(),
        Notice::Deleted(id) => fill(t.deleted, &[id.as_ref()]),
        Notice::DeleteFailed(error) => after(t.delete_failed, error),
        Notice::DeleteUnknown => t.delete_unknown.to_owned(),
        Notice::DeletedMany { deleted, left } => {
            fill(t.deleted_many, &[&decimal(*deleted), &decimal(*left)])
        }
        Notice::NotKept => t.not_kept.to_owned(),
        Notice::NamesImported(count) => fill(t.names_imported, &[&decimal(*count)]),
        Notice::NamesUnreadable => t.names_unreadable.to_owned(),
        Notice::NothingToRemind => t.nothing_to_remind.to_owned(),
        Notice::Copied => t.copied.to_owned(),
    }
}

/// What an error means and what to do; the one place where an API's error becomes words.
pub(super) fn error_text(t: &Messages, error: &ApiError) -> String {
    let text = match error {
        ApiError::Unauthorized => t.error_session,
        ApiError::StepUp => t.error_step_up,
        ApiError::Forbidden => t.error_forbidden,
        ApiError::NotFound => t.error_not_found,
        ApiError::Refused {
            message: Some(message),
        } => {
            return fill(t.error_refused_because, &[message]);
        }
        ApiError::Refused { message: None } => t.error_refused,
        ApiError::TooMany {
            retry_after: Some(seconds),
        } => {
            return fill(t.error_too_many_wait, &[&decimal(*seconds)]);
        }
        ApiError::TooMany { retry_after: None } => t.error_too_many,
        ApiError::Server { .. } => t.error_server,
        ApiError::Network if browser::is_offline() => t.error_offline,
        ApiError::Network => t.error_network,
        ApiError::Timeout => t.error_timeout,
        ApiError::Unreadable => t.error_unreadable,
    };
    text.to_owned()
}
