//! Serves the built page and the local Auth API on one port, as one origin.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use auth_api::{AuthApi, Config};
use lexopt::prelude::{Long, ValueExt};
use site::Site;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

struct Options {
    dist: PathBuf,
    listen: SocketAddr,
    data: Option<PathBuf>,
    control: Option<SocketAddr>,
}

impl Options {
    fn from_arguments() -> Result<Self, lexopt::Error> {
        let mut dist = None;
        let mut listen = None;
        let mut data = None;
        let mut control = None;
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("dist") => dist = Some(arguments.value()?.into()),
                Long("listen") => listen = Some(arguments.value()?.parse()?),
                Long("data") => data = Some(arguments.value()?.into()),
                Long("control") => control = Some(arguments.value()?.parse()?),
                other => return Err(other.unexpected()),
            }
        }
        if control.is_some_and(|control: SocketAddr| !control.ip().is_loopback()) {
            return Err(
                "--control hands out tokens, so it must be an address of this machine".into(),
            );
        }
        Ok(Self {
            dist: dist.ok_or("--dist is missing")?,
            listen: listen.ok_or("--listen is missing")?,
            data,
            control,
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(io::stderr)
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .init();
    let options = Options::from_arguments()?;
    let api = AuthApi::open(Config {
        data: options.data,
        ..Config::default()
    })?;
    let pages = site::router(Site {
        dist: options.dist,
        config_json: None,
        connect_src: Vec::new(),
    });
    let listener = TcpListener::bind(options.listen).await?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    if let Some(address) = options.control {
        let control = TcpListener::bind(address).await?;
        tracing::info!(address = %control.local_addr()?, "control port");
        tokio::spawn(auth_api::serve(control, api.control().router()));
    }
    auth_api::serve(listener, api.routes().merge(pages)).await;
    Ok(())
}
