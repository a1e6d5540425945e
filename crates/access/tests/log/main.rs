//! The operation log as others meet it: written, exported, tampered with, verified by two verifiers.

mod golden;
mod sample;
mod tampering;
mod writing;
