//! The platform: what the page needs of the browser besides requests, and how it fails.

mod elements;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    BroadcastChannel, Element, EventTarget, HtmlDialogElement, HtmlElement, HtmlInputElement,
};

pub use elements::{
    copy_element, insert, make_element, make_icon, make_place, make_text, set_attribute,
    set_classes, set_flag,
};

use crate::secret::Secret;

#[wasm_bindgen(module = "/src/browser/browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = setText)]
    fn set_text(element: &Element, text: &JsValue);
    #[wasm_bindgen(js_name = takeValue)]
    fn take_value(input: &HtmlInputElement) -> JsValue;
    #[wasm_bindgen(js_name = readValue)]
    fn read_value(input: &HtmlInputElement) -> JsValue;
    #[wasm_bindgen(js_name = readPlain)]
    fn read_plain(input: &JsValue) -> Option<String>;
    fn digest(text: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = fileText)]
    fn file_text(event: &web_sys::Event) -> Promise;
    #[wasm_bindgen(js_name = fileIn)]
    fn file_in(input: &HtmlInputElement) -> Promise;
    #[wasm_bindgen(js_name = findToken)]
    fn find_token(text: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = openChannel)]
    fn open_channel(name: &str, handler: &Function) -> Option<BroadcastChannel>;
    #[wasm_bindgen(js_name = copyText)]
    fn copy_text(text: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = selectText)]
    fn select_text(element: &Element);
    /// Opens a dialog above everything else; does nothing if it is open.
    #[wasm_bindgen(js_name = openDialog)]
    pub fn open_dialog(dialog: &HtmlDialogElement);
    #[wasm_bindgen(js_name = downloadParts)]
    fn download_parts(parts: &Array, name: &str, media_type: &str) -> bool;
    async fn acquire(name: &str) -> JsValue;
    fn reserve(name: &str);
    #[wasm_bindgen(js_name = readStore)]
    fn read_store(store: &str, key: &str) -> Option<String>;
    #[wasm_bindgen(js_name = writeStore)]
    fn write_store(store: &str, key: &str, text: Option<&str>) -> bool;
    /// Calls `handler` at each `event`, until the returned function is called.
    pub fn listen(target: &EventTarget, event: &str, handler: &Function) -> Function;
    /// The same for a handler that leads to [`Later::run`](crate::later::Later): it is called when
    /// that part of the app is there.
    #[wasm_bindgen(js_name = listenLater)]
    pub fn listen_later(target: &EventTarget, event: &str, handler: &Function) -> Function;
    /// Takes what loads the second module of the app: it returns a promise, and says by itself if
    /// it fails, unless its argument is true. None once the module is there.
    #[wasm_bindgen(js_name = setRest)]
    pub fn set_rest(load: Option<&Function>);
    /// Waits until the browser has nothing else to do.
    pub async fn idle();
    /// Waits until all of the app is there, without loading it.
    pub async fn complete();
    #[wasm_bindgen(js_name = makeComplete)]
    async fn load_rest() -> JsValue;
    /// Dates, distances in time and plurals in one language and time zone.
    pub type Formats;
    #[wasm_bindgen(js_name = makeFormats)]
    fn make_formats(tag: &str, utc: bool) -> Formats;
    #[wasm_bindgen(method, js_name = date)]
    fn format_date(this: &Formats, milliseconds: f64) -> String;
    #[wasm_bindgen(method, js_name = time)]
    fn format_time(this: &Formats, milliseconds: f64) -> String;
    #[wasm_bindgen(method, js_name = relative)]
    fn format_relative(this: &Formats, seconds: f64) -> String;
    #[wasm_bindgen(method, js_name = isOne)]
    fn select_one(this: &Formats, number: u32) -> bool;
    #[wasm_bindgen(js_name = rememberFocus)]
    fn remember_focus() -> Function;
    #[wasm_bindgen(js_name = hasFocus)]
    fn has_focus_now() -> bool;
    #[wasm_bindgen(js_name = leaves)]
    fn focus_leaves(element: &Element, event: &web_sys::Event) -> bool;
}

