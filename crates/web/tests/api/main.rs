//! The site from outside: who may ask for what, what a program can do, and what nonsense and malice come to.

mod described;
mod hostile;
mod routes;
mod rows;
mod server;
mod socket;
mod uploads;
mod uses;
