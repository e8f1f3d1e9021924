//! The finder: a key to its results, while somebody types.

use std::time::Instant;

use stagedoor::search::{Context, Query, find};

use crate::catalog::index;
use crate::report::{Budget, Report, millis};

/// Typed letter by letter, as a person would.
const TYPED: [&str; 4] = [
    "payment gateway",
    "chkout svc",
    "kind:api ledger",
    "jane doe",
];
/// As many rows as the finder's list keeps.
const LIMIT: usize = 200;

pub(crate) fn run(report: &mut Report) {
    let context = Context::default();
    for (size, budget) in [(100_000, 16.0), (1_000_000, 60.0)] {
        let index = index(size);
        for typed in TYPED {
            let ends: Vec<usize> = (1..=typed.len()).collect();
            let rounds = if size > 100_000 { 1 } else { 5 };
            let samples = (0..rounds).flat_map(|_| &ends).map(|&end| {
                let query = Query::parse(typed.get(..end).unwrap_or(typed));
                let started = Instant::now();
                std::hint::black_box(find(&index, &query, &context, LIMIT, &|| false));
                started.elapsed()
            });
            let name = format!("finder: typing {typed:?}");
            report.samples(&name, size, Budget::P99(millis(budget)), samples.collect());
        }
    }
}
