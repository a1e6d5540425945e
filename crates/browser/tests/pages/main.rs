//! The pages as people meet them, in Chromium.

mod accessibility;
mod bank_login;
mod filters;
mod first_start;
mod interrupted;
mod kept;
mod keyboard;
mod pictures;
mod policy;
mod printed;
mod reports;
mod roles;
mod scorecards;
mod shapes;
mod signed_out;
mod tour;
mod tutorial;
mod withdrawn;
mod without_scripts;

use dossier_browser::Look;
use dossier_domain::Language;

/// A browser that prefers English.
fn english() -> Look {
    Look { language: Language::English, ..Look::default() }
}
