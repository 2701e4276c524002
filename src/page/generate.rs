//! Choosing how long a token is valid, and generating it.

use leptos::ev;
use leptos::html::{ElementChild, div, label, option, p, select};
use leptos::prelude::*;

use super::Words;
use crate::domain::Ttl;
use crate::i18n::fill;
use crate::state::{App, Obstacle};
use crate::ui::{Button, Kind};

/// The row of TTL and button, with what would come of it.
pub(super) fn view(app: App, words: Words) -> AnyView {
    let t = words.t;
    let ttl = RwSignal::new_local(Ttl::default());
    let options: Vec<AnyView> = Ttl::PRESETS
        .into_iter()
        .zip(t.ttl_presets)
        .map(|(ttl, text)| {
            option()
                .attr("value", ttl.seconds().to_string())
                .child(text)
                .into_any()
        })
        .collect();
    let preview = move || {
        let expiry = ttl.get().expiry(app.now.get());
        fill(t.expires_on, &[&words.date(expiry, app.utc.get())])
    };
    let reason = move || match app.obstacle()? {
        Obstacle::Limit => {
            let limit = app.options.with(|options| options.token_limit);
            Some(fill(t.limit_reached, &[&limit.to_string()]))
        }
        Obstacle::Unsettled => Some(t.outcome_open.to_owned()),
        Obstacle::Running | Obstacle::NoList => None,
    };
    let text = Signal::derive_local(move || match app.generating.get() {
        true => t.generating,
        false => t.generate,
    });
    let button = Button {
        text: Some(text),
        ..Button::new("", move || app.generate(ttl.get_untracked()))
    };
    div()
        .attr("class", "card generate")
        .attr("part", "generate")
        .child((
            div().attr("class", "field").child((
                label().attr("for", "ttl").child(t.ttl),
                select()
                    .attr("class", "control")
                    .attr("part", "control")
                    .attr("id", "ttl")
                    .attr("aria-describedby", "ttl-hint")
                    .on(ev::change, move |event| {
                        let chosen = event_target_value(&event).parse().ok();
                        if let Some(chosen) = chosen.and_then(Ttl::new) {
                            ttl.set(chosen);
                        }
                    })
                    .child(options),
                p().attr("class", "field-hint")
                    .attr("id", "ttl-hint")
                    .child(preview),
            )),
            button
                .kind(Kind::Primary)
                .disabled(move || app.obstacle().is_some())
                .hook("generate")
                .view(),
            p().attr("class", "reason")
                .attr("role", "status")
                .child(reason),
        ))
        .into_any()
}
