//! Elements, made at once and kept up to date by Leptos's reactive graph.
//!
//! Leptos's own views have a type for each shape of markup, and code for each type: for this page
//! that came to more than the rest of the app. Here every element is an [`El`], every handler and
//! every binding one boxed closure. Nothing is made through `innerHTML`, which the page's policy
//! (`trusted-types 'none'`) forbids.

use std::mem;

use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, EventTarget, Node};
pub use web_sys::{Event, HtmlInputElement as Input, HtmlSelectElement as Select};

use crate::browser::{
    self, copy_element, insert, make_element, make_icon, make_place, make_text, set_attribute,
    set_classes, set_flag,
};
use crate::later::Later;
use crate::signal::follow;

/// An element and what is in it.
///
/// Bindings and handlers belong to the reactive owner that they are made in, and end with it.
#[derive(Clone)]
pub struct El(Element);

/// An element of HTML.
#[inline(never)]
pub fn el(tag: &str) -> El {
    El(make_element(tag))
}

/// A drawing on a grid of 16, which says nothing to those who can't see it.
pub(super) fn drawing(path: &str) -> El {
    El(make_icon(path))
}

impl From<Element> for El {
    fn from(element: Element) -> Self {
        Self(element)
    }
}

// Generic methods only box what they are given; what they do with it is in one place each, and
// kept out of line, since this page calls them hundreds of times.
impl El {
    /// Another one with the same attributes and content. Bindings and handlers stay with this one.
    pub fn copy(&self) -> Self {
        Self(copy_element(&self.0))
    }

    /// With classes, each of which is also a part: a host styles things by what they are.
    #[inline(never)]
    pub fn class(self, classes: &str) -> Self {
        set_classes(&self.0, classes);
        self
    }

    /// With an attribute.
    #[inline(never)]
    pub fn attr(self, name: &str, value: &str) -> Self {
        set_attribute(&self.0, name, Some(value));
        self
    }

    /// With an attribute, if there is a value.
    #[inline(never)]
    pub fn attr_if(self, name: &str, value: Option<&str>) -> Self {
        set_attribute(&self.0, name, value);
        self
    }

    /// With an attribute that follows what `value` reads; none while there is no value.
    pub fn bind_attr(
        self,
        name: &'static str,
        value: impl Fn() -> Option<String> + 'static,
    ) -> Self {
        self.follow_attr(name, Box::new(value))
    }

    #[inline(never)]
    fn follow_attr(self, name: &'static str, value: Box<dyn Fn() -> Option<String>>) -> Self {
        let element = self.0.clone();
        follow(move || set_attribute(&element, name, value().as_deref()));
        self
    }

    /// With a property that is true or false and follows what `value` reads.
    pub fn bind_flag(self, name: &'static str, value: impl Fn() -> bool + 'static) -> Self {
        self.follow_flag(name, Box::new(value))
    }

    #[inline(never)]
    fn follow_flag(self, name: &'static str, value: Box<dyn Fn() -> bool>) -> Self {
        let element = self.0.clone();
        follow(move || set_flag(&element, name, value()));
        self
    }

    /// With a text after what it holds already.
    #[inline(never)]
    pub fn text(self, text: &str) -> Self {
        self.append(&make_text(text));
        self
    }

    /// With a text that follows what `text` reads.
    pub fn bind_text(self, text: impl Fn() -> String + 'static) -> Self {
        self.follow_text(Box::new(text))
    }

    #[inline(never)]
    fn follow_text(self, text: Box<dyn Fn() -> String>) -> Self {
        let node = make_text("");
        self.append(&node);
        follow(move || node.set_data(&text()));
        self
    }

    /// With an element after what it holds already.
    #[inline(never)]
    pub fn child(self, child: El) -> Self {
        self.append(&child.0);
        self
    }

    /// With elements after what it holds already.
    pub fn children(self, children: impl IntoIterator<Item = El>) -> Self {
        for child in children {
            self.append(&child.0);
        }
        self
    }

    /// With an element that is made anew whenever something changes that `child` has read.
    pub fn bind(self, child: impl Fn() -> Option<El> + 'static) -> Self {
        self.follow_child(Box::new(child))
    }

    #[inline(never)]
    fn follow_child(self, child: Box<dyn Fn() -> Option<El>>) -> Self {
        let place = make_place();
        self.append(&place);
        let mut shown: Option<Element> = None;
        follow(move || {
            let new = child().map(|child| child.0);
            if let Some(old) = mem::replace(&mut shown, new) {
                old.remove();
            }
            if let (Some(new), Some(parent)) = (&shown, place.parent_node()) {
                insert(&parent, new, Some(&place));
            }
        });
        self
    }

