//! Asking for the tip of a branch without `git`: the command `ls-refs` of protocol version 2, and what older servers say
//! unasked. As in <https://git-scm.com/docs/protocol-v2> and <https://git-scm.com/docs/gitprotocol-pack>.

use super::pkt_line::{Malformed, Packet, push_line, push_sign, split};
use super::repository::Tip;
use crate::catalog::text::one_line;

/// What goes into the variable `GIT_PROTOCOL`, or the header of the same name.
pub(super) const VERSION: &str = "version=2";

/// The most that is read of what a server says: the references of some 300,000 branches, where it names all unasked.
pub(super) const MOST: usize = 32 << 20;

/// Why the words of a server are of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unheard {
    /// It says why it gives nothing.
    #[error("{0}")]
    Refused(String),
    /// These are not the words of a Git server.
    #[error("{0}")]
    Strange(String),
}

impl From<Malformed> for Unheard {
    fn from(malformed: Malformed) -> Self {
        Self::Strange(malformed.to_string())
    }
}

/// How far the listening has come.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// There is more to come.
    More,
    /// The server speaks version 2 and waits to be asked.
    Greeted,
    /// All is said.
    All,
}

/// The full names under which `reference` may be listed, the likeliest first; without one the default branch.
fn names(reference: Option<&str>) -> Vec<String> {
    match reference {
        None => vec!["HEAD".to_owned()],
        Some(reference) => vec![
            format!("refs/heads/{reference}"),
            format!("refs/tags/{reference}"),
            reference.to_owned(),
        ],
    }
}

/// The question for the tip of `reference`, else of the default branch; `format` is that of object ids where the server
/// named one.
pub(super) fn question(reference: Option<&str>, format: Option<&str>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(160);
    push_line("command=ls-refs", &mut bytes);
    let agent = concat!("agent=stagedoor/", env!("CARGO_PKG_VERSION"));
    push_line(agent, &mut bytes);
    if let Some(format) = format {
        push_line(&format!("object-format={format}"), &mut bytes);
    }
    push_sign(Packet::Delimiter, &mut bytes);
    push_line("symrefs", &mut bytes);
    for name in names(reference) {
        push_line(&format!("ref-prefix {name}"), &mut bytes);
    }
    push_sign(Packet::Flush, &mut bytes);
    bytes
}

/// What stands in the next packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The greeting: a version, or at once the references.
    Greeting,
    /// The name of the service, in front of the greeting over HTTP.
    Service,
    /// What a server of version 2 can do.
    Capabilities,
    /// References.
    References,
}

/// One who listens to a server for one reference, and keeps nothing else of what it says.
#[derive(Debug)]
pub(super) struct Listener {
    stage: Stage,
    names: Vec<String>,
    /// The object ids of those names that were listed.
    ids: Vec<Option<String>>,
    /// The branch that `HEAD` stands for.
    head: Option<String>,
    /// The format of object ids, as the server names it.
    pub(super) format: Option<String>,
}

impl Listener {
    /// Listens to the answer to [`question`].
    pub(super) fn to_answer(reference: Option<&str>) -> Self {
        let names = names(reference);
        Self {
            stage: Stage::References,
            ids: vec![None; names.len()],
            names,
            head: None,
            format: None,
        }
    }

    /// Listens to a server that begins to speak.
    pub(super) fn to_greeting(reference: Option<&str>) -> Self {
        Self {
            stage: Stage::Greeting,
            ..Self::to_answer(reference)
        }
    }

    /// Listens on after [`Heard::Greeted`], when the question was asked.
    pub(super) fn asked(&mut self) {
        self.stage = Stage::References;
    }

    /// Takes the frames that are whole in `bytes`, up to where something happened, and gives how many bytes they took.
    pub(super) fn hear(&mut self, bytes: &[u8]) -> Result<(Heard, usize), Unheard> {
        let mut rest = bytes;
        while let Some((packet, behind)) = split(rest)? {
            rest = behind;
            let heard = self.take(packet)?;
            if heard != Heard::More {
                return Ok((heard, bytes.len() - rest.len()));
            }
        }
        Ok((Heard::More, bytes.len() - rest.len()))
    }

