//! Reports.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Client, Result, client::Request};

/// A report to be made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Ask {
    /// What is measured: `pass_rate`.
    pub measure: String,
    /// Of which applications: a query as people type it.
    pub query: String,
    /// What it is grouped by: `position`, `month`.
    pub by: Vec<String>,
    /// A time that is compared with an earlier one; empty for no comparison.
    pub period: String,
    /// The earlier time; the one right before, if empty.
    pub against: String,
    /// The position of which a rule is tried; empty if none is.
    pub position: String,
    /// The shares of assessments in that rule: `Python=30`.
    pub weights: Vec<String>,
    /// Its pass mark.
    pub pass_mark: String,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What it is called.
    pub title: String,
    /// What was asked.
    pub asked: Vec<Fact>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By whom: a sign-in name.
    pub made_by: String,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// A name and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The name.
    pub name: String,
    /// What is said.
    pub text: String,
}

/// A table with what explains it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Its heading.
    pub title: String,
    /// What a reader must know to read it rightly.
    pub notes: Vec<String>,
    /// The numbers.
    pub table: Table,
    /// How they are drawn, where a picture says more.
    pub chart: Option<serde_json::Value>,
}

/// A table. Every row has as many cells as there are columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// What the rows come to together.
    pub total: Option<Vec<Cell>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name for programs.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// What its cells are: `text`, `date`, `month`, `count`, `share`, `score`, `days`, `minutes`, `number`, `points`.
    pub kind: String,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// What it says.
    pub value: Value,
    /// The query whose hits are what was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind: Option<String>,
}

/// What a cell says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// There is nothing to say.
    Nothing,
    /// The group is too small for this reader.
    Withheld,
    /// Words.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// A number.
    Number(f64),
    /// An estimate with the ends of its 95 % interval.
    Estimate {
        /// The estimate.
        value: f64,
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
    },
}

impl Client {
    /// Makes a report.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn report(&self, asked: &Ask) -> Result<Report> {
        self.read(self.of_report(asked, None)?).await
    }

    /// Makes a report as a file of this format.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn report_file(&self, asked: &Ask, format: &str) -> Result<Vec<u8>> {
        let answer = self.send(self.of_report(asked, Some(format))?).await?;
        self.whole(answer).await?.ok_or_else(|| self.strange("a file that is larger than a report"))
    }

    fn of_report(&self, asked: &Ask, format: Option<&str>) -> Result<Request> {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let query = json!({
            "q": asked.query, "by": asked.by.join(","), "format": format,
            "period": given(&asked.period), "against": given(&asked.against),
            "position": given(&asked.position), "weight": asked.weights, "pass_mark": given(&asked.pass_mark),
        });
        Ok(self.patiently(self.get(&["reports", &asked.measure])?.query(&query)))
    }
}
