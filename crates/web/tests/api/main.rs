//! The site from outside: who may ask for what, what a program can do, and what nonsense and malice come to.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

mod along;
mod analysis;
mod candidates;
mod case;
mod compressed;
mod described;
mod forms;
mod hostile;
mod live;
mod malice;
mod notices;
mod odd;
mod process;
mod provider;
mod releases;
mod routes;
mod rows;
mod server;
mod socket;
mod together;
mod uploads;
mod uses;
mod what_if;
mod withdrawn;
mod zips;
