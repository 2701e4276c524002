//! Signing in.

use leptos::ev;
use leptos::html::{ElementChild, Input, a, div, form, p};
use leptos::prelude::*;

use super::{Words, notice};
use crate::api::ApiError;
use crate::browser;
use crate::session::{Credential, Source};
use crate::state::{App, Phase, SignInProblem};
use crate::ui::{Button, Field, FieldKind, Kind, heading};

/// The way in that the host has chosen.
pub(super) fn view(app: App, words: Words) -> AnyView {
    let is_form = Memo::new(move |_| app.options.with(|options| options.source == Source::Form));
    (move || match is_form.get() {
        true => own_form(app, words),
        false => by_host(app, words),
    })
    .into_any()
}

/// A word to those whom the host has to sign in.
fn by_host(app: App, words: Words) -> AnyView {
    let t = words.t;
    let dcd = move || {
        app.options.with(|options| {
            let cookie = options.source == Source::Cookie;
            cookie.then(|| {
                a().attr("class", "button outlined")
                    .attr("href", options.dcd_url.to_string())
                    .child(t.open_dcd)
            })
        })
    };
    (move || match app.phase.get() {
        Phase::SigningIn => div()
            .attr("class", "card busy")
            .attr("role", "status")
            .child(p().child(t.signing_in))
            .into_any(),
        _ => {
            let problem = app.sign_in_problem.get();
            let problem = problem.map(|problem| notice::error_text(t, &problem.error));
            div()
                .attr("class", "card sign-in")
                .child((
                    notice::notice(
                        "notice warning",
                        problem.unwrap_or(t.host_signs_in.to_owned()),
                    ),
                    div().attr("class", "notice-actions").child((
                        Button::new(t.retry, move || app.sign_in_by_host()).view(),
                        dcd,
                    )),
                ))
                .into_any()
        }
    })
    .into_any()
}

/// The inputs of the form; what is typed stays in them until it is sent.
#[derive(Clone, Copy)]
struct Inputs {
    bearer: NodeRef<Input>,
    email: NodeRef<Input>,
    password: NodeRef<Input>,
    contract: NodeRef<Input>,
}

/// What keeps the form from being sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Mistakes {
    bearer: bool,
    email: bool,
    password: bool,
    contract: bool,
}

fn own_form(app: App, words: Words) -> AnyView {
    let t = words.t;
    let level = app.options.with_untracked(|options| options.heading_level);
    let inputs = Inputs {
        bearer: NodeRef::new(),
        email: NodeRef::new(),
        password: NodeRef::new(),
        contract: NodeRef::new(),
    };
    let basic = RwSignal::new_local(false);
    let mistakes = RwSignal::new_local(Mistakes::default());
    let signing_in = move || app.phase.get() == Phase::SigningIn;

    let submit = move || match read(inputs, basic.get_untracked()) {
        Ok((credential, contract)) => {
            mistakes.set(Mistakes::default());
            app.sign_in(&credential, contract);
        }
        Err(found) => mistakes.set(found),
    };
    let error = move |wrong: fn(&Mistakes) -> bool, text: &'static str| {
        Signal::derive_local(move || mistakes.with(wrong).then_some(text))
    };
    let field = move |name, label, kind, node, wrong: fn(&Mistakes) -> bool| {
        Field {
            name,
            label,
            kind,
            hint: None,
            error: error(wrong, t.credential_missing),
            node,
        }
        .view()
    };
    let credential = move || {
        if basic.get() {
            (
                field("email", t.email, FieldKind::Email, inputs.email, |m| {
                    m.email
                }),
                field(
                    "password",
                    t.password,
                    FieldKind::Secret,
                    inputs.password,
                    |m| m.password,
                ),
            )
                .into_any()
        } else {
            field("bearer", t.bearer, FieldKind::Secret, inputs.bearer, |m| {
                m.bearer
            })
        }
    };
    let contract = Field {
        name: "contract",
        label: t.contract,
        kind: FieldKind::Digits,
        hint: Some(t.contract_hint),
        error: error(|m| m.contract, t.contract_digits),
        node: inputs.contract,
    };
    let switch = Button {
        text: Some(Signal::derive_local(move || match basic.get() {
            true => t.use_bearer,
            false => t.use_basic,
        })),
        ..Button::new("", move || {
            mistakes.set(Mistakes::default());
            basic.update(|basic| *basic = !*basic);
        })
    };
    let go = Button {
        submits: true,
        ..Button::new(t.sign_in, || ())
    };
    form()
        .attr("class", "card sign-in")
        .attr("novalidate", "")
        .attr("autocomplete", "off")
        .attr("aria-labelledby", "sign-in-title")
        .on(ev::submit, move |event| {
            event.prevent_default();
            submit();
        })
        .child((
            div().attr("id", "sign-in-title").child(heading(
                level.saturating_add(1),
                "form-title",
                t.sign_in,
            )),
            div().attr("role", "alert").child((
                move || {
                    let ended = app.phase.get() == Phase::Ended;
                    ended.then(|| notice::notice("notice warning", t.sign_in_again.to_owned()))
                },
                move || {
                    let problem = app.sign_in_problem.get();
                    problem.map(|problem| notice::notice("notice error", reason(words, &problem)))
                },
            )),
            credential,
            contract.view(),
            p().attr("class", "field-hint").child(t.sign_in_hint),
            div().attr("class", "notice-actions").child((
                go.kind(Kind::Primary).disabled(signing_in).view(),
                switch.kind(Kind::Text).view(),
            )),
        ))
        .into_any()
}

/// Takes what was typed, or tells what is wrong with it and leaves it where it is.
fn read(inputs: Inputs, basic: bool) -> Result<(Credential, Option<u64>), Mistakes> {
    let missing = |input: NodeRef<Input>| {
        let input = input.get_untracked();
        input.is_none_or(|input| browser::is_blank(&input))
    };
    let contract = inputs.contract.get_untracked();
    let contract = contract.map(|input| input.value()).unwrap_or_default();
    let number = contract.trim().parse::<u64>();
    let mistakes = Mistakes {
        bearer: !basic && missing(inputs.bearer),
        email: basic && missing(inputs.email),
        password: basic && missing(inputs.password),
        contract: !contract.trim().is_empty() && number.is_err(),
    };
    if mistakes != Mistakes::default() {
        return Err(mistakes);
    }
    let take = |input: NodeRef<Input>| browser::take_secret(&input.get_untracked()?);
    let credential = if basic {
        let email = inputs.email.get_untracked();
        let email = email.and_then(|input| browser::read_secret(&input));
        email
            .zip(take(inputs.password))
            .map(|(email, password)| Credential::Basic { email, password })
    } else {
        take(inputs.bearer).map(Credential::Bearer)
    };
    Ok((credential.ok_or(mistakes)?, number.ok()))
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
