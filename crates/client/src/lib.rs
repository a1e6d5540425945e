//! The HTTP API of Dossier from the side of whoever asks. One module per noun, as in the API: the shapes of what is asked
//! and answered.
//!
//! Shapes are those that `/api/openapi.json` describes. What a candidate, position, user or record of the log is, is said
//! by the types of `dossier_domain` and `dossier_access`, which the API writes as they are.

pub mod applications;
pub mod connections;
pub mod doctor;
pub mod log;
pub mod materials;
pub mod people;
pub mod reports;
