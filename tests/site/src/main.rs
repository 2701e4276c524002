//! Serves the built page and the local Auth API on one port, as one origin.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

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
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(io::stderr)
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .init();
    let served = match Options::from_arguments() {
        Ok(options) => serve(options).await,
        Err(error) => Err(error.to_string()),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until the process is ended, or says why it can't.
async fn serve(options: Options) -> Result<(), String> {
    let data = options.data.clone();
    let api = AuthApi::open(Config {
        data: options.data,
        ..Config::default()
    })
    .map_err(|error| match data {
        Some(data) => format!("the Auth API's data in {}: {error}", data.display()),
        None => error.to_string(),
    })?;
    let pages = site::router(Site {
        dist: options.dist,
        config_json: None,
        connect_src: Vec::new(),
        precompressed: false,
    });
    let listener = listen(options.listen, "listening").await?;
    if let Some(address) = options.control {
        let control = listen(address, "control port").await?;
        tokio::spawn(auth_api::serve(control, api.control().router()));
    }
    auth_api::serve(listener, api.routes().merge(pages)).await;
    Ok(())
}

/// Opens a port and logs its address, which tells it where any was asked for.
async fn listen(address: SocketAddr, what: &str) -> Result<TcpListener, String> {
    let refused = |error| format!("{address} can't be listened on: {error}");
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    tracing::info!(%address, "{what}");
    Ok(listener)
}
