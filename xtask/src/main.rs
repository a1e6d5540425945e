//! The project's own chores; `cargo xtask help` lists them.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore speaks to the person who runs it")]

mod axe;
mod duckdb;
mod fuzz;
mod packages;
mod process;
mod provider;
mod test;
mod tidy;

use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode};

/// What a chore comes to: an error is one sentence for the person who ran it.
type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const HELP: &str = "\
cargo xtask <chore>

  test [STEP ...] [--keep-going]   everything that must hold; installs the Debian packages that tests need
  tidy                             the shape of the code: directions between crates, module docs, file length
  bench [ARGUMENTS]                speed and memory, measured in a release build
  fixtures                         makes the interview videos again
  fuzz [ROLE ...] [--deep]         the API asked what its description allows and forbids, as each role
  screenshots                      pictures of every page, into target/screenshots and docs/screenshots
  help                             this text";

/// They are a test, since they need all that the tests in the browser have.
const SCREENSHOTS: [&str; 8] = [
    "test",
    // With what all tests have built: a package alone would be built with other features.
    "--workspace",
    "--test",
    "pages",
    "--",
    "--ignored",
    "--exact",
    "pictures::screenshots",
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("xtask stands in no workspace")?;
    let (chore, rest) =
        arguments.split_first().map_or(("help", arguments), |(first, rest)| (first.as_str(), rest));
    match chore {
        "test" => return test::run(root, rest),
        "tidy" => tidy::run(root)?,
        "bench" => {
            // It is compared with in one part alone.
            if !rest.iter().any(|word| word == "--only") || rest.iter().any(|word| word.contains("reports")) {
                duckdb::fetch(root)?;
            }
            let bench = ["run", "--release", "--package", "dossier-benches", "--"];
            process::run(process::cargo(root).args(bench).args(rest))?;
        }
        "fixtures" => process::run(&mut Command::new(root.join("fixtures/video/make.sh")))?,
        "fuzz" => fuzz::run(root, &fuzz::Plan::parse(rest)?)?,
        "screenshots" => process::run(process::cargo(root).args(SCREENSHOTS))?,
        "help" | "--help" | "-h" => println!("{HELP}\n\nsteps of test: {}", test::step_names()),
        unknown => return Err(format!("there is no chore {unknown:?}; `cargo xtask help` lists them").into()),
    }
    Ok(ExitCode::SUCCESS)
}
