//! Reading the list, which also settles what became of a request for a token.

use super::{App, Event, Phase, timestamp};
use crate::api::ApiError;
use crate::browser;
use crate::domain::{Listing, Timestamp, Token, TokenId};
use crate::later::Later;

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
        if self.phase.get_untracked() != Phase::SignedIn {
            return self.sign_in_by_host();
        }
        self.spawn(async move {
            match browser::make_complete().await {
                true => (|()| self.spawn(async move { self.load().await })).run(()),
                false => self
                    .list
                    .update(|list| list.error = Some(ApiError::Network)),
            }
        });
    }

    /// Reads the list, unless only signing in again would help.
    pub(super) async fn load(self) {
        if self.phase.get_untracked() == Phase::Ended {
            return;
        }
        let resumed = self.resume_generation().await;
        let request = self.ask_for_list();
        let result = match resumed {
            true => {
                self.with_session(|api| async move { api.list().await })
                    .await
            }
            false => Err(ApiError::Network),
        };
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
                self.show_list(rows);
                if self.has_generated() {
                    (|listing| self.compare(listing)).run(request.listing);
                }
            }
            Err(error) => {
                self.note_open_outcome();
                self.emit(Event::Failed { code: error.code() });
                self.list.update(|list| list.error = Some(error));
            }
        }
    }

    /// Shows a list that was just read.
    pub(super) fn show_list(self, rows: Vec<Token>) {
        self.list.update(|list| {
            list.rows = rows;
            list.read_at = Some(timestamp());
            list.error = None;
        });
        self.tell_time();
        // What there is of these was made by what is loaded later.
        let known = self.names.with_untracked(|names| !names.is_empty())
            || self
                .selected
                .with_untracked(|selected| !selected.is_empty())
            || self.finding.with_untracked(Option::is_some);
        if known {
            (|()| self.forget_gone()).run(());
        }
    }

    /// Forgets what was known of tokens that are gone.
    fn forget_gone(self) {
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
