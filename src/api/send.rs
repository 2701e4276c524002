//! One request: what every call has in common.

use std::cell::Cell;
use std::rc::Rc;

use gloo_net::http::{Headers, Request, RequestBuilder, Response};
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache, RequestCredentials,
    RequestRedirect, Window,
};

use crate::api::{ApiError, wire};

/// The longest that a server may ask to wait, in seconds (`faults`, R4).
const LONGEST_WAIT: u32 = 60;

pub(super) use gloo_net::http::Method;

/// A request that is about to be sent.
pub(super) struct Call {
    method: Method,
    /// Milliseconds until it is given up, its body included.
    timeout: i32,
    /// Bytes of the body that are read at most.
    limit: u32,
    query: Option<(&'static str, String)>,
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
            query: None,
        }
    }

    /// With a parameter in the URL.
    pub(super) fn query(self, name: &'static str, value: &str) -> Self {
        Self {
            query: Some((name, value.to_owned())),
            ..self
        }
    }

    /// Sends it and reads the answer. Dropping the future aborts the request.
    pub(super) async fn send(
        self,
        url: &str,
        headers: web_sys::Headers,
        credentials: RequestCredentials,
    ) -> Result<Answer, ApiError> {
        let deadline = Deadline::new(self.timeout).ok_or(ApiError::Network)?;
        let request = RequestBuilder::new(url)
            .method(self.method)
            .headers(Headers::from_raw(headers))
            // A copy of a token in the cache could be read, or answered in place of a new one.
            .cache(RequestCache::NoStore)
            .credentials(credentials)
            .redirect(RequestRedirect::Error)
            .referrer_policy(ReferrerPolicy::NoReferrer)
            .abort_signal(Some(&deadline.controller.signal()))
            .query(self.query);
        let request = request.build().map_err(|_| ApiError::Network)?;
        let response = fetch(request).await.ok_or_else(|| deadline.error())?;
        let body = match read(&response, self.limit).await {
            Ok(Some(body)) => {
                deadline.answered.set(true);
                body
            }
            Ok(None) => return Err(ApiError::Unreadable),
            Err(_) => return Err(deadline.error()),
        };
        if response.ok() {
            let media_type = response.headers().get("Content-Type").unwrap_or_default();
            return Ok(Answer {
                is_json: media_type.to_ascii_lowercase().contains("json"),
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

/// Sends a request. gloo-net's own `send` panics where a page has replaced `fetch` by a function
/// that throws or rejects with something else than an error.
async fn fetch(request: Request) -> Option<Response> {
    let request: web_sys::Request = request.into();
    let window = window()?;
    let fetch: Function = Reflect::get(&window, &"fetch".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let sent = fetch.call1(&window, &request).ok()?;
    let response = JsFuture::from(Promise::resolve(&sent)).await.ok()?;
    let response: web_sys::Response = response.dyn_into().ok()?;
    Some(response.into())
}

/// The whole body; nothing if it is longer than `limit`.
async fn read(response: &Response, limit: u32) -> Result<Option<Uint8Array>, JsValue> {
    let chunks = Array::new();
    let mut length = 0;
    if let Some(stream) = response.body() {
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        loop {
            let step = JsFuture::from(reader.read()).await?;
            if Reflect::get(&step, &"done".into())?.is_truthy() {
                break;
            }
            let chunk: Uint8Array = Reflect::get(&step, &"value".into())?.dyn_into()?;
            length += chunk.length();
            if length > limit {
                // The answer is refused already; that it can't be cancelled changes nothing.
                drop(reader.cancel());
                return Ok(None);
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
    Ok(Some(body))
}

/// The value of `Retry-After`, in seconds or as a date (RFC 9110, section 10.2.3).
fn seconds(value: &str) -> Option<u32> {
    let wait = match value.trim().parse::<u32>() {
        Ok(seconds) => f64::from(seconds),
        Err(_) => ((js_sys::Date::parse(value) - js_sys::Date::now()) / 1000.0).ceil(),
    };
    (wait >= 0.0).then_some((wait as u32).min(LONGEST_WAIT))
}

/// Ends a request when its time is over, and when nobody waits for its answer any more.
struct Deadline {
    controller: AbortController,
    passed: Rc<Cell<bool>>,
    answered: Cell<bool>,
    timer: i32,
    _on_time: Closure<dyn FnMut()>,
}

impl Deadline {
    fn new(milliseconds: i32) -> Option<Self> {
        let controller = AbortController::new().ok()?;
        let passed = Rc::new(Cell::new(false));
        let on_time = Closure::once({
            let (controller, passed) = (controller.clone(), passed.clone());
            move || {
                passed.set(true);
                controller.abort();
            }
        });
        let timer = window()?
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                on_time.as_ref().unchecked_ref(),
                milliseconds,
            )
            .ok()?;
        Some(Self {
            controller,
            passed,
            answered: Cell::new(false),
            timer,
            _on_time: on_time,
        })
    }

    fn error(&self) -> ApiError {
        match self.passed.get() {
            true => ApiError::Timeout,
            false => ApiError::Network,
        }
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
        if let Some(window) = window() {
            let set = window
                .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
            drop(set);
        }
    });
    // A promise that is only resolved has no error.
    drop(JsFuture::from(promise).await);
}

fn window() -> Option<Window> {
    web_sys::window()
}
