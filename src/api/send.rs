//! One request: what every call has in common.

use std::cell::Cell;

use gloo_net::http::Response;
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, ReferrerPolicy, Request, RequestCache,
    RequestCredentials, RequestInit, RequestRedirect, Window,
};

use crate::api::{ApiError, wire};
use crate::domain::natural;

/// The longest that a server may ask to wait, in seconds (`faults`, R4).
const LONGEST_WAIT: u32 = 60;

/// What a request asks for.
#[derive(Clone, Copy)]
pub(super) enum Method {
    Get,
    Delete,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Delete => "DELETE",
        }
    }
}

/// A request that is about to be sent.
pub(super) struct Call {
    method: Method,
    /// Milliseconds until it is given up, its body included.
    timeout: i32,
    /// Bytes of the body that are read at most.
    limit: u32,
    /// The URL's query with its `?`; empty if there is none.
    query: String,
}

/// A successful answer, its body read.
pub(super) struct Answer {
    is_json: bool,
    body: Uint8Array,
}

impl Answer {
    /// The body, in JavaScript's memory.
    pub(super) fn json_bytes(&self) -> Result<&Uint8Array, ApiError> {
        match self.is_json {
            true => Ok(&self.body),
            false => Err(ApiError::Unreadable),
        }
    }

    /// A copy of the body; never for one that holds a secret.
    pub(super) fn json(&self) -> Result<Vec<u8>, ApiError> {
        self.json_bytes().map(Uint8Array::to_vec)
    }
}

impl Call {
    pub(super) fn new(method: Method, timeout: i32, limit: u32) -> Self {
        Self {
            method,
            timeout,
            limit,
            query: String::new(),
        }
    }

    /// With a parameter in the URL, whose value needs no escape.
    pub(super) fn query(self, name: &str, value: &str) -> Self {
        let query = ["?", name, "=", value].concat();
        Self { query, ..self }
    }

    /// Sends it and reads the answer. Dropping the future aborts the request.
    pub(super) async fn send(
        self,
        url: &str,
        headers: Headers,
        credentials: RequestCredentials,
    ) -> Result<Answer, ApiError> {
        let deadline = Deadline::new(self.timeout).ok_or(ApiError::Network)?;
        let init = RequestInit::new();
        init.set_method(self.method.name());
        init.set_headers(&headers);
        // A copy of a token in the cache could be read, or answered in place of a new one.
        init.set_cache(RequestCache::NoStore);
        init.set_credentials(credentials);
        init.set_redirect(RequestRedirect::Error);
        init.set_referrer_policy(ReferrerPolicy::NoReferrer);
        init.set_signal(Some(&deadline.controller.signal()));
        let url = url.to_owned() + &self.query;
        let request = Request::new_with_str_and_init(&url, &init);
        let request = request.map_err(|_| ApiError::Network)?;
        let response = fetch(&request, &deadline).await?;
        let body = read(&response, self.limit, &deadline).await?;
        deadline.answered.set(true);
        if response.ok() {
            let media_type = response.headers().get("Content-Type").unwrap_or_default();
            return Ok(Answer {
                is_json: is_json(&media_type),
                body,
            });
        }
        let retry_after = response.headers().get("Retry-After");
        Err(ApiError::of(
            response.status(),
            retry_after.and_then(|value| seconds(&value)),
            &wire::decode_error(&body.to_vec()),
        ))
    }
}

fn is_json(media_type: &str) -> bool {
    let mut parts = media_type.as_bytes().windows(4);
    parts.any(|part| part.eq_ignore_ascii_case(b"json"))
}

/// Sends a request. gloo-net's own `send` panics where a page has replaced `fetch` by a function
/// that throws or rejects with something else than an error, and its builder takes 2 kB.
async fn fetch(request: &Request, deadline: &Deadline) -> Result<Response, ApiError> {
    let sent = call_fetch(request).ok_or(ApiError::Network)?;
    let response = deadline.wait(&Promise::resolve(&sent)).await?;
    let response: web_sys::Response = response.dyn_into().map_err(|_| ApiError::Network)?;
    Ok(response.into())
}

