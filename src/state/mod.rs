//! The list of tokens, its commands, and what is open above it.
//!
//! [`App`] is a handle to signals that live as long as the panel. Commands are its methods; they run
//! in tasks that end with the panel, so that no late answer reaches a signal that is gone.

mod delete;
mod dialog;
mod generate;
mod inspect;
mod list;
mod look;
mod names;
mod notice;
mod sign_in;

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use leptos::task::spawn_local;

pub use delete::{Deletion, Run, Target};
pub use dialog::{Dialog, NewToken, Progress, Reveal, Trial};
pub use generate::Obstacle;
pub use inspect::{Inspected, Inspection, Verdict};
pub use list::List;
pub use notice::{Finding, FindingKind, Notice};
pub use sign_in::{Phase, SignInProblem};

use crate::api::AuthApi;
use crate::browser::{self, Channel, Subscription};
use crate::domain::{Generation, IdMap, IdSet, Names, Timestamp, TokenId, Ttl, View};
use crate::later::Later;
use crate::session::{Reason, Session, Source};
use crate::signal::Local;

/// What the host sets.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The API's base URL, without a slash at its end.
    pub auth_api: Rc<str>,
    /// The contract to work with; none if the credential decides.
    pub contract: Option<u64>,
    /// The BCP 47 tag of the language and region.
    pub locale: Rc<str>,
    /// Where credentials come from.
    pub source: Source,
    /// How many tokens an account may hold.
    pub token_limit: usize,
    /// Where the DCD is.
    pub dcd_url: Rc<str>,
    /// The level of the panel's heading, 1 to 6.
    pub heading_level: u8,
    /// Whether the page's URL keeps what of the list is shown.
    pub route: bool,
}

/// What the host hears. None of it carries a token's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The panel is there.
    Ready,
    /// Somebody has signed in or out.
    SessionChanged,
    /// A token was generated.
    Generated {
        /// Its ID, if the answer told it.
        id: Option<TokenId>,
        /// When it ends, if the answer told it.
        expires: Option<Timestamp>,
    },
    /// Tokens were deleted.
    Deleted {
        /// Their IDs.
        ids: Vec<TokenId>,
    },
    /// The panel has no credential, or needs a better one.
    SessionRequired {
        /// Why.
        reason: Reason,
    },
    /// Something failed; the code is stable.
    Failed {
        /// See `ApiError::code`.
        code: &'static str,
    },
}

/// The panel's state.
#[derive(Clone, Copy)]
pub struct App {
    /// What the host sets.
    pub options: Local<Options>,
    /// Whether somebody is signed in.
    pub phase: Local<Phase>,
    /// Why the last attempt to sign in failed.
    pub sign_in_problem: Local<Option<SignInProblem>>,
    /// The tokens as they were read last.
    pub list: Local<List>,
    /// How many requests for the list are under way.
    pub loading: Local<u32>,
    /// Whether a token is being asked for.
    pub generating: Local<bool>,
    /// Whether it is unknown what became of the last request for a token.
    pub unsettled: Local<bool>,
    /// Whether all of the app is there: only then may be shown what is loaded later.
    pub complete: Local<bool>,
    /// The one dialog that may be open.
    pub dialog: Local<Dialog>,
    /// What happened last.
    pub notice: Local<Option<Notice>>,
    /// Tokens that somebody should look at.
    pub finding: Local<Option<Finding>>,
    /// The time, as exact as anything that is shown depends on it.
    pub now: Local<Timestamp>,
    /// Whether times are shown in UTC.
    pub utc: Local<bool>,
    /// What of the list is shown, and in which order.
    pub view: Local<View>,
    /// What the user calls tokens, in this browser.
    pub names: Local<Names>,
    /// The tokens that are checked for a common action.
    pub selected: Local<IdSet>,
    /// How long the next token is to be valid.
    pub ttl: Local<Ttl>,
    /// The fingerprints of values that were seen here.
    pub fingerprints: Local<IdMap<Rc<str>>>,
    session: Local<Session>,
    generation: Local<Generation>,
    /// Whether a request that was open when the page was left has been taken up.
    resumed: Local<bool>,
    lists: Local<list::Order>,
    /// The tokens that are being deleted without a dialog of their own.
    deleting: Local<IdSet>,
    channel: Local<Option<Channel>>,
    emit: Local<Rc<dyn Fn(Event)>>,
    lifetime: Local<Lifetime>,
}

/// What ends with the panel: its tasks and its subscriptions.
#[derive(Default)]
struct Lifetime {
    tasks: Vec<Weak<Task>>,
    subscriptions: Vec<Subscription>,
}

/// A task that can be ended at any time: with its future go its requests and its locks.
#[derive(Default)]
struct Task {
    future: RefCell<Option<Pin<Box<dyn Future<Output = ()>>>>>,
    over: Cell<bool>,
}

impl Task {
    /// Goes on with the future, which is out of reach meanwhile, since it may end its own task.
    fn poll(&self, context: &mut Context<'_>) -> Poll<()> {
        let Some(mut future) = self.future.take() else {
            return Poll::Ready(());
        };
        let poll = future.as_mut().poll(context);
        if poll.is_pending() && !self.over.get() {
            self.future.replace(Some(future));
        }
        poll
    }

