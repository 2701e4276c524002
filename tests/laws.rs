//! Laws of the domain, on made-up tokens.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;

use chrono::{Datelike, Timelike};
use proptest::prelude::*;
use proptest::sample::select;

use token_manager::domain::{
    Counts, Direction, Marker, SortKey, Status, Timestamp, Token, TokenId, Ttl, View, difference,
    parse_date, sort,
};

/// Around the present, in a few places that collide, and at the ends of time.
fn timestamp() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        (0..4_000_000_000_i64).prop_map(Timestamp::from_timestamp),
        (0..5_i64).prop_map(|days| Timestamp::from_timestamp(days * 86_400)),
        select(vec![Timestamp::MIN_UTC, Timestamp::MAX_UTC]).prop_map(Some),
    ]
    .prop_filter_map("in chrono's range", |timestamp| timestamp)
}

fn token_id() -> impl Strategy<Value = TokenId> {
    prop_oneof![
        "[a-c]{1,2}".prop_map(TokenId::from),
        any::<String>().prop_map(TokenId::from)
    ]
}

fn token() -> impl Strategy<Value = Token> {
    let date = || proptest::option::of(timestamp());
    (token_id(), date(), date()).prop_map(|(id, created, expires)| Token {
        id,
        created,
        expires,
    })
}

fn tokens() -> impl Strategy<Value = Vec<Token>> {
    proptest::collection::vec(token(), 0..20)
}

fn sort_key() -> impl Strategy<Value = SortKey> {
    select(vec![
        SortKey::Id,
        SortKey::Created,
        SortKey::Expires,
        SortKey::Status,
    ])
}

fn direction() -> impl Strategy<Value = Direction> {
    select(vec![Direction::Ascending, Direction::Descending])
}

/// The same tokens in an order that only depends on which they are.
fn as_a_bag(mut tokens: Vec<Token>) -> Vec<Token> {
    tokens.sort_by(|a, b| (&a.id, a.created, a.expires).cmp(&(&b.id, b.created, b.expires)));
    tokens
}

