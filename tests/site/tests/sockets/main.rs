//! The server on its sockets: page and API together, killed under load, and its log.

mod http;
mod killed;
mod logged;
mod running;
mod server;
