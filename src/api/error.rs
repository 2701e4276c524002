//! What can go wrong with a call, as far as it makes a difference to the user's tokens.

use std::rc::Rc;

use crate::api::wire::ErrorBody;

/// Why a call has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// 401: there is no valid session.
    Unauthorized,
    /// 401 with code 501: a session secured by a second factor is needed.
    StepUp,
    /// 403: no right to do this, or not with this contract.
    Forbidden,
    /// 404 or 410.
    NotFound,
    /// Another refusal by the API, with its own words if it gave any.
    Refused {
        /// The API's message.
        message: Option<Rc<str>>,
    },
    /// 429: too many requests.
    TooMany {
        /// Seconds to wait, at most 60.
        retry_after: Option<u32>,
    },
    /// 408, 421 and 5xx: something on the way or in the server failed, before or after the work.
    Server {
        /// The HTTP status.
        status: u16,
        /// Seconds to wait, at most 60.
        retry_after: Option<u32>,
    },
    /// No answer: the network, a refused preflight or a redirect. The browser tells them apart
    /// for nobody.
    Network,
    /// No answer in time.
    Timeout,
    /// An answer that is not what the API answers, or too large.
    Unreadable,
}

impl ApiError {
    /// The error that an answer with `status` and `body` stands for.
    pub fn of(status: u16, retry_after: Option<u32>, body: &ErrorBody) -> Self {
        let coded = |code| {
            let mut messages = body.messages.iter();
            messages.any(|message| message.code.as_deref() == Some(code))
        };
        match status {
            401 if coded("501") => Self::StepUp,
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 | 410 => Self::NotFound,
            429 => Self::TooMany { retry_after },
            408 | 421 | 500.. => Self::Server {
                status,
                retry_after,
            },
            _ => Self::Refused {
                message: body
                    .messages
                    .iter()
                    .find_map(|message| message.message.as_deref().map(Rc::from)),
            },
        }
    }

    /// Whether the API itself said no, so that certainly nothing was done.
    ///
    /// All else is an unknown outcome (`faults`, R5): the work may have been done before the failure.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Unauthorized | Self::StepUp | Self::Forbidden | Self::Refused { .. }
        )
    }

    /// Whether asking again soon may help (`faults`, R4).
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Network
                | Self::Server {
                    status: 502..=504,
                    ..
                }
        )
    }

    /// Seconds after which the server wants to be asked again.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooMany { retry_after } | Self::Server { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// A stable name for the host's `failed` event.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::StepUp => "step-up",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::Refused { .. } => "refused",
            Self::TooMany { .. } => "too-many-requests",
            Self::Server { .. } => "server",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Unreadable => "unreadable",
        }
    }
}
