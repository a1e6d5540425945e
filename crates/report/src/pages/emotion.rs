//! The page of an interview's emotion data.

use dossier_domain::{EmotionProfile, EmotionReading, Language, MaterialKind};
use maud::{Markup, html};

use super::{bar, nothing, number, subject_page};
use crate::{
    Locale, Subject,
    charts::{Axis, Curve, curves, swatch},
    figures,
};

/// The readings: a curve over time and the mean for each dimension, and all values as a table.
#[must_use]
pub fn emotion_html(locale: Locale, subject: &Subject, profile: &EmotionProfile) -> String {
    let content = emotion(locale.language, profile);
    subject_page(locale, MaterialKind::Emotion.label(locale.language), subject, &content)
}

/// The same as a part of another page.
#[must_use]
pub fn emotion(language: Language, profile: &EmotionProfile) -> Markup {
    content(language, profile, true)
}

/// The same without the curve, where [`emotion_curve`] stands elsewhere on the page.
#[must_use]
pub fn emotion_figures(language: Language, profile: &EmotionProfile) -> Markup {
    content(language, profile, false)
}

fn content(language: Language, profile: &EmotionProfile, with_curve: bool) -> Markup {
    let finite = profile.readings.iter().filter(|reading| reading.value.is_finite()).cloned();
    let profile = &EmotionProfile { readings: finite.collect() };
    let readings = profile.readings.as_slice();
    html! {
        @if readings.is_empty() {
            (nothing(language.pick("没有情绪数据。", "There is no emotion data.")))
        } @else {
            (means(language, profile))
            @if with_curve { (chart(language, readings)) }
            (table(language, readings))
        }
        p.note {
            (language.pick("情绪数据由供应商的模型给出，仅供参考，不应单独作为录用与否的依据。",
                "Emotion data is a vendor’s model’s reading. It is a hint, and never by itself a ground for a decision."))
        }
    }
}

/// The curve alone, to stand below the film that it is of: as long as the film, or where its length is not known, up to the
/// end of the last reading. `None` where no reading has a time.
#[must_use]
pub fn emotion_curve(language: Language, profile: &EmotionProfile, seconds: Option<f64>) -> Option<Markup> {
    let timed = profile.readings.iter().filter(|of| of.value.is_finite() && middle(of).is_some());
    let readings: Vec<EmotionReading> = timed.cloned().collect();
    let ends = readings.iter().filter_map(|reading| figures::seconds(reading.ends));
    let end = ends.chain(seconds).reduce(f64::max);
    let title = language.pick("情绪曲线", "Emotion over time");
    let names = dimensions(&readings);
    let lines: Vec<Curve<'_>> =
        names.iter().map(|name| Curve { name, points: points(&readings, name, true) }).collect();
    (!readings.is_empty()).then(|| {
        html! {
            figure {
                (curves(language, "emotion-curve", title, Axis::Film(end), &lines))
                figcaption { @for (index, name) in names.iter().enumerate() { span { (swatch(index)) (name) " " } } }
            }
        }
    })
}

/// The dimensions, each once, in the order of their first reading.
fn dimensions(readings: &[EmotionReading]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for reading in readings {
        if !names.contains(&reading.dimension.as_str()) {
            names.push(reading.dimension.as_str());
        }
    }
    names
}

fn means(language: Language, profile: &EmotionProfile) -> Markup {
    html! {
        table.bars {
            caption { (language.pick("平均值（0–100）", "Means (0–100)")) }
            @for (index, name) in dimensions(&profile.readings).into_iter().enumerate() {
                @let mean = profile.mean(name).unwrap_or_default();
                tr {
                    th scope="row" { (swatch(index)) (name) }
                    td { (bar(mean)) }
                    td.number { (number(mean)) }
                }
            }
        }
    }
}

fn chart(language: Language, readings: &[EmotionReading]) -> Markup {
    let is_timed = readings.iter().any(|reading| middle(reading).is_some());
    let lines: Vec<Curve<'_>> = dimensions(readings)
        .into_iter()
        .map(|name| Curve { name, points: points(readings, name, is_timed) })
        .collect();
    let (axis, unit) = if is_timed {
        (Axis::Time, language.pick("面试时间（分:秒）", "time in the interview (min:s)"))
    } else {
        (
            Axis::Count,
            language.pick("第几次读数（供应商未给时间）", "number of the reading (no times were given)"),
        )
    };
    let title = language.pick("情绪曲线", "Emotion over time");
    html! {
        section {
            h2 { (title) }
            figure {
                (curves(language, "emotion-curve", title, axis, &lines))
                figcaption { (unit) }
            }
        }
    }
}

/// The readings of a dimension: over time, or one after the other where no times are known.
fn points(readings: &[EmotionReading], name: &str, is_timed: bool) -> Vec<(f64, f64)> {
    let own = readings.iter().filter(|reading| reading.dimension.as_str() == name);
    let placed = own.enumerate().map(|(index, reading)| {
        let place = if is_timed { middle(reading) } else { Some((index + 1) as f64) };
        place.map(|place| (place, reading.value))
    });
    placed.flatten().collect()
}

/// The middle of the span of a reading.
fn middle(reading: &EmotionReading) -> Option<f64> {
    match (figures::seconds(reading.starts), figures::seconds(reading.ends)) {
        (Some(starts), Some(ends)) if ends > starts => Some(f64::midpoint(starts, ends)),
        (starts, ends) => starts.or(ends),
    }
}

fn table(language: Language, readings: &[EmotionReading]) -> Markup {
    let span = |reading: &EmotionReading| {
        let ends = [reading.starts, reading.ends].map(|at| figures::seconds(at).map(figures::place));
        ends.into_iter().flatten().collect::<Vec<_>>().join("–")
    };
    let text = |line: &Option<dossier_domain::text::Line>| line.as_ref().map(ToString::to_string);
    html! {
        section {
            h2 { (language.pick("全部读数", "All readings")) }
            table.readings {
                thead { tr {
                    th scope="col" { (language.pick("时间", "Time")) }
                    th scope="col" { (language.pick("维度", "Dimension")) }
                    th.number scope="col" { (language.pick("数值", "Value")) }
                    th scope="col" { (language.pick("问题", "Question")) }
                    th scope="col" { (language.pick("来源", "Source")) }
                } }
                tbody { @for reading in readings {
                    tr {
                        td.time { (span(reading)) }
                        td { (reading.dimension) }
                        td.number { (number(reading.value)) }
                        td { (text(&reading.question).unwrap_or_default()) }
                        td.source {
                            ([text(&reading.modality), text(&reading.source)].into_iter().flatten()
                                .collect::<Vec<_>>().join(" · "))
                        }
                    }
                } }
            }
        }
    }
}
