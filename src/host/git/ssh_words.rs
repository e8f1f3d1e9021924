//! What the complaints of `ssh` mean, and what to do about them.

use super::super::HostError;
use crate::catalog::text::one_line;

/// What `stderr` says of the connection to `host`, whose key is known as `known_as` and which `ssh CALL` calls; `None`
/// where it is not about the connection.
pub(super) fn understood(
    stderr: &str,
    host: &str,
    known_as: &str,
    call: &str,
) -> Option<HostError> {
    let says = |words: &str| stderr.contains(words);
    let refused = |reason: &str, remedy: String| {
        Some(HostError::NotSignedIn {
            host: host.to_owned(),
            reason: reason.to_owned(),
            remedy,
        })
    };
    if says("IDENTIFICATION HAS CHANGED") {
        return refused(
            "its SSH key is another than the known one",
            format!(
                "ask its administrators whether it has a new one; then run `ssh-keygen -R '{known_as}'` and call it once with `ssh {call}`"
            ),
        );
    }
    if says("Host key verification failed") || says("host key is known for") {
        return refused(
            "its SSH key is not known yet",
            format!("call it once with `ssh {call}` and compare its fingerprint"),
        );
    }
    if says("Permission denied (") || says("Too many authentication failures") {
        return refused(
            "SSH is not let in with any of your keys",
            format!(
                "run `ssh-add`, or put your public key into your account there; `ssh {call}` shows whether it fits"
            ),
        );
    }
    let last = stderr.lines().rfind(|line| {
        [
            "Could not resolve hostname",
            "Connection refused",
            "Connection timed out",
            "Connection closed by",
            "Connection reset by",
            "Operation timed out",
            "No route to host",
            "Network is unreachable",
            "timed out during banner exchange",
            "kex_exchange_identification",
        ]
        .iter()
        .any(|words| line.contains(words))
    })?;
    Some(HostError::Unreachable {
        place: host.to_owned(),
        reason: one_line(last.trim_start_matches("ssh: ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_complaint_has_its_remedy() {
        let of = |stderr| {
            let error = understood(stderr, "h.dev", "[h.dev]:2222", "-p 2222 git@h.dev");
            error.map(|error| error.to_string()).unwrap_or_default()
        };
        let changed = "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.\r\n";
        assert!(of(changed).contains("`ssh-keygen -R '[h.dev]:2222'`"));
        let unknown = "No ED25519 host key is known for h.dev and you have requested strict checking.\nHost key verification failed.";
        assert!(of(unknown).contains("`ssh -p 2222 git@h.dev` and compare"));
        let refused = "git@h.dev: Permission denied (publickey).\r\n";
        assert!(of(refused).contains("ssh-add"));
        let gone = "ssh: connect to host h.dev port 22: Connection refused\r\n";
        assert!(of(gone).contains("cannot be reached: connect to host h.dev port 22"));
        assert_eq!(of("fatal: '/x' does not appear to be a git repository"), "");
    }
}
