//! The one dialog that may be open above the list.

use std::rc::Rc;

use super::{App, Deletion, Inspection, Notice};
use crate::api::{ApiError, Minted};
use crate::browser;
use crate::domain::{Claims, FileFormat, Name, Token, TokenId, Ttl};
use crate::later::Later;
use crate::secret::{Authorization, Secret};
use crate::signal::Shared;

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
    /// Tokens are about to be deleted.
    Delete(Deletion),
    /// A token has been replaced by a new one; is the old one deleted now?
    Rotated(Token),
    /// All about one token, and what can be done with it.
    Details(Token),
    /// A token is looked up by its value.
    Inspect(Inspection),
}

/// A new token and its value.
pub struct Reveal {
    value: Secret,
    /// All of it that is no secret.
    pub token: NewToken,
}

/// A new token without its value.
pub struct NewToken {
    /// Its ID, if the value names it.
    pub id: Option<TokenId>,
    /// What its claims say, if they can be read.
    pub claims: Option<Rc<Claims>>,
    /// How long it was to be valid.
    pub ttl: Ttl,
    /// The token that it is to replace.
    pub replaces: Option<Token>,
    /// How far the user is with it.
    pub progress: Progress,
}

/// How far the user is with a new token.
#[derive(Clone)]
pub struct Progress {
    /// Whether the value is readable.
    pub shown: Shared<bool>,
    /// Whether the value was copied or downloaded.
    pub saved: Shared<bool>,
    /// Whether the question is open if it may be closed unsaved.
    pub closing: Shared<bool>,
    /// The start of the value's SHA-256.
    pub fingerprint: Shared<Option<Rc<str>>>,
    /// What came of using it.
    pub trial: Shared<Trial>,
}

/// What came of using a new token.
#[derive(Clone, Debug, PartialEq)]
pub enum Trial {
    /// It was not used yet.
    NotTried,
    /// It is being used.
    Running,
    /// The API accepts it, and listed so many tokens.
    Works(usize),
    /// The API does not accept it, or does not answer.
    Failed(ApiError),
}

impl Default for Progress {
    /// Nothing was done with it yet.
    fn default() -> Self {
        Self {
            shown: Shared::new(false),
            saved: Shared::new(false),
            closing: Shared::new(false),
            fingerprint: Shared::new(None),
            trial: Shared::new(Trial::NotTried),
        }
    }
}

impl Reveal {
    /// A token that was just generated.
    pub fn new(minted: Minted, ttl: Ttl, replaces: Option<Token>) -> Self {
        Self {
            value: minted.value,
            token: NewToken {
                id: minted.id,
                claims: minted.claims.map(Rc::new),
                ttl,
                replaces,
                progress: Progress::default(),
            },
        }
    }
}

