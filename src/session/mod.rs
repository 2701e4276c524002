//! On whose behalf the API is called. Credentials stay in memory and are JavaScript's strings.

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::api::facts;
use crate::domain::TokenId;
use crate::secret::{Authorization, Secret};

/// How long the host may take for a credential, in milliseconds.
const HOST_TIMEOUT: u32 = 120_000;

#[wasm_bindgen(module = "/src/session/host.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn ask(
        get_credential: &Function,
        reason: &str,
        milliseconds: u32,
    ) -> Result<JsValue, JsValue>;
}

/// Where credentials come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// The page's own form.
    Form,
    /// The cookie of the host's session.
    Cookie,
    /// The host's function `getCredential`.
    Host(Function),
}

/// Why the host is asked for a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// There was none yet.
    Initial,
    /// The API refused the last one.
    Expired,
    /// The API wants a session that is secured by a second factor.
    StepUp,
}

impl Reason {
    /// The word that the host gets.
    pub fn word(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Expired => "expired",
            Self::StepUp => "step-up",
        }
    }
}

/// What somebody signs in with.
pub enum Credential {
    /// An authentication token.
    Bearer(Secret),
    /// An account's e-mail address and password.
    Basic {
        /// The e-mail address.
        email: Secret,
        /// The password.
        password: Secret,
    },
}

/// Who is signed in.
#[derive(Clone, Default)]
pub struct Session {
    /// The credential; none where a cookie stands for it.
    pub authorization: Option<Rc<Authorization>>,
    /// The e-mail address or the user's ID, if known.
    pub account: Option<Rc<str>>,
    /// The contract that a token as credential belongs to.
    pub contract: Option<u64>,
    /// The token that is used as credential.
    pub token_id: Option<TokenId>,
}

impl Session {
    /// A session that starts with `credential`.
    pub fn new(credential: &Credential) -> Self {
        match credential {
            Credential::Bearer(token) => {
                let (token_id, claims) = facts(token);
                let contract = claims.as_ref().and_then(|claims| claims.contract);
                Self {
                    authorization: Some(Rc::new(Authorization::bearer(token))),
                    account: claims.and_then(|claims| claims.user).map(Rc::from),
                    contract,
                    token_id,
                }
            }
            Credential::Basic { email, password } => Self {
                authorization: Some(Rc::new(Authorization::basic(email, password))),
                account: email.as_js().as_string().map(Rc::from),
                contract: None,
                token_id: None,
            },
        }
    }
}

/// Asks the host; nothing if it declines, fails, answers something else than a credential, or
/// takes longer than a person needs to sign in.
pub async fn ask_host(get_credential: &Function, reason: Reason) -> Option<Credential> {
    let answer = ask(get_credential, reason.word(), HOST_TIMEOUT)
        .await
        .ok()?;
    if let Some(token) = Secret::field(&answer, "token") {
        return Some(Credential::Bearer(token));
    }
    Some(Credential::Basic {
        email: Secret::field(&answer, "email")?,
        password: Secret::field(&answer, "password")?,
    })
}
