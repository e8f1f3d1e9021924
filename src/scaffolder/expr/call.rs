//! Calls: macros, methods and the functions that are always there.

use std::cell::Cell;
use std::cmp::Ordering;
use std::rc::Rc;

use super::ast::{Call, Expr, Macro, Node};
use super::convert::{add, order};
use super::eval::{Arguments, Machine, null_cell};
use super::fault::{Error, Fault};
use super::methods;
use super::scope::{Scope, ScopeKind};
use super::value::{Cycle, Function, Value};

/// A macro's call takes as much of the stack as this many levels of an expression.
const CALL_LEVELS: u32 = 8;

impl Machine<'_> {
    /// Calls what `callee` names.
    pub(super) fn call(
        &self,
        node: &Node,
        Call { callee, args }: &Call,
        scope: &Rc<Scope>,
    ) -> Result<Value, Error> {
        let target = self.eval(callee, scope)?;
        let Value::Function(function) = &target else {
            let what = self.path(callee).map_or_else(
                || "Template expression".to_owned(),
                |path| format!("Template value {path:?}"),
            );
            let kind = target.kind();
            let message = format!("{what} resolved to {kind} and cannot be called");
            return Err(Fault(message).at(callee.at));
        };
        let args = self.arguments(args, scope)?;
        self.invoke(function, args, node.at)
    }

    fn invoke(&self, function: &Function, args: Arguments, at: u32) -> Result<Value, Error> {
        Ok(match function {
            Function::Macro { definition, scope } => {
                return self.call_macro(definition, scope, args, at);
            }
            Function::Method { receiver, name } => {
                let spent = self.meter.reads(receiver);
                spent
                    .and_then(|()| {
                        let args = &args.positional;
                        methods::call(receiver, name, args, self.options, &self.meter)
                    })
                    .map_err(|fault| fault.at(at))?
            }
            Function::Range if !args.keyword.is_empty() => {
                return Err(Fault::new("range() takes no named arguments").at(at));
            }
            Function::Range => self.range(&args).map_err(|fault| fault.at(at))?,
            Function::Cycler => Value::Function(Rc::new(Function::Cycle(Rc::new(Cycle {
                values: args.positional,
                next: Cell::new(0),
                current: null_cell(),
            })))),
            Function::Joiner => Value::Function(Rc::new(Function::Join {
                separator: match args.get(0) {
                    value if value.truthy() => value.clone(),
                    _ => ",".into(),
                },
                used: Cell::new(false),
            })),
            Function::Always => {
                if let Some(step) = self.step {
                    step.asked.set(true);
                }
                Value::Bool(true)
            }
            Function::Failure => Value::Bool(self.step.is_some_and(|step| {
                step.asked.set(true);
                step.failed
            })),
            Function::Join { separator, used } => {
                if used.replace(true) {
                    separator.clone()
                } else {
                    "".into()
                }
            }
            Function::CycleNext(cycle) => cycle_next(cycle),
            Function::CycleReset(cycle) => {
                cycle.next.set(0);
                *cycle.current.borrow_mut() = Value::Null;
                Value::Undefined
            }
            Function::Cycle(_) => {
                return Err(Fault::new("A cycler cannot be called; call its next()").at(at));
            }
        })
    }

    /// Runs a macro and gives what it prints, marked safe.
    pub(super) fn call_macro(
        &self,
        definition: &Macro,
        scope: &Rc<Scope>,
        args: Arguments,
        at: u32,
    ) -> Result<Value, Error> {
        let kind = if definition.is_caller {
            ScopeKind::Caller
        } else {
            ScopeKind::Body
        };
        let local = Scope::inside(scope, kind);
        let mut positional = args.positional.into_iter();
        let mut keyword = args.keyword;
        let mut given = |name: &str| {
            let found = keyword.iter().position(|(own, _)| &**own == name)?;
            Some(keyword.swap_remove(found).1)
        };
        for name in &definition.params {
            let value = positional.next().or_else(|| given(name));
            local.set(name, value.unwrap_or(Value::Undefined));
        }
        for (name, default) in &definition.defaults {
            let value = match positional.next().or_else(|| given(name)) {
                Some(value) => value,
                None => self.eval(default, &local)?,
            };
            local.set(name, value);
        }
        if let Some(caller) = given("caller") {
            local.set(&"caller".into(), caller);
        }
        self.enter(CALL_LEVELS, at)?;
        let text = self.capture(&definition.body, &local)?;
        self.leave(CALL_LEVELS);
        Ok(Value::Safe(text.into()))
    }

    /// `a.b.c`, for messages.
    fn path(&self, node: &Node) -> Option<String> {
        let (target, key) = match &node.expr {
            Expr::Name(name) => return Some(name.of(self.source).to_owned()),
            Expr::Member(target, key) => (&**target, key.of(self.source)),
            Expr::Index(sides) => match &sides.1.expr {
                Expr::Text(key) => (&sides.0, &**key),
                Expr::Name(key) => (&sides.0, key.of(self.source)),
                _ => return None,
            },
            _ => return None,
        };
        Some(format!("{}.{key}", self.path(target)?))
    }

    /// `range(stop)`, `range(start, stop, step)`.
    fn range(&self, args: &Arguments) -> Result<Value, Fault> {
        let one = Value::Number(1.0);
        let (mut at, end, step) = match args.get(1) {
            Value::Undefined => (Value::Number(0.0), args.get(0), &one),
            end => (args.get(0).clone(), end, args.get(2)),
        };
        let step = if step.truthy() { step } else { &one };
        let up = order(step, &Value::Number(0.0), &self.meter)? == Some(Ordering::Greater);
        let wanted = if up {
            Ordering::Less
        } else {
            Ordering::Greater
        };
        let mut out = Vec::new();
        while order(&at, end, &self.meter)? == Some(wanted) {
            self.meter.steps(1)?;
            self.meter.bytes(size_of::<Value>())?;
            let next = add(&at, step, &self.meter)?;
            out.push(std::mem::replace(&mut at, next));
        }
        Ok(Value::array(out))
    }
}

fn cycle_next(cycle: &Cycle) -> Value {
    let index = cycle.next.get();
    let value = cycle.values.get(index).cloned();
    cycle.next.set((index + 1) % cycle.values.len().max(1));
    let value = value.unwrap_or(Value::Undefined);
    *cycle.current.borrow_mut() = value.clone();
    value
}
