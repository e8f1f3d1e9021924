//! Names in scope.

use std::cell::RefCell;
use std::rc::Rc;

use super::value::Value;

/// The names of a body, and the scope around it.
#[derive(Debug, Default)]
pub(super) struct Scope {
    names: RefCell<Vec<(Rc<str>, Value)>>,
    parent: Option<Rc<Scope>>,
    kind: ScopeKind,
}

/// What a scope is the scope of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum ScopeKind {
    /// The template.
    #[default]
    Template,
    /// A loop.
    Loop,
    /// A macro's body, or a block: assignments inside do not reach names outside, but macros declared right there are known
    /// everywhere from then on, as nunjucks has it.
    Body,
    /// The body of a `{% call %}`: assignments inside do not reach names outside.
    Caller,
}

impl Scope {
    /// A scope inside `parent`.
    pub(super) fn inside(parent: &Rc<Self>, kind: ScopeKind) -> Rc<Self> {
        Rc::new(Self {
            names: RefCell::default(),
            parent: Some(parent.clone()),
            kind,
        })
    }

    /// Whether macros declared here are known everywhere.
    pub(super) fn publishes(&self) -> bool {
        self.kind == ScopeKind::Body
    }

    /// How many names it has of its own.
    pub(super) fn size(&self) -> usize {
        self.names.borrow().len()
    }

    /// The value of `name`.
    pub(super) fn get(&self, name: &str) -> Option<Value> {
        let own = {
            let names = self.names.borrow();
            let found = names.iter().find(|(own, _)| &**own == name);
            found.map(|(_, value)| value.clone())
        };
        own.or_else(|| self.parent.as_ref()?.get(name))
    }

    /// Sets `name` here.
    pub(super) fn set(&self, name: &Rc<str>, value: Value) {
        if let Err(value) = self.replace(name, value) {
            self.names.borrow_mut().push((name.clone(), value));
        }
    }

    /// `{% set %}`: changes the name where it is known already, else sets it here.
    pub(super) fn assign(&self, name: &Rc<str>, value: Value) {
        let mut value = value;
        let mut scope = self;
        loop {
            value = match scope.replace(name, value) {
                Ok(()) => return,
                Err(value) => value,
            };
            match &scope.parent {
                Some(parent) if scope.kind == ScopeKind::Loop => scope = parent,
                _ => break,
            }
        }
        self.set(name, value);
    }

    fn replace(&self, name: &str, value: Value) -> Result<(), Value> {
        let mut names = self.names.borrow_mut();
        match names.iter_mut().find(|(own, _)| &**own == name) {
            Some((_, old)) => {
                *old = value;
                Ok(())
            }
            None => Err(value),
        }
    }
}
