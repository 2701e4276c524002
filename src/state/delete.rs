//! Deleting tokens.

use leptos::prelude::*;

use super::{App, Deletion, Dialog, Event, Notice};
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
            let done = self.delete(&deletion.token.id).await;
            deletion.running.set(false);
            if done {
                self.close_dialog();
            }
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
            if self.delete(&id).await {
                self.close_dialog();
            }
        });
    }

    /// Deletes a token without a question, for places that name it already.
    pub fn delete_found(self, id: TokenId) {
        self.spawn(async move {
            self.delete(&id).await;
        });
    }

    /// Deletes a token and says what came of it; true if it is gone.
    async fn delete(self, id: &TokenId) -> bool {
        let call = {
            let id = id.clone();
            move |api: crate::api::AuthApi| {
                let id = id.clone();
                async move { api.delete(&id).await }
            }
        };
        let result = self.with_session(call).await;
        let gone = match result {
            Ok(()) => true,
            Err(error) if error.is_refusal() => {
                self.emit(Event::Failed { code: error.code() });
                self.tell(Notice::DeleteFailed(error));
                false
            }
            Err(error) => {
                self.emit(Event::Failed { code: error.code() });
                // The request may have done its work: only the list tells.
                self.load().await;
                let (known, listed) = self.list.with_untracked(|list| {
                    let listed = list.rows.iter().any(|row| row.id == *id);
                    (list.error.is_none(), listed)
                });
                match (known, listed) {
                    (true, false) => true,
                    (true, true) => {
                        self.tell(Notice::DeleteFailed(error));
                        false
                    }
                    (false, _) => {
                        self.tell(Notice::DeleteUnknown);
                        false
                    }
                }
            }
        };
        if gone {
            self.forget_row(id);
            self.tell(Notice::Deleted(id.clone()));
            self.emit(Event::Deleted {
                ids: vec![id.clone()],
            });
            if self.token_in_use().as_ref() == Some(id) {
                self.sign_out();
            }
        }
        gone
    }
}
