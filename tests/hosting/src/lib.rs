//! Runs the configurations in `hosting/` with the real web servers, on random ports.
//!
//! They are used as they are, except for what whoever installs them has to change, too: places,
//! names, certificates and the API.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use pem::Pem;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tempfile::TempDir;

/// A web server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Software {
    /// With its module for brotli; over TLS.
    Nginx,
    /// Without TLS, which it would get certificates for.
    Caddy,
}

/// What is served.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The folder made by `cargo xtask dist`.
    pub dist: &'a Path,
    /// The path under which the page lies, with slashes at both ends.
    pub base: &'a str,
    /// The scheme and the port of the API, which is reached as `localhost`.
    pub api: (&'a str, u16),
    /// The certificate, in DER, by which the API is known.
    pub api_certificate: &'a [u8],
}

/// A server with its configuration in a folder of its own.
pub struct Configured {
    software: Software,
    folder: TempDir,
    environment: Vec<(&'static str, OsString)>,
    port: u16,
    base: String,
}

/// A running server, ended when this is dropped.
pub struct Running {
    /// Where it listens, without a slash at the end.
    pub origin: String,
    /// The page's address.
    pub url: String,
    /// Where it listens without TLS and sends browsers on, if it does.
    pub plain_origin: Option<String>,
    folder: TempDir,
    server: Child,
}

const START: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(20);

impl Software {
    /// Adapts the configuration to `options`.
    pub fn configure(self, options: &Options<'_>) -> Result<Configured> {
        let folder = TempDir::new()?;
        let place = folder.path();
        let port = free_port()?;
        let ca = place.join("ca.pem");
        let certificate = Pem::new("CERTIFICATE", options.api_certificate);
        fs::write(&ca, pem::encode(&certificate))?;
        let (scheme, api_port) = options.api;
        let mut environment = Vec::new();
        match self {
            Self::Nginx => {
                let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
                let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names)?;
                fs::write(place.join("own.pem"), cert.pem())?;
                fs::write(place.join("own.key"), signing_key.serialize_pem())?;
                let plain = free_port()?;
                fs::write(place.join("plain"), plain.to_string())?;
                let page = adapted(
                    "nginx.conf",
                    &[
                        ("listen      80;", &format!("listen 127.0.0.1:{plain};")),
                        ("443 ssl http2;", &format!("127.0.0.1:{port} ssl http2;")),
                        ("/etc/ssl/token-manager.pem", "own.pem"),
                        ("/etc/ssl/token-manager.key", "own.key"),
                        ("/srv/token-manager", &options.dist.display().to_string()),
                        ("location / {", &format!("location {} {{", options.base)),
                        ("rewrite ^/(", &format!("rewrite ^{}(", options.base)),
                        ("https://api.ionos.com", &format!("{scheme}://localhost")),
                        ("/etc/ssl/certs/ca-certificates.crt", "ca.pem"),
                    ],
                )?;
                fs::write(place.join("page.conf"), page)?;
                fs::write(place.join("nginx.conf"), nginx_main(api_port))?;
                fs::create_dir(place.join("temp"))?;
            }
            Self::Caddy => {
                let path = format!("handle_path {}*", options.base);
                let page = adapted("Caddyfile", &[("handle_path /*", &path)])?;
                fs::write(place.join("Caddyfile"), page)?;
                let api = format!("{scheme}://localhost:{api_port}");
                environment = vec![
                    ("SITE", format!("http://127.0.0.1:{port}").into()),
                    ("PAGE", options.dist.into()),
                    ("AUTH_API", api.into()),
                    ("SSL_CERT_FILE", ca.into()),
                    ("XDG_CONFIG_HOME", place.into()),
                    ("XDG_DATA_HOME", place.into()),
                ];
            }
        }
        Ok(Configured {
            software: self,
            folder,
            environment,
            port,
            base: options.base.to_owned(),
        })
    }
}

impl Configured {
    /// What the server itself says about its configuration: an error if it is not valid.
    pub fn check(&self) -> Result<String> {
        let output = match self.software {
            Software::Nginx => self.command().arg("-t").output()?,
            Software::Caddy => self.caddy("validate").output()?,
        };
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        if !output.status.success() {
            bail!("{text}");
        }
        Ok(text)
    }

