//! A local server with the operations of IONOS Cloud's Auth API, for development and tests.
//!
//! It keeps accounts and tokens in a database file, and on demand it goes wrong on real sockets:
//! see [`Fault`] for how, and [`Control`] for switching it on. `README.md` tells how it is used.

mod auth;
mod control;
mod delivery;
mod error;
mod exchange;
mod faults;
mod jwt;
mod operations;
mod password;
mod requests;
mod seed;
mod server;
mod settings;
mod store;
mod tls;

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use axum::Router;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Method, request};
use axum::middleware::from_fn_with_state;
use tower_http::cors::{AllowOrigin, CorsLayer};
use uuid::Uuid;

use crate::auth::CONTRACT_NUMBER;
use crate::error::ApiError;
use crate::faults::Faults;
use crate::jwt::{Claims, Identity, SigningKey, sha256};
use crate::password::Passwords;
use crate::requests::Requests;
use crate::store::{Store, Token};

pub use crate::control::{Control, ControlError};
pub use crate::delivery::{Content, Delivery};
pub use crate::faults::{BadFault, Fault, Match, Operation, Rule};
pub use crate::requests::Received;
pub use crate::server::{serve, serve_tls};
pub use crate::settings::Settings;
pub use crate::tls::Tls;

/// How to start the server.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The folder of the database file; without one, everything ends with the process.
    pub data: Option<PathBuf>,
    /// What can be changed later, too.
    pub settings: Settings,
}

/// The API as a router that needs no socket.
///
/// # Errors
///
/// The database can't be opened or filled.
pub fn app(config: Config) -> Result<Router, OpenError> {
    Ok(AuthApi::open(config)?.router())
}

/// Why the server can't start.
pub type OpenError = Box<dyn Error + Send + Sync>;

/// The API with its database. Clones share it.
#[derive(Clone)]
pub struct AuthApi(Arc<Shared>);

impl AuthApi {
    /// Opens the database, and fills it at the first start.
    ///
    /// # Errors
    ///
    /// The database can't be opened or filled.
    pub fn open(config: Config) -> Result<Self, OpenError> {
        let file = match &config.data {
            Some(folder) => {
                fs::create_dir_all(folder)?;
                Some(folder.join("auth-api.sqlite"))
            }
            None => None,
        };
        let store = Store::open(file.as_deref())?;
        let key = match store.signing_key()? {
            Some(pkcs8) => Arc::new(SigningKey::from_pkcs8(&pkcs8)?),
            None => fill(&store, file.is_some(), config.settings.now())?,
        };
        Ok(Self(Arc::new(Shared {
            store,
            key,
            passwords: Passwords::new(),
            settings: RwLock::new(config.settings),
            faults: Faults::default(),
            requests: Requests::default(),
        })))
    }

    /// The API as a router of its own.
    pub fn router(&self) -> Router {
        self.routes().fallback(operations::unknown_path)
    }

    /// The routes below `/auth` and `/cloudapi`, for a server that has others, too.
    pub fn routes(&self) -> Router {
        let shared = &self.0;
        operations::routes()
            .layer(from_fn_with_state(shared.clone(), exchange::work))
            .layer(cors(shared.clone()))
            .layer(from_fn_with_state(shared.clone(), exchange::receive))
            .with_state(shared.clone())
    }

    /// The handle that sets faults and sees what the server sees.
    pub fn control(&self) -> Control {
        Control::new(self.0.clone())
    }
}

/// Makes accounts, tokens and a key.
fn fill(store: &Store, own_key: bool, now: i64) -> Result<Arc<SigningKey>, OpenError> {
    let key = if own_key {
        Arc::new(SigningKey::generate()?)
    } else {
        key_of_process()?
    };
    let accounts = seed::accounts()?;
    let full = accounts.iter().find(|(email, _)| *email == seed::FULL);
    let tokens = full.map(|(_, account)| seed::tokens(account, 100, now));
    store.seed(&key.to_pkcs8()?, &accounts, &tokens.unwrap_or_default())?;
    Ok(key)
}

/// One key for all databases in memory: making one takes longer than most tests.
fn key_of_process() -> Result<Arc<SigningKey>, OpenError> {
    static KEY: OnceLock<Arc<SigningKey>> = OnceLock::new();
    if let Some(key) = KEY.get() {
        return Ok(key.clone());
    }
    let key = Arc::new(SigningKey::generate()?);
    Ok(KEY.get_or_init(|| key).clone())
}

fn cors(shared: Arc<Shared>) -> CorsLayer {
    let allowed = move |origin: &HeaderValue, _: &request::Parts| shared.settings().allows(origin);
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(allowed))
        .allow_methods([Method::GET, Method::DELETE])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE, CONTRACT_NUMBER])
        .expose_headers([RETRY_AFTER])
}

/// What all requests share.
struct Shared {
    store: Store,
    key: Arc<SigningKey>,
    passwords: Passwords,
    settings: RwLock<Settings>,
    faults: Faults,
    requests: Requests,
}

impl Shared {
    fn settings(&self) -> Settings {
        let settings = self.settings.read();
        settings.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn now(&self) -> i64 {
        self.settings().now()
    }

    /// Makes a token and answers its ID and its text, or nothing if the account is full.
    ///
    /// The text is answered only after the token is on the disk.
    async fn generate(self: Arc<Self>, wish: Wish) -> Result<Option<(Uuid, String)>, ApiError> {
        let store = self.store.clone();
        let made = store.run(move |_| Ok(self.mint(&wish)));
        made.await?
    }

    fn mint(&self, wish: &Wish) -> Result<Option<(Uuid, String)>, ApiError> {
        let settings = self.settings();
        let id = Uuid::new_v4();
        let created = settings.now();
        let expires = settings.expiry(created, wish.ttl);
        let claims = Claims {
            iss: "ionoscloud",
            iat: created,
            exp: expires,
            client: "USER",
            identity: Identity {
                uuid: wish.account,
                contract_number: wish.contract,
                reseller_id: 1,
                role: "owner",
                reg_domain: "ionos.de",
                privileges: PRIVILEGES,
                is_parent: false,
            },
        };
        let jwt = self.key.sign(id, &claims)?;
        let token = Token {
            id,
            account: wish.account,
            contract: wish.contract,
            digest: sha256(jwt.as_bytes()),
            created,
            expires,
            session: wish.session,
        };
        let limit = match wish.session {
            true => u32::MAX,
            false => settings.token_limit,
        };
        let kept = self.store.insert(&token, limit)?;
        Ok(kept.then_some((id, jwt)))
    }
}

/// A token to be made.
struct Wish {
    account: Uuid,
    contract: u32,
    ttl: i64,
    session: bool,
}

const PRIVILEGES: &[&str] = &[
    "DATA_CENTER_CREATE",
    "SNAPSHOT_CREATE",
    "IP_BLOCK_RESERVE",
    "MANAGE_DATAPLATFORM",
    "ACCESS_ACTIVITY_LOG",
    "PCC_CREATE",
];
