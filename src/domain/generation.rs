//! What came of asking for a token.
//!
//! A token is made by a GET, which browsers and gateways may repeat or lose, and its value is
//! shown once. So what the answer says is never the whole truth: only the lists before and after
//! the request tell which tokens it made. [`Generation`] holds three rules:
//!
//! - One decision is one request: [`Generation::start`] refuses while the outcome of the last one
//!   is open.
//! - Every answer, also a good one, leaves the outcome open until a list that was asked for after
//!   it has been read.
//! - Every token that appeared meanwhile is named in exactly one [`Outcome`].

use super::json::{quoted, read_array};
use super::{IdSet, Timestamp, Token, TokenId, difference};

/// What is remembered of a request before it is sent, so that a reload does not lose it. It holds
/// no secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Marker {
    started: Timestamp,
    contract: Option<u64>,
    before: IdSet,
    /// When the last request was sent, this one or one before it, whose answer was lost.
    lost: Option<Timestamp>,
    stage: Stage,
}

/// How far a request has got.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Stage {
    /// It was sent, or is about to be.
    Requested,
    /// Something came back, and no list was read since.
    Answered(Answer),
    /// Its outcome was told; what was lost may still turn up.
    Settled,
}

impl Marker {
    /// How long after a request that was lost its token is still looked for, in milliseconds.
    const WATCH: i64 = 10 * 60_000;

    /// More than 10,000 tokens need; what is larger did not come from here.
    const MAX_ENCODED: usize = 1 << 20;

