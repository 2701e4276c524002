//! The page and the Auth API through nginx and Caddy.

mod api;
mod configuration;
mod files;
mod support;
