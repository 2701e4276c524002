//! What tokens are and what follows from it: pure Rust, without a browser, a clock or a language.
//!
//! Everything that depends on the time takes it as `now`.

mod calendar;
mod claims;
mod claims_check;
mod date;
mod difference;
mod generation;
mod ids;
pub(crate) mod json;
mod names;
mod query;
mod snippets;
mod sort;
mod status;
mod text;
mod timestamp;
mod token;
mod ttl;

pub use calendar::{Reminder, calendar};
pub use claims::{Claims, TokenHeader};
pub use claims_check::{ClaimWarning, check_claims};
pub use date::parse_date;
pub use difference::difference;
pub use generation::{Answer, Generation, Listing, Marker, Outcome};
pub use ids::{IdMap, IdSet};
pub use names::{LooksLikeToken, Name, Names, looks_like_token};
pub use query::{Counts, View};
pub use snippets::{FileFormat, Snippet};
pub use sort::{Direction, SortKey, sort};
pub use status::Status;
pub use text::{decimal, holds, natural};
pub use timestamp::Timestamp;
pub use token::{Token, TokenId};
pub use ttl::{Ttl, TtlUnit};
