//! Reading the list, which also settles what became of a request for a token.

use super::{App, Event, Finding, FindingKind, Notice, Phase, timestamp};
use crate::api::ApiError;
use crate::browser::Store;
use crate::domain::{Listing, Outcome, Timestamp, Token, TokenId};

/// The marker of a request whose outcome is open; it holds IDs and a time.
pub(super) const MARKER: &str = "dcd-token-manager.generation";

/// The tokens as they were read last.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The tokens, in the API's order.
    pub rows: Vec<Token>,
    /// When they were read; none before the first time.
    pub read_at: Option<Timestamp>,
    /// Why the last one failed; the rows are old then.
    pub error: Option<ApiError>,
}

/// The order in which lists were asked for, so that an older answer never replaces a newer one.
#[derive(Clone, Copy, Default)]
pub(super) struct Order {
    asked: u32,
    shown: u32,
}

/// A request for the list that is under way.
pub(super) struct ListRequest {
    place: u32,
    listing: Listing,
}

impl App {
    /// Reads the list again, after asking for a credential where that is needed.
    pub fn refresh(self) {
        if self.phase.get_untracked() == Phase::SignedIn {
            self.spawn(async move { self.load().await });
        } else {
            self.sign_in_by_host();
        }
    }

    /// Reads the list, unless only signing in again would help.
    pub(super) async fn load(self) {
        if self.phase.get_untracked() == Phase::Ended {
            return;
        }
        let request = self.ask_for_list();
        let result = self
            .with_session(|api| async move { api.list().await })
            .await;
        self.take_list(request, result);
    }

    /// Takes what came of a request for the list, unless a newer one was quicker.
    pub(super) fn take_list(self, request: ListRequest, result: Result<Vec<Token>, ApiError>) {
        self.loading
            .update(|loading| *loading = loading.saturating_sub(1));
        if !self.is_newest(&request) {
            return;
        }
        match result {
            Ok(rows) => {
                let outcome = self.generation.try_update(|generation| {
                    generation.listed(request.listing, &rows, timestamp())
                });
                self.show_list(rows);
                self.settle(outcome.flatten());
            }
            Err(error) => {
                self.note_open_outcome();
                self.emit(Event::Failed { code: error.code() });
                self.list.update(|list| list.error = Some(error));
            }
        }
    }

    /// Whether it is unknown what became of the last request for a token.
    pub(super) fn note_open_outcome(self) {
        let open = self
            .generation
            .with_untracked(|generation| generation.needs_list());
        self.unsettled.set(open);
    }

    /// Shows a list that was just read.
    pub(super) fn show_list(self, rows: Vec<Token>) {
        self.list.update(|list| {
            list.rows = rows;
            list.read_at = Some(timestamp());
            list.error = None;
        });
        self.tell_time();
        self.clean_names();
        self.selected.maybe_update(|selected| {
            let before = selected.len();
            self.list.with_untracked(|list| {
                selected.retain(|id| list.rows.iter().any(|row| row.id == *id));
            });
            selected.len() != before
        });
        // Nothing is said any longer about tokens that are gone.
        self.finding.maybe_update(|finding| {
            let before = finding.as_ref().map(|finding| finding.tokens.len());
            if let Some(found) = finding {
                self.list.with_untracked(|list| {
                    found
                        .tokens
                        .retain(|token| list.rows.iter().any(|row| row.id == token.id));
                });
                if found.tokens.is_empty() {
                    *finding = None;
                }
            }
            before != finding.as_ref().map(|finding| finding.tokens.len())
        });
    }

    pub(super) fn ask_for_list(self) -> ListRequest {
        self.loading.update(|loading| *loading += 1);
        let place = self.lists.try_update(|order| {
            order.asked += 1;
            order.asked
        });
        ListRequest {
            place: place.unwrap_or_default(),
            listing: self
                .generation
                .with_untracked(|generation| generation.listing(self.contract())),
        }
    }

    fn is_newest(self, request: &ListRequest) -> bool {
        let newest = self.lists.try_update(|order| {
            let newest = request.place > order.shown;
            order.shown = order.shown.max(request.place);
            newest
        });
        newest.unwrap_or(false)
    }

    /// Keeps or removes the marker of an open request, as the generation says.
    pub(super) fn keep_marker(self) {
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

    /// Takes tokens out of the shown list, before the API is asked again.
    pub(super) fn forget_rows(self, ids: &[TokenId]) {
        self.list
            .update(|list| list.rows.retain(|row| !ids.contains(&row.id)));
        self.finding.update(|finding| {
            if let Some(found) = finding {
                found.tokens.retain(|token| !ids.contains(&token.id));
                if found.tokens.is_empty() {
                    *finding = None;
                }
            }
        });
        self.selected
            .update(|selected| selected.retain(|id| !ids.contains(id)));
    }
}
