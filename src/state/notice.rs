//! What the user is told.

use crate::api::ApiError;
use crate::domain::{Token, TokenId};

/// What happened last; each is announced once.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// A token's ID is in the clipboard.
    CopiedId,
    /// A text is in the clipboard.
    Copied,
    /// A token's value is in the clipboard.
    CopiedValue,
    /// The clipboard refused; the text is selected.
    CopyFailed,
    /// The browser saves the value under this name.
    Downloaded(String),
    /// The browser refused to save the value.
    DownloadFailed,
    /// The request for a token failed, and certainly made none.
    GenerateRefused(ApiError),
    /// The request for a token failed; the list tells what became of it.
    GenerateFailed(ApiError),
    /// The request failed, and the list shows that it made no token.
    NothingCreated(ApiError),
    /// Another tab is asking for a token.
    OtherTab,
    /// The token is gone.
    Deleted(TokenId),
    /// The token is still there.
    DeleteFailed(ApiError),
    /// Nobody knows whether what was to be deleted is gone.
    DeleteUnknown,
    /// Several tokens are gone, and so many are left by the newest list.
    DeletedMany {
        /// How many are gone.
        deleted: usize,
        /// How many are left; 0 where that was not asked for.
        left: usize,
    },
    /// The browser keeps nothing, so names last until the page is left.
    NotKept,
    /// So many names were added or changed by a file.
    NamesImported(usize),
    /// The file is no export of names.
    NamesUnreadable,
    /// No token has an expiry to be reminded of.
    NothingToRemind,
}

impl Notice {
    /// Whether it needs attention at once.
    pub fn is_error(&self) -> bool {
        !matches!(
            self,
            Self::Copied
                | Self::CopiedId
                | Self::CopiedValue
                | Self::Downloaded(_)
                | Self::Deleted(_)
                | Self::DeletedMany { .. }
                | Self::NamesImported(_)
        )
    }
}

/// Tokens that nobody asked for, or whose value nobody saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// How they came about.
    pub kind: FindingKind,
    /// The tokens.
    pub tokens: Vec<Token>,
}

/// How tokens came about that somebody should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingKind {
    /// They were made by a request whose answer was lost.
    Orphans,
    /// They appeared while another token was made.
    Extras,
    /// They appeared after it had seemed that nothing was made.
    Late,
}
