//! JavaScript's values, and their way from and to JSON.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::ast::Macro;
use super::fault::{Fault, MAX_DEPTH, Meter};
use super::scope::Scope;
use super::{Engine, number, utf16};

/// A value of the language.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(Rc<str>),
    /// Text that was marked as safe: what `safe`, `escape` and macros give.
    Safe(Rc<str>),
    Array(Array),
    Object(Rc<Object>),
    Regex(Rc<Regex>),
    Function(Rc<Function>),
}

/// A list; lists are shared and can be changed by their methods.
pub(super) type Array = Rc<RefCell<Vec<Value>>>;

/// A regular expression, compiled on use.
#[derive(Debug, Clone)]
pub(super) struct Regex {
    pub(super) pattern: Rc<str>,
    pub(super) flags: Rc<str>,
}

/// What can be called.
#[derive(Debug)]
pub(super) enum Function {
    Macro {
        definition: Rc<Macro>,
        scope: Rc<Scope>,
    },
    Method {
        receiver: Value,
        name: Rc<str>,
    },
    Range,
    Cycler,
    Joiner,
    Always,
    Failure,
    /// What `cycler()` gives.
    Cycle(Rc<Cycle>),
    CycleNext(Rc<Cycle>),
    CycleReset(Rc<Cycle>),
    /// What `joiner()` gives.
    Join {
        separator: Value,
        used: Cell<bool>,
    },
}

/// The state of a cycler.
#[derive(Debug)]
pub(super) struct Cycle {
    pub(super) values: Vec<Value>,
    pub(super) next: Cell<usize>,
    pub(super) current: RefCell<Value>,
}

/// An object: keys in JavaScript's order, whole numbers first.
#[derive(Debug, Clone, Default)]
pub(super) struct Object {
    entries: Vec<(Rc<str>, Value)>,
    /// Positions in `entries`, sorted by key; only for objects that are searched a lot.
    sorted: Vec<u32>,
}

/// From how many keys on an object keeps a sorted list of them.
const SORT_FROM: usize = 12;

impl Object {
    /// An object of `entries`; a key that comes twice keeps its place and takes the later value.
    pub(super) fn new(pairs: impl IntoIterator<Item = (Rc<str>, Value)>) -> Self {
        let mut entries: Vec<(Rc<str>, Value)> = Vec::new();
        // Few keys are looked through faster than they are hashed.
        let mut seen: HashMap<Rc<str>, usize> = HashMap::new();
        for (key, value) in pairs {
            let known = if seen.is_empty() {
                entries.iter().position(|(own, _)| *own == key)
            } else {
                seen.get(&key).copied()
            };
            if let Some(entry) = known.and_then(|at| entries.get_mut(at)) {
                entry.1 = value;
                continue;
            }
            if !seen.is_empty() {
                seen.insert(key.clone(), entries.len());
            }
            entries.push((key, value));
            if entries.len() == SORT_FROM {
                let keys = entries.iter().enumerate();
                seen.extend(keys.map(|(at, (key, _))| (key.clone(), at)));
            }
        }
        if entries.iter().any(|(key, _)| index_key(key).is_some()) {
            entries.sort_by_key(|(key, _)| index_key(key).unwrap_or(u32::MAX));
        }
        let mut sorted = Vec::new();
        if entries.len() >= SORT_FROM {
            sorted = (0..u32::try_from(entries.len()).unwrap_or(u32::MAX)).collect();
            sorted.sort_by(|a, b| entries[*a as usize].0.cmp(&entries[*b as usize].0));
        }
        Self { entries, sorted }
    }

    /// The value of `key`.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        if self.sorted.is_empty() {
            let found = self.entries.iter().find(|(name, _)| &**name == key);
            return found.map(|(_, value)| value);
        }
        let at = self
            .sorted
            .binary_search_by(|at| (*self.entries[*at as usize].0).cmp(key))
            .ok()?;
        Some(&self.entries[self.sorted[at] as usize].1)
    }

    /// Keys and values in order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &(Rc<str>, Value)> {
        self.entries.iter()
    }

    /// How many keys it has.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

