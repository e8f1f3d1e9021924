//! Evaluates expressions.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::rc::Rc;

use super::ast::{Args, BinaryOp, CompareOp, Expr, Is, Node};
use super::convert::{add, concat, loose_equal, order, strict_equal, to_number, to_text};
use super::fault::{Error, Fault, Meter};
use super::filters::Filter;
use super::scope::Scope;
use super::value::{Function, Object, Regex, Value};
use super::{Engine, Options, StepStatus, checks, filters, lookup, number};

/// How deep evaluation may go; a chain of operators counts a level each, so this is generous.
const MAX_LEVELS: u32 = 300;

/// Evaluated arguments.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    pub(super) positional: Vec<Value>,
    pub(super) keyword: Vec<(Rc<str>, Value)>,
}

impl Arguments {
    /// The argument at `index`; undefined where there is none.
    pub(super) fn get(&self, index: usize) -> &Value {
        self.positional.get(index).unwrap_or(&Value::Undefined)
    }
}

/// One rendering: what it may see and what it has spent.
pub(super) struct Machine<'a> {
    /// The template's text: names are looked up in it.
    pub(super) source: &'a str,
    pub(super) context: &'a Object,
    pub(super) options: Options,
    pub(super) step: Option<&'a StepStatus>,
    pub(super) meter: Meter,
    pub(super) root: Rc<Scope>,
    pub(super) depth: Cell<u32>,
}

impl<'a> Machine<'a> {
    pub(super) fn new(
        source: &'a str,
        context: &'a Object,
        options: Options,
        step: Option<&'a StepStatus>,
    ) -> Self {
        Self {
            source,
            context,
            options,
            step,
            meter: Meter::default(),
            root: Rc::default(),
            depth: Cell::new(0),
        }
    }

    /// Goes `levels` deeper, if there is room; [`Self::leave`] comes back.
    pub(super) fn enter(&self, levels: u32, at: u32) -> Result<(), Error> {
        let depth = self.depth.get() + levels;
        if depth > MAX_LEVELS {
            return Err(Fault::new("the template is nested or calls itself too deeply").at(at));
        }
        self.depth.set(depth);
        Ok(())
    }

    /// Comes back from [`Self::enter`]. After an error nothing goes on, so nobody needs to.
    pub(super) fn leave(&self, levels: u32) {
        self.depth.set(self.depth.get().saturating_sub(levels));
    }

    /// The value of `node`.
    pub(super) fn eval(&self, node: &Node, scope: &Rc<Scope>) -> Result<Value, Error> {
        self.meter.steps(1).map_err(|fault| fault.at(node.at))?;
        self.enter(1, node.at)?;
        let value = self.eval_node(node, scope)?;
        self.leave(1);
        Ok(value)
    }

    // One function a family of expressions: each level of an expression passes through here, and a small stack frame
    // is what lets it nest deeply.
    fn eval_node(&self, node: &Node, scope: &Rc<Scope>) -> Result<Value, Error> {
        Ok(match &node.expr {
            Expr::Null => Value::Null,
            Expr::Bool(value) => Value::Bool(*value),
            Expr::Number(number) => Value::Number(*number),
            Expr::Text(text) => Value::Text(text.clone()),
            Expr::Name(name) => self.name(name.of(self.source), scope),
            Expr::Member(target, key) => {
                let target = self.eval(target, scope)?;
                self.member(&target, key.of(self.source), node.at)?
            }
            Expr::Regex(_) | Expr::Array(_) | Expr::Group(_) | Expr::Object(_) => {
                return self.literal(node, scope);
            }
            Expr::Index(_) | Expr::Slice(_) => return self.access(node, scope),
            Expr::InlineIf(_) | Expr::Or(_) | Expr::And(_) | Expr::Not(_) => {
                return self.choice(node, scope);
            }
            Expr::Is(is) => return self.test(is, node.at, scope),
            Expr::Filter(filtered) => {
                let input = self.eval(&filtered.input, scope)?;
                let args = self.arguments(&filtered.args, scope)?;
                return self.filter(&filtered.filter, &input, args, node.at);
            }
            Expr::Call(call) => return self.call(node, call, scope),
            _ => return self.operation(node, scope),
        })
    }

