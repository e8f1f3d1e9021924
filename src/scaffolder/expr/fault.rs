//! What can go wrong, and the limits that keep a template from running or growing for ever.

use std::cell::Cell;

use super::super::pattern::TooLong;
use super::ExprError;
use super::value::Value;

/// Steps one rendering may take.
const MAX_STEPS: u64 = 20_000_000;
/// How many bytes of text, or values of a list, are gone through in a step.
const BYTES_A_STEP: usize = 8;
/// Bytes of text and list slots one rendering may make.
const MAX_BYTES: u64 = 256 << 20;
/// Steps that all searches of one rendering may take; each is far smaller than one of the language.
const MAX_SEARCH_STEPS: u64 = 50_000_000;
/// How deep expressions, bodies, calls and values may nest.
pub(super) const MAX_DEPTH: u32 = 64;

/// Something that went wrong, without a place.
#[derive(Debug, Clone)]
pub(super) struct Fault(pub(super) String);

impl Fault {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// The same at the byte offset `at`.
    pub(super) fn at(self, at: u32) -> Error {
        Error {
            at,
            message: self.0,
        }
    }
}

/// Something that went wrong at a byte offset.
#[derive(Debug, Clone)]
pub(super) struct Error {
    pub(super) at: u32,
    pub(super) message: String,
}

impl Error {
    /// Finds line and column in the template's text.
    pub(super) fn locate(self, source: &str) -> ExprError {
        let before = source.get(..self.at as usize).unwrap_or(source);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let lines = before.matches('\n').count();
        let columns = before
            .get(line_start..)
            .map_or(0, |line| line.chars().count());
        ExprError {
            line: u32::try_from(lines + 1).unwrap_or(u32::MAX),
            column: u32::try_from(columns + 1).unwrap_or(u32::MAX),
            message: self.message,
        }
    }
}

/// Counts what a rendering spends.
#[derive(Debug, Default)]
pub(super) struct Meter {
    steps: Cell<u64>,
    bytes: Cell<u64>,
    searched: Cell<u64>,
}

impl Meter {
    /// Spends `count` steps.
    pub(super) fn steps(&self, count: usize) -> Result<(), Fault> {
        let spent = self.steps.get().saturating_add(count as u64);
        self.steps.set(spent);
        if spent > MAX_STEPS {
            return Err(Fault::new("the template takes too long; does it loop?"));
        }
        Ok(())
    }

    /// Spends what it takes to go through `value` once, where that is much.
    pub(super) fn reads(&self, value: &Value) -> Result<(), Fault> {
        self.steps(match value {
            Value::Text(text) | Value::Safe(text) => text.len() / BYTES_A_STEP,
            Value::Array(array) => array.borrow().len() / BYTES_A_STEP,
            _ => 0,
        })
    }

    /// Spends the steps that a search takes of those that are left.
    pub(super) fn search<T>(
        &self,
        search: impl FnOnce(&mut u64) -> Result<T, TooLong>,
    ) -> Result<T, Fault> {
        let mut left = MAX_SEARCH_STEPS.saturating_sub(self.searched.get());
        let result = search(&mut left);
        self.searched.set(MAX_SEARCH_STEPS - left);
        result.map_err(|too_long| Fault(too_long.to_string()))
    }

    /// Spends `count` bytes.
    pub(super) fn bytes(&self, count: usize) -> Result<(), Fault> {
        let spent = self.bytes.get().saturating_add(count as u64);
        self.bytes.set(spent);
        if spent > MAX_BYTES {
            return Err(Fault::new("the template makes too much text"));
        }
        Ok(())
    }
}
