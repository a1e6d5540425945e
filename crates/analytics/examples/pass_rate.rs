//! How many of ten passed, and how sure that is.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use dossier_analytics::Rate;

fn main() {
    let rate = Rate { hits: 7, of: 10 };
    if let (Some(share), Some((low, high))) = (rate.share(), rate.interval()) {
        println!("{:.0} % ({:.0} to {:.0} %)", 100.0 * share, 100.0 * low, 100.0 * high);
    }
}
