//! The bundled vendor adapters.