    /// Starts the server and waits until it answers.
    pub fn start(self) -> Result<Running> {
        let mut command = match self.software {
            Software::Nginx => self.command(),
            Software::Caddy => self.caddy("run"),
        };
        let output = File::create(self.folder.path().join("output.log"))?;
        command.stdout(output.try_clone()?).stderr(output);
        let server = command
            .spawn()
            .with_context(|| format!("{:?} could not be started", self.software))?;
        let scheme = match self.software {
            Software::Nginx => "https",
            Software::Caddy => "http",
        };
        let origin = format!("{scheme}://127.0.0.1:{}", self.port);
        let plain = fs::read_to_string(self.folder.path().join("plain")).ok();
        let mut running = Running {
            url: format!("{origin}{}", self.base),
            plain_origin: plain.map(|port| format!("http://127.0.0.1:{port}")),
            origin,
            folder: self.folder,
            server,
        };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if running.server.try_wait()?.is_some() || start.elapsed() > START {
                bail!("{:?} did not start:\n{}", self.software, running.written()?);
            }
            thread::sleep(POLL);
        }
        Ok(running)
    }

    fn caddy(&self, action: &str) -> Command {
        let mut command = self.command();
        command.args([action, "--config", "Caddyfile", "--adapter", "caddyfile"]);
        command
    }

    fn command(&self) -> Command {
        let place = self.folder.path();
        let mut command = match self.software {
            Software::Nginx => {
                let mut command = Command::new(program("NGINX", "nginx"));
                command.arg("-p").arg(place).args(["-c", "nginx.conf"]);
                command.args(["-e", "error.log"]);
                command
            }
            Software::Caddy => Command::new(program("CADDY", "caddy")),
        };
        command
            .current_dir(place)
            .envs(self.environment.iter().cloned());
        command
    }
}

impl Running {
    /// Everything that the server has written anywhere: logs, and what it keeps for a while, also
    /// in files that have no name any more.
    pub fn written(&self) -> Result<String> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push(path);
                }
            }
        }
        for entry in fs::read_dir(format!("/proc/{}/fd", self.server.id()))? {
            let open = entry?.path();
            // It may be closed by now.
            let target = fs::read_link(&open).unwrap_or_default();
            if target.starts_with(self.folder.path()) {
                files.push(open);
            }
        }
        let mut text = String::new();
        for file in files {
            text += &String::from_utf8_lossy(&fs::read(file)?);
        }
        Ok(text)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The file of `hosting/` with each text replaced by the other one; all of them have to be there.
fn adapted(name: &str, changes: &[(&str, &str)]) -> Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../hosting");
    let mut text = fs::read_to_string(path.join(name)).with_context(|| name.to_owned())?;
    for (from, to) in changes {
        if !text.contains(from) {
            bail!("{name} does not contain `{from}`");
        }
        text = text.replace(from, to);
    }
    Ok(text)
}

/// What surrounds the configuration of a page: in one process, with all files in its folder. The
/// API's name has two addresses, as it may have in the world: nginx would try one after the other.
fn nginx_main(api_port: u16) -> String {
    let modules = program("NGINX_MODULES", "/usr/lib/nginx/modules");
    let modules = Path::new(&modules).display();
    format!(
        "\
daemon off;
master_process off;
pid nginx.pid;
load_module {modules}/ngx_http_brotli_static_module.so;
events {{}}
http {{
    access_log access.log;
    client_body_temp_path temp/body;
    fastcgi_temp_path temp/fastcgi;
    proxy_temp_path temp/proxy;
    scgi_temp_path temp/scgi;
    uwsgi_temp_path temp/uwsgi;
    upstream localhost {{
        server 127.0.0.1:{api_port} max_fails=0;
        server 127.0.0.1:{api_port} max_fails=0;
    }}
    include page.conf;
}}
"
    )
}

fn program(variable: &str, name: &str) -> OsString {
    env::var_os(variable).unwrap_or_else(|| name.into())
}

/// A port that nothing listens on.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The built page that `cargo xtask test` names.
pub fn built() -> Result<PathBuf> {
    let dist = env::var_os("TOKEN_MANAGER_DIST")
        .context("the page to serve is not named: run `cargo xtask test --only hosting`")?;
    Ok(dist.into())
}
