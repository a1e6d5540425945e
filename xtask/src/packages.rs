//! The Debian packages that building and testing need, in one list, installed when they are missing.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use crate::{Result, process};

struct Package {
    name: &'static str,
    /// What shows that nothing needs to be installed: a command, or the path of a file.
    sign: &'static str,
    why: &'static str,
}

const PACKAGES: [Package; 12] = [
    Package { name: "build-essential", sign: "cc", why: "Rust links with cc, and ring compiles C with it" },
    Package { name: "make", sign: "make", why: "the allocator of the server is built with it" },
    Package { name: "strace", sign: "strace", why: "tests watch that storage syncs before it acknowledges" },
    Package {
        name: "python3",
        sign: "python3",
        why: "the operation log's independent verifier is in Python",
    },
    Package {
        name: "python3-venv",
        sign: "/var/lib/dpkg/info/python3-venv.list",
        why: "the fuzzer of the API is installed into a folder of its own",
    },
    Package {
        name: "unzip",
        sign: "unzip",
        why: "tests read fetched ZIP files with a reader that is not ours",
    },
    Package { name: "chromium", sign: "chromium", why: "the pages are tested in a real browser" },
    Package { name: "chromium-driver", sign: "chromedriver", why: "tests drive the browser through it" },
    Package {
        name: "nodejs",
        sign: "node",
        why: "a login and a mail server that are not ours, for tests, run on it",
    },
    Package { name: "npm", sign: "npm", why: "it fetches these, and axe-core" },
    Package {
        name: "fonts-noto-cjk",
        sign: "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        why: "without a Chinese font, Chinese pages are boxes, and there are no PDFs",
    },
    Package {
        name: "poppler-utils",
        sign: "pdftotext",
        why: "tests read PDFs with a reader that is not ours",
    },
];

/// Installs what is missing with apt-get, as root or through sudo, and says what and why.
pub(crate) fn install_missing() -> Result {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let missing: Vec<&Package> = missing(&path).collect();
    if missing.is_empty() {
        println!("all there: {}", PACKAGES.map(|package| package.name).join(", "));
        return Ok(());
    }
    for package in &missing {
        println!("missing {}: {}", package.name, package.why);
    }
    let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
    if !is_there("apt-get", &path) {
        let signs: Vec<&str> = missing.iter().map(|package| package.sign).collect();
        return Err(format!("there is no apt-get here; install what has these: {}", signs.join(", ")).into());
    }
    let install = ["install", "--yes", "--no-install-recommends"];
    process::run(apt_get()?.args(["-qq", "update"]))
        .and_then(|()| process::run(apt_get()?.arg("-qq").args(install).args(&names)))
        .map_err(|error| format!("{error}; install by hand: sudo apt-get install {}", names.join(" ")).into())
}

fn missing(path: &OsStr) -> impl Iterator<Item = &'static Package> {
    PACKAGES.iter().filter(move |package| !is_there(package.sign, path))
}

/// Whether a command is in a folder of the path; joined to any folder, an absolute path stays what it is.
fn is_there(sign: &str, path: &OsStr) -> bool {
    std::env::split_paths(path).any(|folder| folder.join(sign).is_file())
}

/// apt-get that asks nothing, with the rights to install.
fn apt_get() -> Result<Command> {
    let mut command = if is_root()? { Command::new("env") } else { Command::new("sudo") };
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    Ok(command)
}

fn is_root() -> Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(Path::new("/proc/self").metadata()?.uid() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_in_no_folder_of_the_path_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        for command in
            ["cc", "make", "strace", "unzip", "chromium", "chromedriver", "pdftotext", "node", "npm"]
        {
            std::fs::write(folder.path().join(command), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("python3")).unwrap();
        let commands = missing(folder.path().as_os_str()).filter(|package| !package.sign.starts_with('/'));
        let missing: Vec<&str> = commands.map(|package| package.name).collect();
        assert_eq!(missing, ["python3"], "a folder of that name is no command");
    }
}
