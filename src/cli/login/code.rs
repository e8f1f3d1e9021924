//! Signing in by a code that is typed at the host's page.

use std::io::Write;

use color_eyre::eyre::Result;

use crate::cli::console::Console;
use crate::cli::exit::Failure;
use crate::cli::work;
use crate::config::{Config, HostKind};
use crate::sync::signin::{self, Grant};

/// Whether hosts of `kind` sign in by a code.
pub(super) fn is_known_to(kind: HostKind) -> bool {
    matches!(kind, HostKind::Github | HostKind::Gitlab)
}

/// Shows the code and waits until it was typed; `None` after Ctrl-C.
pub(super) fn sign_in(
    host: &str,
    kind: HostKind,
    client_id: &str,
    config: &Config,
    console: &mut Console,
) -> Result<Option<Grant>> {
    let none = || Failure::usage(format!("a {} signs in by no code", kind.name()));
    let invitation = work::run(async |_| signin::invite(host, kind, client_id, config).await)??;
    let invitation = invitation.ok_or_else(none)?;
    writeln!(
        console.out,
        "type {} at {}",
        invitation.code, invitation.page
    )?;
    console.out.flush()?;
    let granted = work::run(async |cancel| {
        let wait = signin::wait(host, kind, client_id, config, &invitation);
        cancel.run_until_cancelled(wait).await
    })?;
    match granted {
        Some(granted) => Ok(Some(granted?.ok_or_else(none)?)),
        None => Ok(None),
    }
}
