//! The lexicon: what answers are about. HR names themes, and for each the words by which people speak of it.

use serde::{Deserialize, Serialize};

use crate::{
    Language,
    text::{ThemeName, ThemeWord},
};

/// So many themes at most …
pub const MOST_THEMES: usize = 60;
/// … of so many words each …
pub const MOST_WORDS: usize = 40;
/// … which have so many characters together, so that a query can spell them.
pub const LONGEST: usize = 300;

/// The themes, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lexicon {
    /// The themes.
    pub themes: Vec<Theme>,
}

/// Something that answers are about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theme {
    /// What it is called; no two themes are called alike.
    pub name: ThemeName,
    /// What it is called in English; the same where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<ThemeName>,
    /// The words and phrases that name it, in any language.
    pub words: Vec<ThemeWord>,
}

/// Why a theme can't be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LexiconError {
    /// There are too many of them.
    #[error("a lexicon has {MOST_THEMES} themes at most")]
    Themes,
    /// It has too many words.
    #[error("a theme has {MOST_WORDS} words at most, and this one has {0}")]
    Words(usize),
    /// Its words are too long together.
    #[error("the words of a theme have {LONGEST} characters together at most, and these have {0}")]
    Long(usize),
    /// There is nothing to look for in a word.
    #[error("“{0}” has neither a letter nor a digit")]
    Empty(ThemeWord),
}

impl LexiconError {
    /// The sentence that people read.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        match (self, language) {
            (_, Language::English) => self.to_string(),
            (Self::Themes, _) => format!("主题最多 {MOST_THEMES} 个"),
            (Self::Words(count), _) => format!("一个主题最多 {MOST_WORDS} 个词，这里有 {count} 个"),
            (Self::Long(count), _) => format!("一个主题的词合计最多 {LONGEST} 个字符，这里有 {count} 个"),
            (Self::Empty(word), _) => format!("“{word}”里没有文字或数字"),
        }
    }
}

impl Theme {
    /// A theme; without words, its names are the words. Words that are named twice count once.
    ///
    /// # Errors
    /// [`LexiconError`] for too many or too long words, and for signs alone.
    pub fn new(
        name: ThemeName,
        en: Option<ThemeName>,
        words: impl IntoIterator<Item = ThemeWord>,
    ) -> Result<Self, LexiconError> {
        let mut kept: Vec<ThemeWord> = Vec::new();
        let mut count = 0;
        for word in words {
            count += 1;
            if kept.len() <= MOST_WORDS && !kept.contains(&word) {
                kept.push(word);
            }
        }
        if kept.is_empty() {
            let names = [Some(&name), en.as_ref()].into_iter().flatten();
            // What a theme's name may be, its word may be.
            kept.extend(names.filter_map(|name| ThemeWord::parse(name.as_str()).ok()));
        }
        if kept.len() > MOST_WORDS {
            return Err(LexiconError::Words(count));
        }
        let length = kept.iter().map(|word| word.as_str().chars().count()).sum();
        if length > LONGEST {
            return Err(LexiconError::Long(length));
        }
        if let Some(empty) = kept.iter().find(|word| !word.as_str().contains(char::is_alphanumeric)) {
            return Err(LexiconError::Empty(empty.clone()));
        }
        Ok(Self { name, en, words: kept })
    }

    /// The name that people read.
    #[must_use]
    pub fn label(&self, language: Language) -> &str {
        match (language, &self.en) {
            (Language::English, Some(en)) => en.as_str(),
            _ => self.name.as_str(),
        }
    }
}

impl Lexicon {
    /// The theme that is called so, in either language.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Theme> {
        let called =
            |of: &&Theme| of.name.as_str() == name || of.en.as_ref().is_some_and(|en| en.as_str() == name);
        self.themes.iter().find(called)
    }

    /// The same with a theme more, or with other words of one that it has.
    ///
    /// # Errors
    /// [`LexiconError::Themes`]
    pub fn with(mut self, theme: Theme) -> Result<Self, LexiconError> {
        let is_full = self.themes.len() >= MOST_THEMES;
        match self.themes.iter_mut().find(|of| of.name == theme.name) {
            Some(known) => *known = theme,
            None if is_full => return Err(LexiconError::Themes),
            None => self.themes.push(theme),
        }
        Ok(self)
    }

    /// The same without a theme; `None` if there is no such theme.
    #[must_use]
    pub fn without(mut self, name: &ThemeName) -> Option<Self> {
        let before = self.themes.len();
        self.themes.retain(|of| of.name != *name);
        (self.themes.len() < before).then_some(self)
    }
}

