//! The contract for vendor adapters, their wrappers and conformance suite.
