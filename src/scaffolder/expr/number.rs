//! Numbers as JavaScript prints and reads them.

/// `String(number)`.
pub(crate) fn print(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    if number.fract() == 0.0 && number.abs() < 1e15 {
        #[expect(clippy::cast_possible_truncation, reason = "whole and within ±2^53")]
        return (number as i64).to_string();
    }
    // Rust and JavaScript agree on the shortest digits that read back as the same number; only the layout differs.
    let scientific = format!("{:e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = mantissa.replace('.', "");
    let point = exponent.parse::<i32>().unwrap_or(0) + 1;
    let sign = if number < 0.0 { "-" } else { "" };
    format!("{sign}{}", lay_out(&digits, point))
}

/// Writes `0.DIGITS × 10^point` as `Number::toString` of the ECMAScript standard does.
fn lay_out(digits: &str, point: i32) -> String {
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or(0));
    if (count..=21).contains(&point) {
        return format!("{digits}{}", zeros(point - count));
    }
    if (1..=21).contains(&point) {
        let at = usize::try_from(point).unwrap_or(0);
        let (whole, fraction) = digits.split_at_checked(at).unwrap_or((digits, ""));
        return format!("{whole}.{fraction}");
    }
    if (-5..=0).contains(&point) {
        return format!("0.{}{digits}", zeros(-point));
    }
    let exponent = point - 1;
    let sign = if exponent < 0 { '-' } else { '+' };
    let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
    let dot = if rest.is_empty() { "" } else { "." };
    format!("{first}{dot}{rest}e{sign}{}", exponent.abs())
}

/// `Number(text)`.
pub(super) fn read(text: &str) -> f64 {
    let text = text.trim();
    if text.is_empty() {
        return 0.0;
    }
    for (prefixes, radix) in [(["0x", "0X"], 16), (["0o", "0O"], 8), (["0b", "0B"], 2)] {
        if let Some(digits) = prefixes.iter().find_map(|p| text.strip_prefix(p)) {
            return whole(digits, radix).unwrap_or(f64::NAN);
        }
    }
    match text {
        "Infinity" | "+Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        _ if decimal_prefix(text) == text => text.parse().unwrap_or(f64::NAN),
        _ => f64::NAN,
    }
}

/// `parseFloat(text)`.
pub(super) fn parse_float(text: &str) -> f64 {
    let text = text.trim_start();
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if unsigned.starts_with("Infinity") {
        return sign * f64::INFINITY;
    }
    decimal_prefix(text).parse().unwrap_or(f64::NAN)
}

/// `parseInt(text, radix)`.
pub(super) fn parse_int(text: &str, radix: f64) -> f64 {
    let text = text.trim_start();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let (radix, text) = match (radix, hex) {
        (r, Some(rest)) if r.is_nan() || matches!(to_u32(r), 0 | 16) => (16, rest),
        (r, _) if r.is_nan() || to_u32(r) == 0 => (10, text),
        (r, _) if (2.0..=36.0).contains(&r) => (to_u32(r), text),
        _ => return f64::NAN,
    };
    let end = text
        .find(|c: char| c.to_digit(radix).is_none())
        .unwrap_or(text.len());
    text.get(..end)
        .and_then(|digits| whole(digits, radix))
        .map_or(f64::NAN, |number| sign * number)
}

fn whole(digits: &str, radix: u32) -> Option<f64> {
    if digits.is_empty() {
        return None;
    }
    if radix == 10 {
        return digits.parse().ok();
    }
    digits.chars().try_fold(0.0, |sum, c| {
        Some(sum * f64::from(radix) + f64::from(c.to_digit(radix)?))
    })
}

/// The longest beginning of `text` that is a decimal number.
fn decimal_prefix(text: &str) -> &str {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        bytes
            .get(from..)
            .map_or(0, |b| b.iter().take_while(|b| b.is_ascii_digit()).count())
    };
    let mut end = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let integer = digits(end);
    end += integer;
    let mut fraction = 0;
    if bytes.get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        if integer + fraction > 0 {
            end += 1 + fraction;
        }
    }
    if integer + fraction == 0 {
        return "";
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    text.get(..end).unwrap_or_default()
}

/// `number.toFixed(digits)`: ties go up, where Rust's formatting rounds them to even.
pub(super) fn to_fixed(number: f64, digits: usize) -> String {
    if number.abs() >= 1e21 || !number.is_finite() {
        return print(number);
    }
    let rounded = format!("{number:.digits$}");
    // An f64 has at most 1074 fraction digits, so this is its exact value.
    let exact = format!("{:.1080}", number.abs());
    let tie = exact.split_once('.').is_some_and(|(_, fraction)| {
        let (_, behind) = fraction.split_at_checked(digits).unwrap_or((fraction, ""));
        behind
            .strip_prefix('5')
            .is_some_and(|rest| rest.bytes().all(|b| b == b'0'))
    });
    let text = if tie {
        let step = 10f64.powi(-i32::try_from(digits).unwrap_or(i32::MAX));
        format!("{:.digits$}", number + number.signum() * step / 4.0)
    } else {
        rounded
    };
    if text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.')) {
        return text.trim_start_matches('-').to_owned();
    }
    text
}

