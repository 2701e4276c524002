//! Modal dialogs: the browser's own, kept open until the state says otherwise.

use leptos::ev;
use leptos::html::{Dialog, ElementChild, dialog, div, h2};
use leptos::prelude::*;

use crate::browser;

/// A modal dialog; `view` makes and opens it. It closes by being taken out of the page.
pub struct Modal {
    /// Its heading, which is its accessible name.
    pub title: &'static str,
    /// A name that tells its parts from those of another dialog.
    pub name: &'static str,
    /// Whether it asks for a decision at once (`alertdialog`).
    pub alert: bool,
    /// What Escape does; a click outside does nothing.
    pub on_escape: Box<dyn Fn()>,
    /// What it says.
    pub body: AnyView,
    /// Its buttons, the one that leads on last.
    pub actions: AnyView,
}

impl Modal {
    /// The element.
    pub fn view(self) -> AnyView {
        let node: NodeRef<Dialog> = NodeRef::new();
        Effect::new(move || {
            if let Some(dialog) = node.get() {
                browser::open_dialog(&dialog);
                browser::focus_in(&dialog, "[data-first]");
            }
        });
        let title_id = [self.name, "-title"].concat();
        let body_id = [self.name, "-body"].concat();
        let on_escape = self.on_escape;
        dialog()
            .node_ref(node)
            .attr("class", if self.alert { "dialog alert" } else { "dialog" })
            .attr("part", "dialog")
            .attr("role", self.alert.then_some("alertdialog"))
            .attr("aria-labelledby", title_id.clone())
            .attr("aria-describedby", self.alert.then(|| body_id.clone()))
            // Browsers close a dialog at the second Escape whatever the page says, unless told here.
            .attr("closedby", "none")
            .on(ev::keydown, move |event| {
                if event.key() == "Escape" {
                    event.prevent_default();
                    event.stop_propagation();
                    on_escape();
                }
            })
            .on(ev::Custom::<web_sys::Event>::new("cancel"), |event| {
                event.prevent_default()
            })
            .on(ev::close, move |_| {
                if let Some(dialog) = node.get_untracked() {
                    browser::open_dialog(&dialog);
                }
            })
            .child((
                h2().attr("class", "dialog-title")
                    .attr("id", title_id)
                    .child(self.title),
                div()
                    .attr("class", "dialog-body")
                    .attr("id", body_id)
                    .child(self.body),
                div().attr("class", "dialog-actions").child(self.actions),
            ))
            .into_any()
    }
}
