//! Pages for everybody: names, headings, language, contrast.
//!
//! The checks that matter are our own, over the browser's accessibility tree and the colours as they are drawn, so that
//! they need nothing from outside. axe-core sees more; it runs where `cargo xtask test` could fetch it.

use std::fs;

use dossier_browser::{Browser, Look, root, shared};
use dossier_testkit::TestResult;
use serde_json::{Value, json};

use crate::{english, tour::tour};

/// What can be worked with, by its role in the accessibility tree.
const CONTROLS: [&str; 14] = [
    "button",
    "link",
    "textbox",
    "searchbox",
    "checkbox",
    "radio",
    "combobox",
    "listbox",
    "spinbutton",
    "slider",
    "switch",
    "Date",
    "DisclosureTriangle",
    "progressbar",
];
/// Texts whose contrast is too low, and what a page must have once.
const LOOK: &str = include_str!("accessibility/look.js");
/// What axe-core finds that is serious or worse.
const AXE: &str = "const done = arguments[arguments.length - 1];
    axe.run({ resultTypes: ['violations'] }).then(({ violations }) => done(violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => ({ id, help, nodes: nodes.slice(0, 4).map(({ html, any }) => [html.slice(0, 160), any[0]?.message]) }))),
      (error) => done([String(error)]));";

async fn is_accessible(look: Look) -> TestResult {
    let (axe, language) = (axe(), look.language.pick("zh-Hans", "en"));
    tour(look, async |browser, _| {
        let mut findings = names_and_headings(browser).await?;
        findings.extend(seen(browser, language).await?);
        if let Some(axe) = &axe {
            findings.extend(found_by(axe, browser).await?);
        }
        if findings.is_empty() { Ok(()) } else { Err(format!("{findings:#?}").into()) }
    })
    .await
}

#[expect(clippy::print_stdout, reason = "a check that is left out is told of")]
fn axe() -> Option<String> {
    let axe = fs::read_to_string(root().join("target/axe-core/package/axe.min.js")).ok();
    if axe.is_none() {
        println!(
            "axe-core is not here, so our own checks stand alone; `cargo xtask test packages` fetches it with npm"
        );
    }
    axe
}

async fn seen(browser: &Browser<'_>, language: &str) -> TestResult<Vec<String>> {
    let seen = browser.script(LOOK, vec![json!(language)]).await?;
    Ok(seen.as_array().ok_or("no findings")?.iter().map(Value::to_string).collect())
}

async fn found_by(axe: &str, browser: &Browser<'_>) -> TestResult<Vec<String>> {
    browser.command("Runtime.evaluate", json!({ "expression": axe })).await?;
    let found = browser.driver.execute_async(AXE, vec![]).await?.json().clone();
    Ok(found.as_array().ok_or("no findings")?.iter().map(|found| format!("axe: {found:#}")).collect())
}

/// From the browser's own tree, which is what a screen reader is told.
async fn names_and_headings(browser: &Browser<'_>) -> TestResult<Vec<String>> {
    let tree = browser.command("Accessibility.getFullAXTree", json!({})).await?;
    let nodes = tree["nodes"].as_array().ok_or("no tree")?;
    let there = || nodes.iter().filter(|node| node["ignored"] != true);
    let role = |node: &Value| node["role"]["value"].as_str().unwrap_or_default().to_owned();
    let name = |node: &Value| node["name"]["value"].as_str().unwrap_or_default().trim().to_owned();
    let mut findings = Vec::new();
    for node in there().filter(|node| CONTROLS.contains(&role(node).as_str()) && name(node).is_empty()) {
        let asked = json!({ "backendNodeId": node["backendDOMNodeId"] });
        let html = browser.command("DOM.getOuterHTML", asked).await?;
        findings.push(format!("a {} without a name: {html}", role(node)));
    }
    let level = |node: &Value| {
        let properties = node["properties"].as_array().into_iter().flatten();
        properties.filter(|one| one["name"] == "level").find_map(|one| one["value"]["value"].as_u64())
    };
    let levels: Vec<(u64, String)> = there()
        .filter(|node| role(node) == "heading")
        .filter_map(|node| Some((level(node)?, name(node))))
        .collect();
    if levels.iter().filter(|(level, _)| *level == 1).count() != 1 {
        findings.push(format!("one heading of the first level, not {levels:?}"));
    }
    let skips = levels.windows(2).filter(|pair| pair[1].0 > pair[0].0 + 1);
    findings.extend(
        skips.map(|pair| format!("a level of headings is left out between {:?} and {:?}", pair[0], pair[1])),
    );
    Ok(findings)
}

#[tokio::test]
async fn every_page_in_light_and_chinese() -> TestResult {
    is_accessible(Look::default()).await
}

#[tokio::test]
async fn every_page_in_dark_and_english() -> TestResult {
    is_accessible(Look { dark: true, ..english() }).await
}

#[tokio::test]
async fn a_page_with_faults_is_noticed() -> TestResult {
    // A field loses its label, a text its colour, a heading its level, and the page its language.
    const SPOIL: &str = "document.querySelector('.label').remove(); document.documentElement.lang = 'tlh';
        const note = document.querySelector('.note'), deep = document.createElement('h4');
        note.style.setProperty('color', '#999'); deep.textContent = 'deep'; note.after(deep)";
    Browser::visit(shared()?, Look::default(), async |browser| {
        browser.open("/sign-in").await?;
        browser.script(SPOIL, vec![]).await?;
        let findings =
            [names_and_headings(browser).await?, seen(browser, "zh-Hans").await?].concat().join("\n");
        for part in [
            "a textbox without a name",
            "a level of headings is left out",
            "the language is tlh",
            "contrast 2.",
        ] {
            assert!(findings.contains(part), "{part}: {findings}");
        }
        if let Some(axe) = axe() {
            let findings = found_by(&axe, browser).await?.join("\n");
            assert!(findings.contains("color-contrast") && findings.contains("label"), "{findings}");
        }
        Ok(())
    })
    .await
}
