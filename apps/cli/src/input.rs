//! What people type, as words of the domain, and what they must not type on a command line, such as keys.

use std::{fmt::Display, fs, io::Read, path::Path, str::FromStr};

use dossier_archive::Measure;
use dossier_domain::{
    Language,
    text::{Prose, TextError},
};
use dossier_report::Format;
use dossier_search::Dimension;
use zeroize::Zeroizing;

use crate::{
    error::{Error, Result},
    out::Out,
};

/// The longest secret that is read, in bytes.
const LONGEST_SECRET: u64 = 64 * 1024;

/// The measure of a report.
pub(crate) fn measure(name: &str) -> Result<Measure> {
    Measure::find(name).ok_or_else(|| {
        let known = Measure::by_conditions().map(Measure::name).collect::<Vec<_>>().join(", ");
        Error::invalid(
            format!("没有这种报表；可用：{known}"),
            format!("there is no such report; use: {known}"),
        )
    })
}

/// What a report is grouped by.
pub(crate) fn dimensions(names: &[String]) -> Result<Vec<Dimension>> {
    let dimension = |name: &String| {
        Dimension::find(name).ok_or_else(|| {
            let known = Dimension::CHOICES.map(Dimension::name).join(", ");
            Error::invalid(
                format!("不能按“{name}”分组；可用：{known}"),
                format!("a report can't be grouped by {name}; use: {known}"),
            )
        })
    };
    names.iter().map(dimension).collect()
}

/// The format of a report's file.
pub(crate) fn format(name: &str) -> Result<Format> {
    Format::find(name).ok_or_else(|| {
        let known = Format::ALL.map(Format::name).join(", ");
        Error::invalid(
            format!("不支持 {name} 格式；可用：{known}"),
            format!("{name} is no format here; use: {known}"),
        )
    })
}

/// A name or short text; `what` is what it was to be, in Chinese.
pub(crate) fn text<T: FromStr<Err = TextError>>(what: &str, given: &str) -> Result<T> {
    given.parse().map_err(|error: TextError| {
        let zh = format!("{what}{}", error.message(Language::Chinese));
        Error::invalid(zh, error.to_string())
    })
}

/// Running text.
pub(crate) fn prose(given: &str) -> Result<Prose> {
    Prose::parse(given).map_err(|error| {
        Error::invalid(format!("说明{}", error.message(Language::Chinese)), error.to_string())
    })
}

/// A number.
pub(crate) fn decimal(given: &str) -> Result<f64> {
    given
        .trim()
        .parse()
        .map_err(|_| Error::invalid(format!("“{given}”不是数字"), format!("{given} is no number")))
}

/// One word of a fixed list; `what` is what it was to be, in Chinese.
pub(crate) fn word<T: FromStr<Err: Display>>(what: &str, known: &str, given: &str) -> Result<T> {
    given.trim().parse().map_err(|error: T::Err| {
        let cut: String = given.chars().take(40).collect();
        Error::invalid(format!("“{cut}”不是{what}；可用：{known}"), error.to_string())
    })
}

/// Several words of a fixed list, with commas between them.
pub(crate) fn words<T: FromStr<Err: Display>>(what: &str, known: &str, given: &str) -> Result<Vec<T>> {
    let parts = given.split([',', '，', '、']).filter(|part| !part.trim().is_empty());
    let words: Vec<T> = parts.map(|part| word(what, known, part)).collect::<Result<_>>()?;
    match words.is_empty() {
        true => word(what, known, "").map(|only| vec![only]),
        false => Ok(words),
    }
}

/// A secret: from a file, from standard input where the file is `-`, or asked for at the terminal.
pub(crate) fn secret(out: &Out, file: Option<&Path>, prompt: (&str, &str)) -> Result<Zeroizing<String>> {
    match file {
        Some(path) if path == Path::new("-") => first_line(path, &mut std::io::stdin().lock()),
        Some(path) => {
            let mut file = fs::File::open(path).map_err(|cause| Error::io(path, cause))?;
            first_line(path, &mut file)
        }
        None => ask(out.language, prompt),
    }
}

/// A new secret, asked for twice at the terminal unless it stands in a file.
pub(crate) fn new_secret(out: &Out, file: Option<&Path>, prompt: (&str, &str)) -> Result<Zeroizing<String>> {
    let secret = secret(out, file, prompt)?;
    if file.is_none() && *ask(out.language, ("请再输入一次：", "Once more: "))? != *secret {
        return Err(Error::invalid("两次输入不一致", "the two differ"));
    }
    Ok(secret)
}

fn ask(language: Language, (zh, en): (&str, &str)) -> Result<Zeroizing<String>> {
    let typed = rpassword::prompt_password(language.pick(zh, en)).map_err(|cause| {
        Error::invalid(
            format!("没有可以输入密码的终端（{cause}）；请改用文件选项"),
            format!("there is no terminal to ask at ({cause}); give it in a file instead"),
        )
    })?;
    filled(Zeroizing::new(typed))
}

fn first_line(path: &Path, from: &mut dyn Read) -> Result<Zeroizing<String>> {
    let mut content = Zeroizing::new(String::new());
    from.take(LONGEST_SECRET).read_to_string(&mut content).map_err(|cause| Error::io(path, cause))?;
    filled(Zeroizing::new(content.lines().next().unwrap_or_default().to_owned()))
}

fn filled(secret: Zeroizing<String>) -> Result<Zeroizing<String>> {
    if secret.is_empty() {
        return Err(Error::invalid("内容为空", "nothing was given"));
    }
    Ok(secret)
}
