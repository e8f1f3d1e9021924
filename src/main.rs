//! The binary: arguments → library → exit code.

fn main() {}
