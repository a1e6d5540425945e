//! Names of sheets, as Excel takes them.

/// Names that are given in one workbook.
#[derive(Default)]
pub(super) struct Names {
    given: Vec<String>,
}

impl Names {
    /// A name like this one that no other sheet has: at most 31 UTF-16 units, without `[]:*?/\`, no `'` at an end.
    pub(super) fn of(&mut self, wanted: &str) -> String {
        let wanted = crate::plain(wanted);
        let allowed = |c: char| if "[]:*?/\\".contains(c) { ' ' } else { c };
        let wanted: String = wanted.chars().take(31).map(allowed).collect();
        let wanted = wanted.trim_matches(|c: char| c == '\'' || c.is_whitespace());
        // Excel keeps this name for itself.
        let wanted = if wanted.is_empty() || wanted.eq_ignore_ascii_case("history") { "-" } else { wanted };
        let name = (1..).map(|number| numbered(wanted, number)).find(|name| !self.has(name));
        let name = name.unwrap_or_default();
        self.given.push(name.to_lowercase());
        name
    }

    fn has(&self, name: &str) -> bool {
        self.given.contains(&name.to_lowercase())
    }
}

fn numbered(name: &str, number: usize) -> String {
    let end = if number == 1 { String::new() } else { format!(" {number}") };
    let (mut short, mut units) = (String::new(), end.len());
    for c in name.chars() {
        units += c.len_utf16();
        if units > 31 {
            break;
        }
        short.push(c);
    }
    short.trim_end_matches('\'').to_owned() + &end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_valid_and_unlike() {
        let mut names = Names::default();
        let given: Vec<String> = ["按岗位", "按岗位", "a/b", "A:B", "", "'", "History", "[]:*?/\\"]
            .map(|name| names.of(name))
            .into();
        assert_eq!(given, ["按岗位", "按岗位 2", "a b", "A B 2", "-", "- 2", "- 3", "- 4"]);
        let long = ["𠮷".repeat(40), "𠮷".repeat(50), "x".repeat(99)].map(|name| names.of(&name));
        assert!(long.iter().all(|name| name.encode_utf16().count() <= 31), "{long:?}");
        assert_ne!(long[0], long[1]);
    }
}