/// The device's clock, in milliseconds since 1970 UTC; it may be wrong.
pub fn now() -> i64 {
    js_sys::Date::now() as i64
}

impl Formats {
    /// The formats of the language with this BCP 47 tag, in UTC or in the device's zone.
    pub fn new(tag: &str, utc: bool) -> Self {
        make_formats(tag, utc)
    }

    /// A date and time, given in milliseconds since 1970 UTC.
    pub fn date(&self, milliseconds: i64) -> String {
        self.format_date(milliseconds as f64)
    }

    /// A time of day, given in milliseconds since 1970 UTC.
    pub fn time(&self, milliseconds: i64) -> String {
        self.format_time(milliseconds as f64)
    }

    /// How far away something is, in the largest unit that fits: "in 3 days", "2 hours ago".
    pub fn relative(&self, seconds: i64) -> String {
        self.format_relative(seconds as f64)
    }

    /// Whether the language's plural of `number` is its singular form.
    pub fn is_one(&self, number: usize) -> bool {
        self.select_one(u32::try_from(number).unwrap_or(u32::MAX))
    }
}

/// Sees to it that all of the app is there; false if that can't be now.
pub async fn make_complete() -> bool {
    load_rest().await.is_truthy()
}

/// A date and time as in the API: ISO 8601 in UTC, whole seconds.
pub fn iso(milliseconds: i64) -> String {
    let date = js_sys::Date::new(&(milliseconds as f64).into());
    let text = String::from(date.to_iso_string());
    match text.strip_suffix(".000Z") {
        Some(seconds) => seconds.to_owned() + "Z",
        None => text,
    }
}

/// Copies a text; false if it is not in the clipboard.
pub fn copy(text: &str) -> impl Future<Output = bool> + use<> {
    copied(copy_text(&text.into()))
}

/// Copies a secret; false if it is not in the clipboard. Nothing holds the secret meanwhile.
pub fn copy_secret(secret: &Secret) -> impl Future<Output = bool> + use<> {
    copied(copy_text(secret.as_js()))
}

async fn copied(done: Promise) -> bool {
    JsFuture::from(done)
        .await
        .is_ok_and(|done| done.is_truthy())
}

/// Selects the text of `element`, so that it can be copied by hand.
pub fn select(element: &Element) {
    select_text(element);
}

/// An element whose only text is a secret, or nothing. The text goes with this value, even if
/// something still holds the element then.
pub struct SecretText(Element);

impl SecretText {
    /// The text of `element`.
    pub fn new(element: Element) -> Self {
        Self(element)
    }

    /// Shows a secret, or nothing.
    pub fn show(&self, secret: Option<&Secret>) {
        set_text(&self.0, secret.map_or(&JsValue::UNDEFINED, Secret::as_js));
    }
}

impl Drop for SecretText {
    fn drop(&mut self) {
        self.show(None);
    }
}

/// Takes what was typed into `input`, which is empty then; nothing if it was empty already.
pub fn take_secret(input: &HtmlInputElement) -> Option<Secret> {
    Secret::new(&take_value(input))
}

/// Reads what was typed into `input`, and leaves it there.
pub fn read_secret(input: &HtmlInputElement) -> Option<Secret> {
    Secret::new(&read_value(input))
}

/// Whether nothing but white space was typed into `input`.
pub fn is_blank(input: &HtmlInputElement) -> bool {
    read_secret(input).is_none()
}

/// Reads what was typed into a field for plain text. A token that was pasted there by mistake is
/// cleared and not read.
pub fn read_text(input: &Element) -> Option<String> {
    read_plain(input)
}

/// The first eight hexadecimal digits of a secret's SHA-256, to match it with a file later.
///
/// None on pages without TLS, where browsers have no digests.
pub fn fingerprint(secret: &Secret) -> impl Future<Output = Option<String>> + use<> {
    let digest = digest(secret.as_js());
    async move { JsFuture::from(digest).await.ok()?.as_string() }
}

/// The token in what was typed into `input`, which is empty then.
pub fn take_token(input: &HtmlInputElement) -> Option<Secret> {
    Secret::new(&find_token(&take_value(input)))
}

