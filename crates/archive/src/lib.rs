//! The use cases of Dossier: authorise, act, record.
