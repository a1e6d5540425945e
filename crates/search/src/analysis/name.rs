//! Names: by characters, by Pinyin, by initials.

use std::collections::BTreeSet;

use pinyin::{ToPinyin, ToPinyinMulti};

use super::{folded, is_han};

/// Readings kept for a name of which characters have several.
const MOST_READINGS: usize = 32;

/// The terms under which a name is found: each character and pair of neighbours of a Chinese name, the Pinyin and the
/// initials of it and of its endings in all readings; each word of another name.
pub(crate) fn terms(name: &str) -> BTreeSet<String> {
    let folded = folded(name);
    let mut terms = BTreeSet::new();
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let chars: Vec<char> = word.chars().collect();
        if chars.iter().any(|c| is_han(*c)) {
            terms.extend(grams(&chars));
            for start in 0..chars.len() {
                pinyin_terms(&chars[start..], &mut terms);
            }
        } else {
            terms.insert(word.to_owned());
        }
    }
    terms
}

/// What a word must meet to name someone: all of some terms, or a beginning of one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All of these terms.
    All(Vec<String>),
    /// This term, or one that begins with it.
    Beginning(String),
    /// This term.
    Whole(String),
}

/// What each part of a text asks of a name.
pub(crate) fn wanted(text: &str) -> Vec<Wanted> {
    let folded = folded(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let chars: Vec<char> = word.chars().collect();
            match chars.len() {
                1 => Wanted::Whole(word.to_owned()),
                _ if chars.iter().any(|c| is_han(*c)) => Wanted::All(pairs(&chars)),
                _ => Wanted::Beginning(word.replace('ü', "v")),
            }
        })
        .collect()
}

fn grams(chars: &[char]) -> Vec<String> {
    let mut grams: Vec<String> = chars.iter().map(char::to_string).collect();
    grams.extend(pairs(chars));
    grams
}

fn pairs(chars: &[char]) -> Vec<String> {
    chars.windows(2).map(|pair| pair.iter().collect()).collect()
}

/// Adds Pinyin and initials of these characters in all readings.
fn pinyin_terms(chars: &[char], terms: &mut BTreeSet<String>) {
    let mut readings = vec![(String::new(), String::new())];
    for c in chars {
        let sounds = sounds(*c);
        let next = readings.iter().flat_map(|(full, initials)| {
            sounds.iter().map(move |sound| {
                let initial: String = sound.chars().take(1).collect();
                (format!("{full}{sound}"), format!("{initials}{initial}"))
            })
        });
        readings = next.take(MOST_READINGS).collect();
    }
    for (full, initials) in readings {
        terms.insert(full);
        if chars.len() > 1 {
            terms.insert(initials);
        }
    }
}

/// The sounds of a character without tones, ü as v and as u; other letters sound like themselves.
fn sounds(c: char) -> BTreeSet<String> {
    let Some(readings) = c.to_pinyin_multi() else { return BTreeSet::from([c.to_string()]) };
    let plain = readings.into_iter().map(|reading| reading.plain());
    plain.flat_map(|sound| [sound.replace('ü', "v"), sound.replace('ü', "u")]).collect()
}

/// By what a name is sorted: its most usual Pinyin, then its characters.
pub(crate) fn order(name: &str) -> String {
    let folded = folded(name);
    let sound =
        |c: char| c.to_pinyin().map_or_else(|| c.to_string(), |pinyin| format!("{} ", pinyin.plain()));
    let sounds: String = folded.chars().map(sound).collect();
    format!("{sounds}\u{1}{folded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, typed: &str) -> bool {
        let terms = terms(name);
        wanted(typed).iter().all(|wanted| match wanted {
            Wanted::All(all) => all.iter().all(|term| terms.contains(term)),
            Wanted::Beginning(beginning) => terms.iter().any(|term| term.starts_with(beginning)),
            Wanted::Whole(term) => terms.contains(term),
        })
    }

    #[test]
    fn names_are_found_as_people_type_them() {
        for (name, typed) in [
            ("张三", "张三"),
            ("张三", "张"),
            ("张三", "三"),
            ("张三", "zhangsan"),
            ("张三", "ZhangSan"),
            ("张三", "zhang san"),
            ("张三", "zs"),
            ("张三", "zhang"),
            ("张三", "san"),
            ("张三丰", "张三"),
            ("张三丰", "三丰"),
            ("张三丰", "zsf"),
            ("张三丰", "sanfeng"),
            ("曾国藩", "zengguofan"),
            ("曾国藩", "cengguofan"),
            ("曾国藩", "zgf"),
            ("单田芳", "shan"),
            ("吕布", "lvbu"),
            ("吕布", "lubu"),
            ("吕布", "lübu"),
            ("欧阳娜娜", "欧阳"),
            ("欧阳娜娜", "ouyangnana"),
            ("Maria García", "maria"),
            ("Maria García", "Garc"),
            ("阿依古丽·买买提", "买买提"),
            ("𠮷野", "𠮷野"),
        ] {
            assert!(found(name, typed), "{name} by {typed}");
        }
    }

    #[test]
    fn others_are_not() {
        for (name, typed) in [
            ("张三", "李四"),
            ("张三", "三张"),
            ("张三", "z"),
            ("张三", "hang"),
            ("张三丰", "张丰"),
            ("张三", "zsf"),
        ] {
            assert!(!found(name, typed), "{name} by {typed}");
        }
    }

    #[test]
    fn readings_do_not_explode() {
        assert!(terms(&"曾单仇解行重".repeat(13)).len() < 80 * MOST_READINGS * 2 + 200);
    }

    #[test]
    fn names_are_sorted_by_sound() {
        let mut names = ["张三", "李四", "阿明", "Bob", "曾国藩"];
        names.sort_by_key(|name| order(name));
        assert_eq!(names, ["阿明", "Bob", "曾国藩", "李四", "张三"]);
    }
}
