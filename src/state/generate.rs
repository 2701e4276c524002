//! Asking for a token: one request for each decision, compared with the lists before and after.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;

use super::{App, Dialog, Event, Finding, FindingKind, Notice, Reveal, timestamp};
use crate::api::{ApiError, Minted};
use crate::browser::{self, Lock, Signal, Store};
use crate::domain::{Answer, Generation, Listing, Marker, Outcome, Token, Ttl};
use crate::later::Later;

/// The marker of a request whose outcome is open; it holds IDs and a time.
const MARKER: &str = "dcd-token-manager.generation";
/// How long a page that is about to be left may take for that, in milliseconds.
const LEAVING: i32 = 10_000;
/// The lock that keeps tabs of one origin from asking at the same time.
const LOCK: &str = "dcd-token-manager.generate";

/// Why no token can be asked for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// A request is under way.
    Running,
    /// The list has not been read yet, so that nothing could be compared with it.
    NoList,
    /// The account holds as many tokens as it may.
    Limit,
    /// It is unknown what became of the last request.
    Unsettled,
}

impl App {
    /// Why no token can be asked for now; tracks what it depends on.
    pub fn obstacle(self) -> Option<Obstacle> {
        let limit = self.options.with(|options| options.token_limit);
        let (count, read) = self
            .list
            .with(|list| (list.rows.len(), list.read_at.is_some()));
        if self.generating.get() {
            Some(Obstacle::Running)
        } else if self.unsettled.get() {
            Some(Obstacle::Unsettled)
        } else if !read {
            Some(Obstacle::NoList)
        } else if count >= limit {
            Some(Obstacle::Limit)
        } else {
            None
        }
    }

    /// Somebody is about to ask for a token.
    pub fn expect_generate(self) {
        if untrack(|| self.obstacle().is_none()) {
            Lock::reserve(LOCK);
        }
    }

    /// Asks for a token with the chosen lifetime.
    pub fn generate(self) {
        self.start_generating(self.ttl.get_untracked(), None);
    }

    /// Asks for a token that lives as long as `token`, to replace it.
    pub fn rotate(self, token: Token) {
        let life = token.created.zip(token.expires);
        let ttl = life.and_then(|(created, expires)| Ttl::of_life(created, expires));
        self.close_dialog();
        self.start_generating(ttl.unwrap_or_default(), Some(token));
    }

    fn start_generating(self, ttl: Ttl, replaces: Option<Token>) {
        let ready = untrack(|| self.obstacle().is_none())
            && self
                .generation
                .with_untracked(|generation| generation.may_generate());
        if !ready {
            return;
        }
        // At once, so that a second click or key finds it running.
        self.generating.set(true);
        self.notice.set(None);
        self.finding.set(None);
        self.spawn(async move {
            match Lock::acquire(LOCK).await {
                Some(_lock) => self.generate_alone(ttl, replaces).await,
                None => self.tell(Notice::OtherTab),
            }
            self.generating.set(false);
        });
    }

    async fn generate_alone(self, ttl: Ttl, replaces: Option<Token>) {
        let marker = self
            .list
            .with_untracked(|list| Marker::new(timestamp(), &list.rows, self.contract()));
        let started = self
            .generation
            .try_update(|generation| generation.start(marker));
        if started != Some(true) {
            return;
        }
        self.keep_marker();
        let leaving = Rc::new(Cell::new(false));
        let watch = browser::on(Signal::BeforeLeaving, {
            let leaving = leaving.clone();
            move || leaving.set(true)
        });
        let result = self
            .with_session(|api| async move { api.generate(ttl).await })
            .await;
        drop(watch);
        if result.is_err() && leaving.get() {
            // Firefox ends a page's requests long before the page: what became of this one is told
            // by whoever comes back, and not by a page that nobody sees any more.
            browser::pause(LEAVING).await;
        }
        let answer = match result {
            Ok(minted) => {
                let expires = minted.claims.as_ref().and_then(|claims| claims.expires);
                self.emit(Event::Generated {
                    id: minted.id.clone(),
                    expires,
                });
                let answer = Answer::Value {
                    id: minted.id.clone(),
                };
                if let Some(id) = &minted.id {
                    self.tell_other_tabs(id);
                }
                self.learn_contract(&minted);
                let reveal = Reveal::new(minted, ttl, replaces);
                self.dialog.set(Dialog::Reveal(reveal));
                self.make_fingerprint();
                answer
            }
            Err(error) => {
                self.emit(Event::Failed { code: error.code() });
                let refused = error.is_refusal() || matches!(error, ApiError::TooMany { .. });
                self.tell(match refused {
                    true => Notice::GenerateRefused(error),
                    false => Notice::GenerateFailed(error),
                });
                match refused {
                    true => Answer::Refused,
                    false => Answer::Lost,
                }
            }
        };
        self.generation
            .update(|generation| generation.answered(answer));
        self.load().await;
    }

