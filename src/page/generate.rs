//! Choosing how long a token is valid, and generating it.

use super::Words;
use crate::domain::{Ttl, TtlUnit, decimal, natural};
use crate::i18n::fill;
use crate::later::Later;
use crate::signal::{Local, follow};
use crate::state::{App, Obstacle};
use crate::ui::{Button, El, Input, Kind, Select, el};

/// From this lifetime on, a shorter one is suggested: 60 days, in seconds.
const LONG: u32 = 60 * 86_400;

/// The row of TTL and button, with what would come of it.
pub(super) fn view(app: App, words: Words) -> El {
    let t = words.t;
    let custom = Local::new(!Ttl::PRESETS.contains(&app.ttl.get_untracked()));
    // What was typed is no lifetime, so that the one that was chosen before is not what is wanted.
    let wrong = Local::new(false);
    let preview = move || {
        let ttl = app.ttl.get();
        let expiry = ttl.expiry(app.now.get());
        let mut text = fill(t.expires_on, &[&words.date(expiry, app.utc.get())]);
        if ttl.seconds() >= LONG {
            text.push_str(". ");
            text.push_str(t.shorter_is_safer);
        }
        text
    };
    let caption = move || match app.generating.get() {
        true => t.generating,
        false => t.generate,
    };
    let generate = Button::changing(caption, move || app.generate())
        .kind(Kind::Primary)
        .disabled(move || app.obstacle().is_some() || wrong.get())
        .hook("generate");
    let other = el("button")
        .class("button text")
        .attr("type", "button")
        .bind_attr("aria-expanded", move || Some(custom.get().to_string()))
        .text(t.other_ttl)
        .on("click", move |_| {
            wrong.set(false);
            custom.update(|custom| *custom = !*custom);
        });
    let field = el("div")
        .class("field")
        .child(el("label").attr("for", "ttl").text(t.ttl))
        .child(presets(app, words, wrong))
        .child(
            el("p")
                .class("field-hint")
                .attr("id", "ttl-hint")
                .bind_text(preview),
        );
    el("div")
        .class("card generate")
        .child(field)
        .child(
            generate
                .view()
                .on("pointerdown", move |_| app.expect_generate()),
        )
        .child(other)
        .bind(move || {
            let shown = custom.get() && app.complete.get();
            shown.then(|| (|()| custom_ttl(app, words, wrong)).run(()))
        })
        .child(
            el("p")
                .class("reason")
                .attr("role", "status")
                .bind_text(move || reason(app, words).unwrap_or_default()),
        )
}

/// The lifetimes of the Data Center Designer.
fn presets(app: App, words: Words, wrong: Local<bool>) -> El {
    let options = Ttl::PRESETS.into_iter().zip(words.t.ttl_presets);
    let options = options.map(|(ttl, text)| {
        el("option")
            .attr("value", &decimal(ttl.seconds()))
            .text(text)
    });
    let select = el("select")
        .class("control")
        .attr("id", "ttl")
        .attr("aria-describedby", "ttl-hint")
        .children(options);
    let chosen: Select = select.cast();
    let shown = chosen.clone();
    // One that is none of these shows as an empty choice.
    follow(move || shown.set_value(&decimal(app.ttl.get().seconds())));
    select.on("change", move |_| {
        if let Some(chosen) = Ttl::read(&chosen.value()) {
            wrong.set(false);
            app.choose_ttl(chosen);
        }
    })
}

/// A lifetime in minutes, hours or days.
fn custom_ttl(app: App, words: Words, wrong: Local<bool>) -> El {
    let t = words.later();
    let amount = el("input")
        .class("control")
        .attr("type", "number")
        .attr("min", "1")
        .attr("inputmode", "numeric")
        .attr("aria-label", t.other_ttl_amount);
    let units = [
        (TtlUnit::Minutes, t.minutes),
        (TtlUnit::Hours, t.hours),
        (TtlUnit::Days, t.days),
    ];
    let unit = el("select")
        .class("control")
        .attr("aria-label", t.other_ttl_unit)
        .children(units.map(|(_, text)| el("option").text(text)));
    let (number, choice): (Input, Select) = (amount.cast(), unit.cast());
    let take = move || {
        let unit = usize::try_from(choice.selected_index()).ok();
        let unit = unit.and_then(|index| units.get(index));
        let amount = natural(&number.value()).and_then(|amount| amount.try_into().ok());
        let ttl = amount
            .zip(unit)
            .and_then(|(amount, (unit, _))| Ttl::from_parts(amount, *unit));
        wrong.set(ttl.is_none() && !number.value().is_empty());
        if let Some(ttl) = ttl {
            app.choose_ttl(ttl);
        }
    };
    let also = take.clone();
    el("div")
        .class("custom-ttl")
        .child(amount.on("input", move |_| take()))
        .child(unit.on("change", move |_| also()))
        .child(
            el("p")
                .class("field-hint")
                .attr("role", "status")
                .bind_text(move || match wrong.get() {
                    true => t.other_ttl_range.to_owned(),
                    false => String::new(),
                }),
        )
}

/// Why no token can be generated now, where that is not plain to see.
fn reason(app: App, words: Words) -> Option<String> {
    match app.obstacle()? {
        Obstacle::Limit => {
            let limit = app.options.with(|options| options.token_limit);
            Some(fill(words.t.limit_reached, &[&decimal(limit)]))
        }
        Obstacle::Unsettled => Some(words.t.outcome_open.to_owned()),
        Obstacle::Running | Obstacle::NoList => None,
    }
}
