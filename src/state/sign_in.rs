//! Signing in and out, and calls on behalf of whoever is signed in.

use std::future::ready;
use std::pin::Pin;

use leptos::task::spawn_local;

use super::{App, Dialog, Event, List, timestamp};
use crate::api::{ApiError, AuthApi};
use crate::browser::{self, Signal};
use crate::domain::{IdMap, IdSet, Names};
use crate::later::Later;
use crate::session::{Credential, Reason, Session, Source, ask_host};

/// How often relative times and statuses are brought up to date, in milliseconds.
const TICK: i32 = 20_000;
/// How old a list may become while it is looked at, in milliseconds.
const LIST_AGE: i64 = 300_000;

/// Whether somebody is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nobody.
    SignedOut,
    /// A credential is being tried.
    SigningIn,
    /// Somebody.
    SignedIn,
    /// Somebody whose credential the API does not accept any more; what is open stays open.
    Ended,
}

impl Phase {
    /// Whether there is a list to show.
    pub fn has_list(self) -> bool {
        matches!(self, Self::SignedIn | Self::Ended)
    }
}

/// Why signing in failed.
#[derive(Clone, Debug, PartialEq)]
pub struct SignInProblem {
    /// What the API said.
    pub error: ApiError,
    /// Whether a contract number was given.
    pub named_contract: bool,
}

impl App {
    /// Signs in in the way that the host has chosen; the form has to be filled in first.
    pub fn start(self) {
        self.follow_route();
        self.follow_other_tabs();
        match self
            .options
            .with_untracked(|options| options.source.clone())
        {
            Source::Form => {}
            Source::Cookie | Source::Host(_) => self.sign_in_by_host(),
        }
        self.watch();
        // No task of the panel's: these end when somebody signs out.
        spawn_local(async move {
            browser::complete().await;
            let is_there = self.complete.try_update(|complete| *complete = true);
            if is_there.is_some() && browser::hash().contains('?') {
                (|()| self.take_route()).run(());
            }
        });
        self.emit(Event::Ready);
    }

    /// Whether people sign in on this page.
    pub fn signs_in_here(self) -> bool {
        self.options
            .with_untracked(|options| options.source == Source::Form)
    }

    /// Follows what happens to the page.
    fn watch(self) {
        self.keep(browser::on(Signal::PageHide, move || self.wipe_value()));
        self.keep(browser::on(Signal::PageShow, move || self.look_again()));
        self.keep(browser::on(Signal::Online, move || self.look_again()));
        self.keep(browser::on(Signal::Visibility, move || {
            if browser::is_hidden() {
                self.mask_value();
            } else {
                self.tick();
            }
        }));
        self.keep(browser::every(TICK, move || {
            if !browser::is_hidden() {
                self.tick();
            }
        }));
    }

    /// Lets time pass, and reads a list that has become old.
    fn tick(self) {
        self.tell_time();
        let read_at = self.list.with_untracked(|list| list.read_at);
        if read_at.is_some_and(|read_at| timestamp().millis_since(read_at) >= LIST_AGE) {
            self.look_again();
        }
    }

    /// Reads the list again of whoever is signed in.
    pub(super) fn look_again(self) {
        let idle = self.loading.get_untracked() == 0;
        if idle && self.phase.get_untracked() == Phase::SignedIn {
            self.refresh();
        }
    }

    /// Signs in with the host's credential or cookie, and reads the list.
    pub fn sign_in_by_host(self) {
        let source = self
            .options
            .with_untracked(|options| options.source.clone());
        if source == Source::Form || self.phase.get_untracked() == Phase::SigningIn {
            return;
        }
        let reason = match self.phase.get_untracked() {
            Phase::Ended => Reason::Expired,
            _ => Reason::Initial,
        };
        self.try_to_enter();
        self.spawn(async move {
            let session = match source {
                Source::Host(_) => self.ask_host(reason).await,
                Source::Form | Source::Cookie => Some(Session::default()),
            };
            match session {
                Some(session) => self.enter(session).await,
                None => self.phase.set(Phase::SignedOut),
            }
        });
    }

