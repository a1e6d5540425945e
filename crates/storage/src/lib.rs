//! Records, blobs and typed collections over any ordered key-value back end.
