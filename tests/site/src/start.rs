//! Page and Auth API together, on sockets of their own.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use auth_api::{AuthApi, Config, Control, Settings, Tls};
use axum::Router;
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::{Site, router};

/// What to start.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The folder made by `cargo xtask dist`.
    pub dist: PathBuf,
    /// The path under which the page is served, such as `/latest`; empty for the root.
    pub base: String,
    /// Keys of `config.json` that differ from the folder's.
    pub config: Map<String, Value>,
    /// Lets the page use the API on its other origin, with CORS, in place of its own.
    pub cross_origin: bool,
    /// Serves both over TLS, as HTTP/2 to browsers, which have to be told to accept the certificate.
    pub tls: bool,
    /// Further origins that the page may connect to.
    pub connect_src: Vec<String>,
    /// Sends the compressed copies that lie beside the files to browsers that take them.
    pub precompressed: bool,
    /// The folder of the API's database; without one, it lives in memory.
    pub data: Option<PathBuf>,
    /// The API's settings.
    pub settings: Settings,
}

/// A page and its API, served until this is dropped.
pub struct Running {
    /// Where page and API are served as one origin, without a slash at the end.
    pub origin: String,
    /// Another origin where the API alone is served.
    pub api_origin: String,
    /// The page's address.
    pub url: String,
    /// Sets faults and sees what the API sees, on either origin.
    pub control: Control,
    servers: [JoinHandle<()>; 2],
}

impl Drop for Running {
    fn drop(&mut self) {
        for server in &self.servers {
            server.abort();
        }
    }
}

/// Serves page and API on random ports of this machine.
///
/// # Errors
///
/// A port can't be opened, the database can't, or the folder's `config.json` is not one.
pub async fn start(options: Options) -> Result<Running, Box<dyn Error + Send + Sync>> {
    let api = AuthApi::open(Config {
        data: options.data.clone(),
        settings: options.settings.clone(),
    })?;
    let tls = options.tls.then(Tls::self_signed).transpose()?;
    let (own, origin) = listen(&tls).await?;
    let (other, api_origin) = listen(&tls).await?;
    let pages = pages(&options, &api_origin)?;
    let servers = [
        serve(own, api.routes().merge(pages), tls.clone()),
        serve(other, api.router(), tls),
    ];
    Ok(Running {
        url: format!("{origin}{}/", options.base),
        origin,
        api_origin,
        control: api.control(),
        servers,
    })
}

/// The ports of this process's servers. None is taken twice: a browser that outlives a server has
/// cached its files for good, and would show them at the same origin in place of the next one's.
static USED: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

fn is_new(port: u16) -> bool {
    let mut used = USED.lock().unwrap_or_else(PoisonError::into_inner);
    used.insert(port)
}

async fn listen(tls: &Option<Tls>) -> std::io::Result<(TcpListener, String)> {
    let listener = loop {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        if is_new(listener.local_addr()?.port()) {
            break listener;
        }
    };
    let scheme = if tls.is_some() { "https" } else { "http" };
    let origin = format!("{scheme}://{}", listener.local_addr()?);
    Ok((listener, origin))
}

fn serve(listener: TcpListener, router: Router, tls: Option<Tls>) -> JoinHandle<()> {
    match tls {
        Some(tls) => tokio::spawn(auth_api::serve_tls(listener, router, tls)),
        None => tokio::spawn(auth_api::serve(listener, router)),
    }
}

fn pages(options: &Options, api_origin: &str) -> Result<Router, Box<dyn Error + Send + Sync>> {
    let mut config = options.config.clone();
    let mut connect_src = options.connect_src.clone();
    if options.cross_origin {
        config.insert(
            "authApiUrl".to_owned(),
            format!("{api_origin}/auth/v1").into(),
        );
        connect_src.push(api_origin.to_owned());
    }
    let pages = router(Site {
        config_json: config_json(options, config)?,
        dist: options.dist.clone(),
        connect_src,
        precompressed: options.precompressed,
    });
    Ok(match options.base.as_str() {
        "" => pages,
        base => Router::new().nest_service(base, pages),
    })
}

/// The folder's `config.json` with `changes`, if there are any.
fn config_json(
    options: &Options,
    changes: Map<String, Value>,
) -> Result<Option<String>, Box<dyn Error + Send + Sync>> {
    if changes.is_empty() {
        return Ok(None);
    }
    let file = std::fs::read(options.dist.join("config.json"))?;
    let mut config: Map<String, Value> = serde_json::from_slice(&file)?;
    config.extend(changes);
    Ok(Some(Value::from(config).to_string()))
}
