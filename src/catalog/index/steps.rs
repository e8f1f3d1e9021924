//! Numbers packed small: seven bits a byte, the last byte below 128. Ascending rows are kept as steps from one to the next.

/// Appends a number.
pub(super) fn push(bytes: &mut Vec<u8>, mut number: u32) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 128);
    }
}

/// The numbers in `bytes`.
pub(super) fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let mut number = 0_u32;
    let mut shift = 0;
    bytes.iter().filter_map(move |byte| {
        number |= u32::from(byte & 127).checked_shl(shift).unwrap_or_default();
        shift += 7;
        if *byte >= 128 {
            return None;
        }
        shift = 0;
        Some(std::mem::take(&mut number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_any_length_are_packed() {
        let all = [0, 1, 127, 128, 300, 16_383, 16_384, u32::MAX];
        let mut bytes = Vec::new();
        for number in all {
            push(&mut bytes, number);
        }
        assert_eq!(numbers(&bytes).collect::<Vec<_>>(), all);
    }
}