/// What a lexicon begins with: why people choose a bank.
const FIRST: [(&str, &str, &[&str]); 9] = [
    (
        "企业文化",
        "corporate culture",
        &["企业文化", "文化氛围", "价值观", "corporate culture", "company culture"],
    ),
    ("发展前景", "prospects", &["发展前景", "发展空间", "前景广阔", "prospects", "outlook"]),
    ("晋升机会", "promotion", &["晋升", "竞聘", "promotion", "career growth"]),
    ("培训成长", "training", &["培训", "轮岗", "导师", "training", "mentor"]),
    ("薪酬福利", "pay and benefits", &["薪酬", "福利", "待遇", "salary", "benefits"]),
    ("离家近", "close to home", &["离家近", "本地定居", "家乡", "close to home", "hometown"]),
    ("品牌口碑", "reputation", &["口碑", "品牌", "信赖", "reputation", "brand"]),
    ("数字化", "digital", &["数字化", "金融科技", "手机银行", "digital", "fintech"]),
    ("普惠金融", "inclusive finance", &["普惠金融", "小微企业", "乡村振兴", "inclusive finance"]),
];

impl Default for Lexicon {
    fn default() -> Self {
        let theme = |(name, en, words): &(&str, &str, &[&str])| {
            let words = words.iter().filter_map(|word| ThemeWord::parse(word).ok());
            Theme::new(ThemeName::parse(name).ok()?, ThemeName::parse(en).ok(), words).ok()
        };
        Self { themes: FIRST.iter().filter_map(theme).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> ThemeName {
        ThemeName::parse(text).unwrap()
    }

    fn words(texts: &[&str]) -> Vec<ThemeWord> {
        texts.iter().map(|text| ThemeWord::parse(text).unwrap()).collect()
    }

    #[test]
    fn a_lexicon_begins_with_all_of_its_first_themes() {
        let first = Lexicon::default();
        assert_eq!(first.themes.len(), FIRST.len());
        for (theme, (_, _, words)) in first.themes.iter().zip(FIRST) {
            assert_eq!((theme.words.len(), theme.en.is_some()), (words.len(), true));
        }
        assert_eq!(first.find("prospects").unwrap().name.as_str(), "发展前景");
    }

    #[test]
    fn a_theme_without_words_is_named_by_its_name() {
        let theme = Theme::new(name("团队"), Some(name("team")), []).unwrap();
        assert_eq!(theme.words, words(&["团队", "team"]));
        assert_eq!(Theme::new(name("团队"), None, words(&["团队", "团队"])).unwrap().words, words(&["团队"]));
    }

    #[test]
    fn what_is_too_much_is_refused() {
        let many = (0..1_000_000).map(|number| ThemeWord::parse(&format!("词{number}")).unwrap());
        assert_eq!(Theme::new(name("多"), None, many), Err(LexiconError::Words(1_000_000)));
        let long = (0..10).map(|number| ThemeWord::parse(&format!("{number}{}", "长".repeat(39))).unwrap());
        assert_eq!(Theme::new(name("长"), None, long), Err(LexiconError::Long(400)));
        assert!(matches!(Theme::new(name("号"), None, words(&["…"])), Err(LexiconError::Empty(_))));
        let mut lexicon = Lexicon { themes: Vec::new() };
        for number in 0..MOST_THEMES {
            lexicon = lexicon.with(Theme::new(name(&format!("{number}")), None, []).unwrap()).unwrap();
        }
        let again = Theme::new(name("7"), None, words(&["别的"])).unwrap();
        lexicon = lexicon.with(again.clone()).unwrap();
        assert_eq!(lexicon.find("7"), Some(&again));
        assert_eq!(lexicon.clone().with(Theme::new(name("x"), None, []).unwrap()), Err(LexiconError::Themes));
        assert_eq!(lexicon.clone().without(&name("y")), None);
        assert_eq!(lexicon.without(&name("7")).unwrap().themes.len(), MOST_THEMES - 1);
    }
}