    /// With an element for each item, in their order. An element is kept as long as its item is
    /// there, so that what has not changed costs nothing.
    pub fn each<T: Clone + Ord + 'static>(
        self,
        items: impl Fn() -> Vec<T> + 'static,
        view: impl Fn(&T) -> El + 'static,
    ) -> Self {
        let parent = self.0.clone();
        let owner = Owner::current().unwrap_or_default();
        let mut shown: Vec<Child<T>> = Vec::new();
        follow(move || {
            let items = items();
            // Most often one item comes or goes: what is before and after it stays where it is.
            let before = shown.iter().zip(&items);
            let before = before.take_while(|(child, item)| child.item == **item);
            let before = before.count();
            let after = shown.iter().skip(before).rev();
            let after = after.zip(items.iter().skip(before).rev());
            let after = after.take_while(|(child, item)| child.item == **item);
            let after = after.count();

            let rest = shown.split_off(shown.len() - after);
            let mut old: Vec<_> = shown.drain(before..).map(|child| (child, false)).collect();
            old.sort_unstable_by(|(one, _), (other, _)| one.item.cmp(&other.item));
            let changed = items.iter().take(items.len() - after).skip(before);
            let changed: Vec<_> = changed
                .map(|item| {
                    let place = old.binary_search_by(|(child, _)| child.item.cmp(item));
                    if let Some((child, kept @ false)) = old.get_mut(place.unwrap_or(usize::MAX)) {
                        *kept = true;
                        return child.clone();
                    }
                    let owner = owner.child();
                    Child {
                        item: item.clone(),
                        element: owner.with(|| view(item)).0,
                        owner,
                    }
                })
                .collect();
            for (gone, kept) in old {
                if !kept {
                    gone.element.remove();
                    gone.owner.cleanup();
                }
            }
            let mut place = match shown.last() {
                Some(last) => last.element.next_element_sibling(),
                None => parent.first_element_child(),
            };
            for child in &changed {
                if place.as_ref() == Some(&child.element) {
                    place = child.element.next_element_sibling();
                } else {
                    insert(&parent, &child.element, place.as_deref());
                }
            }
            shown.extend(changed);
            shown.extend(rest);
        });
        self
    }

    /// With a handler of an event, which is loaded later than the element.
    ///
    /// An event before that is handled as soon as the handler is there, too late to prevent what
    /// the browser does by itself.
    pub fn on(self, event: &'static str, handler: impl FnMut(Event) + 'static) -> Self {
        self.listen_later(event, Box::new(handler))
    }

    #[inline(never)]
    fn listen_later(self, event: &'static str, mut handler: Box<dyn Later<Event>>) -> Self {
        self.listen(
            event,
            Box::new(move |event| handler.run(event)),
            browser::listen_later,
        )
    }

    /// With a handler of an event that is there from the start.
    pub fn on_at_once(self, event: &'static str, handler: impl FnMut(Event) + 'static) -> Self {
        self.listen(event, Box::new(handler), browser::listen)
    }

    #[inline(never)]
    fn listen(
        self,
        event: &'static str,
        handler: Box<dyn FnMut(Event)>,
        begin: fn(&EventTarget, &str, &Function) -> Function,
    ) -> Self {
        let handler = Closure::wrap(handler);
        let end = begin(&self.0, event, handler.as_ref().unchecked_ref());
        StoredValue::new_local(Listener {
            end,
            _handler: handler,
        });
        self
    }

    /// The element itself.
    pub fn node(&self) -> &Element {
        &self.0
    }

    /// The element as one of its kind; only for what `el` has made with that tag.
    pub fn cast<T: JsCast>(&self) -> T {
        self.0.clone().unchecked_into()
    }

    fn append(&self, node: &Node) {
        insert(&self.0, node, None);
    }
}

/// An element of a list: what it shows, and what lives as long as it does.
#[derive(Clone)]
struct Child<T> {
    item: T,
    element: Element,
    owner: Owner,
}

/// A handler that is taken off when it goes, since elements that are removed may still have events,
/// such as that of losing the focus.
struct Listener {
    end: Function,
    _handler: Closure<dyn FnMut(Event)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Taking it off does not fail.
        drop(self.end.call0(&JsValue::UNDEFINED));
    }
}

/// The key of a keyboard event; empty for other events.
pub fn key(event: &Event) -> String {
    let event: Option<&web_sys::KeyboardEvent> = event.dyn_ref();
    event.map(web_sys::KeyboardEvent::key).unwrap_or_default()
}

/// Whether the shift key was held at a click.
pub fn is_shifted(event: &Event) -> bool {
    let event: Option<&web_sys::MouseEvent> = event.dyn_ref();
    event.is_some_and(web_sys::MouseEvent::shift_key)
}
