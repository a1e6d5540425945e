//! The files as their readers get them: pages, Excel, manifest.

#![expect(clippy::unwrap_used, reason = "a made-up value that does not parse is a broken test")]

mod excel;
mod manifest;
mod pages;
mod report;
mod reports;
mod sample;
