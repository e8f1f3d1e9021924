//! The docs that an instance serves, as its TechDocs plugin does.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{Fault, Instance, Shared, refused};

impl Instance {
    /// Serves the docs of `entity` (`default/Component/name`): `metadata`, and pages by their path.
    pub(crate) fn serve_docs(&self, entity: &str, metadata: &str, pages: &[(&str, &str)]) {
        self.shared
            .docs
            .lock()
            .unwrap()
            .extend(files(entity, metadata, pages));
    }

    /// Serves them once they were built.
    pub(crate) fn build_docs(&self, entity: &str, metadata: &str, pages: &[(&str, &str)]) {
        *self.shared.unbuilt.lock().unwrap() = files(entity, metadata, pages);
    }

    /// Serves no docs any more.
    pub(crate) fn forget_docs(&self) {
        self.shared.docs.lock().unwrap().clear();
    }
}

fn files(entity: &str, metadata: &str, pages: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pages = pages
        .iter()
        .map(|(path, text)| (format!("static/docs/{entity}/{path}"), (*text).to_owned()));
    let told = (format!("metadata/techdocs/{entity}"), metadata.to_owned());
    pages.chain([told]).collect()
}

pub(super) async fn serve(
    State(shared): State<Arc<Shared>>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response {
    let token = shared.note(&path, &headers);
    match shared.strike() {
        Some(Fault::Status(status, _)) => {
            return StatusCode::from_u16(status).unwrap().into_response();
        }
        Some(Fault::Elsewhere(url)) => {
            return (StatusCode::FOUND, [(header::LOCATION, url)]).into_response();
        }
        _ => {}
    }
    if !shared.lets_in(token.as_deref()) {
        return refused();
    }
    if path.starts_with("sync/") {
        let built = std::mem::take(&mut *shared.unbuilt.lock().unwrap());
        let updated = !built.is_empty();
        shared.docs.lock().unwrap().extend(built);
        let kind = [(header::CONTENT_TYPE, "text/event-stream")];
        let said = format!(
            "event: log\ndata: \"building\"\n\nevent: finish\ndata: {{\"updated\":{updated}}}\n\n"
        );
        return (kind, said).into_response();
    }
    let Some(text) = shared.docs.lock().unwrap().get(&path).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!(
        "W/\"{:x}-{}\"",
        text.len(),
        text.bytes().map(u64::from).sum::<u64>()
    );
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| *known == *tag)
    {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    ([(header::ETAG, tag)], text).into_response()
}