fn ids(tokens: &[Token]) -> BTreeSet<TokenId> {
    tokens.iter().map(|token| token.id.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn sorting_keeps_every_token(
        tokens in tokens(),
        key in sort_key(),
        direction in direction(),
        now in timestamp(),
    ) {
        let mut sorted = tokens.clone();
        sort(&mut sorted, key, direction, now);
        prop_assert_eq!(as_a_bag(sorted), as_a_bag(tokens));
    }

    #[test]
    fn sorting_twice_is_sorting_once(
        tokens in tokens(),
        key in sort_key(),
        direction in direction(),
        now in timestamp(),
    ) {
        let mut once = tokens;
        sort(&mut once, key, direction, now);
        let mut twice = once.clone();
        sort(&mut twice, key, direction, now);
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn the_order_does_not_depend_on_the_order_before(
        tokens in tokens(), key in sort_key(), direction in direction(), now in timestamp(),
    ) {
        let mut seen = BTreeSet::new();
        let is_first = |token: &Token| seen.insert(token.id.clone());
        let mut forth: Vec<Token> = tokens.into_iter().filter(is_first).collect();
        let mut back: Vec<Token> = forth.iter().rev().cloned().collect();
        sort(&mut forth, key, direction, now);
        sort(&mut back, key, direction, now);
        prop_assert_eq!(forth, back);
    }

    #[test]
    fn no_known_date_comes_after_an_unknown_one(
        tokens in tokens(),
        direction in direction(),
        now in timestamp(),
    ) {
        type Date = fn(&Token) -> Option<Timestamp>;
        let columns: [(SortKey, Date); 3] = [
            (SortKey::Created, |token| token.created),
            (SortKey::Expires, |token| token.expires),
            (SortKey::Status, |token| token.expires),
        ];
        for (key, date) in columns {
            let mut sorted = tokens.clone();
            sort(&mut sorted, key, direction, now);
            prop_assert!(sorted.iter().map(|token| date(token).is_none()).is_sorted());
        }
    }

    #[test]
    fn what_is_new_was_not_there_before_and_is_there_now(before in tokens(), after in tokens()) {
        let new = difference(&ids(&before).into_iter().collect(), &after);
        let expected: BTreeSet<TokenId> = &ids(&after) - &ids(&before);
        prop_assert_eq!(new.len(), expected.len());
        prop_assert_eq!(ids(&new), expected);
        prop_assert!(new.iter().all(|token| after.contains(token)));
        prop_assert!(difference(&ids(&after).into_iter().collect(), &after).is_empty());
    }

    #[test]
    fn a_status_lasts_until_its_next_change(
        token in token(),
        now in timestamp(),
        later in timestamp(),
    ) {
        let change = token.next_change(now);
        if later >= now && change.is_none_or(|change| later < change) {
            prop_assert_eq!(token.status(now), token.status(later));
        }
        if let Some(change) = change {
            prop_assert!(change > now);
            prop_assert_ne!(token.status(now), token.status(change));
        }
    }

    #[test]
    fn a_status_never_goes_back(token in token(), now in timestamp(), later in timestamp()) {
        let (now, later) = (now.min(later), now.max(later));
        prop_assert!(token.status(now) <= token.status(later));
    }

    #[test]
    fn a_new_token_is_active_whatever_its_lifetime(
        seconds in 60_u32..=31_536_000,
        now in 0..4_000_000_000_i64,
    ) {
        let now = Timestamp::from_timestamp(now).unwrap();
        let ttl = Ttl::new(seconds).unwrap();
        let token = Token { id: "id".into(), created: Some(now), expires: Some(ttl.expiry(now)) };
        prop_assert_eq!(token.status(now), Status::Active);
        prop_assert_eq!(token.status(ttl.expiry(now)), Status::Expired);
    }

    #[test]
    fn counts_add_up(tokens in tokens(), now in timestamp()) {
        let counts = Counts::of(&tokens, now);
        prop_assert_eq!(counts.total(), tokens.len());
        for status in Status::ALL {
            let view = View { status: Some(status), ..View::default() };
            prop_assert_eq!(view.rows(&tokens, &|_| None, now).len(), counts.get(status));
        }
    }

    #[test]
    fn a_date_is_read_from_each_way_of_writing_it(
        seconds in -62_100_000_000..253_400_000_000_i64,
        offset in -64_800..=64_800_i64,
        nanosecond in 0..1_000_000_000_u32,
    ) {
        let millisecond = i64::from(nanosecond / 1_000_000);
        let date = Timestamp::from_timestamp_millis(seconds * 1000 + millisecond).unwrap();
        let shown = date.plus_millis(offset * 1000);
        let sign = if offset < 0 { '-' } else { '+' };
        let (hours, rest) = (offset.abs() / 3600, offset.abs() % 3600);
        let (minutes, seconds) = (rest / 60, rest % 60);
        for zone in [
            format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
            format!("{sign}{hours:02}{minutes:02}{seconds:02}[Somewhere/Else]"),
        ] {
            let text = format!("{}.{nanosecond:09}{zone}", civil(shown));
            prop_assert_eq!(parse_date(&text), Some(date), "{}", text);
        }
        for zone in ["", "Z", "z", "[UTC]", "Z[UTC]", "+00:00"] {
            let text = format!("{}.{nanosecond:09}{zone}", civil(shown));
            prop_assert_eq!(parse_date(&text), Some(shown), "{}", text);
        }
    }

    #[test]
    fn no_text_is_too_odd_to_be_read(
        text in any::<String>(),
        like_a_date in "[0-9TZtz:.,+\\-\\[\\]UTC ]{0,40}",
    ) {
        let _: [Option<Timestamp>; 2] = [parse_date(&text), parse_date(&like_a_date)];
        let id = TokenId::from(text.as_str());
        prop_assert!(text.starts_with(id.short()));
        prop_assert!(id.file_stem().len() <= 8);
        let view = View::decode(&text);
        prop_assert_eq!(View::decode(&view.encode()), view);
    }

    #[test]
    fn a_view_survives_its_url(
        sort in sort_key(), direction in direction(), search in "\\PC{0,16}", utc in any::<bool>(),
        status in proptest::option::of(select(Status::ALL.to_vec())),
    ) {
        let view = View { sort, direction, search, status, utc };
        prop_assert_eq!(View::decode(&view.encode()), view);
    }

    #[test]
    fn a_marker_survives_a_reload(
        tokens in tokens(),
        started in 0..4_000_000_000_000_i64,
        contract in any::<Option<u64>>(),
    ) {
        let started = Timestamp::from_timestamp_millis(started).unwrap();
        let marker = Marker::new(started, &tokens, contract);
        let text = marker.encode().unwrap();
        prop_assert_eq!(Marker::decode(&text), Some(marker));
    }

    #[test]
    fn no_text_is_too_odd_for_a_marker(text in any::<String>()) {
        prop_assert!(Marker::decode(&text).is_none());
    }
}

/// A date and time as ISO 8601 writes it.
fn civil(moment: Timestamp) -> String {
    let moment = moment.to_chrono();
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        moment.year(),
        moment.month(),
        moment.day(),
        moment.hour(),
        moment.minute(),
        moment.second()
    )
}
