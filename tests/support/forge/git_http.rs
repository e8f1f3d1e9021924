//! Smart HTTP by `git http-backend`, run as the CGI program it is.

use std::process::Stdio;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::Shared;

/// Whether this machine's git has the program.
pub(super) fn is_available() -> bool {
    let output = std::process::Command::new("git")
        .arg("--exec-path")
        .output();
    output.is_ok_and(|output| {
        let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        std::path::Path::new(&path)
            .join("git-http-backend")
            .exists()
    })
}

/// Answers one request of a `git` client.
pub(super) async fn serve(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 256 << 20).await.unwrap();
    let path = parts.uri.path();
    if let Some(response) = light(&shared, path, &body) {
        return response;
    }
    let header = |name: &str| {
        let value = parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let mut child = Command::new("git")
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", shared.repositories.root())
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("PATH_INFO", below(path).replacen("/_git/", "/", 1))
        .env("QUERY_STRING", parts.uri.query().unwrap_or_default())
        .env("REQUEST_METHOD", parts.method.as_str())
        .env("CONTENT_TYPE", header("content-type"))
        .env("CONTENT_LENGTH", body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
        .env("GIT_PROTOCOL", header("git-protocol"))
        .env("REMOTE_USER", "forge")
        .env("REMOTE_ADDR", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feed = async {
        let _ = stdin.write_all(&body).await;
        drop(stdin);
    };
    let ((), output) = tokio::join!(feed, child.wait_with_output());
    answer(&output.unwrap().stdout)
}

/// What a light repository says of its tip, where that is asked.
fn light(shared: &Shared, path: &str, body: &[u8]) -> Option<Response> {
    let name = path.strip_suffix(".git/git-upload-pack")?;
    let tips = shared
        .repositories
        .light_tips(name.trim_start_matches('/'))?;
    assert!(String::from_utf8_lossy(body).contains("command=ls-refs"));
    let frame = |(oid, branch): (String, String)| {
        let line = format!("{oid} HEAD symref-target:refs/heads/{branch}\n");
        format!("{:04x}{line}", line.len() + 4)
    };
    let frames: String = tips.into_iter().map(frame).collect();
    let kind = [("content-type", "application/x-git-upload-pack-result")];
    Some((kind, frames + "0000").into_response())
}

/// The path of a repository without what some hosts have in front of it.
fn below(path: &str) -> &str {
    let mut fronts = ["/gitlab", "/scm", "/gerrit/a"].into_iter();
    fronts
        .find_map(|front| path.strip_prefix(front))
        .unwrap_or(path)
}

/// What a CGI program printed, as an answer.
fn answer(output: &[u8]) -> Response {
    let Some(end) = output.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let (head, body) = (&output[..end], &output[end + 4..]);
    let mut response = Response::new(Body::from(body.to_vec()));
    for line in String::from_utf8_lossy(head).lines() {
        let (name, value) = line.split_once(": ").unwrap();
        if name == "Status" {
            let code = value.split(' ').next().unwrap().parse().unwrap();
            *response.status_mut() = StatusCode::from_u16(code).unwrap();
        } else {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            let value = HeaderValue::from_str(value).unwrap();
            response.headers_mut().insert(name, value);
        }
    }
    response
}
