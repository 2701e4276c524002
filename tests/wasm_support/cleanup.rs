//! Undoing what a test has done to the page.

use std::cell::RefCell;
use std::rc::Rc;

type Work = Rc<RefCell<Option<Box<dyn FnOnce()>>>>;

thread_local! {
    static OPEN: RefCell<Vec<Work>> = const { RefCell::new(Vec::new()) };
}

/// Undoes something when it is dropped.
///
/// A test that fails in wasm drops nothing, so the next one begins with [`Cleanup::all`].
pub(crate) struct Cleanup(Work);

impl Cleanup {
    /// Will do `work`.
    pub(crate) fn new(work: impl FnOnce() + 'static) -> Self {
        let work: Work = Rc::new(RefCell::new(Some(Box::new(work))));
        OPEN.with_borrow_mut(|open| open.push(Rc::clone(&work)));
        Self(work)
    }

    /// Undoes what earlier tests have left, the last thing first.
    pub(crate) fn all() {
        for work in OPEN.take().into_iter().rev() {
            run(&work);
        }
    }
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        run(&self.0);
        OPEN.with_borrow_mut(|open| open.retain(|other| !Rc::ptr_eq(other, &self.0)));
    }
}

fn run(work: &Work) {
    let work = work.borrow_mut().take();
    if let Some(work) = work {
        work();
    }
}
