//! A page with a panel in it, as its host and its user deal with it.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use js_sys::{Function, JSON, Object, Reflect};
use token_manager::browser::pause;
use token_manager::embed::{Panel, mount};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, HtmlElement, HtmlInputElement, KeyboardEvent, KeyboardEventInit, ShadowRoot,
    ShadowRootInit, ShadowRootMode,
};

use super::{API, Cleanup, Network, rows, token};

/// How long to wait for something that is to come, in milliseconds.
const PATIENCE: i32 = 3_000;

/// Waits until `condition` holds; fails with `what` if it does not come to that.
pub(crate) async fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let start = js_sys::Date::now();
    while !condition() {
        let waited = js_sys::Date::now() - start;
        assert!(waited < f64::from(PATIENCE), "it did not come to: {what}");
        pause(1).await;
    }
}

/// A page that embeds the panel: what it sets, is asked, and hears.
pub(crate) struct Host {
    options: Object,
    asked: Rc<RefCell<Vec<String>>>,
    heard: Rc<RefCell<Vec<String>>>,
}

impl Host {
    /// A host that lets the panel's own form ask for credentials.
    pub(crate) fn form() -> Self {
        let heard: Rc<RefCell<Vec<String>>> = Rc::default();
        let emit = Closure::<dyn FnMut(String, JsValue)>::new({
            let heard = Rc::clone(&heard);
            move |name: String, detail: JsValue| {
                let detail = String::from(JSON::stringify(&detail).unwrap());
                heard.borrow_mut().push([&name, " ", &detail].concat());
            }
        });
        let host = Self {
            options: Object::new(),
            asked: Rc::default(),
            heard,
        };
        host.set("authApi", API);
        host.set("session", "form");
        host.set("lang", "en");
        host.set("emit", emit.into_js_value());
        host
    }

    /// A host whose session is a cookie.
    pub(crate) fn cookie() -> Self {
        let host = Self::form();
        host.set("session", "cookie");
        host
    }

    /// A host that is asked for a credential, and answers with what `answer` makes of the reason.
    pub(crate) fn asked_by(
        mut answer: impl FnMut(&str) -> Result<JsValue, JsValue> + 'static,
    ) -> Self {
        let host = Self::form();
        let asked = Rc::clone(&host.asked);
        let get_credential = Closure::<dyn FnMut(JsValue) -> Result<JsValue, JsValue>>::new(
            move |request: JsValue| {
                let reason = Reflect::get(&request, &"reason".into())?;
                let reason = reason.as_string().unwrap_or_default();
                asked.borrow_mut().push(reason.clone());
                answer(&reason)
            },
        );
        host.set("session", "host");
        host.set("getCredential", get_credential.into_js_value());
        host
    }

    /// A host that always has this token at hand.
    pub(crate) fn with_token(value: &str) -> Self {
        let credential = object(&[("token", value)]);
        Self::asked_by(move |_| Ok(credential.clone()))
    }

    /// Sets an option, for the next mounting or update.
    pub(crate) fn set(&self, name: &str, value: impl Into<JsValue>) {
        Reflect::set(&self.options, &name.into(), &value.into()).unwrap();
    }

    /// The reasons for which it was asked for a credential.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.borrow().clone()
    }

    /// The events it heard, each as its name and its detail in JSON.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.borrow().clone()
    }

    /// The events since the last time, of which `session-changed` is for the page's own top bar.
    pub(crate) fn news(&self) -> Vec<String> {
        let mut news = std::mem::take(&mut *self.heard.borrow_mut());
        news.retain(|event| event != "session-changed null");
        news
    }
}

/// An object of strings.
pub(crate) fn object(fields: &[(&str, &str)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), &(*value).into()).unwrap();
    }
    object.into()
}

/// A panel in an element's open shadow root.
pub(crate) struct Page {
    /// The page around it.
    pub(crate) host: Host,
    root: ShadowRoot,
    panel: Rc<RefCell<Option<Panel>>>,
    _remove: Cleanup,
}

