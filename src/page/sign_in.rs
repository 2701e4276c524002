//! Signing in.

use super::{Words, notice};
use crate::api::ApiError;
use crate::browser;
use crate::domain::natural;
use crate::session::{Credential, Source};
use crate::signal::Local;
use crate::state::{App, Phase, SignInProblem};
use crate::ui::{Button, El, Field, FieldKind, Input, Kind, el, heading};

/// The way in that the host has chosen.
pub(super) fn view(app: App, words: Words) -> El {
    match app.signs_in_here() {
        true => form(app, words),
        false => el("div").bind(move || Some(by_host(app, words))),
    }
}

/// A word to those whom the host has to sign in.
fn by_host(app: App, words: Words) -> El {
    let t = words.t;
    if app.phase.get() == Phase::SigningIn {
        return el("div")
            .class("card busy")
            .attr("role", "status")
            .text(t.signing_in);
    }
    let problem = app.sign_in_problem.get();
    let problem = problem.map(|problem| notice::error_text(t, &problem.error));
    let mut actions = vec![Button::new(t.retry, move || app.sign_in_by_host()).view()];
    app.options.with_untracked(|options| {
        if options.source == Source::Cookie {
            let link = el("a")
                .class("button outlined")
                .attr("href", &options.dcd_url)
                .text(t.open_dcd);
            actions.push(link);
        }
    });
    let text = problem.as_deref().unwrap_or(t.host_signs_in);
    notice::actionable("notice warning", text, actions)
}

/// What keeps the form from being sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Mistakes {
    bearer: bool,
    email: bool,
    password: bool,
    contract: bool,
}

/// The inputs of the form; what is typed stays in them until it is sent.
#[derive(Clone)]
struct Inputs {
    bearer: Input,
    email: Input,
    password: Input,
    contract: Input,
}

fn form(app: App, words: Words) -> El {
    let t = words.t;
    let level = app.options.with_untracked(|options| options.heading_level);
    let basic = Local::new(false);
    let mistakes = Local::new(Mistakes::default());
    let field = move |name, label, kind, hint, wrong: fn(&Mistakes) -> bool, text| {
        let error = move || mistakes.with(wrong).then_some(text);
        Field {
            name,
            label,
            kind,
            hint,
            error: Box::new(error),
        }
        .view()
    };
    let missing = t.credential_missing;
    let secret = FieldKind::Secret;
    let (bearer_view, bearer) = field("bearer", t.bearer, secret, "", |m| m.bearer, missing);
    let (email_view, email) = field("email", t.email, FieldKind::Email, "", |m| m.email, missing);
    let (password_view, password) =
        field("password", t.password, secret, "", |m| m.password, missing);
    let (contract_view, contract) = field(
        "contract",
        t.contract,
        FieldKind::Digits,
        t.contract_hint,
        |m| m.contract,
        t.contract_digits,
    );
    let inputs = Inputs {
        bearer,
        email,
        password,
        contract,
    };
    let submit = move || match read(&inputs, basic.get_untracked()) {
        Ok((credential, contract)) => {
            mistakes.set(Mistakes::default());
            app.sign_in(&credential, contract);
        }
        Err(found) => mistakes.set(found),
    };
    let caption = move || match basic.get() {
        true => t.use_bearer,
        false => t.use_basic,
    };
    let switch = Button::changing_at_once(caption, move || {
        mistakes.set(Mistakes::default());
        basic.update(|basic| *basic = !*basic);
    });
    let go = Button::submit(t.sign_in)
        .kind(Kind::Primary)
        .disabled(move || app.phase.get() == Phase::SigningIn);
    let ended = move || {
        let ended = app.phase.get() == Phase::Ended;
        ended.then(|| notice::boxed("notice warning", t.sign_in_again))
    };
    let problem = move || {
        let problem = app.sign_in_problem.get()?;
        Some(notice::boxed("notice error", &reason(words, &problem)))
    };
    el("form")
        .class("card sign-in")
        .attr("novalidate", "")
        .attr("autocomplete", "off")
        .attr("aria-labelledby", "sign-in-title")
        .on_at_once("submit", move |event| {
            event.prevent_default();
            submit();
        })
        .child(
            heading(level.saturating_add(1), "form-title", t.sign_in).attr("id", "sign-in-title"),
        )
        .child(el("div").attr("role", "alert").bind(ended).bind(problem))
        .child(bearer_view.bind_flag("hidden", move || basic.get()))
        .child(email_view.bind_flag("hidden", move || !basic.get()))
        .child(password_view.bind_flag("hidden", move || !basic.get()))
        .child(contract_view)
        .child(el("p").class("field-hint").text(t.sign_in_hint))
        .child(
            el("div")
                .class("notice-actions")
                .child(go.view())
                .child(switch.kind(Kind::Text).view()),
        )
}

/// Takes what was typed, or tells what is wrong with it and leaves it where it is.
fn read(inputs: &Inputs, basic: bool) -> Result<(Credential, Option<u64>), Mistakes> {
    let number = natural(&inputs.contract.value());
    let mistakes = Mistakes {
        bearer: !basic && browser::is_blank(&inputs.bearer),
        email: basic && browser::is_blank(&inputs.email),
        password: basic && browser::is_blank(&inputs.password),
        contract: number.is_none() && !browser::is_blank(&inputs.contract),
    };
    if mistakes != Mistakes::default() {
        return Err(mistakes);
    }
    // The e-mail address stays for another try with another password.
    let credential = if basic {
        browser::read_secret(&inputs.email)
            .zip(browser::take_secret(&inputs.password))
            .map(|(email, password)| Credential::Basic { email, password })
    } else {
        browser::take_secret(&inputs.bearer).map(Credential::Bearer)
    };
    Ok((credential.ok_or(mistakes)?, number))
}

/// Why signing in failed.
fn reason(words: Words, problem: &SignInProblem) -> String {
    let t = words.t;
    let text = match &problem.error {
        ApiError::Unauthorized => t.wrong_credential,
        ApiError::StepUp => t.second_factor_sign_in,
        ApiError::Forbidden if problem.named_contract => t.wrong_contract,
        ApiError::Refused { .. } if !problem.named_contract => t.contract_needed,
        error => return notice::error_text(t, error),
    };
    text.to_owned()
}
