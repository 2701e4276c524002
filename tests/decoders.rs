//! The decoders, on a million answers that nobody should ever give.

#![cfg(not(target_arch = "wasm32"))]

use std::hint::black_box;
use std::sync::Mutex;

use peak_alloc::PeakAlloc;
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

use token_manager::api::wire::{decode_error, decode_list, decode_success, decode_token};
use token_manager::domain::{Claims, Marker, TokenHeader, View, parse_date};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The memory is that of the whole process, so the tests take turns.
static TURN: Mutex<()> = Mutex::new(());

/// What is mutated: each decoder finds something to start from.
const CORPUS: &[&[u8]] = &[
    include_bytes!("fixtures/api/deleted.json"),
    include_bytes!("fixtures/api/error-315.json"),
    include_bytes!("fixtures/api/jwt-header.json"),
    include_bytes!("fixtures/api/token.json"),
    include_bytes!("fixtures/odd/claims-wrong-types.json"),
    include_bytes!("fixtures/odd/errors-odd-types.json"),
    br#"{"tokens":[{"id":"a"},{"id":"\ud83d\ude00","createdDate":"2025-09-23T07:29:44Z[UTC]"}]}"#,
    br#"{"iat":1758612584,"exp":1.7e9,"identity":{"contractNumber":31884391,"privileges":["A"]}}"#,
    br#"[1758612584000,31884391,null,"value","a",["b"]]"#,
    b"#/tokens?sort=expires&dir=asc&q=a%20b&status=soon&utc=1",
    b"2025-10-26T02:30:00.123456789+02:00[Europe/Berlin]",
];

/// What a mutation puts in: what JSON, dates and URLs are made of, and what they should not be
/// made of.
const PIECES: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b":",
    b",",
    b"\\",
    b"\\ud800",
    b"\\udc00",
    b"\\u0000",
    b"null",
    b"true",
    b"-",
    b"0",
    b"1e999",
    b"18446744073709551616",
    b"\"id\":",
    b"\"tokens\":",
    b"\xff",
    b"\xe2\x80\xae",
    b"\xef\xbb\xbf",
    b"%",
    b"&",
    b"+",
    b"T",
    b"Z",
    b"\0",
    b" ",
];

struct Mutator(TestRng);

impl Mutator {
    fn below(&mut self, end: usize) -> usize {
        self.0.next_u32() as usize % end.max(1)
    }

    /// One of the corpus with a few changes, or noise.
    fn next(&mut self, answer: &mut Vec<u8>) {
        answer.clear();
        if self.below(16) == 0 {
            let length = self.below(64);
            answer.resize(length, 0);
            self.0.fill_bytes(answer);
            return;
        }
        answer.extend(CORPUS[self.below(CORPUS.len())]);
        for _ in 0..=self.below(2) * self.below(4) {
            let start = self.below(answer.len() + 1);
            let end = start + self.below(12).min(answer.len() - start);
            match self.below(4) {
                0 => drop(answer.drain(start..end)),
                1 => answer.extend_from_within(start..end),
                2 => answer.truncate(start),
                _ => drop(
                    answer.splice(start..end, PIECES[self.below(PIECES.len())].iter().copied()),
                ),
            }
        }
    }
}

/// Every decoder there is.
fn decode(answer: &[u8]) {
    black_box(decode_list(answer)).ok();
    black_box(decode_token(answer));
    black_box(decode_error(answer));
    black_box(decode_success(answer));
    let text = String::from_utf8_lossy(answer);
    black_box(Claims::decode(&text));
    black_box(TokenHeader::decode(&text));
    black_box(Marker::decode(&text));
    black_box(View::decode(&text));
    black_box(parse_date(&text));
}

/// How many bytes decoding takes at most.
fn memory_for(answer: &[u8]) -> usize {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    decode(answer);
    MEMORY.peak_usage() - before
}

#[test]
fn decoders_survive_a_million_mutated_answers() {
    let _turn = TURN.lock();
    let mut mutator = Mutator(TestRng::deterministic_rng(RngAlgorithm::XorShift));
    let mut answer = Vec::with_capacity(1024);
    let mut legible = 0;
    for _ in 0..1_000_000 {
        mutator.next(&mut answer);
        legible += usize::from(decode_list(&answer).is_ok());
        let taken = memory_for(&answer);
        assert!(
            taken <= 4096 + 16 * answer.len(),
            "{taken} bytes for {}",
            answer.escape_ascii()
        );
    }
    assert!(
        legible > 50_000,
        "only {legible} answers were more than noise"
    );
}

#[test]
fn memory_grows_with_the_answer_and_no_faster() {
    const SIZE: usize = 2_000_000;
    let _turn = TURN.lock();
    for (start, piece, end) in [
        ("", "[", ""),
        ("", "{\"a\":", ""),
        ("{\"tokens\":", "[", ""),
        ("{\"tokens\":[", "0,", "0]}"),
        ("{\"tokens\":[", "{},", "{}]}"),
        ("{\"tokens\":[", "{\"id\":\"a\"},", "{}]}"),
        ("{\"tokens\":[{\"id\":", "[", ""),
        ("{\"tokens\":[{\"id\":\"", "x", "\"}]}"),
        ("{\"tokens\":[{\"id\":\"", "\\ud800", "\"}]}"),
        ("{\"", "\\\\", "\":0}"),
        ("{\"messages\":[", "{},", "{}]}"),
        ("{\"identity\":{\"privileges\":[", "\"\",", "\"\"]}}"),
        ("[0,null,null,\"lost\",null,[", "\"\",", "\"\"]]"),
        ("#/tokens?q=", "%41", ""),
        ("2025-09-23T07:29:44.", "0", "Z"),
        ("", "\u{fffd}", ""),
        ("", "\\", ""),
    ] {
        let answer = [start, &piece.repeat(SIZE / piece.len()), end].concat();
        let taken = memory_for(answer.as_bytes());
        assert!(taken <= 24 * SIZE, "{taken} bytes for {start}{piece}…{end}");
    }
}
