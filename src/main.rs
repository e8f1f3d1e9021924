//! The binary: arguments → library → exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    stagedoor::cli::main()
}
