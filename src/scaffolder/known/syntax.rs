//! How the table of actions is written: blocks of lines, and types as in TypeScript.

use super::{Field, Known, Shape};

/// The actions of the table `text`.
pub(super) fn blocks(text: &'static str) -> impl Iterator<Item = Known> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let mut lines = lines.filter(|line| !line.trim().is_empty()).peekable();
    std::iter::from_fn(move || {
        let id = lines.next()?.trim();
        let mut known = Known {
            id,
            inputs: vec![Vec::new()],
            outputs: Vec::new(),
        };
        while let Some(line) = lines.next_if(|line| line.starts_with(' ')) {
            let line = line.trim();
            if let Some(outputs) = line.strip_prefix("=>") {
                known.outputs = outputs.split(',').map(str::trim).collect();
            } else if line == "or" {
                known.inputs.push(Vec::new());
            } else if let (Some(field), Some(way)) = (Types(line).field(), known.inputs.last_mut())
            {
                way.push(field);
            }
        }
        Some(known)
    })
}

/// What is left to read of a line.
struct Types(&'static str);

impl Types {
    /// `name: type`, `name?: type`.
    fn field(&mut self) -> Option<Field> {
        let name = self.word()?;
        let required = !self.take("?");
        let shape = self.take(":").then(|| self.shape())??;
        Some(Field {
            name,
            required,
            shape,
        })
    }

    /// `type | type`.
    fn shape(&mut self) -> Option<Shape> {
        let first = self.item()?;
        let mut all = vec![first];
        while self.take("|") {
            all.push(self.item()?);
        }
        match all.len() {
            1 => all.pop(),
            _ => Some(Shape::OneOf(all)),
        }
    }

    /// `type[]`.
    fn item(&mut self) -> Option<Shape> {
        let mut shape = self.single()?;
        while self.take("[]") {
            shape = Shape::List(Box::new(shape));
        }
        Some(shape)
    }

    fn single(&mut self) -> Option<Shape> {
        if self.take("\"") {
            let (text, rest) = self.0.split_once('"')?;
            self.0 = rest;
            return Some(Shape::Literal(text));
        }
        if self.take("(") {
            let shape = self.shape()?;
            return self.take(")").then_some(shape);
        }
        if self.take("{") {
            let mut fields = vec![self.field()?];
            while self.take(",") {
                fields.push(self.field()?);
            }
            return self.take("}").then_some(Shape::Object(fields));
        }
        Some(match self.word()? {
            "null" => Shape::Null,
            "boolean" => Shape::Boolean,
            "number" => Shape::Number,
            "string" => Shape::Text,
            "object" => Shape::Mapping,
            _ => Shape::Any,
        })
    }

    fn word(&mut self) -> Option<&'static str> {
        let text = self.0.trim_start();
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
        let (word, rest) = text.split_at_checked(end)?;
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }

    fn take(&mut self, mark: &str) -> bool {
        let rest = self.0.trim_start().strip_prefix(mark);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_understood_to_its_end() {
        let lines = super::super::TABLE
            .lines()
            .filter(|line| line.starts_with(' '));
        let fields = lines
            .map(str::trim)
            .filter(|line| *line != "or" && !line.starts_with("=>"));
        let odd = fields.filter(|line| {
            let mut types = Types(line);
            types.field().is_none() || !types.0.is_empty()
        });
        assert_eq!(odd.collect::<Vec<_>>(), [""; 0]);
    }
}
