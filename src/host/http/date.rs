//! Dates as servers write them: `Sun, 06 Nov 1994 08:49:37 GMT` in headers, `1994-11-06T08:49:37Z` in answers.

use std::time::{Duration, SystemTime};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const DAY: u64 = 86400;

/// The moment that a header names; only the form that RFC 9110 wants.
pub(in crate::host) fn parse(text: &str) -> Option<SystemTime> {
    let (_, rest) = text.trim().split_once(", ")?;
    let mut words = rest.split(' ');
    let day: u64 = words.next()?.parse().ok()?;
    let month = words.next()?;
    let month = 1 + MONTHS.iter().position(|name| *name == month)? as u64;
    let year: u64 = words.next()?.parse().ok()?;
    let mut time = words.next()?.split(':').map(str::parse::<u64>);
    let mut next = || time.next()?.ok();
    let (hour, minute, second) = (next()?, next()?, next()?);
    if words.next() != Some("GMT") || !(1..=31).contains(&day) || !(1970..=9999).contains(&year) {
        return None;
    }
    let seconds = days(year, month, day) * DAY + hour * 3600 + minute * 60 + second;
    Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

/// The moment that an answer names: `1994-11-06T08:49:37Z`, with parts of a second or an offset where the host has them.
pub(in crate::host) fn parse_iso(text: &str) -> Option<SystemTime> {
    let (date, time) = text.trim().split_once('T')?;
    let mut date = date.split('-').map(str::parse::<u64>);
    let mut next = || date.next()?.ok();
    let (year, month, day) = (next()?, next()?, next()?);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (time, zone) = time.split_at_checked(time.find(['Z', '+', '-'])?)?;
    let clock = |text: &str| {
        let mut parts = text.split([':', '.']).map(str::parse::<u64>);
        let mut next = || parts.next()?.ok();
        let seconds = next()? * 3600 + next()? * 60 + next().unwrap_or(0);
        Some(Duration::from_secs(seconds))
    };
    let local = Duration::from_secs(days(year, month, day) * DAY) + clock(time)?;
    let since = match zone.split_at_checked(1)? {
        ("+", ahead) => local.checked_sub(clock(ahead)?)?,
        ("-", behind) => local + clock(behind)?,
        _ => local,
    };
    Some(SystemTime::UNIX_EPOCH + since)
}

/// The moment as GraphQL and REST write it, to the second.
pub(in crate::host) fn iso(time: SystemTime) -> String {
    let since = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let (mut left, second) = (since.as_secs() / DAY, since.as_secs() % DAY);
    let mut year = 1970;
    while left >= year_length(year) {
        left -= year_length(year);
        year += 1;
    }
    let month = (1..=12)
        .rev()
        .find(|month| days_before(year, *month) <= left)
        .unwrap_or(1);
    let day = 1 + left - days_before(year, month);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Days from 1970 to a day.
fn days(year: u64, month: u64, day: u64) -> u64 {
    (1970..year).map(year_length).sum::<u64>() + days_before(year, month) + day - 1
}

/// Days of a year before its month.
fn days_before(year: u64, month: u64) -> u64 {
    const BEFORE: [u64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let leap = u64::from(month > 2 && year_length(year) == 366);
    let index = usize::try_from(month.saturating_sub(1)).unwrap_or(0);
    BEFORE.get(index).copied().unwrap_or(0) + leap
}

fn year_length(year: u64) -> u64 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    if leap { 366 } else { 365 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_answers_are_read_whatever_their_zone() {
        for text in [
            "1994-11-06T08:49:37Z",
            "1994-11-06T08:49:37.120Z",
            "1994-11-06T10:19:37.000+01:30",
            "1994-11-05T22:49:37-10:00",
        ] {
            let read = parse_iso(text).map(iso);
            assert_eq!(read.as_deref(), Some("1994-11-06T08:49:37Z"), "{text}");
        }
        for text in [
            "",
            "1994-11-06",
            "1994-13-06T08:49:37Z",
            "1994-11-06T08:49:37",
        ] {
            assert_eq!(parse_iso(text), None, "{text}");
        }
    }

    #[test]
    fn dates_of_headers_are_written_as_answers_have_them() {
        let cases = [
            ("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"),
            ("Thu, 29 Feb 2024 23:59:59 GMT", "2024-02-29T23:59:59Z"),
            ("Fri, 01 Mar 2024 00:00:00 GMT", "2024-03-01T00:00:00Z"),
            ("Thu, 31 Dec 2026 12:00:00 GMT", "2026-12-31T12:00:00Z"),
        ];
        for (header, expected) in cases {
            assert_eq!(parse(header).map(iso).as_deref(), Some(expected));
        }
        for strange in [
            "",
            "yesterday",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 40 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(parse(strange), None, "{strange}");
        }
    }
}
