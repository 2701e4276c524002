//! Deleting tokens: one, several, those that have expired, or all.

use super::{App, Dialog, Event, Notice};
use crate::api::{ApiError, AuthApi, Criteria};
use crate::domain::{Counts, Token, TokenId};
use crate::signal::Shared;

/// What is about to be deleted.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// One token.
    One(Token),
    /// Some tokens, by ID.
    Some(Vec<TokenId>),
    /// All that have expired by the server's clock; this many by the device's.
    Expired(usize),
    /// Every token of the contract; this many are listed.
    All(usize),
}

/// A deletion that is asked about.
#[derive(Clone)]
pub struct Deletion {
    /// What is to be deleted.
    pub target: Target,
    /// Whether this session signs in with a token among them.
    pub in_use: bool,
    /// How far it is.
    pub run: Shared<Run>,
}

/// How far a deletion is.
#[derive(Clone, Debug, PartialEq)]
pub enum Run {
    /// The question is open.
    Asking,
    /// Requests are under way.
    Running,
    /// These could not be deleted, for this reason; so many were.
    Partly {
        /// What is still there.
        left: Vec<TokenId>,
        /// How many are gone.
        deleted: usize,
        /// Why the last one failed.
        error: ApiError,
    },
}

impl Deletion {
    /// Nothing was deleted yet.
    pub fn new(target: Target, in_use: bool) -> Self {
        Self {
            target,
            in_use,
            run: Shared::new(Run::Asking),
        }
    }
}

impl App {
    /// Asks whether `target` is to be deleted.
    pub fn ask_to_delete(self, target: Target) {
        self.notice.set(None);
        let in_use = self.token_in_use().is_some_and(|id| match &target {
            Target::One(token) => token.id == id,
            Target::Some(ids) => ids.contains(&id),
            Target::Expired(_) => false,
            Target::All(_) => true,
        });
        self.dialog
            .set(Dialog::Delete(Deletion::new(target, in_use)));
    }

    /// Asks whether all checked tokens are to be deleted.
    pub fn ask_to_delete_selected(self) {
        let ids = self
            .selected
            .with_untracked(|selected| selected.iter().cloned().collect());
        self.ask_to_delete(Target::Some(ids));
    }

    /// Asks whether all expired tokens are to be deleted.
    pub fn ask_to_delete_expired(self) {
        let now = self.now.get_untracked();
        let counts = self.list.with_untracked(|list| Counts::of(&list.rows, now));
        self.ask_to_delete(Target::Expired(counts.expired));
    }

    /// Asks whether all tokens are to be deleted.
    pub fn ask_to_delete_all(self) {
        let count = self.list.with_untracked(|list| list.rows.len());
        self.ask_to_delete(Target::All(count));
    }

    /// Does what the open dialog asks about, or again what it could not do.
    pub fn delete_asked(self) {
        let asked = self.dialog.with_untracked(|dialog| match dialog {
            Dialog::Delete(deletion) => Some(deletion.clone()),
            _ => None,
        });
        let Some(Deletion { target, run, .. }) = asked else {
            return;
        };
        let before = run.get_untracked();
        if before == Run::Running {
            return;
        }
        run.set(Run::Running);
        self.notice.set(None);
        self.spawn(async move {
            let left = match (before, target) {
                (Run::Partly { left, .. }, _) | (_, Target::Some(left)) => {
                    self.delete_each(left).await
                }
                (_, Target::One(token)) => {
                    self.delete(&token.id).await;
                    Run::Asking
                }
                (_, Target::Expired(_)) => self.delete_by(Criteria::Expired).await,
                (_, Target::All(_)) => self.delete_by(Criteria::All).await,
            };
            run.set(left);
        });
    }

    /// Deletes the token whose value is shown, and closes the reveal with that.
    pub fn delete_revealed(self) {
        let id = self.dialog.with_untracked(|dialog| match dialog {
            Dialog::Reveal(reveal) => reveal.token.id.clone(),
            _ => None,
        });
        if let Some(id) = id {
            self.delete_found(id);
        }
    }

    /// Deletes a token without a question, for places that name it already.
    pub fn delete_found(self, id: TokenId) {
        let first = self
            .deleting
            .try_update(|deleting| deleting.insert(id.clone()));
        if first != Some(true) {
            return;
        }
        self.spawn(async move {
            self.delete(&id).await;
            self.deleting.update(|deleting| {
                deleting.remove(&id);
            });
        });
    }

    /// Deletes a token, closes the dialog that is about it, and says what came of it.
    async fn delete(self, id: &TokenId) {
        match self.delete_one(id).await {
            Ok(()) => {
                if self.dialog_is_about(id) {
                    self.close_dialog();
                }
                self.tell(Notice::Deleted(id.clone()));
                self.note_deleted(std::slice::from_ref(id));
            }
            Err(Failure::StillThere(error)) => self.tell(Notice::DeleteFailed(error)),
            Err(Failure::Unknown(_)) => self.tell(Notice::DeleteUnknown),
        }
    }

