//! Progress of long work, on standard error, where that is a terminal.

use std::sync::Arc;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::out::Out;

/// Shows how far something is. Vanishes when the last one of it is dropped.
#[derive(Clone)]
pub(crate) struct Progress(Arc<Bar>);

struct Bar(ProgressBar);

impl Progress {
    /// A bar for so many steps, called `what`.
    pub(crate) fn steps(out: &Out, what: &str, steps: u64) -> Self {
        Self::shown(out, what, Some(steps), "{msg} {wide_bar:.cyan} {pos}/{len} {eta}")
    }

    /// A bar for so many bytes.
    pub(crate) fn bytes(out: &Out, what: &str, bytes: u64) -> Self {
        Self::shown(out, what, Some(bytes), "{msg} {wide_bar:.cyan} {bytes}/{total_bytes} {eta}")
    }

    /// Work whose end is not known.
    pub(crate) fn endless(out: &Out, what: &str) -> Self {
        let progress = Self::shown(out, what, None, "{spinner} {msg} {pos}");
        progress.0.0.enable_steady_tick(std::time::Duration::from_millis(120));
        progress
    }

    fn shown(out: &Out, what: &str, length: Option<u64>, template: &str) -> Self {
        let target =
            if out.is_silent() { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(length, target);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        Self(Arc::new(Bar(bar)))
    }

    /// So far it is.
    pub(crate) fn at(&self, position: u64) {
        self.0.0.set_position(position);
    }

    /// So much more is done.
    pub(crate) fn more(&self, steps: u64) {
        self.0.0.inc(steps);
    }

    /// So much is to be done.
    pub(crate) fn of(&self, steps: u64) {
        self.0.0.set_length(steps);
    }

    /// So many steps of so many are done, of what is called `what`.
    pub(crate) fn stands(&self, what: &'static str, position: u64, steps: u64) {
        self.0.0.set_message(what);
        self.0.0.set_length(steps);
        self.0.0.set_position(position);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
