//! The API asked what its own description allows, and what it forbids: schemathesis, against a real server on loopback with
//! a demo's data, once for each role. It comes from PyPI, and is nothing that ships.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Result, process};

const FOLDER: &str = "target/fuzz";
const TOOLS: &str = "tools/fuzz";
const LONGEST_LINE: usize = 1000;
const ALL_PHASES: &str = "examples,coverage,fuzzing,stateful";
/// Whose tokens are used, and in which phases: HR may do most, and does things that depend on one another.
const ROLES: [(&str, &str); 5] = [
    ("hr", ALL_PHASES),
    ("admin", "coverage,fuzzing"),
    ("auditor", "coverage"),
    ("li.interviewer", "coverage"),
    ("checker", "coverage"),
];
/// So long the server has to end when it is told to.
const PATIENCE: Duration = Duration::from_secs(30);

/// How thoroughly, and as whom.
pub(crate) struct Plan {
    roles: Vec<(&'static str, &'static str)>,
    is_deep: bool,
}

impl Plan {
    /// What the arguments say: roles (all, if none), and `--deep` for a run of an hour with many more examples.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self> {
        let (options, names): (Vec<&str>, Vec<&str>) =
            arguments.iter().map(String::as_str).partition(|argument| argument.starts_with('-'));
        if let Some(unknown) = options.iter().find(|option| **option != "--deep") {
            return Err(format!("fuzz has no option {unknown}, only --deep").into());
        }
        if let Some(unknown) = names.iter().find(|name| ROLES.iter().all(|(role, _)| role != *name)) {
            let roles = ROLES.map(|(role, _)| role).join(", ");
            return Err(format!("nobody is called {unknown:?} there; there are: {roles}").into());
        }
        let is_wanted = |(role, _): &(&str, &str)| names.is_empty() || names.contains(role);
        let is_deep = !options.is_empty();
        let roles = ROLES.into_iter().filter(is_wanted);
        let roles = roles.map(|(role, phases)| (role, if is_deep { ALL_PHASES } else { phases })).collect();
        Ok(Self { roles, is_deep })
    }

    /// As many examples as the time allows: a role takes a tenth of it on two cores that do nothing else, so what takes
    /// longer hangs.
    fn bounds(&self) -> (&'static str, &'static [&'static str]) {
        match self.is_deep {
            false => ("900", &[]),
            true => ("3600", &["--max-examples", "200"]),
        }
    }
}

/// Fuzzes the API; an error if anything is answered other than it is described, or if the server did not live through it.
pub(crate) fn run(root: &Path, plan: &Plan) -> Result {
    let schemathesis = installed(root)?;
    // With the examples, since what they need besides is what tests need: nothing is built anew.
    let programs = ["--bin", "dossier", "--bin", "dossier-server", "--examples"];
    process::run(process::cargo(root).args(["build", "--workspace"]).args(programs))?;
    let folder = root.join(FOLDER).join("archive");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let dossier = Dossier { programs: crate::test::build_folder()?, data: folder.join("data") };
    process::run(dossier.command("dossier").args(["--lang", "en", "demo", "--candidates", "12"]))?;
    let mut tokens = Vec::new();
    for (role, phases) in &plan.roles {
        tokens.push((role, phases, dossier.token(role)?));
    }
    let (longest, more) = plan.bounds();
    let log = folder.join("server.log");
    let server = Server::start(&dossier, &log)?;
    let mut failed = Vec::new();
    for (role, phases, token) in tokens {
        println!("--- as {role}");
        let mut command = Command::new("timeout");
        command.current_dir(root.join(TOOLS)).arg(longest).arg(&schemathesis).arg("run");
        command.arg(format!("{}/api/openapi.json", server.url)).env("DOSSIER_TOKEN", token);
        command.args(["--no-color", "--checks", "all", "--phases", phases]).args(more);
        if let Some(why) = trouble(&mut command, &folder.join(format!("{role}.log")))? {
            failed.push(format!("{role}: {why}"));
        }
    }
    server.end()?;
    let told = fs::read_to_string(&log)?;
    if let Some(line) = told.lines().find(|line| line.contains("panicked")) {
        failed.push(format!("the server panicked: {line}"));
    }
    process::run(dossier.command("dossier").args(["--lang", "en", "--as", "auditor", "log", "verify"]))?;
    if failed.is_empty() { Ok(()) } else { Err(failed.join("; ").into()) }
}