/// The token in the file or text that was chosen or dropped.
pub fn dropped_token(event: &web_sys::Event) -> impl Future<Output = Option<Secret>> + use<> {
    // At once: when its handlers are done, the event no longer tells what was chosen or dropped.
    let text = file_text(event);
    async move { Secret::new(&find_token(&JsFuture::from(text).await.ok()?)) }
}

/// The text of the file that was chosen in `input`.
pub fn chosen_file(input: &HtmlInputElement) -> impl Future<Output = Option<String>> + use<> {
    let text = file_in(input);
    async move { JsFuture::from(text).await.ok()?.as_string() }
}

/// A line to the other tabs of this origin.
pub struct Channel {
    channel: BroadcastChannel,
    _handler: Closure<dyn FnMut()>,
}

impl Channel {
    /// Opens it; `handler` is called when another tab says something. None where there is none.
    pub fn open(name: &str, handler: impl FnMut() + 'static) -> Option<Self> {
        let handler = Closure::<dyn FnMut()>::new(handler);
        let channel = open_channel(name, handler.as_ref().unchecked_ref())?;
        Some(Self {
            channel,
            _handler: handler,
        })
    }

    /// Tells the other tabs the ID of a token that has changed.
    pub fn tell(&self, id: &str) {
        // Nobody hears it when the channel fails; the other tabs read their lists later.
        drop(self.channel.post_message(&id.into()));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

/// Offers a secret between two texts as a file; false if the browser refuses.
pub fn download_secret(secret: &Secret, before: &str, after: &str, name: &str) -> bool {
    let parts = Array::of3(&before.into(), secret.as_js(), &after.into());
    download_parts(&parts, name, "text/plain")
}

/// Offers a text as a file; false if the browser refuses.
pub fn download(text: &str, name: &str, media_type: &str) -> bool {
    download_parts(&Array::of1(&text.into()), name, media_type)
}

/// A lock that no other tab of this origin has; given back when this is dropped.
pub struct Lock(Function);

impl Lock {
    /// Asks for the lock that the next call of `acquire` takes, which must be for the same. It is
    /// given back if there is none within a second.
    pub fn reserve(name: &str) {
        reserve(name);
    }

    /// Takes the lock `name`; none if another tab has it.
    pub async fn acquire(name: &str) -> Option<Self> {
        acquire(name).await.dyn_into().ok().map(Self)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Giving a lock back does not fail.
        drop(self.0.call0(&JsValue::UNDEFINED));
    }
}

/// A place of the browser that keeps small texts.
#[derive(Clone, Copy, Debug)]
pub enum Store {
    /// Until the tab is closed; it survives a reload.
    Tab,
    /// Until the user clears it.
    Device,
}

impl Store {
    fn name(self) -> &'static str {
        match self {
            Self::Tab => "sessionStorage",
            Self::Device => "localStorage",
        }
    }

    /// The text kept under `key`; none if the browser keeps nothing.
    pub fn read(self, key: &str) -> Option<String> {
        read_store(self.name(), key)
    }

    /// Keeps `text`; false if the browser refuses.
    pub fn write(self, key: &str, text: &str) -> bool {
        write_store(self.name(), key, Some(text))
    }

    /// Forgets what is kept under `key`.
    pub fn remove(self, key: &str) {
        // Where nothing can be removed nothing was kept.
        write_store(self.name(), key, None);
    }
}

/// A listener or timer that ends when this is dropped.
pub struct Subscription {
    end: Box<dyn Fn()>,
    _handler: Closure<dyn FnMut()>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        (self.end)();
    }
}

/// What can be listened to.
#[derive(Clone, Copy, Debug)]
pub enum Signal {
    /// The page is about to be left, unless whoever asked for another one gives up on it.
    BeforeLeaving,
    /// The page is left, for good or for the back/forward cache.
    PageHide,
    /// The page comes back, perhaps from the back/forward cache.
    PageShow,
    /// The tab is shown or hidden.
    Visibility,
    /// The network is there again.
    Online,
    /// The URL's hash has changed.
    HashChange,
    /// Another tab has written to the device's store.
    Storage,
}

