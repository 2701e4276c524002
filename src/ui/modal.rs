//! Modal dialogs: the browser's own, kept open until the state says otherwise.

use leptos::prelude::*;
use web_sys::HtmlDialogElement;

use super::dom::{El, el, key};
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
    pub body: Vec<El>,
    /// Its buttons, the one that leads on last.
    pub actions: Vec<El>,
}

impl Modal {
    /// The element.
    pub fn view(self) -> El {
        let title_id = [self.name, "-title"].concat();
        let body_id = [self.name, "-body"].concat();
        let on_escape = self.on_escape;
        let dialog = el("dialog")
            .class(if self.alert { "dialog alert" } else { "dialog" })
            .attr_if("role", self.alert.then_some("alertdialog"))
            .attr("aria-labelledby", &title_id)
            .attr_if("aria-describedby", self.alert.then_some(&body_id))
            // A click on its text keeps the focus inside, where Escape is heard.
            .attr("tabindex", "-1")
            // Browsers close a dialog at the second Escape whatever the page says, unless told here.
            .attr("closedby", "none")
            .on("keydown", move |event| {
                if key(&event) == "Escape" {
                    event.prevent_default();
                    event.stop_propagation();
                    on_escape();
                }
            })
            .on("cancel", |event| event.prevent_default());
        let node: HtmlDialogElement = dialog.cast();
        let reopened = node.clone();
        Effect::new(move || {
            browser::open_dialog(&node);
            browser::focus_in(&node, "[data-first]");
        });
        dialog
            .on("close", move |_| browser::open_dialog(&reopened))
            .child(
                el("h2")
                    .class("dialog-title")
                    .attr("id", &title_id)
                    .text(self.title),
            )
            .child(
                el("div")
                    .class("dialog-body")
                    .attr("id", &body_id)
                    .children(self.body),
            )
            .child(el("div").class("dialog-actions").children(self.actions))
    }
}
