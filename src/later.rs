//! What is loaded after the list is there: all that only happens when somebody does something.
//!
//! `cargo xtask dist` makes two modules of the app. The line between them is [`Later::run`]: what
//! is only reached through it lies in the second module. Who calls it sees to it that this one is
//! there, as `browser::listen_later` does and `App::when_complete`, or does so only for what the
//! second module has made, such as a dialog; otherwise the call ends in a trap.

/// Something that lies in the second module, and what it is called with.
pub trait Later<Argument, Result = ()> {
    /// Does it.
    fn run(&mut self, argument: Argument) -> Result;
}

impl<Argument, Result, F: FnMut(Argument) -> Result> Later<Argument, Result> for F {
    // Where it was inlined, there would be no line.
    #[inline(never)]
    fn run(&mut self, argument: Argument) -> Result {
        self(argument)
    }
}
