//! JSON that may be anything: a reader that takes what it understands, and the writing of strings.

/// How deep objects and arrays may lie in each other: far deeper than any answer, and not so deep
/// that reading them needs much stack.
const MAX_DEPTH: u8 = 127;

/// What is left to read of a document.
///
/// A method takes the next value if it is of the method's kind, and leaves it otherwise. What is
/// left in an object or an array is skipped, so a value of an unexpected type hides no other. Half
/// a surrogate pair and bytes that are no UTF-8 become replacement characters, as they do in a
/// browser.
///
/// What is no JSON to its very end is only known at its end: until then values come as if it were,
/// and the functions that read whole documents tell.
///
/// Written by hand for its size: readers that are made from types by `serde_json` took 59 kB more
/// of the page's 477 kB of wasm, which is 23 kB of 161 kB compressed. Tests hold it to accept the
/// documents that `serde_json` accepts, and to find the same values in them. Beyond that it reads
/// numbers that no float can hold and half surrogate pairs, for which `serde_json` refuses the
/// whole document.
pub(crate) struct Reader<'a> {
    /// Starts with what is no blank.
    rest: &'a [u8],
    depth: u8,
    is_broken: bool,
}

impl<'a> Reader<'a> {
    fn new(json: &'a [u8]) -> Self {
        let mut reader = Self {
            rest: &[],
            depth: 0,
            is_broken: false,
        };
        reader.go_on_with(json);
        reader
    }

    /// Whether all of the document was read and is JSON.
    fn is_done(&self) -> bool {
        self.rest.is_empty() && !self.is_broken
    }

    /// Takes an object and hands over each of its fields; false if there is none.
    pub(crate) fn object(&mut self, field: &mut dyn FnMut(&str, &mut Self)) -> bool {
        self.items(b"{", b"}", &mut |reader| match reader.string() {
            Some(name) if reader.take(b":") => reader.item(&mut |value| field(&name, value)),
            _ => reader.fail(),
        })
    }

    /// Takes an array and hands over each of its elements; false if there is none.
    pub(crate) fn array(&mut self, element: &mut dyn FnMut(&mut Self)) -> bool {
        self.items(b"[", b"]", &mut |reader| reader.item(element))
    }

    /// Takes a string.
    pub(crate) fn string(&mut self) -> Option<String> {
        let rest = self.rest.strip_prefix(b"\"")?;
        let Some((content, rest)) = string_content(rest) else {
            self.fail();
            return None;
        };
        self.go_on_with(rest);
        Some(String::from_utf8_lossy(&content).into_owned())
    }

    /// Takes a number; `None` also if it is one with a fraction or beyond the limits.
    pub(crate) fn integer(&mut self) -> Option<i64> {
        let Number {
            is_negative,
            magnitude,
        } = self.number()?;
        match is_negative {
            true => 0_i64.checked_sub_unsigned(magnitude?),
            false => magnitude?.try_into().ok(),
        }
    }

    /// Takes a number; `None` also if it is a negative one, one with a fraction or beyond the
    /// limit.
    pub(crate) fn natural(&mut self) -> Option<u64> {
        let number = self.number()?;
        number
            .magnitude
            .filter(|magnitude| !number.is_negative || *magnitude == 0)
    }

    /// Takes `true` or `false`.
    pub(crate) fn boolean(&mut self) -> Option<bool> {
        if self.take(b"true") {
            Some(true)
        } else {
            self.take(b"false").then_some(false)
        }
    }

    /// Takes `null`.
    pub(crate) fn null(&mut self) -> bool {
        self.take(b"null")
    }

    fn number(&mut self) -> Option<Number> {
        if !matches!(self.rest, [b'-' | b'0'..=b'9', ..]) {
            return None;
        }
        let Some((number, rest)) = number(self.rest) else {
            self.fail();
            return None;
        };
        self.go_on_with(rest);
        Some(number)
    }

    /// What stands between brackets, with commas between.
    fn items(&mut self, open: &[u8], close: &[u8], item: &mut dyn FnMut(&mut Self)) -> bool {
        if !self.take(open) {
            return false;
        }
        if self.depth == MAX_DEPTH {
            self.fail();
            return true;
        }
        self.depth += 1;
        if !self.take(close) {
            item(self);
            while self.take(b",") {
                item(self);
            }
            if !self.take(close) {
                self.fail();
            }
        }
        self.depth -= 1;
        true
    }