/// Calls `handler` at each `signal`, until the subscription is dropped.
pub fn on(signal: Signal, handler: impl FnMut() + 'static) -> Option<Subscription> {
    let window = web_sys::window()?;
    let document = window.document()?;
    let (target, event): (&EventTarget, _) = match signal {
        Signal::BeforeLeaving => (&window, "beforeunload"),
        Signal::PageHide => (&window, "pagehide"),
        Signal::PageShow => (&window, "pageshow"),
        Signal::Visibility => (&document, "visibilitychange"),
        Signal::Online => (&window, "online"),
        Signal::HashChange => (&window, "hashchange"),
        Signal::Storage => (&window, "storage"),
    };
    let handler = Closure::<dyn FnMut()>::new(handler);
    let end = listen(target, event, handler.as_ref().unchecked_ref());
    Some(Subscription {
        end: Box::new(move || {
            // Removing a listener does not fail.
            drop(end.call0(&JsValue::UNDEFINED));
        }),
        _handler: handler,
    })
}

/// Calls `handler` every `milliseconds`, until the subscription is dropped.
pub fn every(milliseconds: i32, handler: impl FnMut() + 'static) -> Option<Subscription> {
    let window = web_sys::window()?;
    let handler = Closure::<dyn FnMut()>::new(handler);
    let timer = window
        .set_interval_with_callback_and_timeout_and_arguments_0(
            handler.as_ref().unchecked_ref(),
            milliseconds,
        )
        .ok()?;
    Some(Subscription {
        end: Box::new(move || window.clear_interval_with_handle(timer)),
        _handler: handler,
    })
}

/// Whether the tab is hidden.
pub fn is_hidden() -> bool {
    web_sys::window()
        .and_then(|window| window.document())
        .is_some_and(|document| document.hidden())
}

/// Whether the browser knows that it has no network.
pub fn is_offline() -> bool {
    web_sys::window().is_some_and(|window| !window.navigator().on_line())
}

/// The URL's hash, with its `#`.
pub fn hash() -> String {
    web_sys::window()
        .and_then(|window| window.location().hash().ok())
        .unwrap_or_default()
}

/// Replaces the URL's hash without a new entry in the history and without an event.
pub fn replace_hash(hash: &str) {
    let history = web_sys::window().and_then(|window| window.history().ok());
    if let Some(history) = history {
        // Where the history can't be written, the view is just not kept in the URL.
        drop(history.replace_state_with_url(&JsValue::NULL, "", Some(hash)));
    }
}

/// Moves the keyboard focus.
pub fn focus(element: &HtmlElement) {
    // It fails for no element that is in a page.
    drop(element.focus());
}

/// Moves the keyboard focus to the first element inside `root` that `selector` finds.
pub fn focus_in(root: &Element, selector: &str) -> bool {
    let found = root.query_selector(selector).ok().flatten();
    match found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        Some(element) => {
            focus(&element);
            true
        }
        None => false,
    }
}

/// Whether any element has the focus.
pub fn has_focus() -> bool {
    has_focus_now()
}

/// Whether a `focusout` moves the focus out of `element`.
pub fn leaves(element: &Element, event: &web_sys::Event) -> bool {
    focus_leaves(element, event)
}

/// What had the focus when this was made, to give it back later.
pub struct Focus(Function);

impl Focus {
    /// Remembers what has the focus.
    pub fn remember() -> Self {
        Self(remember_focus())
    }

    /// Gives it back; where that element is gone, to its row's successor or the first of
    /// `fallbacks` (selectors, separated by commas) inside `root`.
    pub fn restore(&self, root: &Element, fallbacks: &str) {
        // Moving the focus does not fail.
        drop(self.0.call2(&JsValue::UNDEFINED, root, &fallbacks.into()));
    }
}

/// Waits.
pub async fn pause(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let set = window
                .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
            drop(set);
        }
    });
    // A promise that is only resolved has no error.
    drop(JsFuture::from(promise).await);
}
