//! Reading what strace wrote.

use std::collections::HashMap;

/// Finds acknowledgements that were given while something written to the `db` file was not yet synced, and counts
/// all acknowledgements.
///
/// A write makes the file dirty from its beginning. A sync makes it clean at its successful end, if nothing was
/// written since its beginning.
pub(super) fn unsynced_acknowledgements(trace: &str) -> (usize, Vec<String>) {
    let (mut acknowledged, mut unsynced) = (0, Vec::new());
    let (mut writes, mut synced, mut told) = (0_u64, 0_u64, 0_u64);
    let mut syncing: HashMap<&str, u64> = HashMap::new();
    for line in trace.lines() {
        let (thread, call) = line.split_once(' ').unwrap_or_default();
        let call = call.trim_start();
        let on_db = call.contains("/db>");
        if call.starts_with("pwrite64(") && on_db {
            writes += 1;
        } else if call.starts_with("fsync(") && on_db {
            syncing.insert(thread, writes);
        }
        if call.contains("fsync") && call.ends_with("= 0") {
            synced = synced.max(syncing.remove(thread).unwrap_or(0));
        }
        if call.starts_with("write(1") && call.contains("\"ack ") {
            acknowledged += 1;
            // Each commit writes, so one without a new write was never made durable either.
            if synced < writes || writes == told {
                unsynced.push(call.to_owned());
            }
            told = writes;
        }
    }
    (acknowledged, unsynced)
}
