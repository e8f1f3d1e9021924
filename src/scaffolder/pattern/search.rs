//! The search: tries one way after another, as JavaScript does, and counts what it tries.

use super::program::{Program, Step};
use super::set::Set;
use super::{Found, TooLong};

/// How many ways and earlier places are remembered at most.
const MAX_REMEMBERED: usize = 1 << 20;

/// The first place at or behind `from`.
pub(super) fn find(
    program: &Program,
    text: &str,
    from: usize,
    left: &mut u64,
) -> Result<Option<Found>, TooLong> {
    let mut search = Search {
        program,
        text,
        places: vec![None; program.groups * 2],
        counters: vec![(0, 0); program.counters],
        earlier: Vec::new(),
        left: *left,
    };
    let mut found = Ok(None);
    let mut start = from;
    while start <= text.len() {
        match search.run(0, start) {
            Ok(None) => {}
            Ok(Some(end)) => {
                found = Ok(Some(search.found(start, end)));
                break;
            }
            Err(too_long) => {
                found = Err(too_long);
                break;
            }
        }
        start += search.next(start).map_or(1, char::len_utf8);
    }
    *left = search.left;
    found
}

struct Search<'a> {
    program: &'a Program,
    text: &'a str,
    /// Where groups begin and end.
    places: Vec<Option<usize>>,
    /// How often a loop went round, and where its last round began.
    counters: Vec<(u32, usize)>,
    earlier: Vec<Earlier>,
    left: u64,
}

/// What to come back to.
#[derive(Debug)]
enum Earlier {
    /// Another way: the instruction, and the place in the text.
    Way(usize, usize),
    /// A run took from `.1` to `.2`, and may give back; it goes on at the instruction.
    Less(usize, usize, usize),
    /// The run at this instruction stands at this place, and may take so many more.
    More(usize, usize, u32),
    /// A place of a group as it was.
    Place(usize, Option<usize>),
    /// A counter as it was.
    Counter(usize, (u32, usize)),
}

