//! Where the keyboard focus goes when what had it is gone.

use leptos::html::Div;
use leptos::prelude::*;

use crate::browser::{self, Focus};
use crate::state::{App, Dialog, Phase};

/// Where to go on when the place from before is gone, the best first.
const FALLBACKS: &str = "[data-hook=generate]:enabled,[data-hook=refresh],form input";
/// Where to begin after signing in.
const START: &str = "#ttl,form input";

/// Takes the focus back from a dialog that closes, a button that was disabled, and the sign-in form.
pub(super) fn keep(app: App, root: NodeRef<Div>) {
    Effect::new(move |before: Option<Option<Focus>>| {
        let open = app.dialog.with(|dialog| !matches!(dialog, Dialog::Closed));
        let busy = app.generating.get();
        let focus = before.flatten();
        if open || busy {
            return Some(focus.unwrap_or_else(Focus::remember));
        }
        if let Some(focus) = focus {
            give_back(app, root, Some(focus), FALLBACKS);
        }
        None
    });
    Effect::new(move |before: Option<bool>| {
        let signed_in = app.phase.get() == Phase::SignedIn;
        if before.is_some_and(|before| before != signed_in) {
            give_back(app, root, None, START);
        }
        signed_in
    });
}

fn give_back(app: App, root: NodeRef<Div>, focus: Option<Focus>, fallbacks: &'static str) {
    app.spawn(async move {
        // The page has to have changed first.
        browser::pause(0).await;
        let Some(root) = root.get_untracked() else {
            return;
        };
        if browser::has_focus() {
            return;
        }
        let focus = focus.unwrap_or_else(Focus::remember);
        focus.restore(&root, fallbacks);
    });
}
