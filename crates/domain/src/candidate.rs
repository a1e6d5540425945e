//! A candidate is a person; identity data belongs to the candidate alone.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    CandidateId,
    text::{Email, IdNumber, PersonName, Phone},
};

/// A person who applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The candidate's id.
    pub id: CandidateId,
    /// Who it is.
    pub identity: Identity,
    /// When the candidate became known here.
    pub created_at: DateTime<Utc>,
}

/// Who a candidate is. What was not chosen for syncing, or not given, is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Identity {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// The telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// The number of the identity card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_number: Option<IdNumber>,
}

/// A way to recognise the same person again: a kind and its value in a form that compares equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdentityKey {
    /// `phone`, `email` or `id_number`.
    pub kind: &'static str,
    /// The value in normal form.
    pub value: String,
}

impl Identity {
    /// The keys by which this person is recognised, the strongest first.
    pub fn keys(&self) -> Vec<IdentityKey> {
        let id_number = self.id_number.as_ref().map(|n| ("id_number", n.as_str().to_uppercase()));
        let phone = self.phone.as_ref().map(|p| ("phone", normal_phone(p)));
        let email = self.email.as_ref().map(|e| ("email", e.as_str().to_lowercase()));
        [id_number, phone, email]
            .into_iter()
            .flatten()
            .filter(|(_, value)| !value.is_empty())
            .map(|(kind, value)| IdentityKey { kind, value })
            .collect()
    }

    /// Whether both may be the same person. Identity numbers decide where both are known; else two different names are two
    /// people, although they may share a telephone or an e-mail address, as families and agencies do.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let number = |of: &Self| of.id_number.as_ref().map(|number| number.as_str().to_uppercase());
        match (number(self), number(other), &self.name, &other.name) {
            (Some(mine), Some(others), ..) => mine == others,
            (_, _, Some(mine), Some(others)) => mine == others,
            _ => true,
        }
    }

    /// Fills in what is absent here from `other`; what is known already stays.
    pub fn complete_from(&mut self, other: &Self) {
        fn fill<T: Clone>(mine: &mut Option<T>, other: Option<&T>) {
            if mine.is_none() {
                *mine = other.cloned();
            }
        }
        fill(&mut self.name, other.name.as_ref());
        fill(&mut self.phone, other.phone.as_ref());
        fill(&mut self.email, other.email.as_ref());
        fill(&mut self.id_number, other.id_number.as_ref());
    }
}

/// The digits of a telephone number without spaces, signs and China's country code.
pub fn normal_phone(phone: &Phone) -> String {
    let digits: String = phone.as_str().chars().filter(char::is_ascii_digit).collect();
    let national = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86"));
    match national {
        Some(rest) if rest.len() == 11 => rest.to_owned(),
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_person_has_the_same_keys() {
        let of = |phone: &str, email: &str| Identity {
            phone: Some(Phone::parse(phone).unwrap()),
            email: Some(Email::parse(email).unwrap()),
            ..Identity::default()
        };
        assert_eq!(
            of("+86 138-0013-8000", "Zhang@Example.com").keys(),
            of("13800138000", "zhang@example.COM").keys()
        );
    }

    #[test]
    fn a_shared_address_does_not_make_two_people_one() {
        let of = |name: &str, number: Option<&str>| Identity {
            name: PersonName::parse(name).ok(),
            email: Email::parse("family@example.cn").ok(),
            id_number: number.and_then(|number| IdNumber::parse(number).ok()),
            ..Identity::default()
        };
        assert!(!of("张三", None).agrees_with(&of("李四", None)));
        assert!(!of("张三", Some("1x")).agrees_with(&of("张三", Some("2x"))));
        assert!(of("张三", Some("1x")).agrees_with(&of("张叁", Some("1X"))));
        assert!(of("张三", None).agrees_with(&Identity::default()));
    }

    #[test]
    fn completing_keeps_what_is_known() {
        let mut known = Identity { name: Some(PersonName::parse("张三").unwrap()), ..Identity::default() };
        let other = Identity {
            name: Some(PersonName::parse("李四").unwrap()),
            email: Some(Email::parse("a@b.cn").unwrap()),
            ..Identity::default()
        };
        known.complete_from(&other);
        assert_eq!(known.name.unwrap().as_str(), "张三");
        assert!(known.email.is_some());
    }
}
