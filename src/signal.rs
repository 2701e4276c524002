//! Signals on Leptos's reactive graph, with next to no code for each type of value.
//!
//! Leptos compiles its own signals anew for each type, which comes to two kilobytes each time. Here
//! only the access to the value is; where it lives and what follows it is one code for all.

use std::any::Any;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::mem;
use std::process;
use std::rc::Rc;

use leptos::prelude::*;

/// A signal that lives as long as somebody has it.
pub struct Shared<T>(Rc<Slot<T>>);

struct Slot<T> {
    value: RefCell<T>,
    trigger: ArcTrigger,
}

impl<T: 'static> Shared<T> {
    /// A signal with its first value.
    pub fn new(value: T) -> Self {
        Self(Rc::new(Slot {
            value: RefCell::new(value),
            trigger: ArcTrigger::new(),
        }))
    }

    /// Reads the value; what reads it now runs again when it changes.
    pub fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        track(&self.0.trigger);
        self.with_untracked(read)
    }

    /// Reads the value once.
    pub fn with_untracked<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.0.value.borrow())
    }

    /// Changes the value in its place.
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.0.value.borrow_mut());
        notify(&self.0.trigger);
        result
    }

    /// Changes the value in its place; whether it did is what `change` says.
    pub fn maybe_update(&self, change: impl FnOnce(&mut T) -> bool) {
        let changed = change(&mut self.0.value.borrow_mut());
        if changed {
            notify(&self.0.trigger);
        }
    }

    /// Replaces the value.
    pub fn set(&self, value: T) {
        let before = self.update(|place| mem::replace(place, value));
        // Only now, since what goes with it may read the signal.
        drop(before);
    }
}

impl<T: Clone + 'static> Shared<T> {
    /// A copy of the value; what reads it now runs again when it changes.
    pub fn get(&self) -> T {
        self.with(T::clone)
    }

    /// A copy of the value, read once.
    pub fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

/// Whether they are one signal.
impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// A signal that is copied freely and lives as long as the reactive owner that it was made in.
///
/// Using it later ends the app, as with Leptos's own, but for what starts with `try_`.
pub struct Local<T> {
    place: Place,
    value: PhantomData<fn() -> T>,
}

type Place = StoredValue<Rc<dyn Any>, LocalStorage>;

impl<T: 'static> Local<T> {
    /// A signal with its first value.
    pub fn new(value: T) -> Self {
        Self {
            place: keep(Shared::new(value).0),
            value: PhantomData,
        }
    }

    /// Reads the value; what reads it now runs again when it changes.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        self.shared().with(read)
    }

    /// Reads the value once.
    pub fn with_untracked<R>(self, read: impl FnOnce(&T) -> R) -> R {
        self.shared().with_untracked(read)
    }

    /// Changes the value in its place.
    pub fn update<R>(self, change: impl FnOnce(&mut T) -> R) -> R {
        self.shared().update(change)
    }

    /// Changes the value in its place, unless the signal's owner has ended.
    pub fn try_update<R>(self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        self.try_shared().map(|shared| shared.update(change))
    }

    /// Changes the value in its place; whether it did is what `change` says.
    pub fn maybe_update(self, change: impl FnOnce(&mut T) -> bool) {
        self.shared().maybe_update(change);
    }

    /// Replaces the value.
    pub fn set(self, value: T) {
        self.shared().set(value);
    }

    fn shared(self) -> Shared<T> {
        match self.try_shared() {
            Some(shared) => shared,
            None => ended(),
        }
    }

    fn try_shared(self) -> Option<Shared<T>> {
        find(self.place)?.downcast().ok().map(Shared)
    }
}

impl<T: Clone + 'static> Local<T> {
    /// A copy of the value; what reads it now runs again when it changes.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// A copy of the value, read once.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }
}

impl<T> Clone for Local<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Local<T> {}

/// A value that follows signals; what reads it runs again only if it has become another.
///
/// It is computed at once, and then in the turn after a change. It lives as long as the reactive
/// owner that it was made in. Leptos's own comes with a part of the graph that nothing else here
/// uses.
pub struct Memo<T>(Local<Option<T>>);

impl<T: PartialEq + 'static> Memo<T> {
    /// The value that `compute` gives.
    pub fn new(compute: impl Fn() -> T + 'static) -> Self {
        let value = Local::new(None);
        follow(move || {
            let new = Some(compute());
            value.maybe_update(|value| {
                let changed = *value != new;
                *value = new;
                changed
            });
        });
        Self(value)
    }

    /// Reads the value; what reads it now runs again when it changes.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        self.0.with(|value| read(present(value)))
    }

    /// Reads the value once.
    pub fn with_untracked<R>(self, read: impl FnOnce(&T) -> R) -> R {
        self.0.with_untracked(|value| read(present(value)))
    }
}

impl<T: Clone + PartialEq + 'static> Memo<T> {
    /// A copy of the value; what reads it now runs again when it changes.
    pub fn get(self) -> T {
        self.with(T::clone)
    }
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Memo<T> {}

fn present<T>(value: &Option<T>) -> &T {
    match value {
        Some(value) => value,
        None => ended(),
    }
}

/// Runs `action` now and whenever something changes that it has read, until the owner ends.
pub fn follow(action: impl FnMut() + 'static) {
    follow_boxed(Box::new(action));
}

#[inline(never)]
fn follow_boxed(mut action: Box<dyn FnMut()>) {
    StoredValue::new_local(RenderEffect::new(move |_| action()));
}

#[inline(never)]
fn track(trigger: &ArcTrigger) {
    trigger.track();
}

#[inline(never)]
fn notify(trigger: &ArcTrigger) {
    trigger.notify();
}

#[inline(never)]
fn keep(value: Rc<dyn Any>) -> Place {
    StoredValue::new_local(value)
}

#[inline(never)]
fn find(place: Place) -> Option<Rc<dyn Any>> {
    place.try_get_value()
}

#[cold]
#[inline(never)]
fn ended() -> ! {
    process::abort()
}
