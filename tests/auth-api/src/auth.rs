//! Who calls, and for which contract.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

use crate::Shared;
use crate::error::ApiError;
use crate::jwt::sha256;
use crate::store::{Account, Token};

/// Names the contract that a request is about.
pub(crate) const CONTRACT_NUMBER: HeaderName = HeaderName::from_static("x-contract-number");

/// An authenticated user, acting for one of the user's contracts.
pub(crate) struct Caller {
    pub(crate) account: Account,
    pub(crate) contract: u32,
    /// The token that was presented; none with e-mail and password.
    pub(crate) token: Option<Uuid>,
    second_factor_given: bool,
}

impl Caller {
    /// Refuses users with 2FA whose session is not secured by it.
    pub(crate) fn require_second_factor(&self) -> Result<(), ApiError> {
        if self.account.second_factor && !self.second_factor_given {
            return Err(ApiError::step_up());
        }
        Ok(())
    }
}

impl FromRequestParts<Arc<Shared>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        shared: &Arc<Shared>,
    ) -> Result<Self, Self::Rejection> {
        let credential = credential(&parts.headers).ok_or_else(ApiError::unauthorized)?;
        let (account, token) = match credential {
            Credential::Basic { email, password } => {
                (by_password(shared, email, password).await?, None)
            }
            Credential::Bearer(jwt) => {
                let (account, token) = by_token(shared, jwt).await?;
                (account, Some(token))
            }
        };
        Ok(Self {
            contract: contract(&parts.headers, &account, token.as_ref())?,
            second_factor_given: token.as_ref().is_some_and(|token| token.session),
            token: token.map(|token| token.id),
            account,
        })
    }
}

enum Credential {
    Basic { email: String, password: String },
    Bearer(String),
}

fn credential(headers: &HeaderMap) -> Option<Credential> {
    let (scheme, value) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let value = value.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Credential::Bearer(value.to_owned()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    let (email, password) = pair.split_once(':')?;
    Some(Credential::Basic {
        email: email.to_owned(),
        password: password.to_owned(),
    })
}

/// The same answer for an unknown user and for a wrong password.
async fn by_password(
    shared: &Arc<Shared>,
    email: String,
    password: String,
) -> Result<Account, ApiError> {
    let passwords = Arc::clone(shared);
    let account = shared.store.run(move |store| {
        let account = store.account_of_email(&email)?;
        Ok(account.filter(|account| passwords.passwords.verify(&account.password, &password)))
    });
    let account = account.await?.ok_or_else(ApiError::unauthorized)?;
    if account.second_factor {
        return Err(ApiError::step_up());
    }
    Ok(account)
}

/// A token is good if its signature is, it was not deleted, and it has not expired.
async fn by_token(shared: &Shared, jwt: String) -> Result<(Account, Token), ApiError> {
    if !shared.key.signed(&jwt) {
        return Err(ApiError::unauthorized());
    }
    let now = shared.now();
    let found = shared.store.run(move |store| {
        let token = store.token_of_digest(sha256(jwt.as_bytes()))?;
        let Some(token) = token.filter(|token| token.expires > now) else {
            return Ok(None);
        };
        let account = store.account_of_id(token.account)?;
        Ok(account.map(|account| (account, token)))
    });
    found.await?.ok_or_else(ApiError::unauthorized)
}

/// The contract that the header names, or the only one of the account.
fn contract(
    headers: &HeaderMap,
    account: &Account,
    token: Option<&Token>,
) -> Result<u32, ApiError> {
    let Some(named) = headers.get(CONTRACT_NUMBER) else {
        return match account.contracts[..] {
            [only] => Ok(only),
            _ => Err(ApiError::refused(
                "The header X-Contract-Number is required for users with several contracts.",
            )),
        };
    };
    let named = named
        .to_str()
        .ok()
        .filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
        .ok_or_else(|| ApiError::refused("The header X-Contract-Number must be an integer."))?;
    let contract = account
        .contracts
        .iter()
        .copied()
        .find(|contract| named.parse() == Ok(*contract))
        .ok_or_else(|| ApiError::forbidden("The contract does not belong to the user."))?;
    if token.is_some_and(|token| token.contract != contract) {
        return Err(ApiError::forbidden(
            "The token belongs to another contract.",
        ));
    }
    Ok(contract)
}