impl NewToken {
    /// The name of the file that the value is saved in.
    fn file_name(&self, format: FileFormat) -> String {
        let stem = self.id.as_ref().map(TokenId::file_stem);
        format.file_name(&stem.unwrap_or_default())
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
            Dialog::Reveal(reveal) => Some(reveal.token.progress.clone()),
            _ => None,
        })
    }

    /// Whether a value is open that was neither copied nor downloaded.
    pub fn has_unsaved_token(self) -> bool {
        let is_unsaved = |progress: Progress| !progress.saved.get_untracked();
        self.is_open() && (|()| self.progress().is_some_and(is_unsaved)).run(())
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
                // Only what is shown can be selected.
                browser::pause(0).await;
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

    /// Copies a text that is no secret.
    pub fn copy_text(self, text: &str) {
        let copied = browser::copy(text);
        self.spawn(async move {
            self.tell(match copied.await {
                true => Notice::Copied,
                false => Notice::CopyFailed,
            });
        });
    }

    /// Saves the value of the open reveal as a file.
    pub fn download_value(self, format: FileFormat) {
        let offered = self.dialog.with_untracked(|dialog| match dialog {
            Dialog::Reveal(reveal) => {
                let name = reveal.token.file_name(format);
                let (before, after) = (format.prefix(), format.suffix());
                let offered = browser::download_secret(&reveal.value, before, after, &name);
                Some((name, offered, reveal.token.progress.clone()))
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
            _ => self.leave_reveal(),
        }
    }

    /// Closes the reveal; the value is gone then. If it replaces a token, that one is next.
    pub fn leave_reveal(self) {
        let replaced = self.dialog.with_untracked(|dialog| match dialog {
            Dialog::Reveal(reveal) => reveal.token.replaces.clone(),
            _ => None,
        });
        self.close_dialog();
        if let Some(token) = replaced {
            self.dialog.set(Dialog::Rotated(token));
        }
    }

    /// Opens what there is to know about a token.
    pub fn show_details(self, token: Token) {
        self.notice.set(None);
        self.dialog.set(Dialog::Details(token));
    }

    /// Marks a token as replaced, in this browser.
    pub fn mark_replaced(self, id: TokenId) {
        let name = self.names.with_untracked(|names| names.get(&id).cloned());
        let name = name.unwrap_or_default();
        self.close_dialog();
        self.name_token(
            id,
            Name {
                replaced: true,
                ..name
            },
        );
    }

    /// Lists tokens with the new token, to show that it works.
    pub fn try_value(self) {
        let (Some(authorization), Some(progress)) =
            (self.with_value(Authorization::bearer), self.progress())
        else {
            return;
        };
        progress.trial.set(Trial::Running);
        let mut api = self.api();
        api.authorization = Some(Rc::new(authorization));
        api.cookies = false;
        self.spawn(async move {
            let listed = api.list().await;
            progress.trial.set(match listed {
                Ok(rows) => Trial::Works(rows.len()),
                Err(error) => Trial::Failed(error),
            });
        });
    }

    /// Makes the fingerprint of the open reveal's value, which may stay when the value is gone.
    pub(super) fn make_fingerprint(self) {
        let (Some(digest), Some(progress)) =
            (self.with_value(browser::fingerprint), self.progress())
        else {
            return;
        };
        let id = self.dialog.with_untracked(|dialog| match dialog {
            Dialog::Reveal(reveal) => reveal.token.id.clone(),
            _ => None,
        });
        self.spawn(async move {
            let Some(fingerprint) = digest.await.map(Rc::<str>::from) else {
                return;
            };
            progress.fingerprint.set(Some(fingerprint.clone()));
            if let Some(id) = id {
                self.fingerprints.update(|known| {
                    known.insert(id, fingerprint);
                });
            }
        });
    }

    /// Closes whatever is open; a value is gone then, and so is what was said about it.
    pub fn close_dialog(self) {
        self.dialog.set(Dialog::Closed);
        self.notice.set(None);
    }

    /// Hides the value, for a tab that is hidden itself.
    pub fn mask_value(self) {
        if self.is_open() {
            (|()| self.mask_shown_value()).run(());
        }
    }

    /// Whether a dialog is open. What has opened it was loaded later itself.
    fn is_open(self) -> bool {
        self.dialog
            .with_untracked(|dialog| !matches!(dialog, Dialog::Closed))
    }

    fn mask_shown_value(self) {
        if let Some(progress) = self.progress() {
            progress.shown.set(false);
        }
    }

    /// Wipes the value as the page is left; whoever comes back to it is told if it was not saved.
    pub fn wipe_value(self) {
        if self.is_open() {
            (|()| self.wipe_shown_value()).run(());
        }
    }

    fn wipe_shown_value(self) {
        let after = self.dialog.with_untracked(|dialog| match dialog {
            Dialog::Reveal(reveal) if reveal.token.progress.saved.get_untracked() => {
                Some(Dialog::Closed)
            }
            Dialog::Reveal(reveal) => Some(Dialog::Wiped(reveal.token.id.clone())),
            _ => None,
        });
        if let Some(after) = after {
            self.dialog.set(after);
        }
    }
}