    /// One value, which is skipped if it is left.
    fn item(&mut self, take: &mut dyn FnMut(&mut Self)) {
        let before = self.rest.len();
        take(self);
        if self.rest.len() == before {
            self.skip();
        }
    }

    fn skip(&mut self) {
        let is_taken = self.object(&mut |_, _| {})
            || self.array(&mut |_| {})
            || self.string().is_some()
            || self.number().is_some()
            || self.boolean().is_some()
            || self.null();
        if !is_taken {
            self.fail();
        }
    }

    /// Takes what has only one form.
    fn take(&mut self, token: &[u8]) -> bool {
        let rest = self.rest.strip_prefix(token);
        if let Some(rest) = rest {
            self.go_on_with(rest);
        }
        rest.is_some()
    }

    fn go_on_with(&mut self, mut rest: &'a [u8]) {
        while let [b' ' | b'\t' | b'\n' | b'\r', after @ ..] = rest {
            rest = after;
        }
        self.rest = rest;
    }

    /// It is no JSON, so there is nothing more to read.
    fn fail(&mut self) {
        self.rest = &[];
        self.is_broken = true;
    }
}

/// Reads a document that is an object; false, and what was handed over is worth nothing, if it is
/// anything else.
pub(crate) fn read_object(json: &[u8], field: &mut dyn FnMut(&str, &mut Reader<'_>)) -> bool {
    let mut reader = Reader::new(json);
    reader.object(field) && reader.is_done()
}

/// Reads a document that is an array; false, and what was handed over is worth nothing, if it is
/// anything else.
pub(crate) fn read_array(json: &[u8], element: &mut dyn FnMut(&mut Reader<'_>)) -> bool {
    let mut reader = Reader::new(json);
    reader.array(element) && reader.is_done()
}

/// The content of a string, which may be no UTF-8, and what follows its closing quote.
fn string_content(mut rest: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut content = Vec::new();
    loop {
        let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | ..b' ');
        let (plain, special) = rest.split_at_checked(rest.iter().position(is_special)?)?;
        content.extend_from_slice(plain);
        rest = match special {
            [b'"', after @ ..] => return Some((content, after)),
            [b'\\', b'u', after @ ..] => {
                let (c, after) = escaped_char(after)?;
                content.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                after
            }
            [b'\\', escape, after @ ..] => {
                content.push(match escape {
                    b'"' | b'\\' | b'/' => *escape,
                    b'b' => b'\x08',
                    b'f' => b'\x0c',
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    _ => return None,
                });
                after
            }
            _ => return None,
        };
    }
}

/// The character that one or two escapes such as `\u00e4` spell, of which the first `\u` has been
/// read.
fn escaped_char(text: &[u8]) -> Option<(char, &[u8])> {
    let (unit, rest) = code_unit(text)?;
    if let 0xd800..0xdc00 = unit
        && let Some((low @ 0xdc00..0xe000, rest)) = rest.strip_prefix(b"\\u").and_then(code_unit)
    {
        let c = char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00))?;
        return Some((c, rest));
    }
    // JSON can spell half a pair, but no Rust string can hold it.
    let c = char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER);
    Some((c, rest))
}

fn code_unit(text: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = text.split_first_chunk::<4>()?;
    let mut unit = 0;
    for digit in digits {
        unit = unit * 16 + char::from(*digit).to_digit(16)?;
    }
    Some((unit, rest))
}

struct Number {
    is_negative: bool,
    /// `None` if it has a fraction or is too large.
    magnitude: Option<u64>,
}

fn number(text: &[u8]) -> Option<(Number, &[u8])> {
    let unsigned = text.strip_prefix(b"-");
    let (whole, mut rest) = digits(unsigned.unwrap_or(text))?;
    if let [b'0', _, ..] = whole {
        return None;
    }
    let mut fraction: &[u8] = &[];
    if let [b'.', after @ ..] = rest {
        (fraction, rest) = digits(after)?;
    }
    let mut exponent = 0;
    if let [b'e' | b'E', after @ ..] = rest {
        let is_negative = after.starts_with(b"-");
        let unsigned = match after {
            [b'+' | b'-', unsigned @ ..] => unsigned,
            unsigned => unsigned,
        };
        let size;
        (size, rest) = digits(unsigned)?;
        for digit in size {
            exponent =
                i64::saturating_add(i64::saturating_mul(exponent, 10), (digit - b'0').into());
        }
        if is_negative {
            exponent = -exponent;
        }
    }
    let number = Number {
        is_negative: unsigned.is_some(),
        magnitude: magnitude(whole, fraction, exponent),
    };
    Some((number, rest))
}

