//! Measuring, and the table that says what came out.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// What a measurement should stay below (or, a rate, above).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Budget {
    /// The median.
    Median(Duration),
    /// All but one of a hundred.
    P99(Duration),
    /// None is promised.
    None,
}

/// A time of this many milliseconds.
pub(crate) fn millis(milliseconds: f64) -> Duration {
    Duration::from_secs_f64(milliseconds / 1000.0)
}

/// A count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "a report rounds far more")]
pub(crate) fn whole(count: usize) -> f64 {
    count as f64
}

/// The table, printed line by line.
#[derive(Debug, Default)]
pub(crate) struct Report {
    met: usize,
    missed: usize,
}

impl Report {
    /// Heads the rows of a part.
    pub(crate) fn begin(&mut self, part: &str) {
        println!();
        self.line([part, "size", "p50", "p99", "budget", ""]);
    }

    /// Times `work` `times` times, after one that does not count.
    pub(crate) fn time<T>(
        &mut self,
        name: &str,
        size: usize,
        budget: Budget,
        times: usize,
        mut work: impl FnMut() -> T,
    ) {
        black_box(work());
        let samples = (0..times).map(|_| {
            let started = Instant::now();
            black_box(work());
            started.elapsed()
        });
        self.samples(name, size, budget, samples.collect());
    }

    /// Takes times that were measured elsewhere.
    pub(crate) fn samples(
        &mut self,
        name: &str,
        size: usize,
        budget: Budget,
        mut samples: Vec<Duration>,
    ) {
        samples.sort_unstable();
        let at = |percent: usize| {
            let place = (samples.len() * percent / 100).min(samples.len().saturating_sub(1));
            samples.get(place).copied().unwrap_or_default()
        };
        let (median, p99) = (at(50), at(99));
        let (limit, verdict) = match budget {
            Budget::Median(limit) => (format!("p50 {}", show(limit)), self.judge(median <= limit)),
            Budget::P99(limit) => (format!("p99 {}", show(limit)), self.judge(p99 <= limit)),
            Budget::None => (String::new(), ""),
        };
        self.line([
            name,
            &short(size),
            &show(median),
            &show(p99),
            &limit,
            verdict,
        ]);
    }

    /// Takes a number that should be at least `least`.
    pub(crate) fn at_least(&mut self, name: &str, size: usize, value: f64, unit: &str, least: f64) {
        let verdict = self.judge(value >= least);
        self.line([
            name,
            &short(size),
            &format!("{value:.0} {unit}"),
            "",
            &format!("≥ {least:.0}"),
            verdict,
        ]);
    }

    /// Takes a number that should be at most `most`.
    pub(crate) fn at_most(&mut self, name: &str, size: usize, value: f64, unit: &str, most: f64) {
        let verdict = self.judge(value <= most);
        self.line([
            name,
            &short(size),
            &format!("{value:.0} {unit}"),
            "",
            &format!("≤ {most:.0}"),
            verdict,
        ]);
    }

    /// Takes a number of which nothing is promised.
    pub(crate) fn number(&self, name: &str, size: usize, value: f64, unit: &str) {
        self.line([
            name,
            &short(size),
            &format!("{value:.0} {unit}"),
            "",
            "",
            "",
        ]);
    }

    /// Says why something could not be measured.
    pub(crate) fn skipped(&mut self, name: &str, why: &str) {
        self.line([name, "", "", "", "", &format!("skipped: {why}")]);
    }

    /// Sums up.
    pub(crate) fn end(&self) {
        println!("\n{} budgets met, {} missed", self.met, self.missed);
    }

    fn judge(&mut self, met: bool) -> &'static str {
        if met {
            self.met += 1;
            "met"
        } else {
            self.missed += 1;
            "MISSED"
        }
    }

    #[expect(clippy::unused_self, reason = "rows are only printed through a report")]
    fn line(&self, [name, size, p50, p99, budget, verdict]: [&str; 6]) {
        println!("{name:<44} {size:>6} {p50:>12} {p99:>12} {budget:>14}  {verdict}");
    }
}

fn show(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        s if s >= 1.0 => format!("{s:.2} s"),
        s if s >= 0.001 => format!("{:.2} ms", s * 1e3),
        s => format!("{:.2} µs", s * 1e6),
    }
}

fn short(size: usize) -> String {
    match size {
        0 => String::new(),
        size if size % 1_000_000 == 0 => format!("{} M", size / 1_000_000),
        size if size % 1_000 == 0 => format!("{} k", size / 1_000),
        size => size.to_string(),
    }
}
