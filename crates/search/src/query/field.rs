//! The fields that a condition can name.

/// A field of the query language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Name,
    Position,
    Stage,
    Date,
    Score,
    Emotion,
    Tag,
    Skill,
    Folder,
    Vendor,
    Has,
    Lacks,
    Branch,
    Model,
    Reached,
    Passed,
    Failed,
    Days,
    PassMark,
    Held,
    Without,
    WouldPass,
    WouldFail,
    Question,
    Mentions,
    Cycle,
    Human,
}

/// Each field's names, the Chinese and the English ones that it is written with first.
const NAMES: [(Field, &[&str]); 27] = [
    (Field::Name, &["姓名", "name", "候选人", "candidate"]),
    (Field::Position, &["岗位", "position", "职位", "job"]),
    (Field::Stage, &["阶段", "stage", "招聘阶段"]),
    (Field::Date, &["面试时间", "date", "时间", "日期", "月份", "month", "interviewed"]),
    (Field::Score, &["AI得分", "score", "得分", "分数", "AI分数", "AI面试得分", "ai_score"]),
    (Field::Emotion, &["情绪分析", "emotion", "情绪"]),
    (Field::Tag, &["标签", "tag", "tags"]),
    (Field::Skill, &["技能", "skill", "测评", "skills"]),
    (Field::Folder, &["文件夹", "folder", "归档"]),
    (Field::Vendor, &["供应商", "vendor", "厂商"]),
    (Field::Has, &["资料", "has"]),
    (Field::Lacks, &["缺", "missing", "缺少"]),
    (Field::Branch, &["分行", "branch", "机构"]),
    (Field::Model, &["模型", "model", "模型版本"]),
    (Field::Reached, &["到达", "reached"]),
    (Field::Passed, &["通过", "passed"]),
    (Field::Failed, &["未通过", "failed"]),
    (Field::Days, &["用时", "days"]),
    (Field::PassMark, &["分数线", "pass_mark"]),
    (Field::Held, &["入库", "held"]),
    (Field::Without, &["无", "without"]),
    (Field::WouldPass, &["试算通过", "would_pass"]),
    (Field::WouldFail, &["试算未通过", "would_fail"]),
    (Field::Question, &["问题", "question", "提问"]),
    (Field::Mentions, &["提到", "mentions"]),
    (Field::Cycle, &["招聘周期", "cycle", "周期"]),
    (Field::Human, &["人工得分", "human", "人工分", "人工评分", "human_score"]),
];

impl Field {
    pub(super) fn find(name: &str) -> Option<Self> {
        let wanted = name.to_lowercase();
        NAMES
            .iter()
            .find(|(_, names)| names.iter().any(|name| name.to_lowercase() == wanted))
            .map(|(field, _)| *field)
    }

    /// The number field whose name the text begins with, the longest where several do, and what is behind it.
    pub(super) fn of_number(text: &str) -> Option<(Self, &str)> {
        let rest = |name: &str| {
            let (begins, rest) = text.split_at_checked(name.len())?;
            begins.eq_ignore_ascii_case(name).then_some(rest)
        };
        let named = NAMES.iter().filter(|(field, _)| matches!(field, Self::Score | Self::Human));
        named
            .flat_map(|(field, names)| names.iter().filter_map(move |name| Some((*field, rest(name)?))))
            .min_by_key(|(_, rest)| rest.len())
    }

    /// The Chinese and the English name that it is written with.
    pub(super) fn names(self) -> (&'static str, &'static str) {
        NAMES.iter().find(|(field, _)| *field == self).map_or(("", ""), |(_, names)| (names[0], names[1]))
    }

    /// The known name that looks most like this unknown one, where one does.
    pub(super) fn nearest(name: &str) -> Option<&'static str> {
        let typed: Vec<char> = name.to_lowercase().chars().take(24).collect();
        let all = NAMES.iter().flat_map(|(_, names)| names.iter().copied());
        all.map(|name| (distance(&typed, &name.to_lowercase().chars().collect::<Vec<_>>()), name))
            .filter(|(distance, name)| *distance <= 2 && *distance < name.chars().count())
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, name)| name)
    }
}

/// How many characters must be put in, taken out or changed.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
