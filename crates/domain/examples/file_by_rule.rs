//! Files an application by the default rules and prints its folder and tags.

use dossier_domain::{
    BankZone, EmotionLabel, Facts, FilingRule, Stage, TagRule, filing::automatic_tags, text::PositionName,
};

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let position = PositionName::parse("软件开发工程师")?;
    let facts = Facts {
        position: &position,
        stage: Stage::AiInterview,
        interviewed_at: Some("2023-11-08T02:30:00Z".parse()?),
        score: Some(85.0),
        emotion: Some(EmotionLabel::Positive),
        skills: vec![("Python", 92.0)],
        keywords: vec!["CFA证书"],
    };
    println!("{}", FilingRule::default().folder(&facts, BankZone::default()).join(" / "));
    for tag in automatic_tags(&TagRule::defaults(), &facts) {
        println!("#{}", tag.name);
    }
    Ok(())
}