    /// A request that is about to be sent, given the list that was read last: without a list there
    /// is no telling afterwards what is new.
    pub fn new(started: Timestamp, listed: &[Token], contract: Option<u64>) -> Self {
        Self {
            started,
            contract,
            before: listed.iter().map(|token| token.id.clone()).collect(),
            lost: None,
            stage: Stage::Requested,
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

    /// The text to keep in the session's storage; `None` in the odd case that it would be too
    /// long.
    pub fn encode(&self) -> Option<String> {
        let (stage, id) = match &self.stage {
            Stage::Requested => ("requested", None),
            Stage::Answered(Answer::Value { id }) => ("value", id.as_ref()),
            Stage::Answered(Answer::Refused) => ("refused", None),
            Stage::Answered(Answer::Lost) => ("lost", None),
            Stage::Settled => ("settled", None),
        };
        let lost = self.lost.map(|lost| lost.timestamp_millis().to_string());
        let before = self.before.iter().map(|id| quoted(id.as_str()));
        let fields = [
            self.started.timestamp_millis().to_string(),
            or_null(self.contract.map(|contract| contract.to_string())),
            or_null(lost),
            quoted(stage),
            or_null(id.map(|id| quoted(id.as_str()))),
            list(&before.collect::<Vec<_>>()),
        ];
        Some(list(&fields)).filter(|text| text.len() <= Self::MAX_ENCODED)
    }

    /// Reads back what [`Marker::encode`] wrote.
    pub fn decode(text: &str) -> Option<Self> {
        if text.len() > Self::MAX_ENCODED {
            return None;
        }
        let (mut started, mut contract, mut lost) = (None, None, None);
        let (mut stage, mut id, mut before) = (None, None, Vec::new());
        let mut place = 0;
        let is_array = read_array(text.as_bytes(), &mut |value| {
            match place {
                0 => started = value.integer(),
                1 => contract = value.natural(),
                2 => lost = value.integer(),
                3 => stage = value.string(),
                4 => id = value.string().map(TokenId::from),
                _ => drop(value.array(&mut |id| before.extend(id.string().map(TokenId::from)))),
            }
            place += 1;
        });
        if !is_array {
            return None;
        }
        let marker = Self {
            started: Timestamp::from_timestamp_millis(started?)?,
            contract,
            before: before.into_iter().collect(),
            lost: lost.and_then(Timestamp::from_timestamp_millis),
            stage: match stage?.as_str() {
                "requested" => Stage::Requested,
                "value" => Stage::Answered(Answer::Value { id }),
                "refused" => Stage::Answered(Answer::Refused),
                "lost" => Stage::Answered(Answer::Lost),
                "settled" => Stage::Settled,
                _ => return None,
            },
        };
        // What is written in any other way was not written here.
        Some(marker).filter(|marker| marker.encode().as_deref() == Some(text))
    }

    /// Whether only a list is missing.
    fn is_answered(&self) -> bool {
        matches!(self.stage, Stage::Answered(_))
    }

    /// Whether a list of this contract can be compared with the one before.
    fn is_comparable(&self, contract: Option<u64>) -> bool {
        match (self.contract, contract) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => true,
        }
    }

    /// Whether late tokens are still looked for. A clock that was put far back ends it too.
    fn is_watched(&self, now: Timestamp) -> bool {
        self.lost
            .is_some_and(|lost| now.millis_since(lost).abs() <= Self::WATCH)
    }

    /// What became of the request, given a list that was read after its answer.
    fn settle(&mut self, answer: Answer, tokens: &[Token]) -> Outcome {
        self.stage = Stage::Settled;
        let new = self.news(tokens);
        match answer {
            Answer::Value { id: Some(id) } => {
                let (mut own, extra): (Vec<_>, Vec<_>) =
                    new.into_iter().partition(|token| token.id == id);
                if own.is_empty() && !self.before.insert(id) {
                    return Outcome::AnsweredOld { extra };
                }
                created(own.pop(), extra)
            }
            Answer::Value { id: None } => match <[Token; 1]>::try_from(new) {
                Ok([token]) => created(Some(token), Vec::new()),
                Err(new) => created(None, new),
            },
            Answer::Refused | Answer::Lost if new.is_empty() => Outcome::NothingCreated,
            Answer::Refused | Answer::Lost => Outcome::Orphaned { tokens: new },
        }
    }

    /// What was lost and has turned up.
    fn late(&mut self, tokens: &[Token]) -> Option<Outcome> {
        let tokens = self.news(tokens);
        (!tokens.is_empty()).then_some(Outcome::Late { tokens })
    }

    /// The tokens that are new; the next time they are not.
    fn news(&mut self, tokens: &[Token]) -> Vec<Token> {
        let new = difference(&self.before, tokens);
        self.before.extend(new.iter().map(|token| token.id.clone()));
        new
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
    /// The API said no (400, 401, 403, 404, 422, 429). Still not the whole truth: the browser may
    /// have asked twice, and the first one taken the account's last place.
    Refused,
    /// Anything else: no answer, a late one, an illegible one, a gateway's. The token may exist.
    Lost,
}

/// What to tell the user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The answered token is the only new one.
    Created {
        /// Its row; `None` if the list does not show it, say because it has been deleted
        /// meanwhile.
        token: Option<Token>,
    },
    /// Besides the answered token others appeared: the browser asked twice, or somebody else made
    /// them.
    CreatedWithExtra {
        /// The row of the answered token; `None` if the list does not show it or the value does
        /// not name its ID, so that it is one of the others.
        token: Option<Token>,
        /// The others.
        extra: Vec<Token>,
    },
    /// The answered value is that of a token that was there before: something answered from a
    /// cache.
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

/// The state that a list was asked for in; take one before each list and give it back with what
/// came.
///
/// A list that was asked for before the answer was there says nothing about the answer, however
/// late it comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Listing {
    epoch: u32,
    contract: Option<u64>,
}

/// The course of asking for tokens, one after the other.
#[derive(Debug, Default)]
pub struct Generation {
    /// The last request, as long as anything can still come of it.
    last: Option<Marker>,
    epoch: u32,
}

impl Generation {
    /// Whether a token may be asked for: nothing is under way and nothing is unknown.
    pub fn may_generate(&self) -> bool {
        self.last
            .as_ref()
            .is_none_or(|last| last.stage == Stage::Settled)
    }

    /// Whether a list has to be read before it is known what became of the request.
    pub fn needs_list(&self) -> bool {
        self.last.as_ref().is_some_and(Marker::is_answered)
    }

    /// What has to survive a reload now; keep it in the session's storage, or remove it from there
    /// if it is `None`.
    pub fn marker(&self) -> Option<&Marker> {
        self.last.as_ref()
    }

    /// A request is about to be sent. It must not be if the answer is `false`.
    #[must_use]
    pub fn start(&mut self, mut marker: Marker) -> bool {
        if !self.may_generate() {
            return false;
        }
        let last = self.last.take();
        if let Some(last) = last.filter(|last| last.is_comparable(marker.contract)) {
            marker.lost = last.lost;
            marker.before.extend(last.before);
        }
        self.turn(Some(marker));
        true
    }

    /// The answer to the request came; a list has to be read now. Only the first answer counts:
    /// after a time-out the value of a late one is gone.
    pub fn answered(&mut self, answer: Answer) {
        if let Some(mut marker) = self.last.take_if(|last| last.stage == Stage::Requested) {
            if answer == Answer::Lost {
                marker.lost = Some(marker.started);
            }
            marker.stage = Stage::Answered(answer);
            self.turn(Some(marker));
        }
    }