    /// Learns which contract is worked with, where nobody has said so yet.
    fn learn_contract(self, minted: &Minted) {
        let contract = minted.claims.as_ref().and_then(|claims| claims.contract);
        if contract.is_some() && self.contract().is_none() {
            self.session.update(|session| session.contract = contract);
            self.read_names();
            self.emit(Event::SessionChanged);
        }
    }

    /// Takes up a request whose outcome was open when the page was left, before a list is read;
    /// false if that can't be now.
    pub(super) async fn resume_generation(self) -> bool {
        let resumed = self.resumed.get_untracked() || Store::Tab.read(MARKER).is_none();
        let able = resumed || browser::make_complete().await;
        if able && !self.resumed.get_untracked() {
            self.resumed.set(true);
            if !resumed {
                (|()| self.take_up_marker()).run(());
            }
        }
        able
    }

    fn take_up_marker(self) {
        let marker = Store::Tab.read(MARKER);
        if let Some(marker) = marker.and_then(|text| Marker::decode(&text)) {
            self.generation
                .update(|generation| generation.resume(marker));
            self.note_open_outcome();
        }
    }

    /// Whether there is a request of which anything can still come. What made it was loaded later
    /// itself, as is all that deals with it.
    pub(super) fn has_generated(self) -> bool {
        self.generation
            .with_untracked(|generation| generation.marker().is_some())
    }

    /// Somebody else signs in. A request that was under way may have made a token: the next list
    /// tells.
    pub(super) fn start_over(self) {
        self.generation.update(|generation| {
            let marker = generation.marker().cloned();
            *generation = Generation::default();
            if let Some(marker) = marker {
                generation.resume(marker);
            }
        });
        self.note_open_outcome();
    }

    /// Gives up on a request that was made for another contract, since its lists can't be read.
    pub(super) fn drop_foreign_marker(self) {
        let ours = self.contract();
        self.generation.update(|generation| {
            let theirs = generation.marker().and_then(|marker| marker.contract());
            if theirs.is_some() && ours.is_some() && theirs != ours {
                generation.abandon();
            }
        });
        self.keep_marker();
    }

    /// Compares a list that was just read with the one before a request for a token.
    pub(super) fn compare(self, listing: Listing) {
        let outcome = self.list.with_untracked(|list| {
            let compared = self
                .generation
                .try_update(|generation| generation.listed(listing, &list.rows, timestamp()));
            compared.flatten()
        });
        self.settle(outcome);
    }

    /// Whether it is unknown what became of the last request for a token.
    pub(super) fn note_open_outcome(self) {
        let open = self
            .generation
            .with_untracked(|generation| generation.needs_list());
        self.unsettled.set(open);
    }

    /// Keeps or removes the marker of an open request, as the generation says.
    fn keep_marker(self) {
        let marker = self
            .generation
            .with_untracked(|generation| generation.marker().and_then(|marker| marker.encode()));
        match marker {
            // Where nothing can be kept, a reload does without.
            Some(text) => drop(Store::Tab.write(MARKER, &text)),
            None => Store::Tab.remove(MARKER),
        }
    }

    /// Says what became of a request for a token.
    fn settle(self, outcome: Option<Outcome>) {
        self.keep_marker();
        self.note_open_outcome();
        let found = |kind, tokens| self.finding.set(Some(Finding { kind, tokens }));
        let failure = self.notice.with_untracked(|notice| match notice {
            Some(Notice::GenerateFailed(error)) => Some(error.clone()),
            _ => None,
        });
        match outcome {
            None | Some(Outcome::Created { .. } | Outcome::Unknown) => {}
            Some(Outcome::NothingCreated) => {
                if let Some(error) = failure {
                    self.tell(Notice::NothingCreated(error));
                }
            }
            Some(Outcome::CreatedWithExtra { extra, .. }) => found(FindingKind::Extras, extra),
            Some(Outcome::AnsweredOld { extra }) if extra.is_empty() => {}
            Some(Outcome::AnsweredOld { extra: tokens } | Outcome::Orphaned { tokens }) => {
                if failure.is_some() {
                    self.notice.set(None);
                }
                found(FindingKind::Orphans, tokens);
            }
            Some(Outcome::Late { tokens }) => found(FindingKind::Late, tokens),
        }
    }
}
