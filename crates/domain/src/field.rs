//! How sensitive each stored field is. Reports, exports, logs and search read this one table; a stored field that
//! is not listed fails the test below.

/// How sensitive a field is, from the most to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Tells who a person is; belongs to the candidate alone.
    Identity,
    /// Says something about the person: words, readings, scores, pictures.
    Sensitive,
    /// Needed to run the archive; tells nothing about a person by itself.
    Internal,
    /// May be shown to anyone.
    Public,
}

/// The class of each stored field, by record and path. `*` stands for the entries of a list and for names of variants;
/// a path covers what lies below it.
const CLASSES: &[(&str, Class)] = &[
    ("candidate/id", Class::Internal),
    ("candidate/identity", Class::Identity),
    ("candidate/created_at", Class::Internal),
    ("application/id", Class::Internal),
    ("application/candidate", Class::Internal),
    ("application/position", Class::Internal),
    ("application/moves", Class::Sensitive),
    ("application/tags", Class::Sensitive),
    ("application/created_at", Class::Internal),
    ("interview/id", Class::Internal),
    ("interview/candidate", Class::Internal),
    ("interview/application", Class::Internal),
    ("interview/connection", Class::Internal),
    ("interview/vendor", Class::Internal),
    ("interview/remote_id", Class::Internal),
    ("interview/started_at", Class::Sensitive),
    ("interview/ended_at", Class::Sensitive),
    ("interview/questions", Class::Internal),
    ("interview/scores", Class::Sensitive),
    ("interview/criteria", Class::Sensitive),
    ("interview/emotion", Class::Sensitive),
    ("interview/synced_at", Class::Internal),
    ("material/id", Class::Internal),
    ("material/candidate", Class::Internal),
    ("material/application", Class::Internal),
    ("material/interview", Class::Internal),
    ("material/content", Class::Sensitive),
    ("material/received_at", Class::Internal),
    ("material/provenance", Class::Internal),
    ("material/revision", Class::Internal),
    ("scorecard/candidate", Class::Internal),
    ("scorecard/application", Class::Internal),
    ("scorecard/by", Class::Internal),
    ("scorecard/judgement", Class::Sensitive),
    ("scorecard/revision", Class::Internal),
    ("scorecard/written_at", Class::Internal),
    ("scorecard/handed_in_at", Class::Internal),
    ("background_check/candidate", Class::Internal),
    ("background_check/application", Class::Internal),
    ("background_check/findings", Class::Sensitive),
    ("offers/candidate", Class::Internal),
    ("offers/application", Class::Internal),
    ("offers/offers", Class::Sensitive),
    ("position/id", Class::Internal),
    ("position/name", Class::Public),
    ("position/aliases", Class::Internal),
    ("position/branch", Class::Public),
    ("position/interviewers", Class::Internal),
    ("position/pass_mark", Class::Internal),
    ("position/questions", Class::Internal),
    ("position/weights", Class::Internal),
    ("position/criteria", Class::Internal),
    ("position/created_at", Class::Internal),
    ("position/closed_at", Class::Internal),
    ("proposal/id", Class::Internal),
    ("proposal/position", Class::Internal),
    ("proposal/from", Class::Internal),
    ("proposal/to", Class::Internal),
    ("proposal/query", Class::Sensitive),
    ("proposal/former", Class::Internal),
    ("proposal/revised", Class::Internal),
    ("proposal/reason", Class::Internal),
    ("proposal/by", Class::Internal),
    ("proposal/at", Class::Internal),
    ("proposal/fate", Class::Internal),
    ("lexicon/themes", Class::Internal),
];

/// The class of a stored field, by its record and path, such as `candidate/identity/phone`.
pub fn classify(path: &str) -> Option<Class> {
    CLASSES
        .iter()
        .filter(|(listed, _)| {
            path.strip_prefix(listed).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
        .max_by_key(|(listed, _)| listed.len())
        .map(|(_, class)| *class)
}

#[cfg(test)]
mod tests;
