//! The model of generating: a made-up server, and a page of which everything may fail, in 10,000
//! random sequences.
//!
//! The model knows what the page can't: which request made which token, and when.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::Index;

use token_manager::domain::{
    Answer, Generation, Listing, Marker, Outcome, Timestamp, Token, TokenId,
};

const CONTRACT: Option<u64> = Some(31_884_391);
/// How long the page promises to look for late tokens.
const WATCH: TimeDelta = TimeDelta::minutes(10);

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// The user wants a token.
    Generate,
    /// The server makes a token for the request under way, and again if the browser repeats it.
    /// Without one under way it catches up with the last one that was lost.
    Mint,
    /// The request gets its answer.
    Answer(Reply),
    /// A list is asked for; the server answers at once, but the answer takes its time.
    AskForList,
    /// One of the lists asked for arrives, or fails.
    ListArrives(Index, bool),
    /// The user deletes a token that is shown.
    Delete(Index),
    /// Another session makes a token.
    OtherSession,
    /// Time goes by, in seconds.
    Wait(i64),
    /// The clock of this machine is set.
    ClockJump(i64),
    /// The page is loaded again.
    Reload,
}

#[derive(Clone, Debug)]
enum Reply {
    Value,
    ValueWithoutId,
    /// The value of a token that was shown before, from a cache.
    OldValue,
    Refused,
    Lost,
}

fn step() -> impl Strategy<Value = Step> {
    let reply = prop_oneof![
        3 => Just(Reply::Value),
        1 => Just(Reply::ValueWithoutId),
        1 => Just(Reply::OldValue),
        1 => Just(Reply::Refused),
        4 => Just(Reply::Lost),
    ];
    prop_oneof![
        4 => Just(Step::Generate),
        4 => Just(Step::Mint),
        4 => reply.prop_map(Step::Answer),
        5 => Just(Step::AskForList),
        6 => (any::<Index>(), prop::bool::weighted(0.8))
            .prop_map(|(which, arrives)| Step::ListArrives(which, arrives)),
        1 => any::<Index>().prop_map(Step::Delete),
        1 => Just(Step::OtherSession),
        2 => (0..400_i64).prop_map(Step::Wait),
        1 => (-100_000_000..100_000_000_i64).prop_map(Step::ClockJump),
        1 => Just(Step::Reload),
    ]
}

/// A request for a token, as the model sees it.
#[derive(Clone)]
struct Request {
    started: Timestamp,
    /// A token that was there before.
    old: Option<TokenId>,
    /// The clock was set since.
    clock_jumped: bool,
    /// The tokens it has made so far.
    minted: Vec<TokenId>,
}

/// A token whose value nobody saw.
#[derive(Clone, Copy)]
struct Hidden {
    /// Its request had been given up before it was made: which one.
    late: Option<usize>,
}

/// A list on its way.
struct Pending {
    place: usize,
    listing: Listing,
    tokens: Vec<Token>,
    /// The request that had been answered when it was asked for, and whose outcome was open then.
    tells_of: Option<u32>,
}

#[derive(Default)]
struct Model {
    clock: Timestamp,
    made: u32,
    /// The tokens that exist.
    server: Vec<Token>,

    page: Generation,
    /// The session's storage.
    stored: Option<String>,
    /// The list as it is shown; `None` until one was read.
    shown: Option<Vec<Token>>,
    lists: Vec<Pending>,
    asked: usize,
    newest: usize,

    in_flight: Option<Request>,
    sent: u32,
    /// The request after whose answer no list has been read.
    open: Option<u32>,
    lost: Vec<Request>,
    /// Tokens of this page that it has not told the user about.
    hidden: BTreeMap<TokenId, Hidden>,
    /// Everything that was told about, and the values that were shown.
    told: Vec<TokenId>,
}

impl Model {
    fn mint(&mut self) -> TokenId {
        self.made += 1;
        let id = TokenId::from(self.made.to_string());
        self.server.push(Token {
            id: id.clone(),
            // The server's clock is another one.
            created: Some(Timestamp::UNIX_EPOCH),
            expires: None,
        });
        id
    }

    fn run(&mut self, step: Step) {
        match step {
            Step::Generate => self.generate(),
            Step::Mint => self.mint_for_request(),
            Step::Answer(reply) => self.answer(reply),
            Step::AskForList => self.ask_for_list(),
            Step::ListArrives(which, arrives) => {
                if !self.lists.is_empty() {
                    let list = self.lists.remove(which.index(self.lists.len()));
                    self.list_arrives(list, arrives);
                }
            }
            Step::Delete(which) => self.delete(which),
            Step::OtherSession => drop(self.mint()),
            Step::Wait(seconds) => self.clock = self.clock + TimeDelta::seconds(seconds),
            Step::ClockJump(seconds) => {
                self.clock = self.clock + TimeDelta::seconds(seconds);
                for request in self.lost.iter_mut().chain(&mut self.in_flight) {
                    request.clock_jumped = true;
                }
            }
            Step::Reload => self.reload(),
        }
        self.stored = self.page.marker().map(|marker| marker.encode().unwrap());
        assert_eq!(
            self.page.may_generate(),
            self.open.is_none(),
            "Generate is enabled if and only if no outcome is open"
        );
    }

    fn generate(&mut self) {
        // Without a list there is no marker, and without a marker no request.
        let Some(shown) = &self.shown else { return };
        let marker = Marker::new(self.clock, shown, CONTRACT);
        let may_send = self.page.start(marker);
        assert_eq!(
            may_send,
            self.open.is_none(),
            "one decision is one request, and none while an outcome is open"
        );
        if may_send {
            self.sent += 1;
            self.open = Some(self.sent);
            self.in_flight = Some(Request {
                started: self.clock,
                old: shown.first().map(|token| token.id.clone()),
                clock_jumped: false,
                minted: Vec::new(),
            });
        }
    }