    fn end(&self) {
        self.over.set(true);
        drop(self.future.take());
    }
}

impl Lifetime {
    fn end_tasks(&mut self) {
        for task in self.tasks.drain(..).filter_map(|task| task.upgrade()) {
            task.end();
        }
    }
}

impl Drop for Lifetime {
    fn drop(&mut self) {
        self.end_tasks();
    }
}

impl App {
    /// The state of a new panel; it belongs to the current reactive owner.
    pub fn new(options: Options, emit: Rc<dyn Fn(Event)>) -> Self {
        Self {
            options: Local::new(options),
            phase: Local::new(Phase::SignedOut),
            sign_in_problem: Local::new(None),
            list: Local::new(List::default()),
            loading: Local::new(0),
            generating: Local::new(false),
            unsettled: Local::new(false),
            complete: Local::new(false),
            dialog: Local::new(Dialog::Closed),
            notice: Local::new(None),
            finding: Local::new(None),
            now: Local::new(timestamp()),
            utc: Local::new(false),
            view: Local::new(View::default()),
            names: Local::new(Names::default()),
            selected: Local::new(IdSet::default()),
            ttl: Local::new(look::remembered_ttl()),
            fingerprints: Local::new(IdMap::default()),
            session: Local::new(Session::default()),
            generation: Local::new(Generation::default()),
            resumed: Local::new(false),
            lists: Local::new(list::Order::default()),
            deleting: Local::new(IdSet::default()),
            channel: Local::new(None),
            emit: Local::new(emit),
            lifetime: Local::new(Lifetime::default()),
        }
    }

    /// Runs a task until it is done or the panel is removed.
    pub fn spawn(self, task: impl Future<Output = ()> + 'static) {
        let future: Pin<Box<dyn Future<Output = ()>>> = Box::pin(task);
        let task = Rc::new(Task {
            future: RefCell::new(Some(future)),
            over: Cell::new(false),
        });
        let kept = self.lifetime.try_update(|life| {
            life.tasks.retain(|task| task.strong_count() > 0);
            life.tasks.push(Rc::downgrade(&task));
        });
        if kept.is_some() {
            spawn_local(poll_fn(move |context| task.poll(context)));
        }
    }

    /// Does what is loaded later, as soon as that is there.
    fn when_complete(self, mut act: Box<dyn Later<()>>) {
        if self.complete.get_untracked() {
            return act.run(());
        }
        self.spawn(async move {
            browser::make_complete().await;
            browser::complete().await;
            act.run(());
        });
    }

    /// Ends the tasks that run now.
    fn end_tasks(self) {
        self.lifetime.update(Lifetime::end_tasks);
    }

    /// Keeps a subscription until the panel is removed.
    pub fn keep(self, subscription: Option<Subscription>) {
        self.lifetime
            .update(|life| life.subscriptions.extend(subscription));
    }

    /// Tells the host.
    pub fn emit(self, event: Event) {
        self.emit.with_untracked(|emit| emit(event));
    }

    /// Says what happened, in place of what was said before.
    pub fn tell(self, notice: Notice) {
        self.notice.set(Some(notice));
    }

    /// The ID of the token that this session signs in with.
    pub fn token_in_use(self) -> Option<TokenId> {
        self.session
            .with_untracked(|session| session.token_id.clone())
    }

    /// Who is signed in, and for which contract, as far as known; nothing if nobody is.
    pub fn account(self) -> Option<(Option<Rc<str>>, Option<u64>)> {
        let session = self.session.get_untracked();
        let signed_in = self.phase.get_untracked() == Phase::SignedIn;
        signed_in.then(|| (session.account, self.contract()))
    }

    /// Takes what the host has changed. What is open stays open.
    pub fn set_options(self, options: Options) {
        let before = self.options.get_untracked();
        let other_api = before.auth_api != options.auth_api;
        let other_contract = before.contract != options.contract;
        self.options.set(options);
        if other_api {
            // A credential is for the API that it was given for.
            self.sign_out();
            self.sign_in_by_host();
        } else if other_contract {
            self.refresh();
        }
    }

    /// The contract that calls name.
    pub fn contract(self) -> Option<u64> {
        let set = self.set_contract();
        set.or_else(|| self.session.with_untracked(|session| session.contract))
    }

    /// The contract that the host has set.
    fn set_contract(self) -> Option<u64> {
        self.options.with_untracked(|options| options.contract)
    }

    fn api(self) -> AuthApi {
        self.options.with_untracked(|options| AuthApi {
            base: options.auth_api.clone(),
            authorization: self
                .session
                .with_untracked(|session| session.authorization.clone()),
            contract: self.contract(),
            cookies: options.source == Source::Cookie,
        })
    }
}

/// The device's time.
pub fn timestamp() -> Timestamp {
    Timestamp::from_timestamp_millis(browser::now()).unwrap_or_default()
}
