//! Bringing the docs of an entity: from the store, else from their source.

use std::sync::Arc;

use tokio::sync::mpsc::Sender;
use tokio_util::sync::CancellationToken;

use crate::app::effect::WantedImages;
use crate::app::page::docs::DocsDone;
use crate::app::{Answer, Msg};
use crate::catalog::{EntityRef, Index, Place};
use crate::runtime::tasks::Reporter;
use crate::sync::{Session, docs};
use crate::techdocs::Book;
use crate::techdocs::picture::{Canvas, MAX_BYTES, Picture};

/// Loads the docs of `entity_ref`, at `revision` where one is asked for, and hands them to the model.
pub(super) async fn load(
    session: Arc<Session>,
    entity_ref: EntityRef,
    revision: Option<String>,
    reporter: Reporter,
) {
    let cancel = &reporter.cancel;
    let loaded = match &revision {
        Some(revision) => docs::ensure_docs_at(&session, &entity_ref, revision, cancel).await,
        None => docs::ensure_docs(&session, &entity_ref, cancel).await,
    };
    let result = match loaded {
        Ok(None) => Ok(None),
        Ok(Some(files)) => {
            let book = Book::new(entity_ref.name(), &files.config, files.pages);
            Ok(Some(Arc::new(book)))
        }
        Err(error) => Err(error.to_string()),
    };
    reporter
        .answer(Answer::Docs(entity_ref, revision, result))
        .await;
    reporter.end(Ok(None)).await;
}

/// Reads images of docs and unpacks them, to be shown on `canvas`.
pub(super) async fn images(
    session: Arc<Session>,
    wanted: WantedImages,
    canvas: Option<Canvas>,
    messages: Sender<Msg>,
) {
    let WantedImages {
        entity_ref,
        generation,
        files,
    } = wanted;
    let paths = files.iter().map(|(_, path)| path.clone()).collect();
    let cancel = CancellationToken::new();
    let read = docs::files::files(&session, &entity_ref, paths, MAX_BYTES, &cancel).await;
    let read = read.unwrap_or_else(|error| {
        tracing::warn!(%error, "images of docs cannot be read");
        Vec::new()
    });
    let unpacked = tokio::task::spawn_blocking(move || {
        let unpack = |(image, path): (usize, String), bytes: Option<Vec<u8>>| {
            let picture = bytes.map(|bytes| Picture::read(&bytes));
            let said = |error| format!("{path}: {error}");
            (
                image,
                picture.map(|picture| {
                    let picture = picture.map(|picture| Arc::new(picture.on(canvas)));
                    picture.map_err(said)
                }),
            )
        };
        let pairs = files.into_iter().zip(read);
        pairs.map(|(file, bytes)| unpack(file, bytes)).collect()
    });
    if let Ok(images) = unpacked.await {
        let done = DocsDone::Images { generation, images };
        let _ = messages.send(Msg::Answer(Answer::DocsDone(done))).await;
    }
}

/// Where `url`, which the page `page` of `from` names, leads among the docs of the catalog, or why that is not known;
/// `None` where it is an address elsewhere.
pub(super) fn follow(
    session: &Session,
    index: &Index,
    from: &EntityRef,
    url: &str,
    page: &str,
) -> Option<Answer> {
    let rows = index.rows();
    let with_docs = rows.filter(|row| index.summary(*row).is_some_and(|summary| summary.has_docs));
    let candidates = with_docs.filter_map(|row| index.entity_ref(row));
    match docs::files::page_at(session, from, url, page, candidates) {
        Ok(Some((entity_ref, page, anchor))) => Some(Answer::DocsAt {
            url: url.to_owned(),
            entity_ref,
            page,
            anchor,
        }),
        Ok(None) if url.contains(':') => None,
        Ok(None) => {
            let said = format!("No docs of the catalog lie at {url}.");
            Some(Answer::Said(Err(said)))
        }
        Err(error) => Some(Answer::Said(Err(error.to_string()))),
    }
}

/// The local file of a page of docs, where it is at hand.
pub(super) fn file(
    session: &Session,
    entity_ref: &EntityRef,
    page: &str,
    line: u32,
) -> Option<Place> {
    let found = docs::files::page_file(session, entity_ref, page, line);
    found.unwrap_or_else(|error| {
        tracing::warn!(%error, "the file of a page is not known");
        None
    })
}