    /// Lists, objects, groups, regular expressions.
    fn literal(&self, node: &Node, scope: &Rc<Scope>) -> Result<Value, Error> {
        Ok(match &node.expr {
            Expr::Regex(regex) => Value::Regex(Rc::new(Regex::clone(regex))),
            Expr::Object(pairs) => Value::object(
                pairs
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), self.eval(value, scope)?)))
                    .collect::<Result<Vec<_>, Error>>()?,
            ),
            Expr::Array(nodes) => Value::array(
                nodes
                    .iter()
                    .map(|node| self.eval(node, scope))
                    .collect::<Result<_, _>>()?,
            ),
            Expr::Group(nodes) => {
                let mut last = Value::Undefined;
                for node in nodes {
                    last = self.eval(node, scope)?;
                }
                last
            }
            _ => Value::Undefined,
        })
    }

    /// `a[b]`, `a[b:c]`.
    fn access(&self, node: &Node, scope: &Rc<Scope>) -> Result<Value, Error> {
        let fault = |fault: Fault| fault.at(node.at);
        match &node.expr {
            Expr::Index(sides) => {
                let (target, key) = &**sides;
                let target = self.eval(target, scope)?;
                if let Expr::Text(key) = &key.expr {
                    return self.member(&target, key, node.at);
                }
                let key = self.eval(key, scope)?;
                let key = to_text(&key, &self.meter).map_err(fault)?;
                self.member(&target, &key, node.at)
            }
            Expr::Slice(slice) => {
                let target = self.eval(&slice.target, scope)?;
                let part = |node: &Option<Node>| match node {
                    Some(node) => self.number(node, scope).map(Some),
                    None => Ok(None),
                };
                let (start, end, step) =
                    (part(&slice.start)?, part(&slice.end)?, part(&slice.step)?);
                lookup::slice(&target, start, end, step.unwrap_or(1.0), &self.meter).map_err(fault)
            }
            _ => Ok(Value::Undefined),
        }
    }

    fn member(&self, target: &Value, key: &str, at: u32) -> Result<Value, Error> {
        lookup::member(target, key, self.options, &self.meter).map_err(|fault| fault.at(at))
    }

    /// What evaluates only one of its sides.
    fn choice(&self, node: &Node, scope: &Rc<Scope>) -> Result<Value, Error> {
        match &node.expr {
            Expr::InlineIf(choice) => {
                if self.eval(&choice.condition, scope)?.truthy() {
                    self.eval(&choice.then, scope)
                } else if let Some(otherwise) = &choice.otherwise {
                    self.eval(otherwise, scope)
                } else {
                    Ok("".into())
                }
            }
            Expr::Or(sides) => {
                let left = self.eval(&sides.0, scope)?;
                if left.truthy() {
                    return Ok(left);
                }
                self.eval(&sides.1, scope)
            }
            Expr::And(sides) => {
                let left = self.eval(&sides.0, scope)?;
                if !left.truthy() {
                    return Ok(left);
                }
                self.eval(&sides.1, scope)
            }
            Expr::Not(target) => Ok(Value::Bool(!self.eval(target, scope)?.truthy())),
            _ => Ok(Value::Undefined),
        }
    }

    /// Arithmetic and comparison.
    fn operation(&self, node: &Node, scope: &Rc<Scope>) -> Result<Value, Error> {
        let fault = |fault: Fault| fault.at(node.at);
        Ok(match &node.expr {
            Expr::Negative(target) => Value::Number(-self.number(target, scope)?),
            Expr::Positive(target) => Value::Number(self.number(target, scope)?),
            Expr::Floor(target) => Value::Number(self.number(target, scope)?.floor()),
            Expr::Binary(op, sides) => {
                let left = self.eval(&sides.0, scope)?;
                let right = self.eval(&sides.1, scope)?;
                binary(*op, &left, &right, &self.meter).map_err(fault)?
            }
            Expr::Compare(chain) => {
                let mut left = self.eval(&chain.first, scope)?;
                for (op, right) in &chain.rest {
                    let right = self.eval(right, scope)?;
                    let result = compare(*op, &left, &right, &self.meter);
                    left = Value::Bool(result.map_err(fault)?);
                }
                left
            }
            Expr::In(sides) => {
                let needle = self.eval(&sides.0, scope)?;
                let container = self.eval(&sides.1, scope)?;
                let found = lookup::contains(&container, &needle, &self.meter);
                Value::Bool(found.map_err(fault)?)
            }
            _ => Value::Undefined,
        })
    }

    fn number(&self, node: &Node, scope: &Rc<Scope>) -> Result<f64, Error> {
        let value = self.eval(node, scope)?;
        to_number(&value, &self.meter).map_err(|fault| fault.at(node.at))
    }

    fn name(&self, name: &str, scope: &Rc<Scope>) -> Value {
        if let Some(value) = scope.get(name) {
            return value;
        }
        if let Some(value) = self.context.get(name) {
            return value.clone();
        }
        match (name, self.options.cookiecutter) {
            ("True", true) => return Value::Bool(true),
            ("False", true) => return Value::Bool(false),
            ("None", true) => return Value::Null,
            _ => {}
        }
        let function = match name {
            "range" => Function::Range,
            "cycler" => Function::Cycler,
            "joiner" => Function::Joiner,
            "always" if self.step.is_some() => Function::Always,
            "failure" if self.step.is_some() => Function::Failure,
            _ => return Value::Undefined,
        };
        Value::Function(Rc::new(function))
    }

    fn test(&self, is: &Is, at: u32, scope: &Rc<Scope>) -> Result<Value, Error> {
        let value = self.eval(&is.value, scope)?;
        let mut args = match &is.args {
            Some(args) => self.arguments(args, scope)?.positional,
            None => Vec::new(),
        };
        if self.options.engine == Engine::Legacy {
            // Several arguments are one group there, whose last one counts.
            args = args.pop().into_iter().collect();
        }
        checks::check(&is.test, &value, &args, self.options.engine, &self.meter)
            .map(Value::Bool)
            .map_err(|fault| fault.at(at))
    }

    /// Applies `filter`.
    pub(super) fn filter(
        &self,
        filter: &Filter,
        input: &Value,
        args: Arguments,
        at: u32,
    ) -> Result<Value, Error> {
        filters::apply(filter, input, args, self.options, &self.meter).map_err(|fault| fault.at(at))
    }

    pub(super) fn arguments(&self, args: &Args, scope: &Rc<Scope>) -> Result<Arguments, Error> {
        Ok(Arguments {
            positional: args
                .positional
                .iter()
                .map(|node| self.eval(node, scope))
                .collect::<Result<_, _>>()?,
            keyword: args
                .keyword
                .iter()
                .map(|(name, node)| Ok((name.clone(), self.eval(node, scope)?)))
                .collect::<Result<_, Error>>()?,
        })
    }
}