/// The key as an array index, if it is written as one.
pub(crate) fn index_key(key: &str) -> Option<u32> {
    if key.len() > 1 && key.starts_with('0') || !key.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    key.parse().ok().filter(|index| *index < u32::MAX)
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl Value {
    /// A new list.
    pub(super) fn array(values: Vec<Self>) -> Self {
        Self::Array(Rc::new(RefCell::new(values)))
    }

    /// A new object.
    pub(super) fn object(pairs: impl IntoIterator<Item = (Rc<str>, Self)>) -> Self {
        Self::Object(Rc::new(Object::new(pairs)))
    }

    /// The number `length`.
    pub(super) fn length(length: usize) -> Self {
        Self::Number(number::from_usize(length))
    }

    /// The text of a text, safe or not.
    pub(super) fn as_text(&self) -> Option<&Rc<str>> {
        match self {
            Self::Text(text) | Self::Safe(text) => Some(text),
            _ => None,
        }
    }

    /// `undefined` or `null`.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Self::Undefined | Self::Null)
    }

    /// JavaScript's truth: lists, objects and safe texts are true even when empty.
    pub(super) fn truthy(&self) -> bool {
        match self {
            Self::Undefined | Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Text(text) => !text.is_empty(),
            _ => true,
        }
    }

    /// What it is, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::Text(_) | Self::Safe(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
            Self::Regex(_) => "regular expression",
            Self::Function(_) => "function",
        }
    }

    /// A copy that shares no list with this one.
    pub(super) fn deep_clone(&self) -> Self {
        match self {
            Self::Array(array) => {
                Self::array(array.borrow().iter().map(Self::deep_clone).collect())
            }
            Self::Object(object) => Self::object(
                object
                    .iter()
                    .map(|(key, value)| (key.clone(), value.deep_clone())),
            ),
            other => other.clone(),
        }
    }

    /// From JSON. Its depth is bounded by who read it.
    pub(super) fn from_json(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            Json::String(text) => Self::Text(text.as_str().into()),
            Json::Array(items) => Self::array(items.iter().map(Self::from_json).collect()),
            Json::Object(map) => Self::object(
                map.iter()
                    .map(|(key, value)| (key.as_str().into(), Self::from_json(value))),
            ),
        }
    }

    /// To JSON as `JSON.stringify` does it: `None` is undefined, which lists write as null and objects leave out.
    pub(super) fn to_json(&self, meter: &Meter, engine: Engine) -> Result<Option<Json>, Fault> {
        self.json(meter, Form::Json(engine), 0)
    }

    /// As the newer engine hands a value out: like [`Self::to_json`], but regular expressions are their text.
    pub(super) fn to_native(&self, meter: &Meter) -> Result<Option<Json>, Fault> {
        self.json(meter, Form::Native, 0)
    }

    fn json(&self, meter: &Meter, form: Form, depth: u32) -> Result<Option<Json>, Fault> {
        meter.steps(1)?;
        if depth > MAX_DEPTH {
            return Err(Fault::new("the value is nested too deeply"));
        }
        Ok(Some(match self {
            Self::Undefined => return Ok(None),
            Self::Null => Json::Null,
            Self::Bool(value) => (*value).into(),
            Self::Number(number) => json_number(*number),
            // The older engine's safe texts are objects, and are written as such.
            Self::Safe(text) if form == Form::Json(Engine::Legacy) => {
                meter.bytes(text.len())?;
                json!({ "val": &**text, "length": utf16::length(text) })
            }
            Self::Text(text) | Self::Safe(text) => {
                meter.bytes(text.len())?;
                (&**text).into()
            }
            Self::Array(array) => {
                let items = array.borrow();
                let mut out = Vec::with_capacity(items.len());
                for item in items.iter() {
                    out.push(item.json(meter, form, depth + 1)?.unwrap_or_default());
                }
                out.into()
            }
            Self::Object(object) => {
                let mut out = serde_json::Map::new();
                for (key, value) in object.iter() {
                    if let Some(value) = value.json(meter, form, depth + 1)? {
                        out.insert(key.to_string(), value);
                    }
                }
                out.into()
            }
            Self::Regex(regex) if form == Form::Native => {
                format!("/{}/{}", regex.pattern, regex.flags).into()
            }
            Self::Regex(_) => serde_json::Map::new().into(),
            // `JSON.stringify` leaves functions out; the newer engine does not let them get so far.
            Self::Function(_) if form == Form::Json(Engine::Legacy) => return Ok(None),
            Self::Function(_) => return Err(Fault::new("Callable values cannot be serialized")),
        }))
    }
}

/// How a value becomes JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As `JSON.stringify` in this engine writes it.
    Json(Engine),
    /// As the newer engine hands it out.
    Native,
}

/// A JavaScript number in JSON: whole where it is whole, `null` for NaN and infinities.
pub(crate) fn json_number(number: f64) -> Json {
    const SAFE: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= SAFE {
        #[expect(clippy::cast_possible_truncation, reason = "whole and within ±2^53")]
        return (number as i64).into();
    }
    serde_json::Number::from_f64(number).map_or(Json::Null, Json::Number)
}
