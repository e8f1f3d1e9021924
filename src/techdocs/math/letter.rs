//! Letters in other alphabets, and as super- and subscripts.

/// An alphabet that a command sets letters in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// As they are typed.
    Plain,
    /// `\mathbb`.
    Double,
    /// `\mathcal`, `\mathscr`.
    Script,
    /// `\mathbf`.
    Bold,
    /// `\mathfrak`.
    Fraktur,
}

impl Alphabet {
    /// The alphabet of a command, without its backslash.
    pub(super) fn of(command: &str) -> Option<Self> {
        Some(match command {
            "mathbb" => Self::Double,
            "mathcal" | "mathscr" => Self::Script,
            "mathbf" | "boldsymbol" | "bm" => Self::Bold,
            "mathfrak" => Self::Fraktur,
            "mathrm" | "mathit" | "mathsf" | "mathtt" => Self::Plain,
            _ => return None,
        })
    }

    /// A letter in it; as it is where the alphabet has no such letter.
    pub(super) fn letter(self, c: char) -> char {
        // The blocks of the alphabets have holes where the letter was there before.
        let held = match (self, c) {
            (Self::Double, 'C') => 'ℂ',
            (Self::Double, 'H') => 'ℍ',
            (Self::Double, 'N') => 'ℕ',
            (Self::Double, 'P') => 'ℙ',
            (Self::Double, 'Q') => 'ℚ',
            (Self::Double, 'R') => 'ℝ',
            (Self::Double, 'Z') => 'ℤ',
            (Self::Script, 'B') => 'ℬ',
            (Self::Script, 'E') => 'ℰ',
            (Self::Script, 'F') => 'ℱ',
            (Self::Script, 'H') => 'ℋ',
            (Self::Script, 'I') => 'ℐ',
            (Self::Script, 'L') => 'ℒ',
            (Self::Script, 'M') => 'ℳ',
            (Self::Script, 'R') => 'ℛ',
            (Self::Script, 'e') => 'ℯ',
            (Self::Script, 'g') => 'ℊ',
            (Self::Script, 'o') => 'ℴ',
            (Self::Fraktur, 'C') => 'ℭ',
            (Self::Fraktur, 'H') => 'ℌ',
            (Self::Fraktur, 'I') => 'ℑ',
            (Self::Fraktur, 'R') => 'ℜ',
            (Self::Fraktur, 'Z') => 'ℨ',
            _ => ' ',
        };
        if held != ' ' {
            return held;
        }
        let first = match self {
            Self::Plain => return c,
            Self::Bold => 0x1d400,
            Self::Script => 0x1d49c,
            Self::Fraktur => 0x1d504,
            Self::Double => 0x1d538,
        };
        let place = match c {
            'A'..='Z' => u32::from(c) - u32::from('A'),
            'a'..='z' => 26 + u32::from(c) - u32::from('a'),
            _ => return c,
        };
        char::from_u32(first + place).unwrap_or(c)
    }
}

/// `text` raised, where all of it can be.
pub(super) fn raised(text: &str) -> Option<String> {
    const FROM: &str = "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδθφχ′∗*⊤";
    const INTO: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᶿᵠᵡ′**ᵀ";
    moved(text, FROM, INTO)
}

/// `text` lowered, where all of it can be.
pub(super) fn lowered(text: &str) -> Option<String> {
    const FROM: &str = "0123456789+-=()aehijklmnoprstuvxβγρφχ";
    const INTO: &str = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ";
    moved(text, FROM, INTO)
}

fn moved(text: &str, from: &str, into: &str) -> Option<String> {
    text.chars()
        .filter(|c| *c != ' ')
        .map(|c| {
            let at = from.chars().position(|known| known == c)?;
            into.chars().nth(at)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_other_alphabets_exist() {
        let all: String = "ABZaz"
            .chars()
            .map(|c| Alphabet::Double.letter(c))
            .collect();
        assert_eq!(all, "𝔸𝔹ℤ𝕒𝕫");
        assert_eq!(Alphabet::Bold.letter('x'), '𝐱');
        assert_eq!(Alphabet::Script.letter('3'), '3');
    }

    #[test]
    fn scripts_are_moved_whole_or_not_at_all() {
        assert_eq!(raised("n + 1").as_deref(), Some("ⁿ⁺¹"));
        assert_eq!(lowered("i,j"), None);
        for c in "0123456789+-=()abz′*".chars() {
            assert!(raised(&c.to_string()).is_some(), "{c}");
        }
    }
}
