//! Every decoder takes any bytes, and what it writes it reads.

#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use serde_json::Value;
use token_manager::api::wire::{
    DecodeError, decode_error, decode_list, decode_success, decode_token,
};
use token_manager::domain::{Claims, Marker, Names, TokenHeader, View, parse_date};

fuzz_target!(|answer: &[u8]| {
    let list = decode_list(answer);
    if let Ok(list) = &list {
        let ids: BTreeSet<_> = list.iter().map(|token| &token.id).collect();
        assert_eq!(ids.len(), list.len());
    }
    decode_token(answer);
    decode_error(answer);
    decode_success(answer);

    let text = String::from_utf8_lossy(answer);
    Claims::decode(&text);
    TokenHeader::decode(&text);
    Marker::decode(&text);
    parse_date(&text);

    let view = View::decode(&text);
    assert_eq!(View::decode(&view.encode()), view);
    if let Some(names) = Names::decode(&text) {
        assert_eq!(Names::decode(&names.encode()), Some(names));
    }

    // Depth is limited, and what `serde_json` only skips has none.
    let depth = answer.iter().filter(|byte| b"[{".contains(byte)).count();
    if depth < 100 {
        let json = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let is_json = serde_json::from_str::<IgnoredAny>(json).is_ok();
        let is_object = is_json && json.trim_ascii_start().starts_with('{');
        assert_eq!(list != Err(DecodeError::NotJson), is_object);
    }
    if let (Ok(Value::Object(answer)), Ok(list)) = (serde_json::from_str(&text), &list) {
        let rows = answer.get("tokens").or(answer.get("items"));
        let rows = rows.and_then(Value::as_array).into_iter().flatten();
        let ids = rows.filter_map(|row| row.get("id")?.as_str());
        let ids: BTreeSet<&str> = ids.filter(|id| !id.is_empty()).collect();
        let listed: BTreeSet<&str> = list.iter().map(|token| token.id.as_str()).collect();
        assert_eq!(listed, ids);
    }
});
