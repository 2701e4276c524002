//! The server on its sockets: page and API together, and killed under load.

mod http;
mod killed;
mod running;
