//! Carries out statements.

use std::rc::Rc;

use super::ast::{Body, CallBlock, For, SetValue, Statement, StatementKind};
use super::convert::{strict_equal, write_text};
use super::eval::Machine;
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

    fn emit(&self, text: &str, at: u32, out: &mut String) -> Result<(), Error> {
        self.meter.bytes(text.len()).map_err(|fault| fault.at(at))?;
        out.push_str(text);
        Ok(())
    }

    /// Prints `value`: nothing for `undefined` and `null`.
    fn print(&self, value: &Value, at: u32, out: &mut String) -> Result<(), Error> {
        if let Some(text) = value.as_text() {
            return self.emit(text, at, out);
        }
        if value.is_nothing() {
            return Ok(());
        }
        let before = out.len();
        write_text(value, out, &self.meter, 0)
            .and_then(|()| self.meter.bytes(out.len() - before))
            .map_err(|fault| fault.at(at))
    }

    fn statement(
        &self,
        statement: &Statement,
        scope: &Rc<Scope>,
        out: &mut String,
    ) -> Result<(), Error> {
        let at = statement.at;
        match &statement.kind {
            StatementKind::Text(text) => self.emit(text.of(self.source), at, out),
            StatementKind::Output(node) => {
                let value = self.eval(node, scope)?;
                self.print(&value, node.at, out)
            }
            StatementKind::If(branch) => {
                if self.eval(&branch.condition, scope)?.truthy() {
                    self.run(&branch.then, scope, out)
                } else {
                    self.run(&branch.otherwise, scope, out)
                }
            }
            StatementKind::For(repeat) => self.repeat(repeat, scope, out),
            StatementKind::Set(set) => {
                let value = match &set.value {
                    SetValue::Expr(node) => self.eval(node, scope)?,
                    SetValue::Body(body) => self.capture(body, scope)?.into(),
                };
                for target in &set.targets {
                    // Names are looked through one by one.
                    let spent = self.meter.steps(scope.size() / 8);
                    spent.map_err(|fault| fault.at(at))?;
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
            StatementKind::CallBlock(block) => self.call_block(block, at, scope, out),
            StatementKind::FilterBlock(block) => {
                let text: Value = self.capture(&block.body, scope)?.into();
                let args = self.arguments(&block.args, scope)?;
                let value = self.filter(&block.filter, &text, args, at)?;
                self.print(&value, at, out)
            }
            StatementKind::Fails(why) => Err(Fault::new(&**why).at(at)),
            StatementKind::Block(body) => {
                self.run(body, &Scope::inside(scope, ScopeKind::Body), out)
            }
            StatementKind::Switch(switch) => {
                let value = self.eval(&switch.value, scope)?;
                let cases = &switch.cases;
                for (index, (case, _)) in cases.iter().enumerate() {
                    if strict_equal(&value, &self.eval(case, scope)?) {
                        // An empty case falls through to the next that has something.
                        let body = cases.iter().skip(index).find(|(_, body)| !body.is_empty());
                        let body = body.map_or(&switch.otherwise, |(_, body)| body);
                        return self.run(body, scope, out);
                    }
                }
                self.run(&switch.otherwise, scope, out)
            }
        }
    }

    fn call_block(
        &self,
        CallBlock { call, caller }: &CallBlock,
        at: u32,
        scope: &Rc<Scope>,
        out: &mut String,
    ) -> Result<(), Error> {
        let target = self.eval(&call.callee, scope)?;
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
        let mut args = self.arguments(&call.args, scope)?;
        let caller = Function::Macro {
            definition: caller.clone(),
            scope: scope.clone(),
        };
        args.keyword
            .push(("caller".into(), Value::Function(Rc::new(caller))));
        let value = self.call_macro(definition, around, args, at)?;
        self.print(&value, at, out)
    }

    fn repeat(&self, repeat: &For, scope: &Rc<Scope>, out: &mut String) -> Result<(), Error> {
        let targets = &repeat.targets;
        let over = &repeat.over;
        let value = self.eval(over, scope)?;
        let items = items(&value, targets.len() > 1);
        let inner = Scope::inside(scope, ScopeKind::Loop);
        let length = items.len();
        let state = repeat.tells.then(LoopState::default);
        for (index, item) in items.into_iter().enumerate() {
            self.meter.steps(1).map_err(|fault| fault.at(over.at))?;
            if let [target] = &targets[..] {
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
            if let Some(state) = &state {
                inner.set(&state.name, state.object(index, length));
            }
            self.run(&repeat.body, &inner, out)?;
        }
        if length == 0 {
            self.run(&repeat.otherwise, &inner, out)?;
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

/// What a loop tells of itself: the name it has there, and its keys.
struct LoopState {
    name: Rc<str>,
    keys: [Rc<str>; 7],
}

impl Default for LoopState {
    fn default() -> Self {
        let keys = [
            "index",
            "index0",
            "revindex",
            "revindex0",
            "first",
            "last",
            "length",
        ];
        Self {
            name: "loop".into(),
            keys: keys.map(Rc::from),
        }
    }
}

impl LoopState {
    fn object(&self, index: usize, length: usize) -> Value {
        let values = [
            Value::length(index + 1),
            Value::length(index),
            Value::length(length - index),
            Value::length(length - index - 1),
            Value::Bool(index == 0),
            Value::Bool(index + 1 == length),
            Value::length(length),
        ];
        Value::object(self.keys.iter().cloned().zip(values))
    }
}