fn binary(op: BinaryOp, left: &Value, right: &Value, meter: &Meter) -> Result<Value, Fault> {
    match op {
        BinaryOp::Add => return add(left, right, meter),
        BinaryOp::Concat => return concat(left, right, meter),
        _ => {}
    }
    let (left, right) = (to_number(left, meter)?, to_number(right, meter)?);
    Ok(Value::Number(match op {
        BinaryOp::Subtract => left - right,
        BinaryOp::Multiply => left * right,
        BinaryOp::Divide => left / right,
        BinaryOp::Modulo => left % right,
        _ => number::power(left, right),
    }))
}

fn compare(op: CompareOp, left: &Value, right: &Value, meter: &Meter) -> Result<bool, Fault> {
    if let (Value::Text(_), Value::Text(_)) = (left, right) {
        meter.reads(left)?;
    }
    let ordered = |wanted: &[Ordering]| {
        let found = order(left, right, meter)?;
        Ok(found.is_some_and(|found| wanted.contains(&found)))
    };
    match op {
        CompareOp::Equal => loose_equal(left, right, meter),
        CompareOp::NotEqual => loose_equal(left, right, meter).map(|equal| !equal),
        CompareOp::StrictEqual => Ok(strict_equal(left, right)),
        CompareOp::StrictNotEqual => Ok(!strict_equal(left, right)),
        CompareOp::Less => ordered(&[Ordering::Less]),
        CompareOp::LessOrEqual => ordered(&[Ordering::Less, Ordering::Equal]),
        CompareOp::Greater => ordered(&[Ordering::Greater]),
        CompareOp::GreaterOrEqual => ordered(&[Ordering::Greater, Ordering::Equal]),
    }
}

/// A cell for a value that starts as null.
pub(super) fn null_cell() -> RefCell<Value> {
    RefCell::new(Value::Null)
}
