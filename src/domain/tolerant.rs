//! Reading JSON that may be anything.
//!
//! `serde`'s derived readers refuse a whole document for one value of a wrong type or one field
//! that comes twice, and its ways around that keep a copy of everything read. Here a value of an
//! unexpected type is skipped and the rest of the document is still read.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A target of reading: it takes what it understands, and stays as it was for the rest.
pub(crate) trait Tolerant<'de>: Default {
    /// `null` came.
    fn null(&mut self) {}

    /// A string came.
    fn text(&mut self, _: &str) {}

    /// A whole number came.
    fn number(&mut self, _: i64) {}

    /// `true` or `false` came.
    fn flag(&mut self, _: bool) {}

    /// A field of an object came; its value must be taken from the map.
    fn field<A: MapAccess<'de>>(&mut self, _name: &str, map: &mut A) -> Result<(), A::Error> {
        skip(map)
    }

    /// An array came; its elements follow.
    fn array(&mut self) {}

    /// An element of an array may come; the answer is whether there was one.
    fn element<A: SeqAccess<'de>>(&mut self, sequence: &mut A) -> Result<bool, A::Error> {
        Ok(sequence.next_element::<IgnoredAny>()?.is_some())
    }
}

/// Leaves out the value of a field.
pub(crate) fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

/// Takes the value of a field.
pub(crate) fn value<'de, T: Tolerant<'de>, A: MapAccess<'de>>(map: &mut A) -> Result<T, A::Error> {
    map.next_value::<Read<T>>().map(|Read(value)| value)
}

/// The document, if it is JSON and an object.
pub(crate) fn object<T: for<'de> Tolerant<'de>>(json: &str) -> Option<T> {
    let json = json.trim_ascii_start();
    if !json.starts_with('{') {
        return None;
    }
    read(json).or_else(|| {
        serde_json::from_str::<IgnoredAny>(json).ok()?;
        read(&mended(json)?)
    })
}

fn read<T: for<'de> Tolerant<'de>>(json: &str) -> Option<T> {
    let Read(value) = serde_json::from_str(json).ok()?;
    Some(value)
}

/// The JSON without what it can spell and Rust cannot hold: `serde_json` refuses the whole
/// document for one such value.
fn mended(json: &str) -> Option<String> {
    let mut mended = String::new();
    let mut rest = json;
    let mut is_in_string = false;
    while let Some(start) = rest.find(|c: char| match c {
        '"' => true,
        '\\' => is_in_string,
        _ => !is_in_string && (c == '-' || c.is_ascii_digit()),
    }) {
        let (before, token) = rest.split_at_checked(start)?;
        let (length, other) = if token.starts_with('"') {
            is_in_string = !is_in_string;
            (1, None)
        } else if is_in_string {
            escape(token)?
        } else {
            number(token)
        };
        let (token, after) = token.split_at_checked(length)?;
        mended.push_str(before);
        mended.push_str(other.unwrap_or(token));
        rest = after;
    }
    mended.push_str(rest);
    Some(mended)
}

/// The length of the escape at the start of a text, and what replaces half a surrogate pair.
fn escape(text: &str) -> Option<(usize, Option<&'static str>)> {
    let second = text.get(6..).and_then(code_unit);
    Some(match (code_unit(text), second) {
        (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => (12, None),
        (Some(0xd800..0xe000), _) => (6, Some("\\ufffd")),
        _ => (1 + text.chars().nth(1)?.len_utf8(), None),
    })
}

/// The UTF-16 code unit that an escape such as `\u00e4` at the start of the text spells.
fn code_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

/// The length of the number at the start of a text, and what replaces one beyond all floats.
fn number(text: &str) -> (usize, Option<&'static str>) {
    let is_part = |c| matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E');
    let length = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let is_held = text.get(..length).and_then(read::<Option<i64>>).is_some();
    (length, (!is_held).then_some("null"))
}

impl Tolerant<'_> for Option<String> {
    fn text(&mut self, text: &str) {
        *self = Some(text.into());
    }
}

impl Tolerant<'_> for Option<i64> {
    fn number(&mut self, number: i64) {
        *self = Some(number);
    }
}

impl Tolerant<'_> for Option<bool> {
    fn flag(&mut self, flag: bool) {
        *self = Some(flag);
    }
}

/// The elements that are of the right type.
impl<'de, T> Tolerant<'de> for Vec<T>
where
    Option<T>: Tolerant<'de>,
{
    fn element<A: SeqAccess<'de>>(&mut self, sequence: &mut A) -> Result<bool, A::Error> {
        let Some(Read(element)) = sequence.next_element::<Read<Option<T>>>()? else {
            return Ok(false);
        };
        self.extend(element);
        Ok(true)
    }
}

/// Makes `serde` read a [`Tolerant`] target.
pub(crate) struct Read<T>(pub(crate) T);

impl<'de, T: Tolerant<'de>> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader(PhantomData)).map(Self)
    }
}

struct Reader<T>(PhantomData<T>);

impl<T> Reader<T> {
    fn take<'de, E>(read: impl FnOnce(&mut T)) -> Result<T, E>
    where
        T: Tolerant<'de>,
    {
        let mut value = T::default();
        read(&mut value);
        Ok(value)
    }
}

impl<'de, T: Tolerant<'de>> Visitor<'de> for Reader<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Self::take(T::null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<T, E> {
        Self::take(|value| value.flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<T, E> {
        Self::take(|value| value.number(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<T, E> {
        Self::take(|value| {
            if let Ok(number) = i64::try_from(number) {
                value.number(number);
            }
        })
    }

    fn visit_f64<E>(self, number: f64) -> Result<T, E> {
        /// Up to here a floating-point number counts in ones.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        Self::take(|value| {
            if number.fract() == 0.0 && number.abs() <= EXACT {
                value.number(number as i64);
            }
        })
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Self::take(|value| value.text(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut value = T::default();
        while let Some(name) = map.next_key::<String>()? {
            value.field(&name, &mut map)?;
        }
        Ok(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<T, A::Error> {
        let mut value = T::default();
        value.array();
        while value.element(&mut sequence)? {}
        Ok(value)
    }
}
