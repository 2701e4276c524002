//! Choosing how long a token is valid, and generating it.

use leptos::prelude::*;
use web_sys::HtmlSelectElement;

use super::Words;
use crate::domain::Ttl;
use crate::i18n::fill;
use crate::state::{App, Obstacle};
use crate::ui::{Button, El, Kind, el};

/// The row of TTL and button, with what would come of it.
pub(super) fn view(app: App, words: Words) -> El {
    let t = words.t;
    let ttl = RwSignal::new_local(Ttl::default());
    let options = Ttl::PRESETS.into_iter().zip(t.ttl_presets);
    let options = options.map(|(ttl, text)| {
        el("option")
            .attr("value", &ttl.seconds().to_string())
            .text(text)
    });
    let select = el("select")
        .class("control")
        .attr("part", "control")
        .attr("id", "ttl")
        .attr("aria-describedby", "ttl-hint")
        .children(options);
    let chosen: HtmlSelectElement = select.cast();
    let select = select.on("change", move |_| {
        let seconds = chosen.value().parse().ok();
        if let Some(chosen) = seconds.and_then(Ttl::new) {
            ttl.set(chosen);
        }
    });
    let preview = move || {
        let expiry = ttl.get().expiry(app.now.get());
        fill(t.expires_on, &[&words.date(expiry, app.utc.get())])
    };
    let caption = move || match app.generating.get() {
        true => t.generating,
        false => t.generate,
    };
    let generate = Button::changing(caption, move || app.generate(ttl.get_untracked()))
        .kind(Kind::Primary)
        .disabled(move || app.obstacle().is_some())
        .hook("generate");
    let field = el("div")
        .class("field")
        .child(el("label").attr("for", "ttl").text(t.ttl))
        .child(select)
        .child(
            el("p")
                .class("field-hint")
                .attr("id", "ttl-hint")
                .bind_text(preview),
        );
    el("div")
        .class("card generate")
        .attr("part", "generate")
        .child(field)
        .child(generate.view())
        .child(
            el("p")
                .class("reason")
                .attr("role", "status")
                .bind_text(move || reason(app, words).unwrap_or_default()),
        )
}

/// Why no token can be generated now, where that is not plain to see.
fn reason(app: App, words: Words) -> Option<String> {
    match app.obstacle()? {
        Obstacle::Limit => {
            let limit = app.options.with(|options| options.token_limit);
            Some(fill(words.t.limit_reached, &[&limit.to_string()]))
        }
        Obstacle::Unsettled => Some(words.t.outcome_open.to_owned()),
        Obstacle::Running | Obstacle::NoList => None,
    }
}
