//! Routes and their descriptions, taken together.

use std::sync::Arc;

use axum::{
    handler::Handler,
    routing::{MethodFilter, on},
};
use utoipa::{
    __dev::SchemaReferences,
    Path,
    openapi::{HttpMethod, PathItem, PathsBuilder, RefOr, Schema},
};

use super::document;
use crate::{router::Addresses, site::Site};

/// The routes so far.
#[derive(Default)]
pub(super) struct Table {
    pub(super) addresses: Addresses,
    pub(super) paths: PathsBuilder,
    pub(super) schemas: Vec<(String, RefOr<Schema>)>,
}

impl Table {
    /// Adds a handler where its description, which is derived from it, says that it is.
    #[expect(clippy::needless_pass_by_value, reason = "so that the list of routes reads without `&`")]
    pub(super) fn with<P, H, T>(mut self, _: P, handler: H) -> Self
    where
        P: Path + SchemaReferences,
        H: Handler<T, Arc<Site>>,
        T: 'static,
    {
        let path = P::path();
        for method in P::methods() {
            let operation = document::completed(P::operation(), &method, &path);
            self.paths = self.paths.path(path.clone(), PathItem::new(method.clone(), operation));
            self.addresses = self.addresses.route(&path, on(filter(&method), handler.clone()));
        }
        P::schemas(&mut self.schemas);
        self
    }
}

fn filter(method: &HttpMethod) -> MethodFilter {
    match method {
        HttpMethod::Get => MethodFilter::GET,
        HttpMethod::Post => MethodFilter::POST,
        HttpMethod::Put => MethodFilter::PUT,
        HttpMethod::Delete => MethodFilter::DELETE,
        HttpMethod::Options => MethodFilter::OPTIONS,
        HttpMethod::Head => MethodFilter::HEAD,
        HttpMethod::Patch => MethodFilter::PATCH,
        HttpMethod::Trace => MethodFilter::TRACE,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_two_shapes_have_one_name() {
        let mut known: BTreeMap<String, RefOr<Schema>> = BTreeMap::new();
        for (name, schema) in super::super::table().schemas {
            let other = known.insert(name.clone(), schema.clone());
            assert!(other.is_none_or(|other| other == schema), "{name} is two shapes");
        }
    }
}
