//! Bringing the docs of an entity: from the store, else from their source.

use std::sync::Arc;

use crate::app::Answer;
use crate::catalog::EntityRef;
use crate::runtime::tasks::Reporter;
use crate::sync::{Session, docs};
use crate::techdocs::Book;

/// Loads the docs of `entity_ref` and hands them to the model.
pub(super) async fn load(session: Arc<Session>, entity_ref: EntityRef, reporter: Reporter) {
    let loaded = docs::ensure_docs(&session, &entity_ref, &reporter.cancel).await;
    let result = match loaded {
        Ok(None) => Ok(None),
        Ok(Some(files)) => {
            let book = Book::new(entity_ref.name(), &files.config, files.pages);
            Ok(Some(Arc::new(book)))
        }
        Err(error) => Err(error.to_string()),
    };
    reporter.answer(Answer::Docs(entity_ref, result)).await;
    reporter.end(Ok(None)).await;
}
