//! Carries out statements.

use std::rc::Rc;

use super::ast::{Body, Node, SetValue, Statement, StatementKind};
use super::convert::{print, strict_equal};
use super::eval::{Arguments, Machine};
use super::fault::{Error, Fault};
use super::scope::{Scope, ScopeKind};
use super::value::{Function, Value};
use super::{lookup, utf16};

impl Machine<'_> {
    /// What `body` prints.
    pub(super) fn capture(&self, body: &Body, scope: &Rc<Scope>) -> Result<String, Error> {
        let mut out = String::new();
        self.run(body, scope, &mut out)?;
        Ok(out)
    }

    /// Carries out `body`, printing into `out`.
    pub(super) fn run(
        &self,
        body: &Body,
        scope: &Rc<Scope>,
        out: &mut String,
    ) -> Result<(), Error> {
        for statement in body {
            self.meter
                .steps(1)
                .map_err(|fault| fault.at(statement.at))?;
            self.enter(2, statement.at)?;
            self.statement(statement, scope, out)?;
            self.leave(2);
        }
        Ok(())
    }

    fn emit(&self, text: &str, at: usize, out: &mut String) -> Result<(), Error> {
        self.meter.bytes(text.len()).map_err(|fault| fault.at(at))?;
        out.push_str(text);
        Ok(())
    }

    fn statement(
        &self,
        statement: &Statement,
        scope: &Rc<Scope>,
        out: &mut String,
    ) -> Result<(), Error> {
        let at = statement.at;
        match &statement.kind {
            StatementKind::Text(text) => self.emit(text, at, out),
            StatementKind::Output(node) => {
                let value = self.eval(node, scope)?;
                let text = print(&value, &self.meter).map_err(|fault| fault.at(node.at))?;
                self.emit(&text, at, out)
            }
            StatementKind::If {
                condition,
                then,
                otherwise,
            } => {
                if self.eval(condition, scope)?.truthy() {
                    self.run(then, scope, out)
                } else {
                    self.run(otherwise, scope, out)
                }
            }
            StatementKind::For {
                targets,
                over,
                body,
                otherwise,
            } => self.repeat(targets, over, (body, otherwise), scope, out),
            StatementKind::Set { targets, value } => {
                let value = match value {
                    SetValue::Expr(node) => self.eval(node, scope)?,
                    SetValue::Body(body) => self.capture(body, scope)?.into(),
                };
                for target in targets {
                    scope.assign(target, value.clone());
                }
                Ok(())
            }
            StatementKind::Macro(definition) => {
                let function = Function::Macro {
                    definition: definition.clone(),
                    scope: self.root.clone(),
                };
                let function = Value::Function(Rc::new(function));
                if scope.publishes() {
                    self.root.set(&definition.name, function.clone());
                }
                scope.set(&definition.name, function);
                Ok(())
            }
            StatementKind::CallBlock {
                callee,
                args,
                caller,
            } => {
                let target = self.eval(callee, scope)?;
                let Value::Function(function) = &target else {
                    return Err(Fault::new("Call blocks can target only template macros").at(at));
                };
                let Function::Macro {
                    definition,
                    scope: around,
                } = &**function
                else {
                    return Err(Fault::new("Call blocks can target only template macros").at(at));
                };
                let mut args = self.arguments(args, scope)?;
                let caller = Function::Macro {
                    definition: caller.clone(),
                    scope: scope.clone(),
                };
                args.keyword
                    .push(("caller".into(), Value::Function(Rc::new(caller))));
                let value = self.call_macro(definition, around, args, at)?;
                let text = print(&value, &self.meter).map_err(|fault| fault.at(at))?;
                self.emit(&text, at, out)
            }
            StatementKind::FilterBlock { name, args, body } => {
                let text: Value = self.capture(body, scope)?.into();
                let args: Arguments = self.arguments(args, scope)?;
                let value = self.filter(name, &text, args, at)?;
                let text = print(&value, &self.meter).map_err(|fault| fault.at(at))?;
                self.emit(&text, at, out)
            }
            StatementKind::Fails(why) => Err(Fault::new(&**why).at(at)),
            StatementKind::Block(body) => {
                self.run(body, &Scope::inside(scope, ScopeKind::Body), out)
            }
            StatementKind::Switch {
                value,
                cases,
                otherwise,
            } => {
                let value = self.eval(value, scope)?;
                for (index, (case, _)) in cases.iter().enumerate() {
                    if strict_equal(&value, &self.eval(case, scope)?) {
                        // An empty case falls through to the next that has something.
                        let body = cases.iter().skip(index).find(|(_, body)| !body.is_empty());
                        return self.run(body.map_or(otherwise, |(_, body)| body), scope, out);
                    }
                }
                self.run(otherwise, scope, out)
            }
        }
    }

    fn repeat(
        &self,
        targets: &[Rc<str>],
        over: &Node,
        (body, otherwise): (&Body, &Body),
        scope: &Rc<Scope>,
        out: &mut String,
    ) -> Result<(), Error> {
        let value = self.eval(over, scope)?;
        let items = items(&value, targets.len() > 1);
        let inner = Scope::inside(scope, ScopeKind::Loop);
        let length = items.len();
        let name: Rc<str> = "loop".into();
        let keys = LOOP.map(Rc::from);
        for (index, item) in items.into_iter().enumerate() {
            self.meter.steps(1).map_err(|fault| fault.at(over.at))?;
            if let [target] = targets {
                inner.set(target, item);
            } else {
                if item.is_nothing() {
                    return Err(Fault::new("Cannot destructure a nullish loop value").at(over.at));
                }
                for (index, target) in targets.iter().enumerate() {
                    let part = lookup::own(&item, &index.to_string());
                    inner.set(target, part.unwrap_or(Value::Undefined));
                }
            }
            inner.set(&name, loop_object(&keys, index, length));
            self.run(body, &inner, out)?;
        }
        if length == 0 {
            self.run(otherwise, &inner, out)?;
        }
        Ok(())
    }
}

/// What a loop goes through. An object gives its pairs to two names; with one name it is gone through by `length`.
fn items(value: &Value, pairs: bool) -> Vec<Value> {
    match value {
        Value::Array(array) => array.borrow().clone(),
        Value::Text(text) if pairs => utf16::units(text)
            .into_iter()
            .enumerate()
            .map(|(index, unit)| Value::array(vec![index.to_string().into(), unit.into()]))
            .collect(),
        Value::Text(text) | Value::Safe(text) => {
            utf16::units(text).into_iter().map(Value::from).collect()
        }
        Value::Object(object) if pairs => object
            .iter()
            .map(|(key, value)| Value::array(vec![Value::Text(key.clone()), value.clone()]))
            .collect(),
        _ => Vec::new(),
    }
}

/// What a loop tells of itself.
const LOOP: [&str; 7] = [
    "index",
    "index0",
    "revindex",
    "revindex0",
    "first",
    "last",
    "length",
];

fn loop_object(keys: &[Rc<str>; 7], index: usize, length: usize) -> Value {
    let values = [
        Value::length(index + 1),
        Value::length(index),
        Value::length(length - index),
        Value::length(length - index - 1),
        Value::Bool(index == 0),
        Value::Bool(index + 1 == length),
        Value::length(length),
    ];
    Value::object(keys.iter().cloned().zip(values))
}
