//! Local files while the portal is open: what is saved shows without a key pressed.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio::sync::mpsc::WeakSender;

use crate::app::{Answer, Msg};
use crate::sync::{FileWatch, Session};

/// Says whenever local files of `session` change. Ends where none can be watched. What was `read` tells which they are.
/// Its way to the model is weak, since who only waits does not work.
pub(super) async fn watch(session: Arc<Session>, messages: WeakSender<Msg>, read: Arc<Notify>) {
    let started = {
        let session = Arc::clone(&session);
        // Looking for folders takes as long as there are many.
        tokio::task::spawn_blocking(move || FileWatch::start(&session)).await
    };
    let mut watch = match started {
        Ok(Ok(Some(watch))) => watch,
        Ok(Err(remark)) => {
            say(&messages, Answer::Unwatched(remark)).await;
            return;
        }
        Ok(Ok(None)) | Err(_) => return,
    };
    loop {
        if let Some(remark) = watch.take_remark() {
            say(&messages, Answer::Unwatched(remark)).await;
        }
        tokio::select! {
            () = watch.changed() => {
                say(&messages, Answer::FilesChanged).await;
                continue;
            }
            () = read.notified() => {}
        }
        let session = Arc::clone(&session);
        let followed = tokio::task::spawn_blocking(move || {
            watch.follow(&session);
            watch
        });
        let Ok(followed) = followed.await else { return };
        watch = followed;
    }
}

async fn say(messages: &WeakSender<Msg>, answer: Answer) {
    if let Some(messages) = messages.upgrade() {
        // The portal that nobody listens for ends now.
        let _ = messages.send(Msg::Answer(answer)).await;
    }
}
