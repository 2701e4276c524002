//! The one dialog that may be open above the list.

use std::rc::Rc;

use leptos::prelude::*;

use super::{App, Notice};
use crate::browser;
use crate::domain::{Claims, Token, TokenId};
use crate::secret::Secret;

/// What is open. The value of a new token lives in `Reveal` and nowhere else.
#[derive(Default)]
pub enum Dialog {
    /// Nothing.
    #[default]
    Closed,
    /// A new token's value, seen once.
    Reveal(Reveal),
    /// A new token's value was wiped before it was saved.
    Wiped(Option<TokenId>),
    /// A token is about to be deleted.
    Delete(Deletion),
}

/// A new token.
pub struct Reveal {
    value: Secret,
    /// Its ID, if the value names it.
    pub id: Option<TokenId>,
    /// What its claims say, if they can be read.
    pub claims: Option<Rc<Claims>>,
    /// How far the user is with it.
    pub progress: Progress,
}

/// How far the user is with a new token.
#[derive(Clone)]
pub struct Progress {
    /// Whether the value is readable.
    pub shown: ArcRwSignal<bool>,
    /// Whether the value was copied or downloaded.
    pub saved: ArcRwSignal<bool>,
    /// Whether the question is open if it may be closed unsaved.
    pub closing: ArcRwSignal<bool>,
}

/// A token that is about to be deleted.
#[derive(Clone)]
pub struct Deletion {
    /// The token.
    pub token: Token,
    /// Whether this session signs in with it.
    pub in_use: bool,
    /// Whether the request is under way.
    pub running: ArcRwSignal<bool>,
}

impl Reveal {
    /// A token that was just generated.
    pub fn new(value: Secret, id: Option<TokenId>, claims: Option<Claims>) -> Self {
        Self {
            value,
            id,
            claims: claims.map(Rc::new),
            progress: Progress {
                shown: ArcRwSignal::new(false),
                saved: ArcRwSignal::new(false),
                closing: ArcRwSignal::new(false),
            },
        }
    }

    /// The name of the file that the value is saved in.
    pub fn file_name(&self) -> String {
        match &self.id {
            Some(id) => ["ionos-token-", &id.file_stem(), ".txt"].concat(),
            None => "ionos-token.txt".to_owned(),
        }
    }
}

impl App {
    /// Gives the value of the open reveal to `look`, which must not keep it.
    pub fn with_value<T>(self, look: impl FnOnce(&Secret) -> T) -> Option<T> {
        self.dialog.with_untracked(|dialog| match dialog {
            Dialog::Reveal(reveal) => Some(look(&reveal.value)),
            _ => None,
        })
    }

    /// How far the user is with the open reveal.
    pub fn progress(self) -> Option<Progress> {
        self.dialog.with_untracked(|dialog| match dialog {
            Dialog::Reveal(reveal) => Some(reveal.progress.clone()),
            _ => None,
        })
    }

    /// Whether a value is open that was neither copied nor downloaded.
    pub fn has_unsaved_token(self) -> bool {
        self.progress()
            .is_some_and(|progress| !progress.saved.get_untracked())
    }

    /// Copies the value of the open reveal.
    pub fn copy_value(self, on_failure: impl FnOnce() + 'static) {
        let (Some(copied), Some(progress)) =
            (self.with_value(browser::copy_secret), self.progress())
        else {
            return;
        };
        self.spawn(async move {
            if copied.await {
                progress.saved.set(true);
                self.tell(Notice::CopiedValue);
            } else {
                progress.shown.set(true);
                self.tell(Notice::CopyFailed);
                on_failure();
            }
        });
    }

    /// Copies a token's ID.
    pub fn copy_id(self, id: &TokenId, on_failure: impl FnOnce() + 'static) {
        let copied = browser::copy(id.as_ref());
        self.spawn(async move {
            if copied.await {
                self.tell(Notice::CopiedId);
            } else {
                self.tell(Notice::CopyFailed);
                on_failure();
            }
        });
    }

    /// Saves the value of the open reveal as a file that holds its bytes and nothing else.
    pub fn download_value(self) {
        let offered = self.dialog.with_untracked(|dialog| match dialog {
            Dialog::Reveal(reveal) => {
                let name = reveal.file_name();
                let offered = browser::download_secret(&reveal.value, &name);
                Some((name, offered, reveal.progress.clone()))
            }
            _ => None,
        });
        match offered {
            Some((name, true, progress)) => {
                progress.saved.set(true);
                self.tell(Notice::Downloaded(name));
            }
            Some((_, false, _)) => self.tell(Notice::DownloadFailed),
            None => {}
        }
    }

    /// Closes the reveal, or asks first if the value was not saved.
    pub fn close_reveal(self) {
        match self.progress() {
            Some(progress) if !progress.saved.get_untracked() => progress.closing.set(true),
            _ => self.close_dialog(),
        }
    }

    /// Closes whatever is open; a value is gone then, and so is what was said about it.
    pub fn close_dialog(self) {
        self.dialog.set(Dialog::Closed);
        self.notice.set(None);
    }

    /// Hides the value, for a tab that is hidden itself.
    pub fn mask_value(self) {
        if let Some(progress) = self.progress() {
            progress.shown.set(false);
        }
    }

    /// Wipes the value as the page is left; whoever comes back to it is told if it was not saved.
    pub fn wipe_value(self) {
        let after = self.dialog.with_untracked(|dialog| match dialog {
            Dialog::Reveal(reveal) if reveal.progress.saved.get_untracked() => Some(Dialog::Closed),
            Dialog::Reveal(reveal) => Some(Dialog::Wiped(reveal.id.clone())),
            _ => None,
        });
        if let Some(after) = after {
            self.dialog.set(after);
        }
    }
}