    fn mint_for_request(&mut self) {
        if self.in_flight.is_none() && self.lost.is_empty() {
            return;
        }
        let id = self.mint();
        let late = match &mut self.in_flight {
            Some(request) => {
                request.minted.push(id.clone());
                None
            }
            None => self.lost.len().checked_sub(1),
        };
        self.hidden.insert(id, Hidden { late });
    }

    fn answer(&mut self, reply: Reply) {
        let Some(request) = &self.in_flight else {
            // The page gave up on the request before this answer came.
            self.page.answered(Answer::Refused);
            return;
        };
        if matches!(reply, Reply::Value | Reply::ValueWithoutId) && request.minted.is_empty() {
            self.mint_for_request();
        }
        let Some(request) = self.in_flight.take() else {
            return;
        };
        let answered = request.minted.last().cloned();
        let answer = match reply {
            Reply::Value => Answer::Value {
                id: answered.inspect(|id| self.reveal(id)),
            },
            Reply::ValueWithoutId => {
                // The user sees the value, but nobody knows which token it is.
                Answer::Value { id: None }
            }
            Reply::OldValue => Answer::Value {
                id: request.old.clone(),
            },
            Reply::Refused => Answer::Refused,
            Reply::Lost => Answer::Lost,
        };
        if answer == Answer::Lost {
            self.lost.push(request);
        }
        self.page.answered(answer);
    }

    fn reveal(&mut self, id: &TokenId) {
        self.hidden.remove(id);
        self.told.push(id.clone());
    }

    fn ask_for_list(&mut self) {
        self.asked += 1;
        self.lists.push(Pending {
            place: self.asked,
            listing: self.page.listing(CONTRACT),
            tokens: self.server.clone(),
            tells_of: self.open.filter(|_| self.in_flight.is_none()),
        });
    }

    fn list_arrives(&mut self, list: Pending, arrives: bool) {
        // An older list never replaces a newer one.
        if list.place < self.newest {
            return;
        }
        self.newest = list.place;
        let is_awaited = list.tells_of.is_some() && list.tells_of == self.open;
        if !arrives {
            let outcome = self.page.list_failed(list.listing);
            assert_eq!(outcome, is_awaited.then_some(Outcome::Unknown));
            return;
        }
        let outcome = self.page.listed(list.listing, &list.tokens, self.clock);
        if is_awaited {
            assert!(outcome.is_some(), "a list after the answer settles it");
            self.open = None;
        }
        self.tell(outcome);
        self.shown = Some(list.tokens.clone());
        if self.open.is_none() {
            self.check_that_nothing_is_hidden(&list.tokens);
        }
    }

    fn tell(&mut self, outcome: Option<Outcome>) {
        let named = match outcome {
            None | Some(Outcome::NothingCreated) => Vec::new(),
            Some(Outcome::Unknown) => panic!("a list that was read leaves nothing unknown"),
            Some(Outcome::Created { token }) => {
                // Its value is on the screen, and now its ID is known too.
                if let Some(token) = token {
                    self.hidden.remove(&token.id);
                }
                Vec::new()
            }
            Some(Outcome::CreatedWithExtra { extra, .. } | Outcome::AnsweredOld { extra }) => extra,
            Some(Outcome::Orphaned { tokens } | Outcome::Late { tokens }) => {
                assert!(!tokens.is_empty());
                tokens
            }
        };
        for token in named {
            assert!(
                !self.told.contains(&token.id),
                "token {} was told about before",
                token.id
            );
            self.reveal(&token.id);
        }
    }

    fn check_that_nothing_is_hidden(&self, listed: &[Token]) {
        for (id, hidden) in &self.hidden {
            let is_listed = listed.iter().any(|token| token.id == *id);
            let is_beyond_promise = hidden.late.is_some_and(|request| {
                let request = &self.lost[request];
                request.clock_jumped
                    || self.clock.millis_since(request.started) > WATCH.num_milliseconds()
            });
            assert!(
                !is_listed || is_beyond_promise,
                "token {id} was made here, is listed, and the user was not told"
            );
        }
    }

    fn delete(&mut self, which: Index) {
        let Some(shown) = self.shown.as_mut().filter(|shown| !shown.is_empty()) else {
            return;
        };
        let token = shown.remove(which.index(shown.len()));
        self.server.retain(|other| other.id != token.id);
        self.hidden.remove(&token.id);
        // Lists that are on their way may still show it, as a list of the real server may.
    }

    fn reload(&mut self) {
        self.page = Generation::default();
        self.shown = None;
        self.lists.clear();
        self.lost.extend(self.in_flight.take());
        let marker = self.stored.as_deref().and_then(Marker::decode);
        if let Some(marker) = marker {
            self.page.resume(marker);
        }
    }

    /// Everything comes to rest, and then one more list is read.
    fn come_to_rest(&mut self) {
        self.run(Step::Answer(Reply::Lost));
        self.run(Step::AskForList);
        let list = self.lists.pop().unwrap();
        self.list_arrives(list, true);
        assert!(self.page.may_generate(), "a good list ends all doubt");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_token_is_doubled_or_lost_unnoticed(steps in prop::collection::vec(step(), 1..50)) {
        let mut model = Model::default();
        model.come_to_rest();
        for step in steps {
            model.run(step);
        }
        model.come_to_rest();
    }
}
