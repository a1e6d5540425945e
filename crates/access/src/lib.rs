//! Roles, the decision function and the operation log.
