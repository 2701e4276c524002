//! The way in for the host: the element `<dcd-token-manager>` mounts a panel and holds its handle.

use std::rc::Rc;

use any_spawner::Executor;
use js_sys::{Array, Function, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use crate::browser;
use crate::domain::{Timestamp, TokenId, natural};
use crate::page;
use crate::session::Source;
use crate::state::{App, Event, Options};
use crate::ui::El;

const AUTH_API: &str = "/auth/v1";
const DCD: &str = "https://dcd.ionos.com/latest/";
const TOKEN_LIMIT: usize = 100;
const HEADING_LEVEL: u8 = 2;

/// A panel that is part of a page, until `unmount`.
#[wasm_bindgen]
pub struct Panel {
    app: App,
    container: HtmlElement,
    owner: Owner,
}

/// Mounts a panel into `container`, which should stand in a shadow root.
///
/// `options` are the fields of [`Options`] in camel case, `getCredential`, and
/// `emit(name, detail)`, which is called for each event of the element.
#[wasm_bindgen]
pub fn mount(container: HtmlElement, options: &JsValue) -> Panel {
    let emit = function(options, "emit");
    let emit = Rc::new(move |event: Event| {
        if let Some(emit) = &emit {
            tell(emit, &event);
        }
    });
    let options = read_options(options);
    // A second panel of the page finds it there already.
    drop(Executor::init_wasm_bindgen());
    let owner = Owner::new();
    let app = owner.with(|| {
        let app = App::new(options, emit);
        page::show(app, El::from(Element::from(container.clone())));
        app
    });
    app.start();
    Panel {
        app,
        container,
        owner,
    }
}

/// Takes what loads the second module of the app, or the word that it is there.
#[wasm_bindgen(js_name = setRest)]
pub fn set_rest(load: Option<Function>) {
    browser::set_rest(load.as_ref());
}

#[wasm_bindgen]
impl Panel {
    /// Takes other options, of the same shape, at once.
    pub fn update(&self, options: &JsValue) {
        self.app.set_options(read_options(options));
    }

    /// Reads the list again.
    pub fn refresh(&self) {
        self.app.refresh();
    }

    /// Forgets the credential and all that was read with it.
    #[wasm_bindgen(js_name = signOut)]
    pub fn sign_out(&self) {
        self.app.sign_out();
    }

    /// Whether a value is shown that was neither copied nor downloaded.
    #[wasm_bindgen(getter, js_name = hasUnsavedToken)]
    pub fn has_unsaved_token(&self) -> bool {
        self.app.has_unsaved_token()
    }

    /// Who is signed in: `{ account, contractNumber }`, or `null`.
    #[wasm_bindgen(getter)]
    pub fn session(&self) -> JsValue {
        let Some((account, contract)) = self.app.account() else {
            return JsValue::NULL;
        };
        object(&[
            (
                "account",
                account.as_deref().map_or(JsValue::NULL, JsValue::from_str),
            ),
            (
                "contractNumber",
                contract.map_or(JsValue::NULL, |number| (number as f64).into()),
            ),
        ])
    }

    /// Takes the panel out of the page; a value that is shown is gone.
    pub fn unmount(self) {
        self.app.wipe_value();
        self.owner.cleanup();
        self.container.replace_children_with_node_0();
    }
}

/// Reads the host's options; what is missing or of another type is as usual.
fn read_options(options: &JsValue) -> Options {
    let text = |name| field(options, name).as_string();
    let number = |name| field(options, name).as_f64();
    let address = |name, usual: &str| -> Rc<str> {
        let text = text(name).filter(|text| !text.is_empty());
        text.as_deref()
            .unwrap_or(usual)
            .trim_end_matches('/')
            .into()
    };
    let source = match (
        text("session").as_deref(),
        function(options, "getCredential"),
    ) {
        (Some("form"), _) => Source::Form,
        (Some("cookie"), _) => Source::Cookie,
        (_, Some(get_credential)) => Source::Host(get_credential),
        (_, None) => Source::Form,
    };
    let level = number("headingLevel").filter(|level| (1.0..=6.0).contains(level));
    let limit = number("tokenLimit").filter(|limit| *limit >= 1.0);
    Options {
        auth_api: address("authApi", AUTH_API),
        contract: text("contractNumber").and_then(|number| natural(&number)),
        locale: text("lang").as_deref().unwrap_or("en").into(),
        source,
        token_limit: limit.map_or(TOKEN_LIMIT, |limit| limit as usize),
        dcd_url: text("dcdUrl").as_deref().unwrap_or(DCD).into(),
        route: field(options, "route").is_truthy(),
        heading_level: level.map_or(HEADING_LEVEL, |level| level as u8),
    }
}

/// Calls the host's `emit` with the name and the detail of an event.
fn tell(emit: &Function, event: &Event) {
    let (name, detail) = match event {
        Event::Ready => ("ready", JsValue::NULL),
        Event::SessionChanged => ("session-changed", JsValue::NULL),
        Event::Generated { id, expires } => (
            "token-generated",
            object(&[
                ("id", id.as_ref().map_or(JsValue::NULL, id_value)),
                ("expirationDate", expires.map_or(JsValue::NULL, date_value)),
            ]),
        ),
        Event::Deleted { ids } => {
            let ids: Array = ids.iter().map(id_value).collect();
            ("token-deleted", object(&[("ids", ids.into())]))
        }
        Event::SessionRequired { reason } => (
            "session-required",
            object(&[("reason", reason.word().into())]),
        ),
        Event::Failed { code } => ("failed", object(&[("code", (*code).into())])),
    };
    // The element's own function does not throw.
    drop(emit.call2(&JsValue::UNDEFINED, &name.into(), &detail));
}

fn id_value(id: &TokenId) -> JsValue {
    id.as_str().into()
}

fn date_value(time: Timestamp) -> JsValue {
    browser::iso(time.timestamp_millis()).into()
}

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

fn function(object: &JsValue, name: &str) -> Option<Function> {
    field(object, name).dyn_into().ok()
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A plain object takes every field.
        drop(Reflect::set(&object, &(*name).into(), value));
    }
    object.into()
}
