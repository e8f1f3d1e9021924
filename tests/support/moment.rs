//! When a process is killed: nobody knows, but each test does it the same way each time.

/// Moments between 0 and 1: the van der Corput sequence, which leaves no part of the way out.
pub(crate) fn moment(number: u32) -> f64 {
    f64::from(number.reverse_bits()) / f64::from(u32::MAX)
}
