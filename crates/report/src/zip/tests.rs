//! The ZIP against other people's readers, its own arithmetic, and golden bytes.