    fn take(&mut self, packet: Packet<'_>) -> Result<Heard, Unheard> {
        let line = match packet {
            Packet::Data(line) => line,
            Packet::Flush => {
                return Ok(match self.stage {
                    Stage::Service => {
                        self.stage = Stage::Greeting;
                        Heard::More
                    }
                    Stage::Capabilities => Heard::Greeted,
                    Stage::Greeting | Stage::References => Heard::All,
                });
            }
            Packet::Delimiter | Packet::End => return Ok(Heard::More),
        };
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = String::from_utf8_lossy(line);
        if let Some(reason) = line.strip_prefix("ERR ") {
            return Err(Unheard::Refused(one_line(reason)));
        }
        match self.stage {
            Stage::Greeting if line.starts_with("# service=") => self.stage = Stage::Service,
            Stage::Greeting if line == "version 2" => self.stage = Stage::Capabilities,
            Stage::Greeting if line == "version 1" => self.stage = Stage::References,
            Stage::Capabilities => {
                if let Some(format) = line.strip_prefix("object-format=") {
                    self.format = Some(one_line(format));
                }
            }
            Stage::Service => {}
            Stage::Greeting | Stage::References => {
                self.stage = Stage::References;
                self.reference(&line)?;
            }
        }
        Ok(Heard::More)
    }

    /// `OID NAME symref-target:TARGET` of version 2; `OID NAME`, the first with `\0` and `symref=HEAD:TARGET` among its
    /// capabilities, of older ones.
    fn reference(&mut self, line: &str) -> Result<(), Unheard> {
        let (line, capabilities) = line.split_once('\0').unwrap_or((line, ""));
        let mut words = line.split(' ');
        let (Some(oid), Some(name)) = (words.next(), words.next()) else {
            return Err(strange());
        };
        if oid == "unborn" {
            return Ok(());
        }
        if !is_object_id(oid) {
            return Err(strange());
        }
        let mut capabilities = capabilities.split(' ');
        let branch = words
            .find_map(|word| word.strip_prefix("symref-target:"))
            .filter(|_| name == "HEAD")
            .or_else(|| capabilities.find_map(|word| word.strip_prefix("symref=HEAD:")));
        if let Some(branch) = branch.filter(|branch| is_branch(branch)) {
            self.head = Some(branch.to_owned());
        }
        for (known, id) in self.names.iter().zip(&mut self.ids) {
            if known == name {
                *id = Some(oid.to_owned());
            }
        }
        Ok(())
    }

    /// The tip that was listened for; `None` where the server has none of that name.
    pub(super) fn tip(self) -> Option<Tip> {
        let all = self.names.into_iter().zip(self.ids);
        let (name, commit) = all.into_iter().find_map(|(name, id)| Some((name, id?)))?;
        let name = match self.head {
            Some(branch) if name == "HEAD" => branch,
            _ => name,
        };
        Some(Tip { commit, name })
    }
}

/// Whether `text` is the id of an object: SHA-1 or SHA-256.
fn is_object_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether `name` is the full name of a branch, and nothing that `git` would read otherwise among its arguments
/// (`git check-ref-format`).
fn is_branch(name: &str) -> bool {
    name.starts_with("refs/heads/")
        && !name.contains("..")
        && !name.contains(|c: char| c.is_control() || " ~^:?*[\\".contains(c))
}

