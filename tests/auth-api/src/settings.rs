//! What can be changed while the server runs.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::HeaderValue;
use chrono::DateTime;
use serde::{Deserialize, Serialize};

/// What can be changed while the server runs.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Write dates as `2025-09-23T07:29:44Z[UTC]`, which the API has done, too.
    pub date_suffix: bool,
    /// Serve a year as 365.25 days, which the API has done, too.
    pub long_year: bool,
    /// The origins that CORS allows. `http://localhost:*` stands for every port.
    pub allowed_origins: Vec<String>,
    /// How many tokens an account may hold.
    pub token_limit: u32,
    /// How far the server's clock is off.
    pub clock_offset_seconds: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            date_suffix: false,
            long_year: false,
            allowed_origins: vec![
                "http://localhost:*".to_owned(),
                "http://127.0.0.1:*".to_owned(),
            ],
            token_limit: 100,
            clock_offset_seconds: 0,
        }
    }
}

const YEAR: i64 = 365 * 24 * 60 * 60;
const LONG_YEAR: i64 = YEAR + 6 * 60 * 60;

impl Settings {
    /// The server's time in seconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.unwrap_or_default().as_secs() as i64 + self.clock_offset_seconds
    }

    /// When a token made at `now` for `ttl` seconds expires.
    pub(crate) fn expiry(&self, now: i64, ttl: i64) -> i64 {
        match (ttl, self.long_year) {
            (YEAR, true) => now + LONG_YEAR,
            _ => now + ttl,
        }
    }

    /// Seconds since 1970 in the API's format.
    pub(crate) fn date(&self, seconds: i64) -> String {
        let suffix = if self.date_suffix { "[UTC]" } else { "" };
        let date = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        format!("{}{suffix}", date.format("%Y-%m-%dT%H:%M:%SZ"))
    }

    /// The server's time as an HTTP `Date`.
    pub(crate) fn http_date(&self) -> String {
        let now = u64::try_from(self.now()).unwrap_or_default();
        httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(now))
    }

    pub(crate) fn allows(&self, origin: &HeaderValue) -> bool {
        let origin = origin.to_str().unwrap_or_default();
        self.allowed_origins
            .iter()
            .any(|allowed| match allowed.strip_suffix('*') {
                Some(prefix) => origin
                    .strip_prefix(prefix)
                    .is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit())),
                None => origin == allowed,
            })
    }
}
