//! The control interface: in the same process as [`Control`], elsewhere as JSON on a second port.

mod http;

use std::fmt;
use std::sync::{Arc, PoisonError};

use axum::Router;
use uuid::Uuid;

use crate::error::ApiError;
use crate::faults::{BadFault, Rule};
use crate::requests::Received;
use crate::settings::Settings;
use crate::store::Account;
use crate::{Shared, Wish, seed};

/// Sets faults, and sees what the server sees. Clones control the same server.
#[derive(Clone)]
pub struct Control(Arc<Shared>);

impl Control {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self(shared)
    }

    /// The same as JSON over HTTP, with a page that has a button for each fault.
    pub fn router(&self) -> Router {
        http::router(self.clone())
    }

    /// Adds `rules` after those that are pending. None is added if one of them is bad.
    ///
    /// # Errors
    ///
    /// A fault can't be made.
    pub fn add_faults(&self, rules: impl IntoIterator<Item = Rule>) -> Result<(), BadFault> {
        let rules: Vec<Rule> = rules.into_iter().collect();
        for rule in &rules {
            rule.fault.check()?;
        }
        self.0.faults.add(rules);
        Ok(())
    }

    /// The rules that still wait for requests.
    pub fn faults(&self) -> Vec<Rule> {
        self.0.faults.pending()
    }

    /// Removes all rules.
    pub fn clear_faults(&self) {
        self.0.faults.clear();
    }

    /// The requests that the API has received since the start, or since they were forgotten.
    pub fn requests(&self) -> Vec<Received> {
        self.0.requests.all()
    }

    /// Empties [`Control::requests`].
    pub fn forget_requests(&self) {
        self.0.requests.forget();
    }

    /// What is set at present.
    pub fn settings(&self) -> Settings {
        self.0.settings()
    }

    /// Changes settings; the next request sees them.
    pub fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        change(
            &mut self
                .0
                .settings
                .write()
                .unwrap_or_else(PoisonError::into_inner),
        );
    }

    /// The IDs of an account's tokens in all its contracts, oldest entry first.
    ///
    /// # Errors
    ///
    /// There is no such account, or the database fails.
    pub fn token_ids(&self, email: &str) -> Result<Vec<Uuid>, ControlError> {
        let account = self.account(email)?;
        let tokens = self.0.store.tokens(account.id, None)?;
        Ok(tokens.iter().map(|token| token.id).collect())
    }

    /// Adds `count` tokens to an account, whatever it may hold. Nobody has their texts.
    ///
    /// # Errors
    ///
    /// There is no such account, or the database fails.
    pub fn add_tokens(&self, email: &str, count: u32) -> Result<(), ControlError> {
        let tokens = seed::tokens(&self.account(email)?, count, self.0.now());
        Ok(self.0.store.insert_all(&tokens)?)
    }

    /// Makes a token of an account's first contract. Its `ttl` in seconds may be any, also past.
    ///
    /// # Errors
    ///
    /// There is no such account, it is full, or the database fails.
    pub fn token(&self, email: &str, ttl: i64) -> Result<String, ControlError> {
        self.mint(email, ttl, false)
    }

    /// Makes a 2FA-secured session of an account, as its user has after signing in with 2FA.
    ///
    /// # Errors
    ///
    /// There is no such account, or the database fails.
    pub fn session(&self, email: &str) -> Result<String, ControlError> {
        self.mint(email, SESSION, true)
    }

    /// Deletes a token as its user would do elsewhere, and says whether it was there.
    ///
    /// # Errors
    ///
    /// There is no such account, or the database fails.
    pub fn delete_token(&self, email: &str, id: Uuid) -> Result<bool, ControlError> {
        let account = self.account(email)?;
        for contract in account.contracts {
            if self.0.store.delete(account.id, contract, id)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn mint(&self, email: &str, ttl: i64, session: bool) -> Result<String, ControlError> {
        let account = self.account(email)?;
        let contract = *account.contracts.first().ok_or(ControlError::NoAccount)?;
        let wish = Wish {
            account: account.id,
            contract,
            ttl,
            session,
        };
        let (_, jwt) = self.0.mint(&wish)?.ok_or(ControlError::Full)?;
        Ok(jwt)
    }

    fn account(&self, email: &str) -> Result<Account, ControlError> {
        let account = self.0.store.account_of_email(email)?;
        account.ok_or(ControlError::NoAccount)
    }
}

/// How long a 2FA-secured session lives, in seconds.
const SESSION: i64 = 60 * 60;

/// Why something could not be done.
#[derive(Debug)]
#[non_exhaustive]
pub enum ControlError {
    /// There is no account with this e-mail address.
    NoAccount,
    /// The account holds as many tokens as it may.
    Full,
    /// The database, or the key, failed; the log tells more.
    Failed,
}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAccount => "there is no account with this e-mail address",
            Self::Full => "the account holds as many tokens as it may",
            Self::Failed => "the server has failed; its log tells more",
        })
    }
}

impl std::error::Error for ControlError {}

impl From<rusqlite::Error> for ControlError {
    fn from(error: rusqlite::Error) -> Self {
        ApiError::from(error).into()
    }
}

impl From<ApiError> for ControlError {
    fn from(_: ApiError) -> Self {
        Self::Failed
    }
}