impl Search<'_> {
    fn next(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    fn previous(&self, at: usize) -> Option<char> {
        self.text.get(..at)?.chars().next_back()
    }

    /// The place behind one character of `set`, if it is there.
    fn one(&self, set: &Set, at: usize, back: bool) -> Option<usize> {
        if back {
            let c = self.previous(at).filter(|c| set.holds(*c))?;
            return Some(at - c.len_utf8());
        }
        let c = self.next(at).filter(|c| set.holds(*c))?;
        Some(at + c.len_utf8())
    }

    fn spend(&mut self, steps: u64) -> Result<(), TooLong> {
        self.left = self.left.checked_sub(steps).ok_or(TooLong)?;
        if self.earlier.len() > MAX_REMEMBERED {
            return Err(TooLong);
        }
        Ok(())
    }

    fn found(&self, start: usize, end: usize) -> Found {
        let groups = (1..self.program.groups).map(|group| {
            let place = |at: usize| self.places.get(at).copied().flatten();
            Some(place(group * 2)?..place(group * 2 + 1)?)
        });
        Found {
            groups: std::iter::once(Some(start..end)).chain(groups).collect(),
        }
    }

    /// Carries instructions out from `step` on; the place where they are done.
    fn run(&mut self, mut step: usize, mut at: usize) -> Result<Option<usize>, TooLong> {
        let base = self.earlier.len();
        loop {
            self.spend(1)?;
            let Some(instruction) = self.program.steps.get(step) else {
                return Ok(Some(at));
            };
            if matches!(instruction, Step::Done) {
                self.forget_ways(base);
                return Ok(Some(at));
            }
            match self.carry_out(instruction, step, at)? {
                Some(next) => (step, at) = next,
                None => match self.come_back(base)? {
                    Some(next) => (step, at) = next,
                    None => return Ok(None),
                },
            }
        }
    }

    /// Who has found looks for no other way above `base`; what was taken down stays until an earlier way is tried.
    fn forget_ways(&mut self, base: usize) {
        let kept: Vec<Earlier> = self
            .earlier
            .drain(base..)
            .filter(|one| matches!(one, Earlier::Place(..) | Earlier::Counter(..)))
            .collect();
        self.earlier.extend(kept);
    }

    /// The next instruction and place; `None` where it leads nowhere.
    fn carry_out(
        &mut self,
        instruction: &Step,
        step: usize,
        at: usize,
    ) -> Result<Option<(usize, usize)>, TooLong> {
        let on = Some((step + 1, at));
        Ok(match instruction {
            Step::One { set, back } => self.one(set, at, *back).map(|at| (step + 1, at)),
            Step::Run { .. } => self.take(instruction, step, at)?,
            Step::Split { other } => {
                self.earlier.push(Earlier::Way(*other, at));
                on
            }
            Step::Jump(to) => Some((*to, at)),
            Step::Save(slot) => {
                self.save(*slot, Some(at));
                on
            }
            Step::Enter { counter } => {
                self.count(*counter, (0, at));
                on
            }
            Step::Turn {
                counter,
                min,
                max,
                greedy,
                exit,
            } => {
                let (rounds, began) = self.counters.get(*counter).copied().unwrap_or_default();
                if rounds > *min && at == began {
                    // A round more than is needed that found nothing does not count.
                    None
                } else if rounds < *min {
                    on
                } else if rounds >= *max {
                    Some((*exit, at))
                } else if *greedy {
                    self.earlier.push(Earlier::Way(*exit, at));
                    on
                } else {
                    self.earlier.push(Earlier::Way(step + 1, at));
                    Some((*exit, at))
                }
            }
            Step::Round {
                counter,
                first,
                last,
            } => {
                let (rounds, _) = self.counters.get(*counter).copied().unwrap_or_default();
                self.count(*counter, (rounds.saturating_add(1), at));
                for slot in first * 2..last * 2 {
                    self.save(slot, None);
                }
                on
            }
            Step::Start => {
                let line = self.program.multiline && self.previous(at).is_some_and(ends_line);
                on.filter(|_| at == 0 || line)
            }
            Step::End => {
                let line = self.program.multiline && self.next(at).is_some_and(ends_line);
                on.filter(|_| at == self.text.len() || line)
            }
            Step::Boundary { negative } => {
                let before = self.previous(at).is_some_and(is_word);
                let after = self.next(at).is_some_and(is_word);
                on.filter(|_| (before != after) != *negative)
            }
            Step::Look { negative, exit } => {
                let base = self.earlier.len();
                let found = self.run(step + 1, at)?.is_some();
                if *negative {
                    while self.earlier.len() > base
                        && let Some(last) = self.earlier.pop()
                    {
                        self.undo(&last);
                    }
                }
                (found != *negative).then_some((*exit, at))
            }
            Step::Back { group, back } => {
                self.once_more(*group, at, *back)?.map(|at| (step + 1, at))
            }
            Step::Done => None,
        })
    }

    fn save(&mut self, slot: usize, place: Option<usize>) {
        if let Some(old) = self.places.get_mut(slot)
            && *old != place
        {
            self.earlier
                .push(Earlier::Place(slot, std::mem::replace(old, place)));
        }
    }

    fn count(&mut self, counter: usize, now: (u32, usize)) {
        if let Some(old) = self.counters.get_mut(counter) {
            self.earlier
                .push(Earlier::Counter(counter, std::mem::replace(old, now)));
        }
    }

    /// Takes the characters of a run.
    fn take(
        &mut self,
        run: &Step,
        step: usize,
        at: usize,
    ) -> Result<Option<(usize, usize)>, TooLong> {
        let Step::Run {
            set,
            min,
            max,
            greedy,
            back,
        } = run
        else {
            return Ok(None);
        };
        let (mut taken, mut end, mut least) = (0, at, at);
        let most = if *greedy { *max } else { *min };
        while taken < most
            && let Some(next) = self.one(set, end, *back)
        {
            end = next;
            taken += 1;
            if taken == *min {
                least = end;
            }
        }
        self.spend(u64::from(taken))?;
        if taken < *min {
            return Ok(None);
        }
        if *greedy && end != least {
            self.earlier.push(Earlier::Less(step, least, end));
        } else if !*greedy && taken < *max {
            self.earlier.push(Earlier::More(step, end, max - taken));
        }
        Ok(Some((step + 1, end)))
    }

    /// Goes back to the last way that was not tried; `None` where there is none above `base`.
    fn come_back(&mut self, base: usize) -> Result<Option<(usize, usize)>, TooLong> {
        while self.earlier.len() > base {
            self.spend(1)?;
            match self.earlier.pop() {
                Some(Earlier::Way(step, at)) => return Ok(Some((step, at))),
                Some(Earlier::Less(step, least, end)) => {
                    let back = matches!(
                        self.program.steps.get(step),
                        Some(Step::Run { back: true, .. })
                    );
                    let end = if back {
                        end + self.next(end).map_or(0, char::len_utf8)
                    } else {
                        end - self.previous(end).map_or(0, char::len_utf8)
                    };
                    if end != least {
                        self.earlier.push(Earlier::Less(step, least, end));
                    }
                    return Ok(Some((step + 1, end)));
                }
                Some(Earlier::More(step, at, most)) => {
                    let Some(Step::Run { set, back, .. }) = self.program.steps.get(step) else {
                        continue;
                    };
                    if let Some(at) = self.one(set, at, *back) {
                        if most > 1 {
                            self.earlier.push(Earlier::More(step, at, most - 1));
                        }
                        return Ok(Some((step + 1, at)));
                    }
                }
                Some(other) => self.undo(&other),
                None => break,
            }
        }
        Ok(None)
    }

    fn undo(&mut self, earlier: &Earlier) {
        match *earlier {
            Earlier::Place(slot, place) => {
                if let Some(now) = self.places.get_mut(slot) {
                    *now = place;
                }
            }
            Earlier::Counter(counter, count) => {
                if let Some(now) = self.counters.get_mut(counter) {
                    *now = count;
                }
            }
            _ => {}
        }
    }

    /// The place behind what `group` found, once more; a group that found nothing is found everywhere.
    fn once_more(&mut self, group: usize, at: usize, back: bool) -> Result<Option<usize>, TooLong> {
        let place = |slot: usize| self.places.get(slot).copied().flatten();
        let (Some(first), Some(last)) = (place(group * 2), place(group * 2 + 1)) else {
            return Ok(Some(at));
        };
        let text = self.text;
        let wanted = text.get(first..last).unwrap_or_default();
        self.spend(wanted.len() as u64)?;
        let same = |a: char, b: char| a == b || self.program.any_case && upper(a) == upper(b);
        if back {
            let mut before = text.get(..at).unwrap_or_default().chars();
            let found = wanted
                .chars()
                .rev()
                .all(|c| before.next_back().is_some_and(|b| same(b, c)));
            return Ok(found.then_some(before.as_str().len()));
        }
        let mut behind = text.get(at..).unwrap_or_default().chars();
        let found = wanted
            .chars()
            .all(|c| behind.next().is_some_and(|b| same(b, c)));
        Ok(found.then(|| text.len() - behind.as_str().len()))
    }
}

fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The capital letter of `c`, where that is one letter.
fn upper(c: char) -> char {
    let mut letters = c.to_uppercase();
    match (letters.next(), letters.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}
