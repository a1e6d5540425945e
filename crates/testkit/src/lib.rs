//! Builders, a fixed clock and seeded data for tests.