    /// The page was loaded again and found this marker: an answer that had not come by then is
    /// lost.
    pub fn resume(&mut self, marker: Marker) {
        if self.may_generate() {
            self.turn(Some(marker));
            self.answered(Answer::Lost);
        }
    }

    /// Gives up on what is open, because somebody else signs in, whose lists can't be compared.
    pub fn abandon(&mut self) {
        self.turn(None);
    }

    /// A list is about to be asked for, of this contract.
    pub fn listing(&self, contract: Option<u64>) -> Listing {
        Listing {
            epoch: self.epoch,
            contract,
        }
    }

    /// A list was read; every one has to be handed over, whatever it was read for. Tells what it
    /// reveals, if anything.
    pub fn listed(
        &mut self,
        listing: Listing,
        tokens: &[Token],
        now: Timestamp,
    ) -> Option<Outcome> {
        self.forget(now);
        let last = self.last.as_mut()?;
        if !last.is_comparable(listing.contract) {
            return None;
        }
        let outcome = match &last.stage {
            Stage::Answered(answer) if listing.epoch == self.epoch => {
                let answer = answer.clone();
                Some(last.settle(answer, tokens))
            }
            Stage::Settled => last.late(tokens),
            Stage::Requested | Stage::Answered(_) => None,
        };
        self.forget(now);
        outcome
    }

    /// A list could not be read. Tells what follows from that, if anything.
    pub fn list_failed(&self, listing: Listing) -> Option<Outcome> {
        (self.needs_list() && listing.epoch == self.epoch).then_some(Outcome::Unknown)
    }

