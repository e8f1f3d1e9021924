//! The frames of Git's protocol: four hexadecimal digits that give the length, themselves included, then the data.
//! Lengths below four are signs. As in <https://git-scm.com/docs/gitprotocol-common#_pkt_line_format>.

/// The longest frame, its length included.
const LONGEST: usize = 65_520;
/// How many bytes the length takes.
const LENGTH: usize = 4;

/// One frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packet<'a> {
    /// A line, or a part of a stream.
    Data(&'a [u8]),
    /// The end of a message.
    Flush,
    /// The end of a section of a message.
    Delimiter,
    /// The end of an answer over a connection that keeps no state.
    End,
}

/// What is no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("speaks no Git: a frame has no proper length")]
pub(super) struct Malformed;

/// The first frame of `bytes` and what follows it; `None` where more bytes are needed to tell.
pub(super) fn split(bytes: &[u8]) -> Result<Option<(Packet<'_>, &[u8])>, Malformed> {
    let Some((digits, rest)) = bytes.split_at_checked(LENGTH) else {
        // A frame that begins wrongly needs no more bytes to be refused.
        return if bytes.iter().all(u8::is_ascii_hexdigit) {
            Ok(None)
        } else {
            Err(Malformed)
        };
    };
    let mut length = 0;
    for &digit in digits {
        let value = char::from(digit).to_digit(16).ok_or(Malformed)?;
        length = length * 16 + value as usize;
    }
    let packet = match length {
        0 => Packet::Flush,
        1 => Packet::Delimiter,
        2 => Packet::End,
        3 => return Err(Malformed),
        length if length > LONGEST => return Err(Malformed),
        length => {
            return Ok(rest
                .split_at_checked(length - LENGTH)
                .map(|(data, rest)| (Packet::Data(data), rest)));
        }
    };
    Ok(Some((packet, rest)))
}

/// Appends `line` as a frame of its own, with a line feed. What does not fit is cut off: callers send short lines.
pub(super) fn push_line(line: &str, to: &mut Vec<u8>) {
    let data = line.as_bytes();
    let data = data.get(..LONGEST - LENGTH - 1).unwrap_or(data);
    to.extend_from_slice(format!("{:04x}", data.len() + LENGTH + 1).as_bytes());
    to.extend_from_slice(data);
    to.push(b'\n');
}

/// Appends a sign.
pub(super) fn push_sign(sign: Packet<'_>, to: &mut Vec<u8>) {
    to.extend_from_slice(match sign {
        Packet::Flush => b"0000",
        Packet::Delimiter => b"0001",
        Packet::End => b"0002",
        Packet::Data(_) => b"",
    });
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn frames_are_those_of_git() {
        let mut bytes = Vec::new();
        push_line("ref-prefix HEAD", &mut bytes);
        assert_eq!(bytes, b"0014ref-prefix HEAD\n");
        for (sign, text) in [
            (Packet::Flush, "0000"),
            (Packet::Delimiter, "0001"),
            (Packet::End, "0002"),
        ] {
            let mut bytes = Vec::new();
            push_sign(sign, &mut bytes);
            assert_eq!(bytes, text.as_bytes());
            assert_eq!(split(&bytes), Ok(Some((sign, &b""[..]))));
        }
        assert_eq!(split(b"0004x"), Ok(Some((Packet::Data(b""), &b"x"[..]))));
        assert_eq!(
            split(b"0006a\nb"),
            Ok(Some((Packet::Data(b"a\n"), &b"b"[..])))
        );
    }

    #[test]
    fn what_is_cut_off_waits_and_what_is_no_frame_is_refused() {
        for cut in ["", "0", "00", "000", "0005", "fff0abc"] {
            assert_eq!(split(cut.as_bytes()), Ok(None), "{cut}");
        }
        for wrong in ["0003", "fff1", "ffff", "<htm", "+123", "-001", "00 4", "x"] {
            assert_eq!(split(wrong.as_bytes()), Err(Malformed), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn lines_come_back(lines in proptest::collection::vec("[ -~]{0,200}", 0..8)) {
            let mut bytes = Vec::new();
            for line in &lines {
                push_line(line, &mut bytes);
            }
            let mut rest = bytes.as_slice();
            for line in &lines {
                let (packet, behind) = split(rest).unwrap().unwrap();
                let data = format!("{line}\n");
                prop_assert_eq!(packet, Packet::Data(data.as_bytes()));
                rest = behind;
            }
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn nothing_is_read_beyond_the_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(Some((_, rest))) = split(&bytes) {
                prop_assert!(rest.len() + LENGTH <= bytes.len());
            }
        }

        #[test]
        fn every_cut_of_a_frame_waits(line in "[ -~]{0,60}", cut in 0_usize..64) {
            let mut bytes = Vec::new();
            push_line(&line, &mut bytes);
            let cut = cut.min(bytes.len() - 1);
            prop_assert_eq!(split(&bytes[..cut]), Ok(None));
        }
    }
}
