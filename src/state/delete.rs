//! Deleting tokens.

use leptos::prelude::*;

use super::{App, Deletion, Dialog, Event, Notice};
use crate::api::{ApiError, AuthApi};
use crate::domain::{Token, TokenId};

impl App {
    /// Asks whether `token` is to be deleted.
    pub fn ask_to_delete(self, token: Token) {
        self.notice.set(None);
        let in_use = self.token_in_use().as_ref() == Some(&token.id);
        self.dialog.set(Dialog::Delete(Deletion {
            token,
            in_use,
            running: ArcRwSignal::new(false),
        }));
    }

    /// Deletes the token that the open dialog asks about.
    pub fn delete_asked(self) {
        let asked = self.dialog.with_untracked(|dialog| match dialog {
            Dialog::Delete(deletion) => Some(deletion.clone()),
            _ => None,
        });
        let Some(deletion) = asked else { return };
        if deletion.running.get_untracked() {
            return;
        }
        deletion.running.set(true);
        self.notice.set(None);
        self.spawn(async move {
            self.delete(&deletion.token.id).await;
            deletion.running.set(false);
        });
    }

    /// Deletes the token whose value is shown, and closes the reveal with that.
    pub fn delete_revealed(self) {
        let id = self.dialog.with_untracked(|dialog| match dialog {
            Dialog::Reveal(reveal) => reveal.id.clone(),
            _ => None,
        });
        let Some(id) = id else { return };
        self.spawn(async move {
            self.delete(&id).await;
        });
    }

    /// Deletes a token without a question, for places that name it already.
    pub fn delete_found(self, id: TokenId) {
        self.spawn(async move { self.delete(&id).await });
    }

    /// Deletes a token, closes the dialog that is about it, and says what came of it.
    async fn delete(self, id: &TokenId) {
        let call = |api: AuthApi| async move { api.delete(id).await };
        let gone = match self.with_session(call).await {
            Ok(()) => true,
            Err(error) => {
                self.emit(Event::Failed { code: error.code() });
                // Unless the API refused, the request may have done its work: only the list tells.
                if error.is_refusal() {
                    self.tell(Notice::DeleteFailed(error));
                    false
                } else {
                    self.load().await;
                    self.is_gone(id, error)
                }
            }
        };
        if gone {
            if self.dialog_is_about(id) {
                self.close_dialog();
            }
            self.forget_row(id);
            self.tell(Notice::Deleted(id.clone()));
            self.emit(Event::Deleted {
                ids: vec![id.clone()],
            });
            if self.token_in_use().as_ref() == Some(id) {
                self.sign_out();
            }
        }
    }

    /// Whether the list that was just read shows that a token is gone; says so if it does not.
    fn is_gone(self, id: &TokenId, error: ApiError) -> bool {
        let (known, listed) = self.list.with_untracked(|list| {
            let listed = list.rows.iter().any(|row| row.id == *id);
            (list.error.is_none(), listed)
        });
        match (known, listed) {
            (true, false) => return true,
            (true, true) => self.tell(Notice::DeleteFailed(error)),
            (false, _) => self.tell(Notice::DeleteUnknown),
        }
        false
    }

    fn dialog_is_about(self, id: &TokenId) -> bool {
        self.dialog.with_untracked(|dialog| match dialog {
            Dialog::Reveal(reveal) => reveal.id.as_ref() == Some(id),
            Dialog::Delete(deletion) => deletion.token.id == *id,
            Dialog::Wiped(_) | Dialog::Closed => false,
        })
    }
}
