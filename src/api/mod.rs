//! The Auth API 1.0: its five operations, one way of sending them, one error type.

mod error;
mod send;
pub mod wire;

use std::pin::Pin;
use std::rc::Rc;

use web_sys::RequestCredentials;

pub use error::ApiError;

use crate::domain::{Claims, Token, TokenHeader, TokenId, Ttl, decimal};
use crate::secret::{Authorization, Secret};
use send::{Answer, Call, Method, pause};

/// How often a list is asked for again after a passing failure (`faults`, R4).
const LIST_RETRIES: u32 = 2;
/// The first retry waits up to this many milliseconds, each further one up to twice as long.
const RETRY_BASE: f64 = 500.0;
/// 10,000 rows take about 2.5 MB.
const LIST_LIMIT: u32 = 8_000_000;
/// A token takes about 1 kB.
const SMALL_LIMIT: u32 = 64_000;
const LIST_TIMEOUT: i32 = 10_000;
const GENERATE_TIMEOUT: i32 = 30_000;
const DELETE_TIMEOUT: i32 = 15_000;

/// The API as one caller sees it: where it is, who asks, and for which contract.
#[derive(Clone)]
pub struct AuthApi {
    /// The base URL, without a slash at its end.
    pub base: Rc<str>,
    /// Sent as `Authorization`.
    pub authorization: Option<Rc<Authorization>>,
    /// Sent as `X-Contract-Number`; accounts with several contracts must name one.
    pub contract: Option<u64>,
    /// Whether the host's session cookie goes along.
    pub cookies: bool,
}

/// A token that was just generated: the only time its value is seen.
pub struct Minted {
    /// The token's value.
    pub value: Secret,
    /// The `kid` of its header; the answer names the ID nowhere else.
    pub id: Option<TokenId>,
    /// What its claims say, if they can be read.
    pub claims: Option<Claims>,
}

impl Minted {
    fn new(value: Secret) -> Self {
        let (id, claims) = facts(&value);
        Self { value, id, claims }
    }
}

/// Which tokens a deletion by criteria takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criteria {
    /// Every token of the contract.
    All,
    /// The tokens whose time is over by the server's clock.
    Expired,
}

impl AuthApi {
    /// The contract's tokens.
    ///
    /// # Errors
    ///
    /// After two retries of passing failures, the last one's.
    pub async fn list(&self) -> Result<Vec<Token>, ApiError> {
        let mut retries = 0;
        loop {
            let result = self.list_once().await;
            match result {
                Err(error) if retries < LIST_RETRIES && error.is_passing() => {
                    let jitter = js_sys::Math::random() * RETRY_BASE * f64::from(1 << retries);
                    let wait = error.retry_after().map_or(0.0, |s| f64::from(s) * 1000.0);
                    retries += 1;
                    pause((wait + jitter) as i32).await;
                }
                result => return result,
            }
        }
    }

    async fn list_once(&self) -> Result<Vec<Token>, ApiError> {
        let call = Call::new(Method::Get, LIST_TIMEOUT, LIST_LIMIT);
        let answer = self.send(call, "/tokens").await?;
        wire::decode_list(&answer.json()?).map_err(|_| ApiError::Unreadable)
    }

    /// Makes a token that is valid for `ttl`. One call is one request, whatever happens to it.
    ///
    /// # Errors
    ///
    /// An error that is not [certain](ApiError::is_refusal) leaves open whether a token was made.
    pub async fn generate(&self, ttl: Ttl) -> Result<Minted, ApiError> {
        let call = Call::new(Method::Get, GENERATE_TIMEOUT, SMALL_LIMIT);
        let call = call.query("ttl", &decimal(ttl.seconds()));
        let answer = self.send(call, "/tokens/generate").await?;
        let value = Secret::in_answer(answer.json_bytes()?).ok_or(ApiError::Unreadable)?;
        Ok(Minted::new(value))
    }

    /// The token `id`, or nothing if this contract has none of that ID.
    ///
    /// # Errors
    ///
    /// Those of the request; a 404 is none.
    pub async fn get(&self, id: &TokenId) -> Result<Option<Token>, ApiError> {
        let call = Call::new(Method::Get, LIST_TIMEOUT, SMALL_LIMIT);
        match self.send(call, &path_of(id)?).await {
            Ok(answer) => wire::decode_token(&answer.json()?)
                .map(Some)
                .ok_or(ApiError::Unreadable),
            Err(ApiError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Deletes the token `id`; that it is gone already is a success (`faults`, R6).
    ///
    /// # Errors
    ///
    /// An error that is not [certain](ApiError::is_refusal) leaves open whether it was deleted.
    pub async fn delete(&self, id: &TokenId) -> Result<(), ApiError> {
        let call = Call::new(Method::Delete, DELETE_TIMEOUT, SMALL_LIMIT);
        match self.send(call, &path_of(id)?).await {
            Ok(_) | Err(ApiError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Deletes all tokens of the contract that `criteria` names.
    ///
    /// # Errors
    ///
    /// As for [`AuthApi::delete`]: only a new list tells what is left.
    pub async fn delete_many(&self, criteria: Criteria) -> Result<(), ApiError> {
        let call = Call::new(Method::Delete, DELETE_TIMEOUT, SMALL_LIMIT);
        let call = call.query(
            "criteria",
            match criteria {
                Criteria::All => "ALL",
                Criteria::Expired => "EXPIRED",
            },
        );
        self.send(call, "/tokens").await.map(drop)
    }

    /// Boxed, so that its code is there once and not in each operation's.
    fn send<'a>(
        &'a self,
        call: Call,
        path: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Answer, ApiError>> + 'a>> {
        Box::pin(async move {
            let headers = web_sys::Headers::new().map_err(|_| ApiError::Network)?;
            if let Some(authorization) = &self.authorization
                && !authorization.set_on(&headers)
            {
                return Err(ApiError::Unauthorized);
            }
            if let Some(contract) = self.contract {
                let set = headers.set("X-Contract-Number", &decimal(contract));
                set.map_err(|_| ApiError::Network)?;
            }
            let credentials = match self.cookies {
                true => RequestCredentials::Include,
                false => RequestCredentials::Omit,
            };
            let url = self.base.as_ref().to_owned() + path;
            call.send(&url, headers, credentials).await
        })
    }
}

/// The path of one token, whatever characters its ID has.
///
/// # Errors
///
/// None for an ID that a URL can't carry: it would name the list, or what is above it.
fn path_of(id: &TokenId) -> Result<String, ApiError> {
    if matches!(id.as_ref(), "" | "." | "..") {
        return Err(ApiError::Refused { message: None });
    }
    let escaped = js_sys::encode_uri_component(id.as_ref());
    Ok(["/tokens/", &String::from(escaped)].concat())
}

/// The ID in a JWT's header, and its claims, as far as they can be read.
pub fn facts(token: &Secret) -> (Option<TokenId>, Option<Claims>) {
    let header = token.jwt_header();
    let claims = token.jwt_claims();
    (
        header.and_then(|json| TokenHeader::decode(&json)?.kid),
        claims.and_then(|json| Claims::decode(&json)),
    )
}
