//! From a key to its results, while somebody types; beside it what peers take for the same letters.

mod peers;

use std::time::Instant;

use stagedoor::search::{Context, Query, complete, find};

use crate::catalog::index;
use crate::report::{Budget, Report, millis, whole};

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
/// A company of the usual size, and how often a script asks about it.
const SMALL: usize = 10_000;
const ASKED: usize = 5_000;

pub(crate) fn run(report: &mut Report) {
    let context = Context::default();
    endless(report, &context);
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

/// A script that asks without end, each time something else: how much it gets, and what that leaves behind.
fn endless(report: &mut Report, context: &Context) {
    let index = index(SMALL);
    let asked = [
        "pay",
        "paymnet gateway",
        "kind:api",
        "-tag:go owner:",
        "\"card",
        "zzz",
        "(a OR b",
        "支付",
        ".*+?",
        "",
    ];
    let ask = |from: usize| {
        for (at, text) in (from..from + ASKED).zip(asked.iter().cycle()) {
            let query = Query::parse(&format!("{text}{at}"));
            std::hint::black_box(find(&index, &query, context, LIMIT, &|| false));
        }
    };
    ask(0);
    let before = resident();
    let started = Instant::now();
    ask(ASKED);
    let rate = whole(ASKED) / started.elapsed().as_secs_f64();
    report.at_least("finder: a script asks", SMALL, rate, "queries/s", 1_000.0);
    match before.zip(resident()) {
        Some((before, after)) => {
            report.at_most(
                "finder: memory after it",
                SMALL,
                after - before,
                "MiB more",
                4.0,
            );
        }
        None => report.skipped("finder: memory after it", "/proc does not say"),
    }
}

/// The resident memory of this process, in MiB.
fn resident() -> Option<f64> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: usize = pages.split_whitespace().nth(1)?.parse().ok()?;
    Some(whole(pages) * 4.0 / 1024.0)
}
