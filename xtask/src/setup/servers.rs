//! The web servers of the tests.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{debian, find};
use crate::workspace::Workspace;

const MODULE: &str = "ngx_http_brotli_static_module.so";

/// nginx and Caddy.
pub(crate) struct WebServers {
    nginx: PathBuf,
    /// The folder of its modules.
    modules: PathBuf,
    caddy: PathBuf,
}

impl WebServers {
    /// Finds them, or takes those of Debian without installing them.
    pub(crate) fn ready(workspace: &Workspace) -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        let packages = ["nginx", "libnginx-mod-http-brotli-static", "caddy"];
        let folder = debian::unpack(workspace, &packages, "the tests of hosting")?;
        Ok(Self {
            nginx: folder.join("usr/sbin/nginx"),
            modules: folder.join("usr/lib/nginx/modules"),
            caddy: folder.join("usr/bin/caddy"),
        })
    }

    /// The variables by which the tests know them.
    pub(crate) fn variables(&self) -> [(&'static str, OsString); 3] {
        [
            ("NGINX", self.nginx.clone().into()),
            ("NGINX_MODULES", self.modules.clone().into()),
            ("CADDY", self.caddy.clone().into()),
        ]
    }

    fn find() -> Option<Self> {
        let named = |variable| env::var_os(variable).map(PathBuf::from);
        // Debian keeps it where only root's PATH leads.
        let usual = || Some(PathBuf::from("/usr/sbin/nginx")).filter(|path| path.is_file());
        let modules = named("NGINX_MODULES").unwrap_or_else(|| "/usr/lib/nginx/modules".into());
        Some(Self {
            nginx: named("NGINX").or_else(|| find(&["nginx"])).or_else(usual)?,
            modules: Some(modules).filter(|folder| has_module(folder))?,
            caddy: named("CADDY").or_else(|| find(&["caddy"]))?,
        })
    }
}

fn has_module(folder: &Path) -> bool {
    folder.join(MODULE).is_file()
}