/// `number.toExponential(digits)`.
pub(super) fn to_exponential(number: f64, digits: Option<usize>) -> String {
    if !number.is_finite() {
        return print(number);
    }
    let text = match digits {
        Some(digits) => format!("{number:.digits$e}"),
        None => format!("{number:e}"),
    };
    match text.split_once('e') {
        Some((mantissa, exponent)) if !exponent.starts_with('-') => {
            format!("{mantissa}e+{exponent}")
        }
        _ => text,
    }
}

/// `number.toPrecision(digits)`.
pub(super) fn to_precision(number: f64, digits: usize) -> String {
    if !number.is_finite() {
        return print(number);
    }
    let text = to_exponential(number, Some(digits.saturating_sub(1)));
    let exponent: i32 = text
        .split_once('e')
        .and_then(|(_, e)| e.parse().ok())
        .unwrap_or(0);
    let wanted = i32::try_from(digits).unwrap_or(i32::MAX);
    if exponent < -6 || exponent >= wanted {
        return text;
    }
    format!(
        "{number:.*}",
        usize::try_from(wanted - 1 - exponent).unwrap_or(0)
    )
}

/// `base ** exponent`, which is no number where IEEE says 1.
#[expect(clippy::float_cmp, reason = "IEEE's exception is for just this base")]
pub(super) fn power(base: f64, exponent: f64) -> f64 {
    if exponent.is_nan() || exponent.is_infinite() && base.abs() == 1.0 {
        return f64::NAN;
    }
    base.powf(exponent)
}

/// `number.toString(radix)`, with as many digits as tell it from its neighbours (V8's `DoubleToRadixCString`).
#[expect(clippy::float_cmp, reason = "just the half is rounded to even")]
pub(super) fn to_radix(number: f64, radix: u32) -> String {
    if radix == 10 || !number.is_finite() {
        return print(number);
    }
    let base = f64::from(radix);
    let value = number.abs();
    let mut whole = value.floor();
    let mut fraction = value - whole;
    let next = f64::from_bits(value.to_bits() + 1);
    let mut delta = (0.5 * (next - value)).max(f64::from_bits(1));
    let mut digits: Vec<u32> = Vec::new();
    while fraction >= delta {
        fraction *= base;
        delta *= base;
        let digit = to_u32(fraction);
        digits.push(digit);
        fraction -= f64::from(digit);
        let half = fraction > 0.5 || (fraction == 0.5 && digit % 2 == 1);
        if half && fraction + delta > 1.0 {
            // Rounded up; a digit that is full goes, and the one before it grows.
            loop {
                match digits.pop() {
                    None => whole += 1.0,
                    Some(digit) if digit + 1 < radix => digits.push(digit + 1),
                    Some(_) => continue,
                }
                break;
            }
            break;
        }
    }
    let char = |digit: u32| char::from_digit(digit, radix).unwrap_or('0');
    let mut before = Vec::new();
    while whole >= 9_007_199_254_740_992.0 {
        whole = (whole / base).trunc();
        before.push('0');
    }
    loop {
        before.push(char(to_u32(whole % base)));
        whole = (whole / base).trunc();
        if whole < 1.0 {
            break;
        }
    }
    if number < 0.0 {
        before.push('-');
    }
    let mut out: String = before.into_iter().rev().collect();
    if !digits.is_empty() {
        out.push('.');
        out.extend(digits.into_iter().map(char));
    }
    out
}

/// `Math.round`.
pub(super) fn round(number: f64) -> f64 {
    (number + 0.5).floor()
}

/// A number as a length or index; negative, fractional and huge ones are cut to fit.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates, which is what is meant"
)]
pub(crate) fn to_usize(number: f64) -> usize {
    number as usize
}

fn to_u32(number: f64) -> u32 {
    u32::try_from(to_usize(number)).unwrap_or(u32::MAX)
}

/// A length as a number.
#[expect(clippy::cast_precision_loss, reason = "no length here comes near 2^53")]
pub(super) fn from_usize(length: usize) -> f64 {
    length as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_as_in_javascript() {
        for (number, text) in [
            (1.0, "1"),
            (-0.0, "0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e21, "1e+21"),
            (1e20, "100000000000000000000"),
            (1.5e-7, "1.5e-7"),
            (0.000_001, "0.000001"),
            (-12.5, "-12.5"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(print(number), text);
        }
    }

    #[test]
    fn text_is_read_as_in_javascript() {
        for (text, number) in [(" 42 ", 42.0), ("", 0.0), ("0x1f", 31.0), ("1e3", 1000.0)] {
            assert!((read(text) - number).abs() < f64::EPSILON, "{text}");
        }
        for text in ["1_000", "inf", "nan", "4x", "1e", "--1"] {
            assert!(read(text).is_nan(), "{text}");
        }
        assert!((parse_float("3.7x") - 3.7).abs() < f64::EPSILON);
        assert!((parse_int("ff", 16.0) - 255.0).abs() < f64::EPSILON);
        assert!(parse_int("abc", 10.0).is_nan());
    }

    #[test]
    fn fixed_digits_round_ties_up() {
        assert_eq!(to_fixed(2.5, 0), "3");
        assert_eq!(to_fixed(1.005, 2), "1.00");
        assert_eq!(to_fixed(5.0, 2), "5.00");
        assert_eq!(to_fixed(-0.001, 2), "0.00");
        assert_eq!(to_precision(123.456, 4), "123.5");
        assert_eq!(to_precision(0.000_000_123, 2), "1.2e-7");
        assert_eq!(to_radix(255.0, 16), "ff");
    }
}
