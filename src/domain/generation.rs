//! What came of asking for a token.
//!
//! A token is made by a GET, which browsers and gateways may repeat or lose, and its value is shown once. So what the
//! answer says is never the whole truth: only the lists before and after the request tell which tokens it made. The
//! machine here holds one rule for each state, and the compiler and its tests hold them for good:
//!
//! - One decision is one request: [`Generation::start`] refuses while the outcome of the last one is open.
//! - Every answer, also a good one, stays open until a list that was begun after it has been read.
//! - Every token that appeared meanwhile is named in exactly one [`Outcome`].

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::{Timestamp, Token, TokenId, difference};

/// What is remembered of a request before it is sent, so that a reload does not lose it. It holds no secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Marker {
    started: Timestamp,
    contract: Option<u64>,
    before: BTreeSet<TokenId>,
    is_settled: bool,
}

impl Marker {
    /// How long after the request a token is still looked for that nobody answered.
    const WATCH: TimeDelta = TimeDelta::minutes(10);

    /// More than 10,000 tokens need; what is larger did not come from here.
    const MAX_ENCODED: usize = 1 << 20;

    /// A request that is about to be sent, given the list that was read last: without a list there is no telling
    /// afterwards what is new.
    pub fn new(started: Timestamp, listed: &[Token], contract: Option<u64>) -> Self {
        Self {
            started,
            contract,
            before: listed.iter().map(|token| token.id.clone()).collect(),
            is_settled: false,
        }
    }

    /// When the request was sent.
    pub fn started(&self) -> Timestamp {
        self.started
    }

    /// The contract it was sent for.
    pub fn contract(&self) -> Option<u64> {
        self.contract
    }

    /// The text to keep in the session's storage.
    pub fn encode(&self) -> Option<String> {
        let before: Vec<&str> = self.before.iter().map(TokenId::as_str).collect();
        let fields = (
            self.started.timestamp_millis(),
            self.contract,
            self.is_settled,
            before,
        );
        serde_json::to_string(&fields)
            .ok()
            .filter(|text| text.len() <= Self::MAX_ENCODED)
    }

    /// Reads back what [`Marker::encode`] wrote.
    pub fn decode(text: &str) -> Option<Self> {
        if text.len() > Self::MAX_ENCODED {
            return None;
        }
        let (started, contract, is_settled, before): (i64, _, _, Vec<String>) =
            serde_json::from_str(text).ok()?;
        Some(Self {
            started: Timestamp::from_timestamp_millis(started)?,
            contract,
            is_settled,
            before: before.into_iter().map(TokenId::from).collect(),
        })
    }

    /// Whether a list of this contract can be compared with the one before.
    fn is_comparable(&self, contract: Option<u64>) -> bool {
        match (self.contract, contract) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => true,
        }
    }

    /// Whether late tokens are still looked for. A clock that was put far back ends it too.
    fn is_watching(&self, now: Timestamp) -> bool {
        now.signed_duration_since(self.started).abs() <= Self::WATCH
    }
}

/// What came back for a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// A token's value.
    Value {
        /// The ID that the value itself names.
        id: Option<TokenId>,
    },
    /// The API said no (400, 401, 403, 404, 422, 429). Still not the whole truth: the browser may have asked twice,
    /// and the first one taken the account's last place.
    Refused,
    /// Anything else: no answer, a late one, an illegible one, a gateway's. The token may exist.
    Lost,
}

/// What to tell the user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The answered token is the only new one.
    Created {
        /// Its row; `None` if the list does not show it, say because it has been deleted meanwhile.
        token: Option<Token>,
    },
    /// Besides the answered token others appeared: the browser asked twice, or somebody else made them.
    CreatedWithExtra {
        /// The row of the answered token; `None` if the list does not show it or the value does not name its ID, so
        /// that it is one of the others.
        token: Option<Token>,
        /// The others.
        extra: Vec<Token>,
    },
    /// The answered value is that of a token that was there before: something answered from a cache.
    AnsweredOld {
        /// Tokens that appeared meanwhile, of which nobody saw the value.
        extra: Vec<Token>,
    },
    /// Nothing new is there.
    NothingCreated,
    /// Tokens were created, but their values are lost.
    Orphaned {
        /// Those tokens.
        tokens: Vec<Token>,
    },
    /// The list could not be read, so nobody knows yet; no further token can be made until it is.
    Unknown,
    /// Tokens appeared some time after it had seemed that nothing (more) was created.
    Late {
        /// Those tokens.
        tokens: Vec<Token>,
    },
}

/// The state that a list was asked for in; take one before each list and give it back with what came.
///
/// A list that was asked for before the answer was there says nothing about the answer, however late it comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Listing {
    epoch: u32,
    contract: Option<u64>,
}

/// The course of asking for tokens, one after the other.
#[derive(Debug, Default)]
pub struct Generation {
    phase: Phase,
    /// The last request that was lost, whose token may still turn up.
    watch: Option<Marker>,
    epoch: u32,
}

#[derive(Debug, Default)]
enum Phase {
    #[default]
    Idle,
    Requested(Marker),
    Answered(Marker, Answer),
}

