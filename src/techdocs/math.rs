//! Formulas in TeX → Unicode: on one line within text, in two dimensions where they stand alone.
//!
//! What TeX authors write in docs is small: symbols, Greek letters, super- and subscripts, fractions, roots, sums and
//! matrices. That is read into a tree ([`parse`]) and set ([`inline`], [`display`]). A command that is not known makes
//! the whole formula unknown: its source says more than half of it.

mod grid;
mod letter;
mod line;
mod parse;
mod symbol;

/// Longer formulas are shown as their source, in bytes.
const MAX_FORMULA: usize = 4 << 10;

/// A formula on one line; `None` where it is not understood.
pub fn inline(tex: &str) -> Option<String> {
    let nodes = parse::parse(bounded(tex)?)?;
    Some(line::set(&nodes)).filter(|text| !text.is_empty())
}

/// A formula that stands alone, as lines; `None` where it is not understood or wider than `width` columns.
pub fn display(tex: &str, width: usize) -> Option<Vec<String>> {
    let nodes = parse::parse(bounded(tex)?)?;
    let rows = grid::set(&nodes);
    let fits = rows
        .iter()
        .all(|row| unicode_width::UnicodeWidthStr::width(row.as_str()) <= width);
    (fits && !rows.is_empty()).then_some(rows)
}

/// The formula, where it is not too long to be read.
fn bounded(tex: &str) -> Option<&str> {
    (tex.len() <= MAX_FORMULA).then(|| tex.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(tex: &str) -> String {
        inline(tex).unwrap_or_else(|| format!("source: {tex}"))
    }

    #[test]
    fn formulas_within_text_are_one_line() {
        assert_eq!(shown("E = mc^2"), "E = mc²");
        assert_eq!(shown(r"\alpha_{i+1} \le \beta^{n}"), "αᵢ₊₁ ≤ βⁿ");
        assert_eq!(shown(r"\frac{a+b}{2c}"), "(a + b)/(2c)");
        assert_eq!(
            shown(r"\frac12 \sqrt{x} + \sqrt[3]{x+y}"),
            "1/2 √x + ∛(x + y)"
        );
        assert_eq!(shown(r"\sum_{i=1}^{n} x_i \to \infty"), "∑ᵢ₌₁ⁿ xᵢ → ∞");
        assert_eq!(shown(r"x^{q^2} y_{Q}"), "x^(q²)y_Q");
        assert_eq!(
            shown(r"\mathbb{R}^n, \mathcal{O}(n \log n)"),
            "ℝⁿ, 𝒪(n log n)"
        );
        assert_eq!(shown(r"\hat{x} \cdot \vec{v}"), "x̂ · v⃗");
        assert_eq!(shown(r"\text{rate} = 5\,\text{req/s}"), "rate = 5 req/s");
        assert_eq!(shown(r"f'(x) \neq -1"), "f′(x) ≠ -1");
        assert_eq!(shown(r"\left( \frac{1}{x} \right]"), "(1/x]");
        assert_eq!(
            shown(r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}"),
            "(1 0; 0 1)"
        );
    }

    #[test]
    fn what_is_not_understood_stays_source() {
        for tex in [
            r"\unheardof{x}",
            r"\frac{a}",
            "{a",
            "a}",
            r"\begin{x}",
            "",
            "x^",
            r"\def\x{\x\x}\x",
        ] {
            assert_eq!(inline(tex), None, "{tex}");
        }
        assert_eq!(inline(&"{".repeat(4_000)), None);
        assert_eq!(inline(&"x".repeat(5_000)), None);
        assert_eq!(display(r"a + b + c + d", 5), None);
    }

    #[test]
    fn formulas_that_stand_alone_have_height() {
        let shown = |tex: &str| display(tex, 60).unwrap_or_default();
        assert_eq!(
            shown(r"x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}"),
            [
                "    -b ± √(b² - 4ac)",
                "x = ────────────────",
                "           2a"
            ]
        );
        assert_eq!(
            shown(r"\sum_{i=1}^{n} i = \frac{n(n+1)}{2}"),
            [" n      n(n + 1)", " ∑  i = ────────", "i=1        2"]
        );
        assert_eq!(
            shown(r"\frac{1}{T} \int_0^T d"),
            ["1 T", "─ ∫ d", "T 0"],
            "what is tall stands apart"
        );
        assert_eq!(
            shown(r"A = \begin{bmatrix} 1 & 20 \\ 3 & 4 \end{bmatrix}"),
            ["    ⎡1  20⎤", "A = ⎣3  4 ⎦"]
        );
        assert_eq!(
            shown(r"|x| = \begin{cases} x & x \ge 0 \\ -x & \text{otherwise} \end{cases}"),
            ["      ⎧x   x ≥ 0", "|x| = ⎩-x  otherwise"]
        );
        assert_eq!(
            shown(r"\begin{aligned} a &= b \\ c &= d + e \end{aligned}"),
            ["a = b", "c = d + e"]
        );
    }
}
