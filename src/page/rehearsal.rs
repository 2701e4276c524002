//! The two most awaited dialogs, made once and thrown away while nobody waits.
//!
//! Browsers compile a function when it is first called. Of the time from a click to a dialog that
//! was most, on a phone; now the functions are there.

use std::rc::Rc;

use leptos::prelude::*;

use super::{Words, delete, reveal};
use crate::browser;
use crate::domain::{Claims, Ttl};
use crate::signal::Local;
use crate::state::{App, Deletion, NewToken, Progress, Target};

/// Waits until the browser has nothing else to do, and makes them.
pub(super) fn hold(app: App, words: Words) {
    // It ends with the panel that the words are for.
    let stage = Local::new(());
    app.spawn(async move {
        for make in [make_question, make_reveal] {
            browser::idle().await;
            stage.try_update(|()| make(app, words));
        }
    });
}

fn make_question(app: App, words: Words) {
    let first = app.list.with_untracked(|list| list.rows.first().cloned());
    if let Some(token) = first {
        unseen(|| {
            drop(delete::view(
                app,
                words,
                &Deletion::new(Target::One(token), false),
            ))
        });
    }
}

fn make_reveal(app: App, words: Words) {
    let token = NewToken {
        id: None,
        claims: Some(Rc::new(Claims {
            expires: Some(app.now.get_untracked()),
            ..Claims::default()
        })),
        ttl: Ttl::default(),
        replaces: None,
        progress: Progress::default(),
    };
    unseen(|| drop(reveal::view(app, words, &token)));
}

/// What is made so is never in the page, and no effect of it ever runs.
fn unseen(make: impl FnOnce()) {
    let owner = Owner::new();
    owner.with(make);
    owner.cleanup();
}
