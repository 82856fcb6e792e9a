//! A formula as a tree, after everything about it was checked, and the tree written out again with labels. Pure.

use thidua_entity::Fixed4;

use crate::numbers;

/// A part of a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Number(Fixed4),
    YesNo(bool),
    Text(String),
    /// The figure with this place in the list of names.
    Figure(usize),
    /// Whether that figure is there.
    Given(usize),
    Negated(Box<Node>),
    Not(Box<Node>),
    Arithmetic(Arithmetic, Box<[Node; 2]>),
    Compared(Comparison, Box<[Node; 2]>),
    All(Box<[Node; 2]>),
    Any(Box<[Node; 2]>),
    /// Condition, what is taken if it holds, what is taken if not.
    Choice(Box<[Node; 3]>),
    Call(Function, Vec<Node>),
    Rounded(Box<Node>, u8),
}

/// A sign between two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Plus,
    Minus,
    Times,
    Over,
    Remainder,
}

impl Arithmetic {
    pub const ALL: [Self; 5] = [Self::Plus, Self::Minus, Self::Times, Self::Over, Self::Remainder];

    pub const fn sign(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Over => "/",
            Self::Remainder => "%",
        }
    }
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    Different,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl Comparison {
    pub(super) const ALL: [Self; 6] = [
        Self::Equal,
        Self::Different,
        Self::Less,
        Self::AtMost,
        Self::Greater,
        Self::AtLeast,
    ];

    /// As it is written in a formula.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Different => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }

    /// The comparison that holds just when this one does not.
    pub const fn opposite(self) -> Self {
        match self {
            Self::Equal => Self::Different,
            Self::Different => Self::Equal,
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::Greater,
            Self::Greater => Self::AtMost,
            Self::AtLeast => Self::Less,
        }
    }
}

/// What a formula may call, besides `round` and `given`, whose arguments are of their own kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Min,
    Max,
    Sum,
    Abs,
    Floor,
    Ceil,
}

impl Function {
    pub const ALL: [Self; 6] = [Self::Min, Self::Max, Self::Sum, Self::Abs, Self::Floor, Self::Ceil];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
            Self::Sum => "sum",
            Self::Abs => "abs",
            Self::Floor => "floor",
            Self::Ceil => "ceil",
        }
    }

    /// Whether it takes any number of values rather than one.
    pub const fn takes_several(self) -> bool {
        matches!(self, Self::Min | Self::Max | Self::Sum)
    }
}

impl Node {
    /// The parts right below, in the order in which they are written.
    pub fn parts(&self) -> &[Self] {
        match self {
            Node::Number(_) | Node::YesNo(_) | Node::Text(_) | Node::Figure(_) | Node::Given(_) => &[],
            Node::Negated(part) | Node::Not(part) | Node::Rounded(part, _) => std::slice::from_ref(part),
            Node::Arithmetic(_, parts) | Node::Compared(_, parts) | Node::All(parts) | Node::Any(parts) => {
                parts.as_slice()
            }
            Node::Choice(parts) => parts.as_slice(),
            Node::Call(_, parts) => parts,
        }
    }

    /// Whether some figure stands in it, or the question whether one is there.
    pub fn reads_figures(&self) -> bool {
        matches!(self, Node::Figure(_) | Node::Given(_)) || self.parts().iter().any(Self::reads_figures)
    }

    /// The formula with figures written as `label` says, numbers in the Vietnamese way, brackets only where they are needed.
    pub fn write(&self, label: &dyn Fn(usize) -> String) -> String {
        let mut text = String::new();
        self.write_into(&mut text, 0, label);
        text
    }

    fn write_into(&self, text: &mut String, binding: u8, label: &dyn Fn(usize) -> String) {
        let own = self.binding();
        if own < binding {
            text.push('(');
        }
        match self {
            Node::Arithmetic(sign, parts) => write_two(text, parts, sign.sign(), [own, own + 1], label),
            Node::Compared(sign, parts) => write_two(text, parts, sign.sign(), [own + 1, own + 1], label),
            Node::All(parts) => write_two(text, parts, "&&", [own, own], label),
            Node::Any(parts) => write_two(text, parts, "||", [own, own], label),
            Node::Number(value) => text.push_str(&numbers::write(*value)),
            Node::YesNo(value) => text.push_str(if *value { "true" } else { "false" }),
            Node::Text(value) => text.extend(["“", value, "”"]),
            Node::Figure(index) => text.push_str(&label(*index)),
            Node::Given(index) => text.extend(["given(", &label(*index), ")"]),
            Node::Negated(part) => {
                text.push('-');
                part.write_into(text, own + 1, label);
            }
            Node::Not(part) => {
                text.push('!');
                part.write_into(text, own + 1, label);
            }
            Node::Choice(parts) => {
                let [condition, taken, otherwise] = parts.as_ref();
                condition.write_into(text, own + 1, label);
                text.push_str(" ? ");
                taken.write_into(text, own + 1, label);
                text.push_str(" : ");
                otherwise.write_into(text, own, label);
            }
            Node::Call(function, parts) => {
                text.extend([function.name(), "("]);
                for (place, part) in parts.iter().enumerate() {
                    // A comma would be read as a decimal one.
                    text.push_str(if place > 0 { "; " } else { "" });
                    part.write_into(text, 0, label);
                }
                text.push(')');
            }
            Node::Rounded(part, places) => {
                text.push_str("round(");
                part.write_into(text, 0, label);
                text.extend(["; ", &places.to_string(), ")"]);
            }
        }
        if own < binding {
            text.push(')');
        }
    }

    /// How closely its parts hold together; what binds less needs brackets inside what binds more.
    fn binding(&self) -> u8 {
        match self {
            Node::Choice(_) => 0,
            Node::Any(_) => 1,
            Node::All(_) => 2,
            Node::Compared(..) => 3,
            Node::Arithmetic(Arithmetic::Plus | Arithmetic::Minus, _) => 4,
            Node::Arithmetic(..) => 5,
            Node::Negated(_) | Node::Not(_) => 6,
            Node::Number(value) if *value < Fixed4::ZERO => 6,
            _ => 7,
        }
    }
}

fn write_two(
    text: &mut String,
    [left, right]: &[Node; 2],
    sign: &str,
    bindings: [u8; 2],
    label: &dyn Fn(usize) -> String,
) {
    let [before, behind] = bindings;
    left.write_into(text, before, label);
    text.extend([" ", sign, " "]);
    right.write_into(text, behind, label);
}
