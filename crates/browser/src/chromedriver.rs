//! One chromedriver for all tests of a process, which ends with the process however that ends.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
    sync::LazyLock,
};

use dossier_testkit::TestResult;

/// The shell's input ends when this process does, even if it is killed; then the shell ends the driver, and takes away what
/// it and the browsers left in their temporary folder.
const SCRIPT: &str = "TMPDIR=$(mktemp -d) && export TMPDIR || exit
    chromedriver --port=0 & driver=$!
    read -r nothing
    kill $driver; wait $driver; rm -rf \"$TMPDIR\"";

struct Chromedriver {
    address: String,
    // Held open: the shell waits for the end of the one, and a driver that logs into a closed pipe dies.
    _shell: Child,
    _log: BufReader<ChildStdout>,
}

static DRIVER: LazyLock<Result<Chromedriver, String>> =
    LazyLock::new(|| Chromedriver::start().map_err(|error| error.to_string()));

/// Where it listens; it is started by the first who asks.
pub(crate) fn address() -> TestResult<&'static str> {
    let driver = DRIVER.as_ref().map_err(|error| {
        format!("chromedriver does not start: {error}; Debian has it in the package chromium-driver")
    })?;
    Ok(&driver.address)
}

impl Chromedriver {
    fn start() -> TestResult<Self> {
        // The driver's HTTP client wants the process to have chosen a provider of TLS, though it talks to loopback.
        // Somebody else may have chosen already, and chose the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut log = BufReader::new(shell.stdout.take().ok_or("it has no output")?);
        let mut line = String::new();
        while log.read_line(&mut line)? > 0 {
            if let Some((_, port)) =
                line.trim().trim_end_matches('.').rsplit_once("started successfully on port ")
            {
                let address = format!("http://127.0.0.1:{port}");
                return Ok(Self { address, _shell: shell, _log: log });
            }
            line.clear();
        }
        Err("it said no port".into())
    }
}