    async fn delete_one(self, id: &TokenId) -> Result<(), Failure> {
        let call = |api: AuthApi| async move { api.delete(id).await };
        let Err(error) = self.with_session(call).await else {
            return Ok(());
        };
        self.emit(Event::Failed { code: error.code() });
        if error.is_refusal() {
            return Err(Failure::StillThere(error));
        }
        // The request may have done its work: only the list tells.
        self.load().await;
        let (known, listed) = self.list.with_untracked(|list| {
            let listed = list.rows.iter().any(|row| row.id == *id);
            (list.error.is_none(), listed)
        });
        match (known, listed) {
            (true, false) => Ok(()),
            (true, true) => Err(Failure::StillThere(error)),
            (false, _) => Err(Failure::Unknown(error)),
        }
    }

    /// Deletes tokens one after the other; ends early when no request would succeed.
    async fn delete_each(self, mut ids: Vec<TokenId>) -> Run {
        // Without the token in use, no other can be deleted.
        let in_use = self.token_in_use();
        ids.sort_by_key(|id| in_use.as_ref() == Some(id));
        let (mut gone, mut left, mut last) = (Vec::new(), Vec::new(), None);
        for id in ids {
            if matches!(last, Some(ApiError::Unauthorized | ApiError::StepUp)) {
                left.push(id);
                continue;
            }
            match self.delete_one(&id).await {
                Ok(()) => gone.push(id),
                Err(Failure::StillThere(error) | Failure::Unknown(error)) => {
                    left.push(id);
                    last = Some(error);
                }
            }
        }
        let deleted = gone.len();
        self.selected
            .update(|selected| selected.retain(|id| !gone.contains(id)));
        if last.is_none() {
            self.close_dialog();
            let left = self.list.with_untracked(|list| {
                let rows = list.rows.iter();
                rows.filter(|row| !gone.contains(&row.id)).count()
            });
            self.tell(Notice::DeletedMany { deleted, left });
        }
        self.note_deleted(&gone);
        match last {
            Some(error) => Run::Partly {
                left,
                deleted,
                error,
            },
            None => Run::Asking,
        }
    }

    /// Deletes by criteria, once; what is really left is what the next list says.
    async fn delete_by(self, criteria: Criteria) -> Run {
        let before: Vec<TokenId> = self
            .list
            .with_untracked(|list| list.rows.iter().map(|row| row.id.clone()).collect());
        let result = self
            .with_session(|api| async move { api.delete_many(criteria).await })
            .await;
        let signs_out = criteria == Criteria::All && self.token_in_use().is_some();
        if result.is_ok() && signs_out {
            self.close_dialog();
            self.tell(Notice::DeletedMany {
                deleted: before.len(),
                left: 0,
            });
            self.note_deleted(&before);
            return Run::Asking;
        }
        self.load().await;
        let (known, rows) = self
            .list
            .with_untracked(|list| (list.error.is_none(), list.rows.clone()));
        if let Err(error) = &result {
            self.emit(Event::Failed { code: error.code() });
        }
        if !known {
            self.tell(Notice::DeleteUnknown);
            return Run::Asking;
        }
        let gone: Vec<TokenId> = before
            .into_iter()
            .filter(|id| !rows.iter().any(|row| row.id == *id))
            .collect();
        match result {
            Err(error) if gone.is_empty() => self.tell(Notice::DeleteFailed(error)),
            _ => {
                self.close_dialog();
                self.tell(Notice::DeletedMany {
                    deleted: gone.len(),
                    left: rows.len(),
                });
            }
        }
        self.note_deleted(&gone);
        Run::Asking
    }

    /// Takes tokens that are gone out of all that is shown, and tells the host and other tabs.
    pub(super) fn note_deleted(self, ids: &[TokenId]) {
        if ids.is_empty() {
            return;
        }
        self.forget_rows(ids);
        self.clean_names();
        for id in ids {
            self.tell_other_tabs(id);
        }
        self.emit(Event::Deleted { ids: ids.to_vec() });
        if self.token_in_use().is_some_and(|id| ids.contains(&id)) {
            self.sign_out();
        }
    }

    fn dialog_is_about(self, id: &TokenId) -> bool {
        self.dialog.with_untracked(|dialog| match dialog {
            Dialog::Reveal(reveal) => reveal.token.id.as_ref() == Some(id),
            Dialog::Delete(deletion) => {
                matches!(&deletion.target, Target::One(token) if token.id == *id)
            }
            Dialog::Rotated(token) => token.id == *id,
            Dialog::Closed | Dialog::Wiped(_) | Dialog::Details(_) | Dialog::Inspect(_) => false,
        })
    }
}

/// Why a token is not known to be gone.
enum Failure {
    /// The API or the list says that it is there.
    StillThere(ApiError),
    /// Nobody knows.
    Unknown(ApiError),
}
