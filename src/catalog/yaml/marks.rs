//! Where the nodes of a document stand.

use serde_json::Value;

/// A place in a file: line and column in characters, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Mark {
    /// The line.
    pub(crate) line: u32,
    /// The column.
    pub(crate) column: u32,
}

/// The places of all nodes of a document, in the order of the text: a collection before its content, a key before its
/// value. Eight bytes a node and no names: they are only looked up where there is something to complain about.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks(Vec<Mark>);

impl Marks {
    /// Room for the marks of a document of so many bytes.
    pub(super) fn for_bytes(bytes: usize) -> Self {
        const BYTES_A_MARK: usize = 12;
        const MOST: usize = 1_024;
        Self(Vec::with_capacity((bytes / BYTES_A_MARK).min(MOST)))
    }

    /// How many there are: as many as their document has nodes ([`size`]).
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn push(&mut self, mark: Mark) {
        self.0.push(mark);
    }

    pub(super) fn push_times(&mut self, mark: Mark, times: usize) {
        self.0.resize(self.0.len() + times, mark);
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    /// Gives the node at number `index`, which had `old` marks, `new` ones: all at the place of its first.
    pub(crate) fn resize(&mut self, index: usize, old: usize, new: usize) {
        let mark = self.0.get(index).copied().unwrap_or_default();
        let end = (index + old).min(self.0.len());
        if index <= end {
            self.0.splice(index..end, std::iter::repeat_n(mark, new));
        }
    }

    /// The mark with the number `index`.
    pub(crate) fn get(&self, index: usize) -> Mark {
        self.0.get(index).copied().unwrap_or_default()
    }

    /// Takes out `count` of them from number `index` on.
    pub(super) fn remove(&mut self, index: usize, count: usize) {
        let end = (index + count).min(self.0.len());
        if index <= end {
            self.0.drain(index..end);
        }
    }

    /// Where the node at the JSON pointer `pointer` of `value` stands: its key if it is a collection or null, its text
    /// otherwise. What is not there stands where the nearest thing that holds it does.
    pub(crate) fn find(&self, value: &Value, pointer: &str) -> Mark {
        let spot = Spot::at(value, pointer);
        let at_key = spot.node.is_object() || spot.node.is_array() || spot.node.is_null();
        self.get(spot.key.filter(|_| at_key).unwrap_or(spot.index))
    }

    /// Where the key of the node at `pointer` of `value` stands; for the item of a list its text.
    pub(crate) fn find_key(&self, value: &Value, pointer: &str) -> Mark {
        let spot = Spot::at(value, pointer);
        self.get(spot.key.unwrap_or(spot.index))
    }

    /// The number of the mark of the node at `path` of `value`, or of the nearest that holds it.
    pub(crate) fn index(value: &Value, path: &[&str]) -> usize {
        path.iter()
            .try_fold(Spot::root(value), |spot, step| spot.step(step))
            .map_or(0, |spot| spot.index)
    }

    /// The items of the list with the number `index`, each with its mark.
    pub(crate) fn items<'a>(&self, index: usize, items: &'a [Value]) -> Vec<(Mark, &'a Value)> {
        let mut next = index + 1;
        items
            .iter()
            .map(|item| {
                let mark = self.get(next);
                next += size(item);
                (mark, item)
            })
            .collect()
    }
}

/// A node and the numbers of its mark and of its key's.
struct Spot<'a> {
    node: &'a Value,
    index: usize,
    key: Option<usize>,
}

impl<'a> Spot<'a> {
    fn root(node: &'a Value) -> Self {
        Self {
            node,
            index: 0,
            key: None,
        }
    }

    /// The node at `pointer`, or the nearest that holds it.
    fn at(value: &'a Value, pointer: &str) -> Self {
        let mut spot = Self::root(value);
        for step in pointer.split('/').skip(1) {
            let Some(next) = spot.step(&unescape(step)) else {
                break;
            };
            spot = next;
        }
        spot
    }

    /// The child named `step`.
    fn step(&self, step: &str) -> Option<Self> {
        let mut next = self.index + 1;
        match self.node {
            Value::Object(map) => {
                for (name, node) in map {
                    if name == step {
                        return Some(Self {
                            node,
                            index: next + 1,
                            key: Some(next),
                        });
                    }
                    next += 1 + size(node);
                }
                None
            }
            Value::Array(items) => {
                let n = step.parse::<usize>().ok()?;
                let node = items.get(n)?;
                next += items.iter().take(n).map(size).sum::<usize>();
                Some(Self {
                    node,
                    index: next,
                    key: None,
                })
            }
            _ => None,
        }
    }
}

/// How many marks a node has: itself, and for all below it their keys and themselves.
pub(crate) fn size(value: &Value) -> usize {
    1 + match value {
        Value::Object(map) => map.values().map(|child| 1 + size(child)).sum(),
        Value::Array(items) => items.iter().map(size).sum(),
        _ => 0,
    }
}

fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}
