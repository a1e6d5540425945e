//! Records over sled 0.34, hardened.
