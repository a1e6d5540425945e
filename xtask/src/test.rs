//! `cargo xtask test`: everything that must hold, step by step, with a summary at the end.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use crate::tidy::workspace::Workspace;
use crate::{Result, axe, fuzz, packages, process, provider, tidy};

/// Runs the steps that `arguments` names (all, if none) until one fails; `--keep-going` runs the rest as well.
///
/// The packages are looked at first in any case. The last line printed is `N passed, M failed`, counting steps.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<ExitCode> {
    let plan = Plan::parse(root, arguments)?;
    let mut results: Vec<(&Step, Outcome)> = Vec::new();
    for step in &plan.steps {
        let failed_before = results.iter().any(|(_, outcome)| outcome.failed());
        let outcome = if failed_before && !plan.keep_going { Outcome::NotRun } else { step.run(&plan) };
        results.push((step, outcome));
    }
    print!("\n{}", summary(&results));
    let failed = results.iter().any(|(_, outcome)| outcome.failed());
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The names of all steps, as one line.
pub(crate) fn step_names() -> String {
    STEPS.map(|step| step.name).join(", ")
}

#[derive(Clone, Copy)]
struct Step {
    name: &'static str,
    what: &'static str,
    work: fn(&Plan<'_>) -> Result,
}

const PACKAGES: Step = Step {
    name: "packages",
    what: "Debian packages that tests need",
    work: |plan| {
        packages::install_missing()?;
        axe::fetch(plan.root)?;
        provider::fetch(plan.root)
    },
};

const STEPS: [Step; 8] = [
    PACKAGES,
    Step { name: "fmt", what: "formatting", work: |plan| plan.cargo(&["fmt", "--all", "--check"]) },
    Step { name: "clippy", what: "lints", work: clippy },
    Step { name: "tidy", what: "the shape of the code", work: |plan| tidy::run(plan.root) },
    Step { name: "test", what: "unit, integration and doc tests", work: tests },
    Step { name: "examples", what: "every example runs", work: examples },
    Step { name: "fuzz", what: "the API answers as it is described, whatever it is asked", work: fuzzing },
    Step { name: "doc", what: "documentation without warnings", work: doc },
];

struct Plan<'a> {
    root: &'a Path,
    steps: Vec<Step>,
    keep_going: bool,
}

impl<'a> Plan<'a> {
    fn parse(root: &'a Path, arguments: &[String]) -> Result<Self> {
        let (options, names): (Vec<&str>, Vec<&str>) =
            arguments.iter().map(String::as_str).partition(|argument| argument.starts_with('-'));
        if let Some(unknown) = options.iter().find(|option| **option != "--keep-going") {
            return Err(format!("test has no option {unknown}, only --keep-going").into());
        }
        if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
            return Err(format!("test has no step {unknown:?}; its steps: {}", step_names()).into());
        }
        let wanted =
            |step: &Step| names.is_empty() || step.name == PACKAGES.name || names.contains(&step.name);
        let steps = STEPS.into_iter().filter(wanted).collect();
        Ok(Self { root, steps, keep_going: !options.is_empty() })
    }

    fn cargo(&self, arguments: &[&str]) -> Result {
        process::run(self.cargo_command().args(arguments))
    }

    fn cargo_command(&self) -> Command {
        let mut command = process::cargo(self.root);
        if std::io::stdout().is_terminal() && std::env::var_os("CARGO_TERM_COLOR").is_none() {
            command.env("CARGO_TERM_COLOR", "always");
        }
        command
    }
}

impl Step {
    fn run(&self, plan: &Plan<'_>) -> Outcome {
        println!("\n=== {}: {}", self.name, self.what);
        let start = Instant::now();
        let result = (self.work)(plan);
        let time = start.elapsed();
        match result {
            Ok(()) => {
                println!("=== {}: ok, {}", self.name, seconds(time));
                Outcome::Passed(time)
            }
            Err(error) => {
                println!("=== {}: FAILED, {}: {error}", self.name, seconds(time));
                println!("    to repeat it alone: cargo xtask test {}", self.name);
                Outcome::Failed(time)
            }
        }
    }
}

