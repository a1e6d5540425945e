//! The use cases from outside, on a whole archive in memory and, where a vendor is needed, against the simulator.

mod answers;
mod case;
mod checking;
mod comparing;
mod damage;
mod fetching;
mod golden;
mod ingesting;
mod logging;
mod notices;
mod policies;
mod positions;
mod press;
mod proposing;
mod reporting;
mod rights;
mod saved;
mod scorecards;
mod scripted;
mod searching;
mod signing_in;
mod stages;
mod syncing;
mod together;
mod troubles;
mod uploading;
