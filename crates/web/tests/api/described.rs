//! What is answered is what the description says, and nothing else.

use dossier_testkit::TestResult;
use serde_json::{Value, json};

use crate::server::Server;

/// What of a value the schema does not tell of, each with its place.
fn undescribed(value: &Value, schema: &Value, document: &Value, place: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return undescribed(value, document.pointer(&reference[1..]).unwrap(), document, place);
    }
    for one_of in ["oneOf", "anyOf"] {
        if let Some(variants) = schema[one_of].as_array() {
            let tried = variants.iter().map(|of| undescribed(value, of, document, place));
            return tried.min_by_key(Vec::len).unwrap_or_default();
        }
    }
    if let Some(all) = schema["allOf"].as_array() {
        let properties = all.iter().map(|of| match of["$ref"].as_str() {
            Some(reference) => document.pointer(&reference[1..]).unwrap(),
            None => of,
        });
        let mut merged = json!({ "type": "object", "properties": {} });
        for of in properties.filter_map(|of| of["properties"].as_object()) {
            merged["properties"].as_object_mut().unwrap().extend(of.clone());
        }
        return undescribed(value, &merged, document, place);
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => return Vec::new(),
    };
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) if types.contains(&"integer") => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.contains(&is) {
        return vec![format!("{place}: {is}, not {types:?}")];
    }
    match value {
        Value::String(_) if schema["enum"].as_array().is_some_and(|names| !names.contains(value)) => {
            vec![format!("{place}: {value}")]
        }
        Value::Array(values) => {
            let item = |number: usize| match schema["prefixItems"].get(number) {
                Some(item) => item,
                None => &schema["items"],
            };
            let values = values.iter().enumerate();
            values
                .flat_map(|(number, value)| {
                    undescribed(value, item(number), document, &format!("{place}/{number}"))
                })
                .collect()
        }
        Value::Object(fields) => {
            let properties = schema["properties"].as_object();
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let missing =
                required.filter(|name| !fields.contains_key(*name)).map(|name| format!("{place}: no {name}"));
            let inside = fields.iter().flat_map(|(name, value)| {
                let place = format!("{place}/{name}");
                match (properties.and_then(|of| of.get(name)), properties) {
                    (Some(of), _) => undescribed(value, of, document, &place),
                    // An object of which nothing is said, or whose names are free.
                    (None, None) => Vec::new(),
                    (None, Some(_)) => vec![format!("{place}: not described")],
                }
            });
            missing.chain(inside).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn a_shape_that_is_another_is_noticed() {
    let schema =
        json!({ "type": "object", "required": ["a"], "properties": { "a": { "type": ["string", "null"] } } });
    let wrong = |value: Value| undescribed(&value, &schema, &Value::Null, "").len();
    assert_eq!((wrong(json!({ "a": "x" })), wrong(json!({ "a": null }))), (0, 0));
    assert_eq!((wrong(json!({ "a": 1 })), wrong(json!({})), wrong(json!({ "a": "x", "b": 1 }))), (1, 1, 1));
    assert_eq!(wrong(json!([])), 1);
}

#[tokio::test]
async fn every_answer_is_as_it_is_described() -> TestResult {
    let server = Server::new().await?;
    let document = server.get("", "/api/openapi.json").await.json();
    let id = server.application;
    let tagged = json!({ "add": ["高潜力"] });
    server.ask("hr", "POST", &format!("/api/v1/applications/{id}/tags"), tagged).await.expect(200);
    let moved = json!({ "to": "human_interview", "outcome": "passed", "reason": "good" });
    server.ask("hr", "POST", &format!("/api/v1/applications/{id}/stage"), moved).await.expect(200);
    server
        .ask("hr", "POST", "/api/v1/positions", json!({ "name": "new", "pass_mark": 70.5 }))
        .await
        .expect(201);
    let connection =
        server.get("hr", "/api/v1/connections").await.json()["connections"][0]["connection"].clone();
    let connection = connection["id"].as_str().unwrap().to_owned();
    let application = "/api/v1/applications/{application}";
    let mut wrong = Vec::new();
    for (login, path, described) in [
        ("hr", "/api/v1/applications?facets=true&limit=2".to_owned(), "/api/v1/applications"),
        ("hr", "/api/v1/applications?q=the".to_owned(), "/api/v1/applications"),
        ("hr", format!("/api/v1/applications/{id}"), application),
        ("hr", "/api/v1/folders".to_owned(), "/api/v1/folders"),
        ("hr", "/api/v1/positions".to_owned(), "/api/v1/positions"),
        ("hr", "/api/v1/positions/new".to_owned(), "/api/v1/positions/{position}"),
        ("hr", "/api/v1/connections".to_owned(), "/api/v1/connections"),
        ("hr", format!("/api/v1/connections/{connection}"), "/api/v1/connections/{connection}"),
        ("hr", format!("/api/v1/connections/{connection}/sync"), "/api/v1/connections/{connection}/sync"),
        ("admin", "/api/v1/users".to_owned(), "/api/v1/users"),
        ("auditor", "/api/v1/log?limit=1000".to_owned(), "/api/v1/log"),
        ("admin", "/api/v1/doctor?everything=true".to_owned(), "/api/v1/doctor"),
        ("li", "/api/v1/settings".to_owned(), "/api/v1/settings"),
        ("li", "/api/v1/me".to_owned(), "/api/v1/me"),
    ] {
        let answer = server.get(login, &path).await.expect(200).json();
        let schema =
            &document["paths"][described]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{described}");
        wrong.extend(undescribed(&answer, schema, &document, &path));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