impl Page {
    /// Adds a panel to the document.
    pub(crate) fn mount(host: Host) -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let create = || -> HtmlElement { document.create_element("div").unwrap().unchecked_into() };
        let (element, container) = (create(), create());
        document.body().unwrap().append_child(&element).unwrap();
        let root = element
            .attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))
            .unwrap();
        root.append_child(&container).unwrap();
        let panel = Rc::new(RefCell::new(Some(mount(container, &host.options))));
        let remove = {
            let panel = Rc::clone(&panel);
            move || {
                unmount(&panel);
                element.remove();
            }
        };
        Self {
            host,
            root,
            panel,
            _remove: Cleanup::new(remove),
        }
    }

    /// Adds a panel whose host signs in, and that lists tokens with these IDs.
    pub(crate) async fn listing(network: &Network, ids: &[&str]) -> Self {
        let page = Self::mount(Host::with_token(&token("own")));
        network.expect("GET /tokens").await.answer(200, &rows(ids));
        page.sees(&format!("{} of 100 tokens", ids.len())).await;
        page
    }

    /// Adds such a panel, and generates a token with the ID `new`, which is revealed then.
    pub(crate) async fn revealing(network: &Network, ids: &[&str]) -> Self {
        let page = Self::listing(network, ids).await;
        page.press("Generate Token");
        let minted = format!(r#"{{"token":"{}"}}"#, token("new"));
        let exchange = network.expect("GET /tokens/generate?ttl=3600").await;
        exchange.answer(200, &minted);
        let ids = [ids, &["new"]].concat();
        network.expect("GET /tokens").await.answer(200, &rows(&ids));
        page.opens("Token generated").await;
        page
    }

    /// The panel's handle.
    pub(crate) fn panel(&self) -> Ref<'_, Panel> {
        Ref::map(self.panel.borrow(), |panel| panel.as_ref().unwrap())
    }

    /// Takes the host's options as they are now.
    pub(crate) fn update(&self) {
        self.panel().update(&self.host.options);
    }

    /// Takes the panel out, and leaves its place where it is.
    pub(crate) fn unmount(&self) {
        unmount(&self.panel);
    }

    /// Where the panel is.
    pub(crate) fn root(&self) -> &ShadowRoot {
        &self.root
    }

    /// All elements that a selector finds in the panel.
    pub(crate) fn find_all(&self, selector: &str) -> Vec<Element> {
        elements(&self.root, selector)
    }

    /// The only element that a selector finds in the panel.
    pub(crate) fn find(&self, selector: &str) -> HtmlElement {
        let mut found = self.find_all(selector);
        assert_eq!(found.len(), 1, "{selector} in: {}", self.text());
        found.remove(0).unchecked_into()
    }

    /// The dialog on top.
    fn dialog(&self) -> Option<Element> {
        self.find_all("dialog[open]").pop()
    }

    /// The heading of the dialog on top.
    pub(crate) fn dialog_title(&self) -> Option<String> {
        let title = self.dialog()?.query_selector(".dialog-title").unwrap()?;
        title.text_content()
    }

    /// Waits for a dialog with this heading.
    pub(crate) async fn opens(&self, title: &str) {
        wait_until(title, || self.dialog_title().as_deref() == Some(title)).await;
    }

    /// Waits until no dialog is open.
    pub(crate) async fn closes(&self) {
        wait_until("no dialog", || self.dialog().is_none()).await;
    }

    /// What the user deals with: the dialog on top, else the whole panel.
    fn top(&self) -> Element {
        self.dialog()
            .or_else(|| self.root.first_element_child())
            .unwrap()
    }

    /// What stands there.
    pub(crate) fn text(&self) -> String {
        self.top().text_content().unwrap_or_default()
    }

    /// Waits for a text.
    pub(crate) async fn sees(&self, text: &str) {
        wait_until(text, || self.text().contains(text)).await;
    }

    /// What the live regions of the given role say.
    pub(crate) fn said(&self, role: &str) -> String {
        let regions = self.find_all(&format!("[role={role}]"));
        let texts = regions.iter().filter_map(|region| region.text_content());
        texts.collect::<Vec<_>>().concat()
    }

    /// The buttons with this accessible name that the user can reach.
    pub(crate) fn buttons(&self, name: &str) -> Vec<HtmlElement> {
        let buttons = elements(&self.top(), "button");
        let named = buttons.into_iter().filter(|button| name_of(button) == name);
        named.map(JsCast::unchecked_into).collect()
    }

    /// The button with this accessible name.
    pub(crate) fn button(&self, name: &str) -> HtmlElement {
        let mut found = self.buttons(name);
        assert_eq!(found.len(), 1, "{name} in: {}", self.text());
        found.remove(0)
    }

    /// Whether a button with this accessible name is there and can be pressed.
    pub(crate) fn is_enabled(&self, name: &str) -> bool {
        let mut buttons = self.buttons(name).into_iter();
        buttons.any(|button| !button.matches(":disabled").unwrap())
    }

    /// Presses a button.
    pub(crate) fn press(&self, name: &str) {
        let button = self.button(name);
        assert!(self.is_enabled(name), "{name} is disabled");
        button.click();
    }

    /// The field with this label.
    pub(crate) fn field(&self, label: &str) -> HtmlInputElement {
        let labels = elements(&self.top(), "label[for]");
        let label = labels.iter().find(|found| name_of(found) == label);
        let id = label.and_then(|label| label.get_attribute("for")).unwrap();
        self.root.get_element_by_id(&id).unwrap().unchecked_into()
    }

    /// Types into the field with this label.
    pub(crate) fn fill(&self, label: &str, text: &str) {
        self.field(label).set_value(text);
    }

    /// The accessible name of what has the focus; empty if nothing in the panel has it.
    pub(crate) fn focused(&self) -> String {
        let Some(element) = self.root.active_element() else {
            return String::new();
        };
        let labels = self.find_all("label[for]");
        let labelling = |label: &&Element| label.get_attribute("for") == Some(element.id());
        name_of(labels.iter().find(labelling).unwrap_or(&element))
    }

    /// Waits until what has this accessible name has the focus.
    pub(crate) async fn focuses(&self, name: &str) {
        wait_until(&["the focus on ", name].concat(), || self.focused() == name).await;
    }

    /// Presses a key where the focus is.
    pub(crate) fn key(&self, key: &str) {
        let init = KeyboardEventInit::new();
        init.set_key(key);
        init.set_bubbles(true);
        init.set_cancelable(true);
        init.set_composed(true);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        let target = self.root.active_element().unwrap_or_else(|| self.top());
        target.dispatch_event(&event).unwrap();
    }

    /// The element that shows the value.
    pub(crate) fn value(&self) -> HtmlElement {
        self.find("[data-token-value]")
    }
}

fn unmount(panel: &RefCell<Option<Panel>>) {
    if let Some(panel) = panel.take() {
        panel.unmount();
    }
}

fn elements(root: &JsValue, selector: &str) -> Vec<Element> {
    // Elements and shadow roots have this method in common, but no type.
    let query: Function = Reflect::get(root, &"querySelectorAll".into())
        .unwrap()
        .unchecked_into();
    let found = query.call1(root, &selector.into()).unwrap();
    js_sys::Array::from(&found)
        .iter()
        .map(JsCast::unchecked_into)
        .collect()
}

fn name_of(element: &Element) -> String {
    let label = element.get_attribute("aria-label");
    let name = label.or_else(|| element.text_content()).unwrap_or_default();
    name.trim().to_owned()
}
