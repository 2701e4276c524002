//! Whose token is this? Its claims are read here, and the API is asked by its ID.

use std::rc::Rc;

use super::{App, Dialog, Event};
use crate::api::{ApiError, facts};
use crate::browser;
use crate::domain::{Claims, Timestamp, Token, TokenId};
use crate::secret::Secret;
use crate::signal::Shared;

/// The inspector's state. The value itself is gone as soon as it has been read.
#[derive(Clone)]
pub struct Inspection {
    /// What was found out; nothing before a token was given.
    pub result: Shared<Option<Inspected>>,
}

/// What was found out about a token.
#[derive(Clone)]
pub struct Inspected {
    /// Its ID, if it names one.
    pub id: Option<TokenId>,
    /// What it says of itself.
    pub claims: Option<Rc<Claims>>,
    /// The start of its SHA-256.
    pub fingerprint: Option<Rc<str>>,
    /// What the API says.
    pub verdict: Verdict,
}

/// What the API says of a token.
#[derive(Clone)]
pub enum Verdict {
    /// It is being asked.
    Asking,
    /// It knows the token.
    Known(Token),
    /// It knows no such token in this contract.
    NotFound,
    /// It was deleted here, and the API does not know it any more at this time.
    Gone(Timestamp),
    /// It can't be asked: the token names no ID.
    NoId,
    /// It did not answer.
    Failed(ApiError),
    /// What was given is no token.
    NoToken,
}

impl App {
    /// Opens the inspector.
    pub fn open_inspector(self) {
        self.notice.set(None);
        self.dialog.set(Dialog::Inspect(Inspection {
            result: Shared::new(None),
        }));
    }

    fn inspection(self) -> Option<Inspection> {
        self.dialog.with_untracked(|dialog| match dialog {
            Dialog::Inspect(inspection) => Some(inspection.clone()),
            _ => None,
        })
    }

    /// Reads a token and asks the API about it.
    pub fn inspect(self, token: impl Future<Output = Option<Secret>> + 'static) {
        let Some(Inspection { result }) = self.inspection() else {
            return;
        };
        self.spawn(async move {
            let Some(token) = token.await else {
                result.set(Some(Inspected {
                    id: None,
                    claims: None,
                    fingerprint: None,
                    verdict: Verdict::NoToken,
                }));
                return;
            };
            let (id, claims) = facts(&token);
            let fingerprint = browser::fingerprint(&token).await.map(Rc::from);
            drop(token);
            let found = Inspected {
                id: id.clone(),
                claims: claims.map(Rc::new),
                fingerprint,
                verdict: id.as_ref().map_or(Verdict::NoId, |_| Verdict::Asking),
            };
            result.set(Some(found.clone()));
            if let Some(id) = id {
                let verdict = self.ask_about(&id).await;
                result.set(Some(Inspected { verdict, ..found }));
            }
        });
    }

    async fn ask_about(self, id: &TokenId) -> Verdict {
        let answer = self.with_session(|api| async move { api.get(id).await });
        match answer.await {
            Ok(Some(token)) => Verdict::Known(token),
            Ok(None) => Verdict::NotFound,
            Err(error) => Verdict::Failed(error),
        }
    }

    /// Deletes the inspected token, and asks the API once more for the proof that it is gone.
    pub fn delete_inspected(self, id: TokenId) {
        let Some(Inspection { result }) = self.inspection() else {
            return;
        };
        let show = move |verdict| {
            result.update(|result| {
                if let Some(result) = result {
                    result.verdict = verdict;
                }
            });
        };
        show(Verdict::Asking);
        self.spawn(async move {
            let id = &id;
            let deleted = self.with_session(|api| async move { api.delete(id).await });
            let verdict = match deleted.await {
                Ok(()) => match self.ask_about(id).await {
                    Verdict::NotFound => Verdict::Gone(super::timestamp()),
                    verdict => verdict,
                },
                Err(error) => {
                    self.emit(Event::Failed { code: error.code() });
                    Verdict::Failed(error)
                }
            };
            let gone = matches!(verdict, Verdict::Gone(_));
            show(verdict);
            if gone {
                self.note_deleted(std::slice::from_ref(id));
            }
        });
    }
}
