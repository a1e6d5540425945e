//! Names of files that every system can unpack and no reader can be tricked with.

use std::collections::HashMap;

/// The longest name, in bytes. Most file systems allow 255 bytes or characters; the rest is for what people add.
const LONGEST: usize = 120;

/// Names that are devices on Windows, with any extension.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// Makes one part of a path from any text: at most 120 bytes, never empty, nothing that separates, hides or reorders,
/// no name that Windows keeps for itself, no dot or space at an end. The extension survives shortening. A name that is
/// safe already comes back as it is.
#[must_use]
pub fn safe_name(text: &str) -> String {
    let cleaned: String = text.chars().filter(|c| !is_unseen(*c)).map(harmless).collect();
    let visible = cleaned.trim_start().trim_end_matches(is_poor_end);
    let name = match visible.strip_prefix('.') {
        Some(rest) => format!("_{rest}"),
        None if is_device(visible) => format!("_{visible}"),
        None if visible.is_empty() => "_".to_owned(),
        None => visible.to_owned(),
    };
    with_suffix(&name, "")
}

fn harmless(c: char) -> char {
    match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        c if c.is_control() || c.is_whitespace() => ' ',
        c => c,
    }
}

/// Characters that are not seen, or that change the order in which others are: zero-width, bidirectional, tags.
fn is_unseen(c: char) -> bool {
    let white = matches!(c, '\t' | '\n' | '\r');
    (c.is_control() && !white)
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

fn is_poor_end(c: char) -> bool {
    c == '.' || c.is_whitespace()
}

fn is_device(name: &str) -> bool {
    let base = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let numbered = base.strip_prefix("COM").or_else(|| base.strip_prefix("LPT")).is_some_and(|rest| {
        let mut rest = rest.chars();
        matches!((rest.next(), rest.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
    });
    numbered || DEVICES.contains(&base.as_str())
}

/// The name with `suffix` before its extension, shortened to the limit at a border between characters.
fn with_suffix(name: &str, suffix: &str) -> String {
    let dot = name.rfind('.').filter(|dot| *dot > 0 && name.len() - dot <= 16).unwrap_or(name.len());
    let (stem, extension) = name.split_at(dot);
    let room = LONGEST - extension.len() - suffix.len();
    if stem.len() <= room {
        return format!("{stem}{suffix}{extension}");
    }
    let border = (0..=room).rfind(|at| stem.is_char_boundary(*at)).unwrap_or(0);
    let stem = stem[..border].trim_end_matches(is_poor_end);
    format!("{stem}{suffix}{extension}")
}

/// The paths that are taken, in lower case, because some file systems see no difference.
#[derive(Debug, Clone, Default)]
pub(super) struct Names(HashMap<String, Use>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    File,
    Folder,
}

impl Names {
    /// The first free path like `wanted`: a file never gets the place of anything, a folder never that of a file.
    pub(super) fn free(&self, wanted: &str) -> String {
        let parts: Vec<&str> = wanted.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
        let (file, folders) = parts.split_last().map_or(("_", [].as_slice()), |(file, rest)| (*file, rest));
        let folder = folders.iter().fold(String::new(), |above, folder| {
            self.first(&above, folder, |used| used != Some(Use::File)) + "/"
        });
        self.first(&folder, file, |used| used.is_none())
    }

    /// Takes a path that [`Names::free`] gave.
    pub(super) fn take(&mut self, path: &str) {
        let path = path.to_lowercase();
        for (slash, _) in path.match_indices('/') {
            self.0.entry(path[..slash].to_owned()).or_insert(Use::Folder);
        }
        self.0.insert(path, Use::File);
    }

    fn first(&self, above: &str, part: &str, is_free: impl Fn(Option<Use>) -> bool) -> String {
        let name = safe_name(part);
        let mut path = format!("{above}{name}");
        let mut number = 1u64;
        while !is_free(self.0.get(&path.to_lowercase()).copied()) {
            number += 1;
            path = format!("{above}{}", with_suffix(&name, &format!("-{number}")));
        }
        path
    }
}
