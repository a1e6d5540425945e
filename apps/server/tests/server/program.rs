//! The program as a process.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Longer than any answer takes, on a machine that does other things.
const LONGEST_ANSWER: Duration = Duration::from_secs(120);

/// A server under way; it does not outlive this.
pub(crate) struct Program {
    process: Child,
    pub(crate) address: SocketAddr,
    log: PathBuf,
}

/// An answer: its status, its length, and how it begins.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) length: usize,
    pub(crate) text: String,
}

impl Program {
    /// Serves the data folder; its log lies beside it.
    pub(crate) fn over(data: &Path) -> Self {
        let log = data.with_extension("log");
        let stderr = File::create(&log).unwrap();
        Self::start(data, log, stderr.into(), "info")
    }

    /// Serves the data folder, and logs much into a pipe that nobody reads.
    pub(crate) fn unread(data: &Path) -> Self {
        Self::start(data, data.with_extension("log"), Stdio::piped(), "debug")
    }

    fn start(data: &Path, log: PathBuf, stderr: Stdio, level: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dossier-server"));
        command
            .env_clear()
            .env("LANG", "C.UTF-8")
            .env("DOSSIER_LOG", level)
            .arg("--data")
            .arg(data)
            .args(["--listen", "127.0.0.1:0"]);
        let mut process = command.stdout(Stdio::piped()).stderr(stderr).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit("http://").next().unwrap().parse();
        Self { address: address.unwrap_or_else(|_| panic!("{line:?}")), process, log }
    }

    /// Tells it to end, as service managers do.
    pub(crate) fn terminate(&self) {
        let told = Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        assert!(told.success());
    }

    /// Ends it at once, as a power cut does.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// How it ended; fails if that takes longer.
    pub(crate) fn ends_within(&mut self, patience: Duration) -> ExitStatus {
        let begun = Instant::now();
        while begun.elapsed() < patience {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("it goes on after {patience:?}; its log: {}", self.log());
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// The most memory that it has held, in bytes.
    pub(crate) fn peak(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap() << 10
    }

    /// Sends a request with a body of this length.
    pub(crate) fn ask(&self, head: &str, length: u64, body: impl Read) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(LONGEST_ANSWER)).unwrap();
        let framing = format!("Host: localhost\r\nConnection: close\r\nContent-Length: {length}");
        stream.write_all(format!("{head}\r\n{framing}\r\n\r\n").as_bytes()).unwrap();
        let mut body = body.take(length);
        // Who is refused may be refused before all has been sent.
        let _ = std::io::copy(&mut body, &mut stream);
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let text = String::from_utf8_lossy(&answer[..answer.len().min(4096)]).into_owned();
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
        Answer { status: status.unwrap_or_else(|| panic!("{text:?}")), length: answer.len(), text }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
