//! Running what takes time: the async runtime of one command, and Ctrl-C.

use std::future::Future;

use color_eyre::eyre::Result;
use tokio_util::sync::CancellationToken;

use super::exit::Exit;

/// Runs `work` to its end. The first Ctrl-C asks it to stop through its token, a second one ends the process at once.
pub(crate) fn run<T, F>(work: impl FnOnce(CancellationToken) -> F) -> Result<T>
where
    F: Future<Output = T>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let cancel = CancellationToken::new();
    let asked = cancel.clone();
    runtime.spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if asked.is_cancelled() {
                std::process::exit(i32::from(Exit::Interrupted.code()));
            }
            asked.cancel();
        }
    });
    let answer = runtime.block_on(work(cancel));
    // What still runs is no longer wanted; a blocked worker must not hold up the end.
    runtime.shutdown_background();
    Ok(answer)
}