    /// Lists that are on their way tell nothing about what comes now.
    fn turn(&mut self, last: Option<Marker>) {
        self.last = last;
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// Leaves a request alone of which nothing can come any more.
    fn forget(&mut self, now: Timestamp) {
        self.last
            .take_if(|last| last.stage == Stage::Settled && !last.is_watched(now));
    }
}

/// A JSON array of what is JSON already.
fn list(items: &[String]) -> String {
    ["[", &items.join(","), "]"].concat()
}

fn or_null(json: Option<String>) -> String {
    json.unwrap_or_else(|| "null".to_owned())
}

fn created(token: Option<Token>, extra: Vec<Token>) -> Outcome {
    if extra.is_empty() {
        Outcome::Created { token }
    } else {
        Outcome::CreatedWithExtra { token, extra }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const CONTRACT: Option<u64> = Some(1);

    fn tokens(ids: &[&str]) -> Vec<Token> {
        let token = |id: &&str| Token {
            id: TokenId::from(*id),
            created: None,
            expires: None,
        };
        ids.iter().map(token).collect()
    }

    fn value(id: &str) -> Answer {
        Answer::Value {
            id: Some(id.into()),
        }
    }

    /// A token has been asked for where there was one already.
    fn requested() -> Generation {
        let mut generation = Generation::default();
        assert!(generation.start(Marker::new(NOW, &tokens(&["old"]), CONTRACT)));
        generation
    }

    fn answered(answer: Answer) -> Generation {
        let mut generation = requested();
        generation.answered(answer);
        generation
    }

    fn list(generation: &mut Generation, ids: &[&str]) -> Option<Outcome> {
        list_at(generation, ids, NOW)
    }

    fn list_at(generation: &mut Generation, ids: &[&str], now: Timestamp) -> Option<Outcome> {
        let listing = generation.listing(CONTRACT);
        generation.listed(listing, &tokens(ids), now)
    }

    fn reloaded(generation: &Generation) -> Generation {
        let stored = generation.marker().unwrap().encode().unwrap();
        let mut reloaded = Generation::default();
        reloaded.resume(Marker::decode(&stored).unwrap());
        reloaded
    }

    fn extra(answered: &[&str], extra: &[&str]) -> Option<Outcome> {
        Some(Outcome::CreatedWithExtra {
            token: tokens(answered).pop(),
            extra: tokens(extra),
        })
    }

    #[test]
    fn a_good_answer_and_its_token_alone_are_no_news() {
        let mut generation = answered(value("new"));
        let created = Outcome::Created {
            token: tokens(&["new"]).pop(),
        };
        assert_eq!(list(&mut generation, &["new", "old"]), Some(created));
        assert!(generation.may_generate());
        assert_eq!(generation.marker(), None);
    }

    #[test]
    fn a_token_that_the_browser_made_besides_is_named() {
        let mut generation = answered(value("new"));
        assert_eq!(
            list(&mut generation, &["old", "twin", "new"]),
            extra(&["new"], &["twin"])
        );
    }

    #[test]
    fn a_token_without_an_id_is_the_only_new_one_or_one_of_them() {
        let anonymous = Answer::Value { id: None };
        let created = Outcome::Created {
            token: tokens(&["new"]).pop(),
        };
        let outcome = list(&mut answered(anonymous.clone()), &["old", "new"]);
        assert_eq!(outcome, Some(created));
        let outcome = list(&mut answered(anonymous), &["old", "new", "twin"]);
        assert_eq!(outcome, extra(&[], &["new", "twin"]));
    }

    #[test]
    fn a_token_that_is_not_listed_yet_was_created_all_the_same() {
        let mut generation = answered(value("new"));
        let outcome = list(&mut generation, &["old"]);
        assert_eq!(outcome, Some(Outcome::Created { token: None }));
    }

    #[test]
    fn a_value_from_a_cache_is_called_old() {
        let mut generation = answered(value("old"));
        let outcome = list(&mut generation, &["old", "new"]);
        let extra = tokens(&["new"]);
        assert_eq!(outcome, Some(Outcome::AnsweredOld { extra }));
    }

    #[test]
    fn a_refusal_is_not_believed_before_the_list_agrees() {
        for answer in [Answer::Refused, Answer::Lost] {
            let mut generation = answered(answer.clone());
            assert!(!generation.may_generate());
            assert_eq!(
                list(&mut generation, &["old"]),
                Some(Outcome::NothingCreated)
            );
            assert!(generation.may_generate());

            let outcome = list(&mut answered(answer), &["old", "new"]);
            let tokens = tokens(&["new"]);
            assert_eq!(outcome, Some(Outcome::Orphaned { tokens }));
        }
    }

    #[test]
    fn as_long_as_no_list_can_be_read_nothing_is_known() {
        let mut generation = answered(Answer::Lost);
        for _ in 0..3 {
            let listing = generation.listing(CONTRACT);
            assert_eq!(generation.list_failed(listing), Some(Outcome::Unknown));
            assert!(!generation.may_generate());
            assert!(!generation.start(Marker::new(NOW, &[], CONTRACT)));
        }
        assert!(list(&mut generation, &["old"]).is_some());
        assert!(generation.may_generate());
    }

    #[test]
    fn a_second_request_has_to_wait_for_the_first() {
        let mut generation = requested();
        assert!(!generation.may_generate());
        assert!(!generation.start(Marker::new(NOW, &[], CONTRACT)));
    }

    #[test]
    fn a_list_that_was_asked_for_before_the_answer_tells_nothing() {
        let mut generation = requested();
        let early = generation.listing(CONTRACT);
        generation.answered(Answer::Lost);
        assert_eq!(generation.listed(early, &tokens(&["old"]), NOW), None);
        assert_eq!(generation.list_failed(early), None);
        assert!(generation.needs_list());
    }

    #[test]
    fn a_list_of_another_contract_tells_nothing() {
        let mut generation = answered(Answer::Lost);
        let other = generation.listing(Some(2));
        assert_eq!(generation.listed(other, &tokens(&["theirs"]), NOW), None);
        assert!(!generation.may_generate());
        generation.abandon();
        assert!(generation.may_generate());
        assert_eq!(generation.marker(), None);
    }

    #[test]
    fn what_was_lost_in_one_contract_is_not_looked_for_in_another() {
        let mut generation = answered(Answer::Lost);
        list(&mut generation, &["old"]);
        assert!(generation.start(Marker::new(NOW, &tokens(&["theirs"]), Some(2))));
        generation.answered(value("new"));
        let listing = generation.listing(Some(2));
        generation.listed(listing, &tokens(&["theirs", "new"]), NOW);
        assert_eq!(generation.marker(), None);
    }

    #[test]
    fn an_answer_after_the_time_out_changes_nothing() {
        let mut generation = answered(Answer::Lost);
        generation.answered(value("new"));
        let tokens = tokens(&["new"]);
        assert_eq!(
            list(&mut generation, &["old", "new"]),
            Some(Outcome::Orphaned { tokens })
        );
    }

    #[test]
    fn a_token_that_turns_up_late_is_named_once() {
        let mut generation = answered(Answer::Lost);
        assert_eq!(
            list(&mut generation, &["old"]),
            Some(Outcome::NothingCreated)
        );
        assert_eq!(list(&mut generation, &["old"]), None);
        let late = tokens(&["late"]);
        assert_eq!(
            list(&mut generation, &["old", "late"]),
            Some(Outcome::Late { tokens: late })
        );
        assert_eq!(list(&mut generation, &["old", "late"]), None);
    }

    #[test]
    fn late_tokens_are_looked_for_for_ten_minutes() {
        for (minutes, is_named) in [(10, true), (11, false), (-10, true), (-11, false)] {
            let mut generation = answered(Answer::Lost);
            list(&mut generation, &["old"]);
            let now = NOW.plus_millis(minutes * 60_000);
            let outcome = list_at(&mut generation, &["old", "late"], now);
            assert_eq!(outcome.is_some(), is_named, "after {minutes} minutes");
        }
    }

    #[test]
    fn the_next_request_goes_on_looking_for_late_tokens() {
        let mut generation = answered(Answer::Lost);
        list(&mut generation, &["old"]);
        assert!(generation.start(Marker::new(NOW, &tokens(&["old"]), CONTRACT)));
        generation.answered(value("new"));
        let mut generation = reloaded(&generation);
        list(&mut generation, &["old", "new"]);
        let tokens = tokens(&["late"]);
        let outcome = list(&mut generation, &["old", "new", "late"]);
        assert_eq!(outcome, Some(Outcome::Late { tokens }));
    }

    #[test]
    fn a_token_that_was_named_is_not_named_again_when_its_deletion_fails() {
        let mut generation = answered(Answer::Lost);
        list(&mut generation, &["old", "orphan"]);
        assert!(generation.start(Marker::new(NOW, &tokens(&["old"]), CONTRACT)));
        generation.answered(value("new"));
        let created = Outcome::Created {
            token: tokens(&["new"]).pop(),
        };
        let outcome = list(&mut generation, &["old", "orphan", "new"]);
        assert_eq!(outcome, Some(created));
    }

    #[test]
    fn a_reload_loses_the_answer_but_not_the_question() {
        let mut generation = reloaded(&requested());
        assert!(!generation.may_generate());
        assert!(generation.needs_list());
        let tokens = tokens(&["new"]);
        assert_eq!(
            list(&mut generation, &["old", "new"]),
            Some(Outcome::Orphaned { tokens })
        );
    }

    #[test]
    fn a_token_whose_value_was_shown_is_no_orphan_after_a_reload() {
        let mut generation = reloaded(&answered(value("new")));
        let created = Outcome::Created {
            token: tokens(&["new"]).pop(),
        };
        assert_eq!(list(&mut generation, &["old", "new"]), Some(created));
    }

    #[test]
    fn a_reload_tells_nothing_twice() {
        let mut generation = answered(Answer::Lost);
        list(&mut generation, &["old", "new"]);
        let mut generation = reloaded(&generation);
        assert!(generation.may_generate());
        assert_eq!(list(&mut generation, &["old", "new"]), None);
        let late = tokens(&["late"]);
        let outcome = list(&mut generation, &["old", "new", "late"]);
        assert_eq!(outcome, Some(Outcome::Late { tokens: late }));
    }

    #[test]
    fn a_marker_of_every_stage_survives_its_storage() {
        for generation in [
            requested(),
            answered(value("\"\u{202e}")),
            answered(Answer::Value { id: None }),
            answered(Answer::Refused),
            answered(Answer::Lost),
        ] {
            let marker = generation.marker().unwrap();
            let stored = marker.encode().unwrap();
            assert_eq!(Marker::decode(&stored).as_ref(), Some(marker), "{stored}");
        }
    }

    #[test]
    fn a_marker_that_was_not_written_here_is_none() {
        for text in [
            "",
            "null",
            "{}",
            "[]",
            r#"[0,null,null,"requested",null]"#,
            r#"[0,null,null,"elsewhere",null,[]]"#,
            r#"["0",null,null,"requested",null,[]]"#,
            r#"[9223372036854775807,null,null,"requested",null,[]]"#,
            r#"[0,null,null,"requested",null,[7]]"#,
        ] {
            assert_eq!(Marker::decode(text), None, "{text}");
        }
        let long = format!(
            r#"[0,null,null,"requested",null,["{}"]]"#,
            "x".repeat(Marker::MAX_ENCODED)
        );
        assert_eq!(Marker::decode(&long), None);
    }
}
