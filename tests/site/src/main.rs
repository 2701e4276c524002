//! Serves the built page and the local Auth API on one port, as one origin.

use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;

use lexopt::prelude::{Long, ValueExt};
use site::Site;
use tokio::net::TcpListener;

struct Options {
    dist: PathBuf,
    listen: SocketAddr,
}

impl Options {
    fn from_arguments() -> Result<Self, lexopt::Error> {
        let mut dist = None;
        let mut listen = None;
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("dist") => dist = Some(arguments.value()?.into()),
                Long("listen") => listen = Some(arguments.value()?.parse()?),
                Long("data" | "control") => drop(arguments.value()?),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Self {
            dist: dist.ok_or("--dist is missing")?,
            listen: listen.ok_or("--listen is missing")?,
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::from_arguments()?;
    let router = site::router(Site {
        dist: options.dist,
        config_json: None,
        connect_src: Vec::new(),
    });
    let listener = TcpListener::bind(options.listen).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
