//! The body of an answer: whole and bounded, or piece by piece as it comes.

use reqwest::Response;

use super::certificate::distrust;
use super::{Answer, causes};
use crate::host::HostError;
use crate::host::auth::host_of;

/// An answer that is read as it comes.
#[derive(Debug)]
pub(in crate::host) struct Stream {
    /// What was asked for.
    pub(super) place: String,
    /// The answer, of which nothing was read yet.
    pub(super) response: Response,
}

impl Stream {
    /// The host that gives it, which redirects may have led to.
    pub(in crate::host) fn host(&self) -> Option<String> {
        host_of(self.response.url())
    }

    /// What came next; `None` at the end.
    pub(in crate::host) async fn next(&mut self) -> Result<Option<Vec<u8>>, HostError> {
        let chunk = self.response.chunk().await;
        let chunk = chunk.map_err(|error| unreachable(&self.place, &error))?;
        Ok(chunk.map(|bytes| bytes.to_vec()))
    }
}

/// The whole of an answer, at most `limit` bytes.
pub(super) async fn whole(
    place: &str,
    limit: u64,
    mut response: Response,
) -> Result<Answer, HostError> {
    let (status, headers) = (response.status(), response.headers().clone());
    let host = host_of(response.url());
    let (url, version) = (response.url().clone(), response.version());
    let mut body = Vec::new();
    while let Some(bytes) = response
        .chunk()
        .await
        .map_err(|error| unreachable(place, &error))?
    {
        if body.len() as u64 + bytes.len() as u64 > limit {
            return Err(HostError::TooLarge {
                place: place.to_owned(),
                limit,
            });
        }
        body.extend_from_slice(&bytes);
    }
    Ok(Answer {
        status,
        headers,
        host,
        url,
        version,
        body,
    })
}

/// That `place` gave no answer, or broke it off.
pub(super) fn unreachable(place: &str, error: &reqwest::Error) -> HostError {
    if let Some(error) = distrust(place, error) {
        return error;
    }
    let (place, reason) = (place.to_owned(), causes(error));
    if error.is_connect() || error.is_builder() || error.is_redirect() {
        HostError::Unreachable { place, reason }
    } else {
        HostError::Overloaded { place, reason }
    }
}
