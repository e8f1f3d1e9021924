//! What Git complains of, on one line and with what to do about it where it was not let in.

use crate::catalog::text::one_line;

/// `errors`, and what helps.
pub(super) fn said(errors: &str) -> String {
    let text = one_line(errors);
    let asked = ["terminal prompts disabled", "Authentication failed for"];
    if asked.iter().any(|words| text.contains(words)) {
        return match host(&text) {
            Some(host) => {
                format!("{text}; sign in: `stagedoor login {host}`, or configure a token")
            }
            None => text,
        };
    }
    if text.contains("returned error: 403") {
        return format!("{text}; your token does not allow it there");
    }
    text
}

/// The host in the first address that Git names, with its port.
fn host(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    let end = rest.find(['/', '\'', ' ']).unwrap_or(rest.len());
    let host = rest.get(..end)?;
    (!host.is_empty() && !host.contains('@')).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_let_in_is_told_how_to_be() {
        let prompt = "fatal: could not read Username for 'https://git.acme.dev:8443': terminal prompts disabled\n";
        assert!(
            said(prompt).ends_with("`stagedoor login git.acme.dev:8443`, or configure a token")
        );
        let refused = "fatal: Authentication failed for 'https://github.com/acme/new.git/'";
        assert!(said(refused).contains("`stagedoor login github.com`"));
        let forbidden =
            "fatal: unable to access 'https://h.dev/a/': The requested URL returned error: 403";
        assert!(said(forbidden).ends_with("; your token does not allow it there"));
        assert_eq!(said("fatal: no such branch\n"), "fatal: no such branch");
    }
}
