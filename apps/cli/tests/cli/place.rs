//! A folder to run the command line in, and a vendor for it to talk to.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use dossier_simulator::{Bank, BankOptions, Behaviour, RibbonServer};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A folder of its own, with nothing of the surroundings in its environment.
pub(crate) struct Place {
    pub(crate) dir: TempDir,
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// With an archive and an HR administrator in it.
    pub(crate) fn with_archive() -> Self {
        let place = Self::new();
        place.ok("init");
        place.ok("user add hr --name 李慧 --roles hr --as admin");
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The command, ready to run; words of `line` are separated by spaces.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dossier"));
        command
            .args(line.split_whitespace())
            .current_dir(self.dir.path())
            .env_clear()
            .env("LANG", "zh_CN.UTF-8");
        command.stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, line: &str) -> Ran {
        Ran::of(&self.command(line).output().unwrap())
    }

    /// With arguments that hold spaces behind the others.
    pub(crate) fn run_with(&self, line: &str, more: &[&str]) -> Ran {
        Ran::of(&self.command(line).args(more).output().unwrap())
    }

    pub(crate) fn columns(&self, columns: u32, line: &str) -> String {
        let ran = Ran::of(&self.command(line).env("COLUMNS", columns.to_string()).output().unwrap());
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        ran.out
    }

    pub(crate) fn ok(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        assert_eq!(ran.err, "", "{line}");
        ran.out
    }

    pub(crate) fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.ok(&format!("{line} --json"))).unwrap()
    }

    /// Connects the vendor under the name 演示.
    pub(crate) fn connect(&self, vendor: &Vendor) {
        fs::write(self.path("api.key"), vendor.server.key()).unwrap();
        let url = vendor.server.base_url();
        self.ok(&format!(
            "connection add 演示 --set base_url={url} --set allow_loopback=true --set page_size=50 \
             --requests-per-second 500 --api-key-file api.key --as hr"
        ));
    }
}

impl Ran {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self {
            code: output.status.code().unwrap_or(-1),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// That it failed with this code and a message that holds `part`, and nothing on standard output.
    #[track_caller]
    pub(crate) fn failed(&self, code: i32, part: &str) {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.err.contains(part), "{part:?} is not in {self:?}");
        assert!(!self.err.contains("panicked"), "{self:?}");
        assert_eq!(self.out, "");
    }
}

/// The simulated vendor, served from this process.
pub(crate) struct Vendor {
    pub(crate) server: RibbonServer,
    pub(crate) bank: Bank,
    /// Serves as long as it lives.
    _runtime: Runtime,
}

impl Vendor {
    pub(crate) fn of(candidates: usize) -> Self {
        let runtime = Runtime::new().unwrap();
        let bank = Bank::generate(BankOptions { candidates, ..BankOptions::default() });
        let server = runtime.block_on(RibbonServer::start(bank, Behaviour::default())).unwrap();
        Self { server, bank, _runtime: runtime }
    }
}