impl Generation {
    /// Whether a token may be asked for: nothing is under way and nothing is unknown.
    pub fn may_generate(&self) -> bool {
        matches!(self.phase, Phase::Idle)
    }

    /// Whether a request is under way.
    pub fn is_requested(&self) -> bool {
        matches!(self.phase, Phase::Requested(_))
    }

    /// Whether a list has to be read before it is known what became of the request.
    pub fn needs_list(&self) -> bool {
        matches!(self.phase, Phase::Answered(..))
    }

    /// What has to survive a reload now; keep it in the session's storage, or remove it from there if it is `None`.
    pub fn marker(&self) -> Option<&Marker> {
        match &self.phase {
            Phase::Idle => self.watch.as_ref(),
            Phase::Requested(marker) | Phase::Answered(marker, _) => Some(marker),
        }
    }

    /// A request is about to be sent. It must not be if the answer is `false`.
    #[must_use]
    pub fn start(&mut self, marker: Marker) -> bool {
        let may_generate = self.may_generate();
        if may_generate {
            self.enter(Phase::Requested(marker));
        }
        may_generate
    }

    /// The answer to the request came; a list has to be read now. Only the first answer counts: after a time-out the
    /// value of a late one is gone.
    pub fn answered(&mut self, answer: Answer) {
        match std::mem::take(&mut self.phase) {
            Phase::Requested(marker) => self.enter(Phase::Answered(marker, answer)),
            phase => self.phase = phase,
        }
    }

    /// The page was loaded again and found this marker: whatever the answer was, it is lost.
    pub fn resume(&mut self, marker: Marker) {
        if !self.may_generate() {
            return;
        }
        if marker.is_settled {
            self.watch = Some(marker);
        } else {
            self.enter(Phase::Answered(marker, Answer::Lost));
        }
    }

    /// Gives up on what is open, because somebody else signs in, whose lists can't be compared.
    pub fn abandon(&mut self) {
        self.watch = None;
        self.enter(Phase::Idle);
    }

    /// A list is about to be asked for, of this contract.
    pub fn listing(&self, contract: Option<u64>) -> Listing {
        Listing {
            epoch: self.epoch,
            contract,
        }
    }

    /// A list was read; every one has to be handed over, whatever it was read for. Tells what it reveals, if anything.
    pub fn listed(
        &mut self,
        listing: Listing,
        tokens: &[Token],
        now: Timestamp,
    ) -> Option<Outcome> {
        match std::mem::take(&mut self.phase) {
            Phase::Idle => self.late(listing, tokens, now),
            Phase::Answered(marker, answer)
                if listing.epoch == self.epoch && marker.is_comparable(listing.contract) =>
            {
                Some(self.settle(marker, answer, tokens))
            }
            phase => {
                self.phase = phase;
                None
            }
        }
    }

    /// A list could not be read. Tells what follows from that, if anything.
    pub fn list_failed(&self, listing: Listing) -> Option<Outcome> {
        (self.needs_list() && listing.epoch == self.epoch).then_some(Outcome::Unknown)
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.epoch = self.epoch.wrapping_add(1);
    }

    fn settle(&mut self, mut marker: Marker, answer: Answer, tokens: &[Token]) -> Outcome {
        self.enter(Phase::Idle);
        let new = difference(&marker.before, tokens);

        let named = match &answer {
            Answer::Value { id } => id.clone(),
            Answer::Refused | Answer::Lost => None,
        };
        let shown = || {
            tokens
                .iter()
                .map(|token| token.id.clone())
                .chain(named.clone())
        };
        if let Some(watch) = &mut self.watch {
            watch.before.extend(shown());
        }

        match answer {
            Answer::Value { id: Some(id) } if marker.before.contains(&id) => {
                Outcome::AnsweredOld { extra: new }
            }
            Answer::Value { id: Some(id) } => {
                let (mut own, extra): (Vec<_>, Vec<_>) =
                    new.into_iter().partition(|token| token.id == id);
                created(own.pop(), extra)
            }
            Answer::Value { id: None } => match <[Token; 1]>::try_from(new) {
                Ok([token]) => created(Some(token), Vec::new()),
                Err(new) => created(None, new),
            },
            Answer::Refused => lost(new),
            Answer::Lost => {
                marker.before.extend(shown());
                marker.is_settled = true;
                self.watch = Some(marker);
                lost(new)
            }
        }
    }

    fn late(&mut self, listing: Listing, tokens: &[Token], now: Timestamp) -> Option<Outcome> {
        self.watch.take_if(|watch| !watch.is_watching(now));
        let watch = self.watch.as_mut()?;
        if !watch.is_comparable(listing.contract) {
            return None;
        }
        let tokens = difference(&watch.before, tokens);
        watch
            .before
            .extend(tokens.iter().map(|token| token.id.clone()));
        (!tokens.is_empty()).then_some(Outcome::Late { tokens })
    }
}

fn created(token: Option<Token>, extra: Vec<Token>) -> Outcome {
    if extra.is_empty() {
        Outcome::Created { token }
    } else {
        Outcome::CreatedWithExtra { token, extra }
    }
}

fn lost(tokens: Vec<Token>) -> Outcome {
    if tokens.is_empty() {
        Outcome::NothingCreated
    } else {
        Outcome::Orphaned { tokens }
    }
}
