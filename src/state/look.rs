//! What of the list is shown, what this browser remembers of it, and what other tabs hear.

use super::{App, timestamp};
use crate::browser::{self, Channel, Signal, Store};
use crate::domain::{
    Direction, SortKey, Status, Timestamp, Token, TokenId, Ttl, View, decimal, sort,
};
use crate::later::Later;

/// The line to other tabs; it carries IDs and nothing else.
const CHANNEL: &str = "dcd-token-manager.changes";
/// The lifetime that was chosen last, in seconds.
const TTL: &str = "dcd-token-manager.ttl";
/// How many of the next expiries are shown.
const NEXT: usize = 5;

/// The lifetime that was chosen last in this browser.
pub(super) fn remembered_ttl() -> Ttl {
    let kept = Store::Device.read(TTL);
    kept.and_then(|text| Ttl::read(&text)).unwrap_or_default()
}

impl App {
    /// Chooses how long the next token is to be valid.
    pub fn choose_ttl(self, ttl: Ttl) {
        self.ttl.set(ttl);
        // Where nothing can be kept, the next visit starts with the first one.
        Store::Device.write(TTL, &decimal(ttl.seconds()));
    }

    /// The rows to show, in their order; tracks what they depend on.
    pub fn rows(self) -> Vec<Token> {
        let view = self.view.get();
        // Only a filter or an order by status changes as time passes.
        let now = match view.status.is_some() || view.sort == SortKey::Status {
            true => self.now.get(),
            false => self.now.get_untracked(),
        };
        if view.search.is_empty() && view.status.is_none() {
            let mut rows = self.list.with(|list| list.rows.clone());
            sort(&mut rows, view.sort, view.direction, now);
            return rows;
        }
        // Whatever has asked for less was loaded later itself.
        (|()| {
            self.names.with(|names| {
                let name = |id: &TokenId| names.get(id).map(|name| name.label.as_str());
                self.list.with(|list| view.rows(&list.rows, &name, now))
            })
        })
        .run(())
    }

    /// The tokens that expire next, the first one first; tracks what they depend on.
    pub fn next_expiries(self) -> Vec<Token> {
        let now = self.now.get();
        self.list.with(|list| {
            let mut next: Vec<&Token> = Vec::new();
            for token in list.rows.iter().filter(|token| token.is_live(now)) {
                let place = next.partition_point(|other| other.expires <= token.expires);
                if place < NEXT {
                    next.truncate(NEXT - 1);
                    next.insert(place, token);
                }
            }
            next.into_iter().cloned().collect()
        })
    }

    /// All tokens that have not expired, the first to expire first; tracks what they depend on.
    pub fn live_tokens(self) -> Vec<Token> {
        let now = self.now.get();
        let mut live = self.list.with(|list| list.rows.clone());
        live.retain(|token| token.is_live(now));
        sort(&mut live, SortKey::Expires, Direction::Ascending, now);
        live
    }

    /// Sorts by a column, or the other way round if that is done already.
    pub fn sort_by(self, key: SortKey) {
        self.change_view(|view| {
            view.direction = match view.sort == key {
                true => view.direction.reversed(),
                false => View::default().direction,
            };
            view.sort = key;
        });
    }

    /// Shows the tokens of one status, or all.
    pub fn filter_by(self, status: Option<Status>) {
        self.change_view(|view| view.status = status);
    }

    /// Shows the tokens whose ID or name holds `text`.
    pub fn search(self, text: String) {
        self.change_view(|view| view.search = text);
    }

    /// Shows one token alone.
    pub fn show_only(self, id: &TokenId) {
        self.close_dialog();
        self.change_view(|view| {
            view.status = None;
            view.search = id.as_str().to_owned();
        });
    }

    /// Shows times in UTC, or in the device's zone.
    pub fn show_utc(self, utc: bool) {
        self.utc.set(utc);
        self.change_view(|view| view.utc = utc);
    }

    fn change_view(self, change: impl FnOnce(&mut View)) {
        self.view.update(change);
        if self.options.with_untracked(|options| options.route) {
            browser::replace_hash(&self.view.with_untracked(View::encode));
        }
    }

    /// Takes what the page's URL says whenever it changes.
    pub(super) fn follow_route(self) {
        self.keep(browser::on(Signal::HashChange, move || {
            self.when_complete(Box::new(move |()| self.take_route()));
        }));
    }

    /// Takes what the page's URL says, if that keeps what of the list is shown.
    pub(super) fn take_route(self) {
        if !self.options.with_untracked(|options| options.route) {
            return;
        }
        let view = View::decode(&browser::hash());
        self.utc.set(view.utc);
        self.view.set(view);
    }

    /// Listens to other tabs: what they have changed is read again.
    pub(super) fn follow_other_tabs(self) {
        let channel = Channel::open(CHANNEL, move || self.look_again());
        self.channel.set(channel);
    }

    /// Moves the time on as soon as that shows: texts change by the minute, and a status when its
    /// token expires.
    pub(super) fn tell_time(self) {
        let (before, now) = (self.now.get_untracked(), timestamp());
        let minute = |time: Timestamp| time.timestamp().div_euclid(60);
        let has_expired = |token: &Token| {
            let expires = token.expires;
            expires.is_some_and(|expires| before < expires && expires <= now)
        };
        let shows = minute(before) != minute(now)
            || self
                .list
                .with_untracked(|list| list.rows.iter().any(has_expired));
        if shows {
            self.now.set(now);
        }
    }

    /// Tells other tabs that a token is new or gone.
    pub(super) fn tell_other_tabs(self, id: &TokenId) {
        self.channel.with_untracked(|channel| {
            if let Some(channel) = channel {
                channel.tell(id.as_ref());
            }
        });
    }

    /// Whether a token is checked; tracks that.
    pub fn is_selected(self, id: &TokenId) -> bool {
        self.selected.with(|selected| selected.contains(id))
    }

    /// Checks tokens for a common action, or no longer.
    pub fn select<'a>(self, ids: impl IntoIterator<Item = &'a TokenId>, chosen: bool) {
        self.selected.update(|selected| {
            for id in ids {
                match chosen {
                    true => drop(selected.insert(id.clone())),
                    false => drop(selected.remove(id)),
                }
            }
        });
    }
}
