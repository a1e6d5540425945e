//! The language of everything printed, known before the arguments are parsed, since help and mistakes need it too.

use dossier_domain::Language;

/// By `--lang`, else `DOSSIER_LANG`, else the locale of the system; Chinese where none of them says.
pub fn of_process() -> Language {
    let given = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    choose(given, |name| std::env::var(name).ok())
}

fn choose(arguments: impl Iterator<Item = String>, env: impl Fn(&str) -> Option<String>) -> Language {
    let named = |name: &str| env(name).filter(|value| !value.is_empty());
    let locale = named("LC_ALL").or_else(|| named("LC_MESSAGES")).or_else(|| named("LANG"));
    from_arguments(arguments)
        .or_else(|| named("DOSSIER_LANG"))
        .into_iter()
        .chain(locale)
        .find_map(|text| text.parse().ok())
        .unwrap_or_default()
}

fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Option<String> {
    let mut found = None;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--" => break,
            "--lang" => found = arguments.next(),
            other => found = other.strip_prefix("--lang=").map(str::to_owned).or(found),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: &str, env: &[(&str, &str)]) -> Language {
        let find =
            |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        choose(arguments.split(' ').map(str::to_owned), find)
    }

    #[test]
    fn the_nearest_word_counts() {
        use Language::{Chinese, English};
        assert_eq!(of("dossier search", &[]), Chinese);
        assert_eq!(of("dossier search", &[("LANG", "en_US.UTF-8")]), English);
        assert_eq!(of("dossier search", &[("LANG", "C.UTF-8")]), Chinese);
        assert_eq!(of("dossier", &[("LANG", "en_US.UTF-8"), ("LC_ALL", "zh_CN.UTF-8")]), Chinese);
        assert_eq!(of("dossier", &[("LANG", "zh_CN.UTF-8"), ("DOSSIER_LANG", "en")]), English);
        assert_eq!(of("dossier search --lang=zh a", &[("DOSSIER_LANG", "en")]), Chinese);
        assert_eq!(of("dossier --lang en search", &[("DOSSIER_LANG", "zh")]), English);
        assert_eq!(of("dossier search -- --lang en", &[]), Chinese);
    }
}