enum Outcome {
    Passed(Duration),
    Failed(Duration),
    NotRun,
}

impl Outcome {
    fn failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }
}

fn summary(results: &[(&Step, Outcome)]) -> String {
    let mut text = String::new();
    let (mut passed, mut failed) = (0, 0);
    for (step, outcome) in results {
        let (word, time) = match outcome {
            Outcome::Passed(time) => ("ok", seconds(*time)),
            Outcome::Failed(time) => ("FAILED", seconds(*time)),
            Outcome::NotRun => ("not run", String::new()),
        };
        passed += usize::from(matches!(outcome, Outcome::Passed(_)));
        failed += usize::from(outcome.failed());
        let line = format!("{:<10}{word:<9}{time:>9}", step.name);
        text += line.trim_end();
        text.push('\n');
    }
    text + &format!("{passed} passed, {failed} failed\n")
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn clippy(plan: &Plan<'_>) -> Result {
    plan.cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
}

fn tests(plan: &Plan<'_>) -> Result {
    let all = ["test", "--workspace", "--no-fail-fast"];
    plan.cargo(if plan.keep_going { &all } else { &all[..2] })
}

/// Builds all examples in one go, so that they share what the tests have built, and runs each.
fn examples(plan: &Plan<'_>) -> Result {
    plan.cargo(&["build", "--workspace", "--examples"])?;
    for member in Workspace::load(plan.root)?.members {
        for source in member.examples()? {
            run_example(plan.root, &source).map_err(|error| format!("{}: {error}", source.display()))?;
        }
    }
    Ok(())
}

fn run_example(root: &Path, source: &Path) -> Result {
    let name = source.file_stem().ok_or("an example without a name")?;
    print!("{} ... ", source.strip_prefix(root)?.display());
    std::io::stdout().flush()?;
    let start = Instant::now();
    let output = Command::new(build_folder()?.join("examples").join(name)).current_dir(root).output()?;
    if output.status.success() {
        println!("ok, {}", seconds(start.elapsed()));
        return Ok(());
    }
    println!("FAILED");
    std::io::stdout().write_all(&output.stdout)?;
    std::io::stderr().write_all(&output.stderr)?;
    Err(output.status.to_string().into())
}

/// Where cargo puts what it builds in the profile of this very program: the folder it was started from.
pub(crate) fn build_folder() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    Ok(program.parent().ok_or("xtask was started from no folder")?.to_owned())
}

fn fuzzing(plan: &Plan<'_>) -> Result {
    fuzz::run(plan.root, &fuzz::Plan::parse(&[])?)
}

fn doc(plan: &Plan<'_>) -> Result {
    let mut command = plan.cargo_command();
    process::run(command.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(arguments: &[&str]) -> Vec<&'static str> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let plan = Plan::parse(Path::new("."), &arguments).unwrap();
        plan.steps.iter().map(|step| step.name).collect()
    }

    #[test]
    fn without_names_every_step_runs() {
        assert_eq!(names(&[]), ["packages", "fmt", "clippy", "tidy", "test", "examples", "fuzz", "doc"]);
        assert_eq!(names(&["--keep-going"]).len(), STEPS.len());
    }

    #[test]
    fn named_steps_run_in_the_usual_order_after_the_packages() {
        assert_eq!(names(&["tidy", "fmt"]), ["packages", "fmt", "tidy"]);
    }

    #[test]
    fn unknown_steps_and_options_are_refused() {
        for (argument, says) in [("tidi", "no step \"tidi\""), ("--fast", "no option --fast")] {
            let error = Plan::parse(Path::new("."), &[argument.to_owned()]).err().unwrap().to_string();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn the_last_line_counts_steps() {
        let [packages, fmt, clippy, ..] = &STEPS;
        let results = [
            (packages, Outcome::Passed(Duration::from_millis(40))),
            (fmt, Outcome::Failed(Duration::from_secs(61))),
            (clippy, Outcome::NotRun),
        ];
        let expected = "packages  ok           0.0 s\nfmt       FAILED      61.0 s\nclippy    not run\n\
                        1 passed, 1 failed\n";
        assert_eq!(summary(&results), expected);
    }
}
