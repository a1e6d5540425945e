//! Normalising: whatever a record holds, it is read, or complained about at the right spot.

use dossier_simulator::{Bank, BankOptions};
use dossier_vendor::Malformed;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn record() -> Value {
    Bank::generate(BankOptions::default()).interview(1).ribbon_json(Some("https://media.example/video"))
}

fn some_flow() -> Flow {
    let value = json!({ "interview_flow_id": "f", "title": "风险控制", "is_video_enabled": true });
    flow(&Field::root(&value)).unwrap()
}

fn payload() -> Document {
    Document { bytes: Default::default(), server_time: None }
}

fn read(record: &Value) -> Result<Fetched> {
    interview(record, &some_flow(), Some(Scale::PERCENT), &payload())
}

/// The pointers of all places in a value.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Array(entries) => {
            entries
                .iter()
                .enumerate()
                .for_each(|(index, entry)| places(entry, &format!("{here}/{index}"), found));
        }
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| places(member, &format!("{here}/{name}"), found));
        }
        _ => {}
    }
}

fn junk() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        any::<i64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!("2023-02-30T00:00:00Z")),
        Just(json!("x".repeat(2000))),
        Just(json!([])),
        Just(json!([null, {}])),
        Just(json!({ "value": -1 })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn junk_anywhere_is_read_or_complained_about_near_its_place(choice: prop::sample::Index, junk in junk()) {
        let mut record = record();
        let mut all = Vec::new();
        places(&record, "", &mut all);
        let place = choice.get(&all);
        *record.pointer_mut(place).unwrap() = junk;
        match read(&record) {
            Ok(_) | Err(Error::NotReady) => {}
            Err(Error::Malformed(Malformed { pointer, .. })) => {
                let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
                prop_assert!(place.starts_with(parent) || pointer.starts_with(place), "{} for {}", pointer, place);
            }
            Err(other) => prop_assert!(false, "{:?}", other),
        }
    }
}

#[test]
fn names_keep_their_own_order() {
    let named = |first: Value, last: Value| {
        let mut record = record();
        record["interview_data"]["interviewee_first_name"] = first;
        record["interview_data"]["interviewee_last_name"] = last;
        read(&record).unwrap().candidate.identity.name.map(|name| name.to_string())
    };
    assert_eq!(named(json!("三"), json!("张")).as_deref(), Some("张三"));
    assert_eq!(named(json!("Jane"), json!("Doe")).as_deref(), Some("Jane Doe"));
    assert_eq!(named(json!(null), json!("𠮷")).as_deref(), Some("𠮷"));
    assert_eq!(named(json!(" "), json!(null)), None);
}

#[test]
fn a_missing_video_is_late_or_absent_by_its_flow() {
    let record = Bank::generate(BankOptions::default()).interview(1).ribbon_json(None);
    assert_eq!(read(&record).unwrap().video, Part::NotYet);
    let silent = Flow { has_video: false, ..some_flow() };
    assert_eq!(interview(&record, &silent, None, &payload()).unwrap().video, Part::Absent);
}

#[test]
fn an_unfinished_interview_is_not_ready() {
    let unfinished = json!({ "interview_id": "1", "status": "incomplete", "interview_data": null });
    assert!(matches!(read(&unfinished), Err(Error::NotReady)));
}

#[test]
fn a_record_of_another_interview_is_refused() {
    let asked = RemoteId::parse("another").unwrap();
    let error = flow_of(&record(), &asked).unwrap_err();
    assert!(error.to_string().contains("/interview_id "), "{error}");
}