fn call_fetch(request: &Request) -> Option<JsValue> {
    let window = window()?;
    let fetch: Function = Reflect::get(&window, &"fetch".into())
        .ok()?
        .dyn_into()
        .ok()?;
    fetch.call1(&window, request).ok()
}

/// The whole body, up to `limit` bytes.
async fn read(
    response: &Response,
    limit: u32,
    deadline: &Deadline,
) -> Result<Uint8Array, ApiError> {
    let chunks = Array::new();
    let mut length = 0;
    if let Some(stream) = response.body() {
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        while let Some(chunk) = chunk(&deadline.wait(&reader.read()).await?)? {
            length += chunk.length();
            if length > limit {
                // The answer is refused already; that it can't be cancelled changes nothing.
                drop(reader.cancel());
                return Err(ApiError::Unreadable);
            }
            chunks.push(&chunk);
        }
    }
    let body = Uint8Array::new_with_length(length);
    let mut place = 0;
    for chunk in chunks.iter() {
        let chunk: Uint8Array = chunk.unchecked_into();
        body.set(&chunk, place);
        place += chunk.length();
        // It may be part of a token.
        chunk.fill(0, 0, chunk.length());
    }
    Ok(body)
}

/// What a reader has read; nothing at the end.
fn chunk(step: &JsValue) -> Result<Option<Uint8Array>, ApiError> {
    let get = |name: &str| Reflect::get(step, &name.into()).map_err(|_| ApiError::Network);
    if get("done")?.is_truthy() {
        return Ok(None);
    }
    let chunk = get("value")?.dyn_into();
    chunk.map(Some).map_err(|_| ApiError::Network)
}

/// The value of `Retry-After`, in seconds or as a date (RFC 9110, section 10.2.3).
fn seconds(value: &str) -> Option<u32> {
    let wait = match natural(value) {
        Some(seconds) => seconds as f64,
        None => ((js_sys::Date::parse(value) - js_sys::Date::now()) / 1000.0).ceil(),
    };
    (wait >= 0.0).then_some((wait as u32).min(LONGEST_WAIT))
}

/// Ends a request when its time is over, and when nobody waits for its answer any more.
struct Deadline {
    controller: AbortController,
    answered: Cell<bool>,
    timer: i32,
    /// Rejected with the controller, as no other is, when the time is over.
    over: Promise,
}

impl Deadline {
    fn new(milliseconds: i32) -> Option<Self> {
        let controller = AbortController::new().ok()?;
        let mut timer = None;
        let over = Promise::new(&mut |_, reject| {
            timer = set_timeout(&reject, milliseconds, &controller);
        });
        Some(Self {
            controller,
            answered: Cell::new(false),
            timer: timer?,
            over,
        })
    }

    /// Waits no longer than there is time, also in WebKit, where a body that is being read is not
    /// ended by its request's signal.
    async fn wait(&self, promise: &Promise) -> Result<JsValue, ApiError> {
        let first = Promise::race(&Array::of2(promise, &self.over));
        let result = JsFuture::from(first).await;
        result.map_err(|reason| match reason == **self.controller {
            true => ApiError::Timeout,
            false => ApiError::Network,
        })
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        if let Some(window) = window() {
            window.clear_timeout_with_handle(self.timer);
        }
        if !self.answered.get() {
            self.controller.abort();
        }
    }
}

/// Waits.
pub(super) async fn pause(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        set_timeout(&resolve, milliseconds, &JsValue::UNDEFINED);
    });
    // A promise that is only resolved has no error.
    drop(JsFuture::from(promise).await);
}

/// Calls `function` with `argument` later.
fn set_timeout(function: &Function, milliseconds: i32, argument: &JsValue) -> Option<i32> {
    window()?
        .set_timeout_with_callback_and_timeout_and_arguments_1(function, milliseconds, argument)
        .ok()
}

fn window() -> Option<Window> {
    web_sys::window()
}
