//! A made-up bank and a vendor simulator as a real HTTP server.
