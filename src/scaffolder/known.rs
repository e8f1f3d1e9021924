//! The actions that are known by their schemas: what each takes and gives. Read from `assets/scaffolder/actions.txt`.

mod sieve;
mod syntax;
mod value;

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The table; its own head says how it is written.
const TABLE: &str = include_str!("../../assets/scaffolder/actions.txt");

/// What the ids of the actions begin with that come with Backstage's own modules, and those alone.
const OWN: [&str; 11] = [
    "catalog",
    "debug",
    "fetch",
    "fs",
    "github",
    "gitlab",
    "bitbucket",
    "bitbucketCloud",
    "publish",
    "stagedoor",
    "workspace",
];

/// An action, as its schema has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Its id: `fetch:template`.
    pub id: &'static str,
    /// The ways to give its input; never empty.
    pub inputs: Vec<Vec<Field>>,
    /// What it gives; empty where its schema does not say.
    pub outputs: Vec<&'static str>,
}

/// A key of an action's input.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Whether the action needs it.
    pub required: bool,
    /// What may stand there.
    pub shape: Shape,
}

/// What may stand in a place of an action's input.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Anything.
    Any,
    /// Nothing.
    Null,
    /// Yes or no.
    Boolean,
    /// A number.
    Number,
    /// Text.
    Text,
    /// This text and no other.
    Literal(&'static str),
    /// A list of such.
    List(Box<Shape>),
    /// A mapping with any keys.
    Mapping,
    /// A mapping with just these keys.
    Object(Vec<Field>),
    /// One of these.
    OneOf(Vec<Shape>),
}

/// The action with this id.
pub fn find(id: &str) -> Option<&'static Known> {
    KNOWN.get(id)
}

/// The ids of all actions, sorted.
pub fn ids() -> impl Iterator<Item = &'static str> {
    KNOWN.keys().copied()
}

/// Whether an action with this id could come only with one of Backstage's own modules.
pub fn is_backstages_own(id: &str) -> bool {
    let family = id.split(':').next().unwrap_or_default();
    OWN.contains(&family) || id.starts_with("roadiehq:utils:")
}

static KNOWN: LazyLock<BTreeMap<&'static str, Known>> = LazyLock::new(|| {
    let blocks = syntax::blocks(TABLE);
    blocks.map(|known| (known.id, known)).collect()
});

impl Known {
    /// The key `name`, in whichever way to give the input.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields().find(|field| field.name == name)
    }

    /// The keys that every way to give the input needs.
    pub fn needed(&self) -> impl Iterator<Item = &Field> {
        let (first, others) = self.inputs.split_first().unzip();
        let others = others.unwrap_or_default();
        let in_all = |field: &&Field| {
            let name = field.name;
            let has = |way: &Vec<Field>| way.iter().any(|own| own.name == name && own.required);
            field.required && others.iter().all(has)
        };
        first.into_iter().flatten().filter(in_all)
    }

    /// The keys of all ways to give the input.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.inputs.iter().flatten()
    }
}

#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_action_of_the_table_is_known() {
        let heads = TABLE
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with(' '));
        assert_eq!(heads.count(), KNOWN.len());
        assert!(KNOWN.len() >= 76);
        assert!(KNOWN.values().all(|known| !known.inputs.is_empty()));
    }

    #[test]
    fn what_is_carried_out_here_is_in_the_table() {
        let missing = crate::scaffolder::action::ids().filter(|id| find(id).is_none());
        assert_eq!(missing.collect::<Vec<_>>(), [""; 0]);
    }

    #[test]
    fn a_schema_says_what_is_needed() {
        let rename = find("fs:rename").map(|known| &known.inputs[0][0]);
        let shape = rename.map(|field| (field.name, field.required, &field.shape));
        let Some(("files", true, Shape::List(item))) = shape else {
            panic!("{shape:?}");
        };
        let Shape::Object(fields) = &**item else {
            panic!("{item:?}");
        };
        let names: Vec<_> = fields.iter().map(|f| (f.name, f.required)).collect();
        assert_eq!(names, [("from", true), ("to", true), ("overwrite", false)]);
        assert_eq!(
            find("catalog:register").map(|known| known.inputs.len()),
            Some(2)
        );
    }
}