fn strange() -> Unheard {
    Unheard::Strange("does not list references as Git does".to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: &str = "0123456789012345678901234567890123456789";
    const B: &str = "abcdefabcdefabcdefabcdefabcdefabcdefabcd";

    fn frames(lines: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for line in lines {
            match *line {
                "0000" => push_sign(Packet::Flush, &mut bytes),
                line => push_line(line, &mut bytes),
            }
        }
        bytes
    }

    fn tip(commit: &str, name: &str) -> Tip {
        Tip {
            commit: commit.to_owned(),
            name: name.to_owned(),
        }
    }

    /// What a listener makes of `bytes` that come one by one.
    fn listen(mut listener: Listener, bytes: &[u8]) -> Result<(Heard, Option<Tip>), Unheard> {
        let mut buffer = Vec::new();
        for &byte in bytes {
            buffer.push(byte);
            let (heard, taken) = listener.hear(&buffer)?;
            buffer.drain(..taken);
            if heard != Heard::More {
                return Ok((heard, listener.tip()));
            }
        }
        Ok((Heard::More, listener.tip()))
    }

    #[test]
    fn the_question_is_short() {
        let bytes = question(None, None);
        assert!(bytes.len() < 110, "{}", bytes.len());
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("0014command=ls-refs\n"), "{text}");
        assert!(
            text.ends_with("0001000csymrefs\n0014ref-prefix HEAD\n0000"),
            "{text}"
        );
        let named = String::from_utf8(question(Some("v1"), Some("sha256"))).unwrap();
        for part in [
            "object-format=sha256\n",
            "ref-prefix refs/heads/v1\n",
            "ref-prefix refs/tags/v1\n",
        ] {
            assert!(named.contains(part), "{named}");
        }
    }

    #[test]
    fn an_answer_gives_the_default_branch_or_the_named_one() {
        let answer = frames(&[&format!("{A} HEAD symref-target:refs/heads/trunk"), "0000"]);
        let heard = listen(Listener::to_answer(None), &answer);
        assert_eq!(heard, Ok((Heard::All, Some(tip(A, "refs/heads/trunk")))));
        // A prefix matches more than what was asked for.
        let answer = frames(&[
            &format!("{A} refs/heads/v1.1"),
            &format!("{B} refs/tags/v1"),
            "0000",
        ]);
        let heard = listen(Listener::to_answer(Some("v1")), &answer);
        assert_eq!(heard, Ok((Heard::All, Some(tip(B, "refs/tags/v1")))));
        let empty = listen(Listener::to_answer(None), b"0000");
        assert_eq!(empty, Ok((Heard::All, None)));
        let unborn = frames(&["unborn HEAD symref-target:refs/heads/main", "0000"]);
        assert_eq!(
            listen(Listener::to_answer(None), &unborn),
            Ok((Heard::All, None))
        );
    }

    #[test]
    fn a_server_of_version_2_waits_for_the_question() {
        let greeting = frames(&[
            "version 2",
            "agent=git/2.47",
            "ls-refs=unborn",
            "object-format=sha1",
            "0000",
        ]);
        let mut listener = Listener::to_greeting(None);
        assert_eq!(
            listener.hear(&greeting),
            Ok((Heard::Greeted, greeting.len()))
        );
        assert_eq!(listener.format.as_deref(), Some("sha1"));
        listener.asked();
        let answer = frames(&[&format!("{A} HEAD symref-target:refs/heads/main"), "0000"]);
        assert_eq!(
            listen(listener, &answer),
            Ok((Heard::All, Some(tip(A, "refs/heads/main"))))
        );
    }

    #[test]
    fn older_servers_name_all_unasked() {
        let first = format!("{A} HEAD\0multi_ack symref=HEAD:refs/heads/main agent=git/1.9");
        let rest = format!("{B} refs/heads/v1");
        for service in [true, false] {
            let mut lines = vec![first.as_str(), rest.as_str(), "0000"];
            if service {
                lines.splice(0..0, ["# service=git-upload-pack", "0000"]);
            }
            let bytes = frames(&lines);
            let heard = |reference| listen(Listener::to_greeting(reference), &bytes);
            assert_eq!(
                heard(None),
                Ok((Heard::All, Some(tip(A, "refs/heads/main"))))
            );
            assert_eq!(
                heard(Some("v1")),
                Ok((Heard::All, Some(tip(B, "refs/heads/v1"))))
            );
        }
        let none = format!("{} capabilities^{{}}\0agent=x", "0".repeat(40));
        let empty = frames(&[&none, "0000"]);
        assert_eq!(
            listen(Listener::to_greeting(None), &empty),
            Ok((Heard::All, None))
        );
    }

    #[test]
    fn a_branch_that_could_be_read_otherwise_is_none() {
        for target in [
            "refs/heads/a:refs/heads/b",
            "--upload-pack=x",
            "refs/heads/../x",
        ] {
            let answer = frames(&[&format!("{A} HEAD symref-target:{target}"), "0000"]);
            let heard = listen(Listener::to_answer(None), &answer);
            assert_eq!(heard, Ok((Heard::All, Some(tip(A, "HEAD")))), "{target}");
        }
    }

    #[test]
    fn what_is_no_answer_is_told() {
        let refused = listen(
            Listener::to_greeting(None),
            &frames(&["ERR access denied\u{1b}[2J"]),
        );
        assert_eq!(
            refused,
            Err(Unheard::Refused("access denied[2J".to_owned()))
        );
        for bytes in [&b"<html>"[..], b"0008abcd", b"000ax HEAD", b"0003"] {
            let heard = listen(Listener::to_answer(None), bytes);
            assert!(matches!(heard, Err(Unheard::Strange(_))), "{heard:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(
            lines in proptest::collection::vec("[ -~\\x00\\n]{0,40}", 0..6),
            tail in proptest::collection::vec(any::<u8>(), 0..20),
        ) {
            let mut bytes = Vec::new();
            for line in &lines {
                push_line(line, &mut bytes);
            }
            bytes.extend(tail);
            for listener in [Listener::to_greeting(None), Listener::to_answer(Some("x"))] {
                if let Ok((_, Some(tip))) = listen(listener, &bytes) {
                    prop_assert!(is_object_id(&tip.commit));
                }
            }
        }
    }
}