/// One digit or more.
fn digits(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    text.split_at_checked(count).filter(|_| count > 0)
}

/// The value of a decimal number, however it is written: `17e8` and `1700000000.0` are one number.
fn magnitude(whole: &[u8], fraction: &[u8], exponent: i64) -> Option<u64> {
    let mut places = exponent.saturating_add(i64::try_from(whole.len()).ok()?);
    let mut value = 0_u64;
    for digit in whole.iter().chain(fraction) {
        let digit = digit - b'0';
        if places > 0 {
            value = value.checked_mul(10)?.checked_add(digit.into())?;
        } else if digit > 0 {
            return None;
        }
        places = places.saturating_sub(1);
    }
    while places > 0 && value > 0 {
        value = value.checked_mul(10)?;
        places -= 1;
    }
    Some(value)
}

/// The text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        let escape = match c {
            '"' | '\\' => c,
            '\x08' => 'b',
            '\x0c' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\0'..' ' => {
                out.push_str("\\u00");
                let digit = |value| char::from_digit(value, 16);
                out.extend(
                    [u32::from(c) / 16, u32::from(c) % 16]
                        .into_iter()
                        .filter_map(digit),
                );
                continue;
            }
            _ => {
                out.push(c);
                continue;
            }
        };
        out.extend(['\\', escape]);
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(json: &str) -> Option<String> {
        let mut reader = Reader::new(json.as_bytes());
        reader.string().filter(|_| reader.is_done())
    }

    fn integer(json: &str) -> Option<i64> {
        Reader::new(json.as_bytes()).integer()
    }

    #[test]
    fn a_number_has_one_value_however_it_is_written() {
        for (json, value) in [
            ("0", 0),
            ("-0", 0),
            ("-0.0e7", 0),
            ("0e999999999999999999999", 0),
            ("17", 17),
            ("-17", -17),
            ("1.7e1", 17),
            ("1.70E+01", 17),
            ("1700e-2", 17),
            ("17.000000000000000000000000", 17),
            ("0.000000000000000000000017e24", 17),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(integer(json), Some(value), "{json}");
        }
    }

    #[test]
    fn a_number_that_is_none_of_ours_hides_nothing_after_it() {
        for number in [
            "0.5",
            "17e-1",
            "1e999",
            "-1e999999999999999999999",
            "1e-999999999999999999999",
            "9223372036854775808",
            "-9223372036854775809",
            "99999999999999999999999999",
        ] {
            let json = format!("[{number},1]");
            let mut numbers = Vec::new();
            assert!(read_array(json.as_bytes(), &mut |value| numbers.push(value.integer())));
            assert_eq!(numbers, [None, Some(1)], "{json}");
        }
        let natural = |json: &str| Reader::new(json.as_bytes()).natural();
        assert_eq!(natural("18446744073709551615"), Some(u64::MAX));
        assert_eq!(natural("18446744073709551616"), None);
        assert_eq!(natural("-0"), Some(0));
        assert_eq!(natural("-1"), None);
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced_and_a_whole_one_read() {
        for (json, text) in [
            (r#""\ud83d\ude00""#, "😀"),
            (r#""\ud83d""#, "\u{fffd}"),
            (r#""\ude00a""#, "\u{fffd}a"),
            (r#""\ud83d\u0041""#, "\u{fffd}A"),
            (r#""\ud83d\ud83d\uDE00""#, "\u{fffd}😀"),
            (r#""\\ud83d""#, "\\ud83d"),
        ] {
            assert_eq!(string(json).as_deref(), Some(text), "{json}");
        }
        assert_eq!(string(r#""\ud83d\u00""#), None);
    }

    #[test]
    fn what_is_left_is_skipped() {
        let json = br#"{"a":{"b":[{},"]}",null]},"c":1,"d":"\"","c":2}"#;
        let mut numbers = Vec::new();
        assert!(read_object(json, &mut |name, value| {
            if name != "a" {
                numbers.push(value.integer());
            }
        }));
        assert_eq!(numbers, [Some(1), None, Some(2)]);
    }

    /// Laws that hold for `serde_json` too, which is at hand only where tests run natively.
    #[cfg(not(target_arch = "wasm32"))]
    mod like_serde_json {
        use proptest::prelude::*;
        use serde::de::IgnoredAny;
        use serde_json::{Map, Value};

        use super::super::*;

        /// Whether `serde_json` takes it for JSON; it looks neither at values nor at UTF-8 then.
        fn is_json(document: &[u8]) -> bool {
            serde_json::from_slice::<IgnoredAny>(document).is_ok()
        }

        /// The depth of a document, which `serde_json` does not limit for what it ignores.
        fn depth(document: &[u8]) -> usize {
            let (mut depth, mut deepest, mut in_string, mut is_escaped) =
                (0_usize, 0, false, false);
            for byte in document {
                match byte {
                    _ if is_escaped => is_escaped = false,
                    b'\\' if in_string => is_escaped = true,
                    b'"' => in_string = !in_string,
                    b'{' | b'[' if !in_string => depth += 1,
                    b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
                    _ => {}
                }
                deepest = deepest.max(depth);
            }
            deepest
        }

        fn accepts(document: &[u8]) -> bool {
            let mut reader = Reader::new(document);
            reader.skip();
            reader.is_done()
        }

        /// The value as `serde_json` has it. Numbers that are none of ours are `null`.
        fn value(reader: &mut Reader<'_>) -> Value {
            let mut fields = Map::new();
            let mut elements = Vec::new();
            if reader.object(&mut |name, field| drop(fields.insert(name.into(), value(field)))) {
                fields.into()
            } else if reader.array(&mut |element| elements.push(value(element))) {
                elements.into()
            } else if let Some(text) = reader.string() {
                text.into()
            } else if let Some(flag) = reader.boolean() {
                flag.into()
            } else if reader.null() {
                Value::Null
            } else {
                reader.integer().into()
            }
        }

        /// Whether both are the same but for numbers that have no exact value for `serde_json`.
        fn is_like(ours: &Value, theirs: &Value) -> bool {
            /// Below, a floating-point number has a fraction if what was written has one.
            const EXACT: f64 = 1e12;
            match (ours, theirs) {
                (Value::Number(ours), Value::Number(theirs)) => {
                    // It rounds what is not written as a whole number, and not always to the
                    // nearest one.
                    let near = |(ours, theirs): (f64, f64)| {
                        (ours - theirs).abs() <= ours.abs() * f64::EPSILON
                    };
                    let numbers = ours.as_f64().zip(theirs.as_f64());
                    ours == theirs || !theirs.is_i64() && numbers.is_some_and(near)
                }
                // A fraction so small that theirs is zero is none for us.
                (Value::Null, Value::Number(theirs)) => theirs.as_f64().is_none_or(|theirs| {
                    theirs.fract() != 0.0 || theirs == 0.0 || theirs.abs() >= EXACT
                }),
                (Value::Array(ours), Value::Array(theirs)) => {
                    ours.len() == theirs.len()
                        && ours
                            .iter()
                            .zip(theirs)
                            .all(|(ours, theirs)| is_like(ours, theirs))
                }
                (Value::Object(ours), Value::Object(theirs)) => {
                    ours.len() == theirs.len()
                        && ours.iter().all(|(name, ours)| {
                            theirs.get(name).is_some_and(|theirs| is_like(ours, theirs))
                        })
                }
                _ => ours == theirs,
            }
        }

        fn document() -> impl Strategy<Value = Value> {
            let number = prop_oneof![
                any::<i64>().prop_map(Value::from),
                any::<u64>().prop_map(Value::from),
                (-1000..1000_i32).prop_map(|quarters| Value::from(f64::from(quarters) / 4.0)),
                Just(Value::from(1.7e9)),
            ];
            let leaf = prop_oneof![
                Just(Value::Null),
                any::<bool>().prop_map(Value::from),
                number,
                any::<String>().prop_map(Value::from),
                "[\\x00-\\x7f]{0,9}".prop_map(Value::from),
            ];
            leaf.prop_recursive(6, 64, 6, |inner| {
                prop_oneof![
                    proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                    proptest::collection::hash_map(any::<String>(), inner, 0..6)
                        .prop_map(|fields| Value::Object(fields.into_iter().collect())),
                ]
            })
        }

        /// What JSON is made of, and what it should not be made of.
        fn piece() -> impl Strategy<Value = &'static [u8]> {
            proptest::sample::select(vec![
                b"{" as &[u8],
                b"}",
                b"[",
                b"]",
                b"\"",
                b":",
                b",",
                b"\\",
                b"\\u00e4",
                b"\\uD83d",
                b"\\ude00",
                b"\\u12",
                b"\\/",
                b"\\x",
                b"null",
                b"true",
                b"false",
                b"nul",
                b"-",
                b"+",
                b"0",
                b"1",
                b"01",
                b".5",
                b"e",
                b"E+7",
                b"1e999",
                b"0.0",
                b"-0",
                b"18446744073709551616",
                b"\"a\":",
                b"\"\"",
                b"\xff",
                b"\xc3\xa4",
                b"\xef\xbb\xbf",
                b"\0",
                b"\x1f",
                b"\x7f",
                b"\x0c",
                b" ",
                b"\t\r\n",
                b"/**/",
                b"'",
            ])
        }

        fn noise() -> impl Strategy<Value = Vec<u8>> {
            proptest::collection::vec(piece(), 0..12).prop_map(|pieces| pieces.concat())
        }

        fn agree(document: &[u8]) -> Result<(), TestCaseError> {
            let expected = is_json(document) && depth(document) <= usize::from(MAX_DEPTH);
            prop_assert_eq!(accepts(document), expected, "{}", document.escape_ascii());
            if let Ok(theirs) = serde_json::from_slice::<Value>(document) {
                let mut reader = Reader::new(document);
                let ours = value(&mut reader);
                prop_assert!(reader.is_done(), "{}", document.escape_ascii());
                prop_assert!(is_like(&ours, &theirs), "{}", document.escape_ascii());
            }
            Ok(())
        }

        proptest! {
            #![proptest_config(ProptestConfig {
                cases: 4_000,
                failure_persistence: None,
                ..ProptestConfig::default()
            })]

            #[test]
            fn every_document_has_the_same_values(document in document()) {
                agree(&serde_json::to_vec(&document).unwrap())?;
                agree(&serde_json::to_vec_pretty(&document).unwrap())?;
            }

            #[test]
            fn a_document_with_a_few_changes_is_accepted_or_not_alike(
                document in document(),
                changes in proptest::collection::vec((any::<u16>(), 0..4_usize, piece()), 1..4),
            ) {
                let mut bytes = serde_json::to_vec(&document).unwrap();
                for (start, length, piece) in changes {
                    let start = usize::from(start) % (bytes.len() + 1);
                    let end = bytes.len().min(start + length);
                    bytes.splice(start..end, piece.iter().copied());
                }
                agree(&bytes)?;
            }

            #[test]
            fn noise_is_accepted_or_not_alike(
                noise in noise(),
                bytes in any::<Vec<u8>>(),
                number in "-?[0-9]{0,3}\\.?[0-9]{0,3}[eE]?[+-]?[0-9]{0,2}",
            ) {
                agree(&noise)?;
                agree(&bytes)?;
                agree(number.as_bytes())?;
                agree(&[b"[\"", &noise[..], b"\"]"].concat())?;
                agree(&[b"\"", &bytes[..], b"\""].concat())?;
                agree(&[b"[", &noise[..], b"]"].concat())?;
            }

            #[test]
            fn a_text_is_written_alike(text in any::<String>(), plain in "[\\x00-\\x7f]{0,32}") {
                for text in [text, plain] {
                    prop_assert_eq!(quoted(&text), serde_json::to_string(&text).unwrap());
                }
            }
        }

        #[test]
        fn zero_is_a_whole_number_however_it_is_written() {
            for zero in ["0", "-0", "0.0", "0e7", "0.00e-999", "-0E+999"] {
                let ours = value(&mut Reader::new(zero.as_bytes()));
                assert_eq!(ours.as_i64(), Some(0), "{zero}");
            }
            agree(b"3.251e-999").unwrap();
        }

        #[test]
        fn a_document_may_be_as_deep() {
            for depth in [1, 2, 126, 127, 128, 129, 100_000] {
                for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
                    let inner = if open == "[" { "" } else { "0" };
                    let json = [&open.repeat(depth), inner, &close.repeat(depth)].concat();
                    let theirs = serde_json::from_str::<Value>(&json).is_ok();
                    assert_eq!(accepts(json.as_bytes()), theirs, "{depth} {open}");
                }
            }
        }
    }
}
