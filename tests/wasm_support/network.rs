//! A network whose answers come when the test gives them, in the order in which it gives them.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, Headers, Request, Response, ResponseInit};

use super::page::wait_until;
use super::{Cleanup, Patch, settle};

/// Where the API of these tests is.
pub(crate) const API: &str = "https://api.test/auth/v1";

/// Stands in for `fetch`, and keeps each request until the test answers it.
pub(crate) struct Network {
    waiting: Rc<RefCell<VecDeque<Exchange>>>,
    _break_off: Cleanup,
    _patches: [Patch; 2],
}

impl Network {
    /// Takes the place of the browser's network; nothing is left of an earlier test.
    pub(crate) fn new() -> Self {
        Cleanup::all();
        let window = web_sys::window().unwrap();
        for storage in [window.session_storage(), window.local_storage()] {
            storage.unwrap().unwrap().clear().unwrap();
        }
        let waiting: Rc<RefCell<VecDeque<Exchange>>> = Rc::default();
        let unanswered: Rc<RefCell<Vec<Function>>> = Rc::default();
        let fetch = Closure::<dyn FnMut(Request) -> Promise>::new({
            let (waiting, unanswered) = (Rc::clone(&waiting), Rc::clone(&unanswered));
            move |request: Request| {
                Promise::new(&mut |resolve, reject| {
                    fail_when_aborted(&request.signal(), &reject);
                    unanswered.borrow_mut().push(reject.clone());
                    waiting.borrow_mut().push_back(Exchange {
                        request: Clone::clone(&request),
                        resolve,
                        reject,
                    });
                })
            }
        });
        // Retries wait for a random time, up to this part of the longest.
        let no_jitter = Closure::<dyn FnMut() -> f64>::new(|| 0.0);
        let math = js_sys::Reflect::get(&window, &"Math".into()).unwrap();
        // What waits for an answer may hold a lock that the next test needs.
        let break_off = move || unanswered.take().iter().for_each(fail);
        Self {
            waiting,
            _break_off: Cleanup::new(break_off),
            _patches: [
                Patch::value(&window, "fetch", &fetch.into_js_value()),
                Patch::value(&math, "random", &no_jitter.into_js_value()),
            ],
        }
    }

    /// The next request, which has to be this one: `GET /tokens`.
    pub(crate) async fn expect(&self, line: &str) -> Exchange {
        wait_until(line, || !self.waiting.borrow().is_empty()).await;
        let exchange = self.waiting.borrow_mut().pop_front().unwrap();
        assert_eq!(exchange.line(), line);
        exchange
    }

    /// Waits a while, and holds that no request is sent meanwhile.
    pub(crate) async fn expect_silence(&self) {
        settle().await;
        let waiting = self.waiting.borrow();
        let lines: Vec<String> = waiting.iter().map(Exchange::line).collect();
        assert!(lines.is_empty(), "unexpected: {lines:?}");
    }
}

/// Breaks a request off as the browser does: with the signal's reason.
fn fail_when_aborted(signal: &AbortSignal, reject: &Function) {
    let (aborted, reject) = (signal.clone(), reject.clone());
    let on_abort = Closure::once_into_js(move || {
        reject
            .call1(&JsValue::UNDEFINED, &aborted.reason())
            .unwrap();
    });
    signal.set_onabort(Some(on_abort.unchecked_ref()));
}

fn fail(reject: &Function) {
    let error = js_sys::TypeError::new("Failed to fetch");
    reject.call1(&JsValue::UNDEFINED, &error).unwrap();
}

/// A request that waits for its answer.
pub(crate) struct Exchange {
    request: Request,
    resolve: Function,
    reject: Function,
}

impl Exchange {
    /// The method and the path below the API's address.
    pub(crate) fn line(&self) -> String {
        let url = self.request.url();
        let path = url.strip_prefix(API).unwrap_or(&url);
        [&self.request.method(), " ", path].concat()
    }

    /// The request itself.
    pub(crate) fn request(&self) -> &Request {
        &self.request
    }

    /// A header of the request.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.request.headers().get(name).unwrap()
    }

    /// Whether nobody waits for the answer any more.
    pub(crate) fn is_aborted(&self) -> bool {
        self.request.signal().aborted()
    }

    /// Answers with JSON.
    pub(crate) fn answer(self, status: u16, json: &str) {
        let headers = Headers::new().unwrap();
        headers.set("Content-Type", "application/json").unwrap();
        let init = ResponseInit::new();
        init.set_status(status);
        init.set_headers(&headers);
        let response = Response::new_with_opt_str_and_init(Some(json), &init).unwrap();
        self.answer_with(&response);
    }

    /// Answers with what the test has made.
    pub(crate) fn answer_with(self, response: &JsValue) {
        self.resolve.call1(&JsValue::UNDEFINED, response).unwrap();
    }

    /// Breaks off with anything at all, as a page may whose own function stands for `fetch`.
    pub(crate) fn fail_with(self, reason: &JsValue) {
        self.reject.call1(&JsValue::UNDEFINED, reason).unwrap();
    }

    /// Breaks off as the browser does, whatever the reason.
    pub(crate) fn fail(self) {
        fail(&self.reject);
    }
}