/// Runs schemathesis, and says what is wrong. That it exits with 0 is not enough: it does so as well when it breaks down.
fn trouble(command: &mut Command, log: &Path) -> Result<Option<String>> {
    // Not by `process::run`, which would show the token.
    let output = command.stderr(Stdio::null()).output()?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    fs::write(log, &told)?;
    // A whole ZIP may be repeated in a line.
    told.lines().for_each(|line| println!("{}", line.chars().take(LONGEST_LINE).collect::<String>()));
    let counted = |name: &str| {
        let number = told.lines().find_map(|line| line.trim().strip_prefix(name))?;
        number.trim().split('/').next()?.parse::<u64>().ok()
    };
    let (selected, tested) = (counted("Selected:"), counted("Tested:"));
    Ok(match output.status.success() {
        false if output.status.code() == Some(124) => Some("it took too long".to_owned()),
        false => Some(output.status.to_string()),
        true if selected.is_none() || selected != tested => {
            Some(format!("of {selected:?} operations {tested:?} were tested"))
        }
        true => None,
    })
}

/// The program, installed into a folder of its own unless it is there in this version.
fn installed(root: &Path) -> Result<PathBuf> {
    let requirements = root.join(TOOLS).join("requirements.txt");
    let environment = root.join(FOLDER).join("python");
    let (program, stamp) = (environment.join("bin/schemathesis"), environment.join("requirements.txt"));
    let wanted = fs::read(&requirements)?;
    if !program.is_file() || fs::read(&stamp).ok() != Some(wanted) {
        process::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
        process::run(Command::new(environment.join("bin/python")).args(pip).arg(&requirements))?;
        fs::copy(&requirements, &stamp)?;
    }
    Ok(program)
}

/// An archive to be thrown away, and our programs.
struct Dossier {
    programs: PathBuf,
    data: PathBuf,
}

impl Dossier {
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.env("DOSSIER_DATA", &self.data).env("LC_ALL", "C.UTF-8").env("NO_COLOR", "1");
        command
    }

    /// A new token with all scopes.
    fn token(&self, login: &str) -> Result<String> {
        let scopes = ["token", "add", "fuzz", "--scopes", "read,write,sync,manage,log"];
        let output = self.command("dossier").args(["--as", login]).args(scopes).output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let token = text.split_whitespace().find(|word| word.starts_with("dossier_"));
        token.map(str::to_owned).ok_or_else(|| {
            format!("no token for {login}: {text}{}", String::from_utf8_lossy(&output.stderr)).into()
        })
    }
}

/// A server under way; it does not outlive this.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(dossier: &Dossier, log: &Path) -> Result<Self> {
        let mut command = dossier.command("dossier-server");
        command.env("DOSSIER_LISTEN", "127.0.0.1:0").env("DOSSIER_LOG", "warn");
        let mut process = command.stdout(Stdio::piped()).stderr(File::create(log)?).spawn()?;
        let mut line = String::new();
        let output = process.stdout.take().ok_or("the server has no output")?;
        BufReader::new(output).read_line(&mut line)?;
        let mut server = Self { process, url: String::new() };
        let url = line.split_whitespace().find(|word| word.starts_with("http://"));
        url.ok_or_else(|| {
            format!("the server did not say where it is, but {line:?}; see {}", log.display())
        })?
        .clone_into(&mut server.url);
        Ok(server)
    }

    /// Ends it as a service manager does, and wants to see that it ends well.
    fn end(mut self) -> Result {
        process::run(Command::new("kill").arg(self.process.id().to_string()))?;
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            match self.process.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(format!("the server ended with {status}").into()),
                None => std::thread::sleep(Duration::from_millis(100)),
            }
        }
        Err("the server did not end".into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(arguments: &[&str]) -> Result<Plan> {
        Plan::parse(&arguments.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn without_names_every_role_asks_within_bounds() {
        let whole = plan(&[]).unwrap();
        assert_eq!((whole.roles.len(), whole.bounds().1.len()), (ROLES.len(), 0));
        let some = plan(&["checker", "hr", "--deep"]).unwrap();
        assert_eq!(some.roles.iter().map(|(role, _)| *role).collect::<Vec<_>>(), ["hr", "checker"]);
        assert!(some.roles.iter().all(|(_, phases)| *phases == ALL_PHASES));
        assert_eq!(some.bounds().1, ["--max-examples", "200"]);
    }

    #[test]
    fn unknown_roles_and_options_are_refused() {
        for (argument, says) in [("boss", "nobody is called \"boss\""), ("--quick", "no option --quick")] {
            let error = plan(&[argument]).err().unwrap().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
