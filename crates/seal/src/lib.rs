//! Key hierarchy, sealed records and sealed blobs.
