//! Where a template runs: here, or at a running Backstage that knows its actions.

use color_eyre::eyre::Result;

use super::{Chosen, Values, ask};
use crate::catalog::text::one_line;
use crate::cli::console::Console;
use crate::cli::exit::Failure;
use crate::sync::runs;

/// Has the template run at the running Backstage called `name`.
pub(super) fn move_to(chosen: &mut Chosen, name: &str) -> Result<()> {
    let Some(source) = runs::named(&chosen.session, name) else {
        return Err(
            Failure::usage(format!("no running Backstage is called {name:?}"))
                .help("its name under stagedoor.backstage, its host, or its address")
                .into(),
        );
    };
    chosen.template.source = source;
    Ok(())
}

/// Offers to run a template with actions that nobody here knows where they are known.
pub(super) fn offer(chosen: &mut Chosen, values: &Values, console: &Console) -> Result<()> {
    let outside = chosen.outside(Vec::new());
    let found = runs::elsewhere(&chosen.session, &chosen.template, &values.mocks, &outside);
    let Some(elsewhere) = found else {
        return Ok(());
    };
    let actions = one_line(&elsewhere.actions.join(", "));
    console.warn(&format!("not known here: {actions}"));
    let Some(offer) = elsewhere.offers.first() else {
        console.note(&elsewhere.advice());
        return Ok(());
    };
    let question = format!("{}. Run it there? [Y/n] ", one_line(&offer.words()));
    if ask::confirmed(&question, true)? {
        chosen.template.source.clone_from(&offer.source);
    }
    Ok(())
}
