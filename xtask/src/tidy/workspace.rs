//! The workspace as its manifests describe it, with the lines where they do.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use crate::Result;

/// The folder of the root manifest and the crates it names.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) members: Vec<Member>,
}

/// One crate of the workspace.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    /// Whether it has `[lints] workspace = true`.
    pub(crate) inherits_lints: bool,
    pub(crate) dependencies: Vec<Dependency>,
}

/// One line of a crate's dependencies.
pub(crate) struct Dependency {
    /// The package's own name, whatever it is called in this crate.
    pub(crate) package: String,
    /// Whether only tests, examples and benches see it.
    pub(crate) for_tests: bool,
    /// Whether its version comes from the workspace.
    pub(crate) inherited: bool,
    /// Where it stands in the manifest, counted from 1.
    pub(crate) line: usize,
}

impl Workspace {
    /// Reads the manifests at and below `root`.
    pub(crate) fn load(root: &Path) -> Result<Self> {
        let text = read(&root.join("Cargo.toml"))?;
        let manifest = parse(&text, &root.join("Cargo.toml"))?;
        let workspace = table(&manifest, "workspace").ok_or("Cargo.toml has no [workspace]")?;
        let patterns = workspace.get("members").and_then(|members| members.get_ref().as_array());
        let renamed = table(workspace, "dependencies").map(renames).unwrap_or_default();
        let mut members = Vec::new();
        for pattern in patterns.into_iter().flatten().filter_map(|pattern| pattern.get_ref().as_str()) {
            for folder in folders(root, pattern)? {
                members.push(Member::load(folder, &renamed)?);
            }
        }
        Ok(Self { root: root.to_owned(), members })
    }

    /// Whether `package` is one of ours.
    pub(crate) fn contains(&self, package: &str) -> bool {
        self.members.iter().any(|member| member.name == package)
    }
}

impl Member {
    /// Its Cargo.toml.
    pub(crate) fn manifest(&self) -> PathBuf {
        self.folder.join("Cargo.toml")
    }

    /// The sources of its examples, sorted.
    pub(crate) fn examples(&self) -> Result<Vec<PathBuf>> {
        let folder = self.folder.join("examples");
        let files = if folder.is_dir() { entries(&folder)? } else { Vec::new() };
        Ok(files.into_iter().filter(|file| is_rust(file)).collect())
    }

    /// All its Rust files, sorted by folder.
    pub(crate) fn rust_files(&self) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        collect_rust_files(&self.folder, &mut files)?;
        Ok(files)
    }

    fn load(folder: PathBuf, renamed: &BTreeMap<String, String>) -> Result<Self> {
        let file = folder.join("Cargo.toml");
        let text = read(&file)?;
        let manifest = parse(&text, &file)?;
        let package = table(&manifest, "package");
        let name = package.and_then(|package| package.get("name")).and_then(|name| name.get_ref().as_str());
        let name = name.ok_or_else(|| format!("{}: no package name", file.display()))?.to_owned();
        let inherits_lints = table(&manifest, "lints").is_some_and(|lints| is_true(lints.get("workspace")));
        let dependencies = dependencies(&manifest, &text, renamed);
        Ok(Self { name, folder, inherits_lints, dependencies })
    }
}

type Spanned<'a> = toml::Spanned<DeValue<'a>>;

/// The dependencies of all sections, those for one platform included.
fn dependencies(manifest: &DeTable<'_>, text: &str, renamed: &BTreeMap<String, String>) -> Vec<Dependency> {
    let platforms = table(manifest, "target").into_iter().flat_map(DeTable::values);
    let places = std::iter::once(manifest).chain(platforms.filter_map(|place| place.get_ref().as_table()));
    let mut found = Vec::new();
    for place in places {
        for (section, for_tests) in
            [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)]
        {
            for (key, value) in table(place, section).into_iter().flatten() {
                let inherited = is_true(value.get_ref().get("workspace"));
                let shared = renamed.get(key.get_ref().as_ref()).filter(|_| inherited);
                found.push(Dependency {
                    package: renaming(value).or(shared.cloned()).unwrap_or_else(|| key.get_ref().to_string()),
                    for_tests,
                    inherited,
                    line: line_at(text, key.span().start),
                });
            }
        }
    }
    found
}

/// What the workspace's shared dependencies are called and what they are, where that differs.
fn renames(shared: &DeTable<'_>) -> BTreeMap<String, String> {
    shared.iter().filter_map(|(key, value)| Some((key.get_ref().to_string(), renaming(value)?))).collect()
}

fn renaming(dependency: &Spanned<'_>) -> Option<String> {
    dependency.get_ref().get("package")?.get_ref().as_str().map(ToOwned::to_owned)
}

fn table<'a, 'i>(table: &'a DeTable<'i>, key: &str) -> Option<&'a DeTable<'i>> {
    table.get(key)?.get_ref().as_table()
}

fn is_true(value: Option<&Spanned<'_>>) -> bool {
    value.and_then(|value| value.get_ref().as_bool()) == Some(true)
}

fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

fn parse<'a>(text: &'a str, file: &Path) -> Result<DeTable<'a>> {
    let manifest = DeTable::parse(text).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(manifest.into_inner())
}

/// The folders that a member pattern names: a path, or all crates in a folder (`crates/*`).
fn folders(root: &Path, pattern: &str) -> Result<Vec<PathBuf>> {
    match pattern.strip_suffix("/*") {
        None => Ok(vec![root.join(pattern)]),
        Some(parent) => {
            let folders = entries(&root.join(parent))?;
            Ok(folders.into_iter().filter(|folder| folder.join("Cargo.toml").is_file()).collect())
        }
    }
}

fn collect_rust_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result {
    for entry in entries(folder)? {
        let is_build_output = entry.file_name().is_some_and(|name| name == "target");
        if entry.is_dir() && !is_build_output {
            collect_rust_files(&entry, files)?;
        } else if is_rust(&entry) {
            files.push(entry);
        }
    }
    Ok(())
}

fn is_rust(file: &Path) -> bool {
    file.is_file() && file.extension().is_some_and(|extension| extension == "rs")
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let name = |error| format!("{}: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(name)?;
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>().map_err(name)?;
    paths.sort();
    Ok(paths)
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()).into())
}
