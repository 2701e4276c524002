//! Where the keyboard focus goes when what had it is gone.

use crate::browser::{self, Focus};
use crate::signal::follow;
use crate::state::{App, Dialog, Phase};
use crate::ui::El;

/// Where to go on when the place from before is gone, the best first.
const FALLBACKS: &str =
    "[data-hook=generate]:enabled,[data-hook=refresh],form .field:not([hidden]) input";
/// Where to begin after signing in.
const START: &str = "#ttl,form .field:not([hidden]) input";

/// Takes the focus back from a dialog that closes, a button that was disabled, and the sign-in form.
pub(super) fn keep(app: App, root: El) {
    let panel = root.clone();
    let mut before = None;
    follow(move || {
        let open = app.dialog.with(|dialog| !matches!(dialog, Dialog::Closed));
        let busy = app.generating.get();
        if open || busy {
            before.get_or_insert_with(Focus::remember);
        } else if let Some(focus) = before.take() {
            give_back(app, panel.clone(), Some(focus), FALLBACKS);
        }
    });
    // Only for those who sign in here: a panel that starts by itself must not take the focus.
    let mut before = None;
    follow(move || {
        let phase = app.phase.get();
        let moved = match before.replace(phase) {
            Some(Phase::SigningIn) => app.signs_in_here(),
            Some(Phase::SignedIn) => phase == Phase::SignedOut,
            _ => false,
        };
        if moved {
            give_back(app, root.clone(), None, START);
        }
    });
}

fn give_back(app: App, root: El, focus: Option<Focus>, fallbacks: &'static str) {
    app.spawn(async move {
        // The page has to have changed first.
        browser::pause(0).await;
        if browser::has_focus() {
            return;
        }
        let focus = focus.unwrap_or_else(Focus::remember);
        focus.restore(root.node(), fallbacks);
    });
}