    /// Signs in with what was typed into the form.
    pub fn sign_in(self, credential: &Credential, contract: Option<u64>) {
        if self.phase.get_untracked() == Phase::SigningIn {
            return;
        }
        let mut session = Session::new(credential);
        session.contract = contract.or(session.contract);
        // What is open belongs to whoever was signed in before.
        let resumes = self.session.with_untracked(|before| {
            before.account == session.account && before.contract == session.contract
        });
        if self.phase.get_untracked() != Phase::Ended || !resumes {
            self.forget();
        }
        self.try_to_enter();
        self.spawn(async move { self.enter(session).await });
    }

    /// Forgets the credential and everything that was read with it, and ends all that is under way.
    pub fn sign_out(self) {
        self.session.set(Session::default());
        self.end_tasks();
        self.forget();
        self.phase.set(Phase::SignedOut);
        self.emit(Event::SessionChanged);
    }

    fn forget(self) {
        self.list.set(List::default());
        self.dialog.set(Dialog::Closed);
        self.finding.set(None);
        self.names.set(Names::default());
        self.deleting.set(IdSet::default());
        self.selected.set(IdSet::default());
        self.fingerprints.set(IdMap::default());
        self.generating.set(false);
        if self.has_generated() {
            (|()| self.start_over()).run(());
        }
    }

    fn try_to_enter(self) {
        self.phase.set(Phase::SigningIn);
        self.sign_in_problem.set(None);
    }

    async fn enter(self, session: Session) {
        let named_contract = session.contract.is_some();
        self.session.set(session);
        let contract = self.set_contract();
        let resumed = self.resume_generation().await;
        let request = self.ask_for_list();
        let result = match resumed {
            true => self.api().list().await,
            false => Err(ApiError::Network),
        };
        match &result {
            Ok(_) => {
                self.phase.set(Phase::SignedIn);
                self.emit(Event::SessionChanged);
                self.read_names();
                if self.has_generated() {
                    (|()| self.drop_foreign_marker()).run(());
                }
            }
            Err(error) => {
                self.session.set(Session::default());
                self.sign_in_problem.set(Some(SignInProblem {
                    error: error.clone(),
                    named_contract,
                }));
                self.phase.set(Phase::SignedOut);
            }
        }
        self.take_list(request, result);
        if self.set_contract() != contract {
            self.refresh();
        }
    }

    /// Runs `call`; when the API wants another credential and the host has one, once more with that.
    ///
    /// The refusal was certain: asking again is not a second request for one decision.
    pub(super) async fn with_session<T, F>(self, call: impl Fn(AuthApi) -> F) -> Result<T, ApiError>
    where
        F: Future<Output = Result<T, ApiError>>,
    {
        let mut renewed = false;
        loop {
            let result = call(self.api()).await;
            match &result {
                Err(error) if !renewed => renewed = self.renew_session(error).await,
                _ => return result,
            }
            if !renewed {
                return result;
            }
        }
    }

    /// Asks the host for another credential if that is what the error calls for; true if it has one.
    ///
    /// Boxed, so that its code is there once and not in each call's.
    fn renew_session(self, error: &ApiError) -> Pin<Box<dyn Future<Output = bool>>> {
        let reason = match error {
            ApiError::Unauthorized => Reason::Expired,
            ApiError::StepUp => Reason::StepUp,
            _ => return Box::pin(ready(false)),
        };
        Box::pin(async move {
            let session = self.ask_host(reason).await;
            let renewed = session.is_some();
            if let Some(session) = session {
                self.session.set(session);
                self.emit(Event::SessionChanged);
            } else if reason == Reason::Expired {
                self.phase.set(Phase::Ended);
            }
            renewed
        })
    }

    async fn ask_host(self, reason: Reason) -> Option<Session> {
        let source = self
            .options
            .with_untracked(|options| options.source.clone());
        let credential = match &source {
            Source::Host(get_credential) => ask_host(get_credential, reason).await,
            Source::Form | Source::Cookie => None,
        };
        if credential.is_none() {
            self.emit(Event::SessionRequired { reason });
        }
        credential.as_ref().map(Session::new)
    }
}
