//! What is measured, and what it may be.

use std::collections::BTreeMap;

/// A thing that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Figure {
    /// Compressed bytes of all files until the list is usable.
    Bytes,
    /// Requests for them; the icon is not waited for.
    Requests,
    /// Bytes of a second visit, headers included.
    BytesAgain,
    /// Requests of a second visit.
    RequestsAgain,
    /// First contentful paint.
    FirstPaint,
    /// Cumulative layout shift until the form is there.
    LayoutShift,
    /// From the navigation to the form, and from the click on Sign in to the list.
    ListUsable,
    /// From the click to the dialog with the new token.
    Generate,
    /// From the click to the question.
    Delete,
    /// From the click to the list with one more token, of so many.
    Refresh100,
    /// The same.
    Refresh1000,
    /// The same.
    Refresh10000,
    /// The longest task during that, with 1,000.
    LongestTask1000,
    /// The longest duration of an event of the interactions above, with 100 tokens.
    WorstEvent,
    /// The wasm module's memory with 100 tokens.
    WasmMemory,
    /// The JavaScript heap with 100 tokens, after garbage collection.
    Heap,
}

/// The figures of one visit.
pub(crate) type Figures = BTreeMap<Figure, f64>;

/// What a figure may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Limit {
    /// So much at most.
    Absolute(f64),
    /// So many times the reference at most.
    Ratio(f64),
    /// As it comes.
    None,
}

impl Figure {
    pub(crate) const ALL: [Self; 16] = [
        Self::Bytes,
        Self::Requests,
        Self::BytesAgain,
        Self::RequestsAgain,
        Self::FirstPaint,
        Self::LayoutShift,
        Self::ListUsable,
        Self::Generate,
        Self::Delete,
        Self::Refresh100,
        Self::Refresh1000,
        Self::Refresh10000,
        Self::LongestTask1000,
        Self::WorstEvent,
        Self::WasmMemory,
        Self::Heap,
    ];

    /// For people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes until usable",
            Self::Requests => "requests until usable",
            Self::BytesAgain => "bytes of a second visit",
            Self::RequestsAgain => "requests of a second visit",
            Self::FirstPaint => "first paint, ms",
            Self::LayoutShift => "layout shift",
            Self::ListUsable => "list usable, ms",
            Self::Generate => "generate to dialog, ms",
            Self::Delete => "delete to dialog, ms",
            Self::Refresh100 => "refresh 100 tokens, ms",
            Self::Refresh1000 => "refresh 1,000 tokens, ms",
            Self::Refresh10000 => "refresh 10,000 tokens, ms",
            Self::LongestTask1000 => "longest task with 1,000, ms",
            Self::WorstEvent => "worst event, ms",
            Self::WasmMemory => "wasm memory, bytes",
            Self::Heap => "JavaScript heap, bytes",
        }
    }

    pub(crate) fn limit(self) -> Limit {
        match self {
            Self::Bytes => Limit::Absolute(75_000.0),
            Self::Requests => Limit::Absolute(4.0),
            Self::LayoutShift => Limit::Absolute(0.0),
            Self::ListUsable => Limit::Ratio(1.3),
            Self::Generate
            | Self::Delete
            | Self::Refresh100
            | Self::Refresh1000
            | Self::Refresh10000 => Limit::Ratio(1.5),
            Self::WorstEvent => Limit::Absolute(50.0),
            Self::WasmMemory => Limit::Absolute(2_097_152.0),
            Self::BytesAgain
            | Self::RequestsAgain
            | Self::FirstPaint
            | Self::LongestTask1000
            | Self::Heap => Limit::None,
        }
    }
}
