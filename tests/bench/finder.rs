//! From a key to its results, while somebody types; beside it what peers take for the same letters.

mod peers;

use std::time::Instant;

use stagedoor::search::{Context, Query, complete, find};

use crate::catalog::index;
use crate::report::{Budget, Report, millis};

/// Typed letter by letter, as a person would.
const TYPED: [&str; 6] = [
    "payment gateway",
    "chkout svc",
    "kind:api ledger",
    "jane doe",
    // A slip of the keyboard, and what nothing has.
    "paymnet gatewya",
    "zzyzx quux",
];
/// What the peers are given: they know neither letters left out nor keys.
const PLAIN: &str = "payment gateway";
/// As many rows as the finder's list keeps.
const LIMIT: usize = 200;

pub(crate) fn run(report: &mut Report) {
    let context = Context::default();
    for (size, first, settled) in [(100_000, 8.0, 16.0), (1_000_000, 20.0, 60.0)] {
        let index = index(size);
        for typed in TYPED {
            let texts = || (1..=typed.len()).filter_map(|end| typed.get(..end));
            let rounds = if size > 100_000 { 2 } else { 5 };
            let samples = (0..rounds).flat_map(|_| texts()).map(|text| {
                let query = Query::parse(text);
                let started = Instant::now();
                std::hint::black_box(find(&index, &query, &context, LIMIT, &|| false));
                started.elapsed()
            });
            let name = format!("finder: typing {typed:?}");
            report.samples(&name, size, Budget::P99(millis(settled)), samples.collect());
            let samples = texts().map(|text| {
                let started = Instant::now();
                std::hint::black_box(complete(&index, &context, text, text.len()));
                started.elapsed()
            });
            let name = format!("finder: what could follow {typed:?}");
            report.samples(&name, size, Budget::P99(millis(first)), samples.collect());
        }
        peers::run(report, &index, PLAIN);
    }
}
