//! The one place that speaks to the terminal: answers on standard output, errors and notes on standard error, either for
//! people or as JSON.

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
    sync::{Mutex, PoisonError},
};

use dossier_domain::Language;
use serde_json::{Value, json};

use crate::{
    error::{Error, Result},
    exit::Kind,
    table::Table,
    text::{Style, Text},
};

/// So wide is what is not a terminal, unless `COLUMNS` says otherwise.
const COLUMNS: usize = 100;

/// Where answers go, and how.
pub(crate) struct Out {
    /// The language of everything for people.
    pub(crate) language: Language,
    /// Whether answers are JSON.
    pub(crate) json: bool,
    colours: bool,
    columns: usize,
    quiet: bool,
    failed: Mutex<Option<io::Error>>,
}

impl Out {
    /// The output of this process.
    pub(crate) fn new(language: Language, json: bool) -> Self {
        let colours = io::stdout().is_terminal() && may_colour();
        Self { language, json, colours, columns: columns(), quiet: false, failed: Mutex::default() }
    }

    /// An output that shows nothing, for steps of which only the outcome counts.
    pub(crate) fn quiet(&self) -> Self {
        Self { quiet: true, ..Self::new(self.language, self.json) }
    }

    /// Whether there is nothing for people.
    pub(crate) fn is_silent(&self) -> bool {
        self.json || self.quiet
    }

    /// How many columns there are.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// A line for people.
    pub(crate) fn line(&self, text: impl Into<Text>) {
        if !self.json {
            self.write(text.into().render(self.colours).trim_end());
        }
    }

    /// Items behind a label, in as many lines as they need, all of them `indent` columns to the right.
    pub(crate) fn flow(&self, label: &Text, indent: usize, items: impl IntoIterator<Item = Text>) {
        let mut line = label.clone().plain(" ".repeat(indent.saturating_sub(label.width())));
        let mut is_empty = true;
        for item in items {
            if !is_empty && line.width() + item.width() + 2 > self.columns {
                self.line(std::mem::replace(&mut line, Text::from(" ".repeat(indent))));
                is_empty = true;
            }
            line = if is_empty { line } else { line.plain("  ") };
            line = line.then(item);
            is_empty = false;
        }
        self.line(line);
    }

    /// A table for people.
    pub(crate) fn table(&self, table: &Table) {
        table.lines(self.columns).into_iter().for_each(|line| self.line(line));
    }

    /// The answer as one JSON document.
    pub(crate) fn document(&self, value: &Value) {
        if self.json {
            self.write(&format!("{value:#}"));
        }
    }

    /// A piece of the answer as one line of JSON.
    pub(crate) fn record(&self, value: &Value) {
        if self.json {
            self.write(&value.to_string());
        }
    }

    /// Bytes as they are, such as a script or an exported line.
    pub(crate) fn raw(&self, bytes: &[u8]) -> io::Result<()> {
        io::stdout().write_all(bytes)
    }

    /// Shows an error; gives the exit code.
    pub(crate) fn error(&self, error: &Error) -> ExitCode {
        show_error(error.kind(), &error.message(self.language), self.language, self.json)
    }

    /// Whether all that was to be written has been. A reader who went away, as `head` does, is content with less.
    pub(crate) fn written(&self) -> Result<()> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner).take();
        match failed.or_else(|| io::stdout().flush().err()) {
            Some(cause) if cause.kind() != io::ErrorKind::BrokenPipe => Err(Error::io("stdout", cause)),
            _ => Ok(()),
        }
    }

    fn write(&self, line: &str) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.is_none() && !self.quiet {
            *failed = writeln!(io::stdout(), "{line}").err();
        }
    }
}

/// Shows what clap has to say: help and version as they are, a mistake in the language.
pub(crate) fn usage(error: &clap::Error, language: Language) -> ExitCode {
    if !error.use_stderr() {
        // Whoever closes the terminal while reading help wants nothing more.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
        return ExitCode::from(Kind::Invalid.code());
    }
    let json = std::env::args_os().any(|argument| argument == "--json");
    show_error(
        Kind::Invalid,
        &dossier_usage::mistake(error, language, "dossier help 或 --help"),
        language,
        json,
    )
}

fn show_error(kind: Kind, message: &str, language: Language, json: bool) -> ExitCode {
    if json {
        to_stderr(&json!({ "error": { "kind": kind.name(), "message": message } }).to_string());
    } else {
        let colours = io::stderr().is_terminal() && may_colour();
        let label = Text::of(Style::Bad, language.pick("错误：", "error: "));
        for (count, line) in message.lines().enumerate() {
            let line = Text::from(line);
            let line = if count == 0 { label.clone().then(line) } else { line };
            to_stderr(&line.render(colours));
        }
    }
    ExitCode::from(kind.code())
}

fn to_stderr(line: &str) {
    // There is nowhere left to complain to.
    let _ = writeln!(io::stderr(), "{line}");
}

fn may_colour() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

fn columns() -> usize {
    let told = || std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = terminal_size::terminal_size().filter(|_| io::stdout().is_terminal());
    terminal.map(|(width, _)| usize::from(width.0)).or_else(told).unwrap_or(COLUMNS).max(40)
}
