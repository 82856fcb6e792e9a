//! From the parser's tree to a [`Formula`]: names and types are checked, and whatever formulas do not have is refused.

use std::collections::BTreeMap;

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SourceInfo, operators};
use thidua_entity::Fixed4;

use super::evaluate;
use super::problem::{Fault, FormulaProblem, NotOffered};
use super::scan::{USAGES, scan};
use super::tree::{Arithmetic, Comparison, Function, Node};
use super::{Formula, Name, Type, nearest, parse};
use crate::text;

/// Reads a text as a formula that gives the type that is wanted.
pub(super) fn check(text: &str, known: &BTreeMap<String, Type>, wanted: Type) -> Result<Formula, FormulaProblem> {
    // Letters with accents stand in texts only, and those are compared with what is stored as NFC. Blanks of all kinds come with
    // what is copied from elsewhere.
    let blank = |letter: char| {
        if letter.is_whitespace() && letter != '\n' {
            ' '
        } else {
            letter
        }
    };
    let text: String = text::nfc(text).chars().map(blank).collect();
    scan(&text)?;
    let (tree, source) = parse::parse(&text)?;
    let mut check = Check {
        text: &text,
        source,
        known,
        names: Vec::new(),
    };
    let (root, found) = check.node(&tree)?;
    if found != wanted {
        return Err(FormulaProblem::whole(Fault::WrongResult { wanted, found }));
    }
    if !root.reads_figures() {
        return Err(FormulaProblem::whole(Fault::NoFigure));
    }
    let names = check.names;
    Ok(Formula {
        text,
        root,
        names,
        gives: found,
    })
}

struct Check<'a> {
    text: &'a str,
    source: SourceInfo,
    known: &'a BTreeMap<String, Type>,
    names: Vec<Name>,
}

/// A part and its type.
type Checked = Result<(Node, Type), FormulaProblem>;

impl Check<'_> {
    fn node(&mut self, tree: &IdedExpr) -> Checked {
        match &tree.expr {
            Expr::Literal(literal) => self.literal(tree, literal),
            Expr::Ident(name) => {
                let index = self.name(tree, name)?;
                let found = self.names.get(index).map_or(Type::Number, |name| name.of);
                Ok((Node::Figure(index), found))
            }
            Expr::Call(call) if call.target.is_none() => self.call(tree, call),
            _ => Err(self.fault(tree, Fault::NotOffered(NotOffered::Other))),
        }
    }

    /// Where a part's own sign or word begins, and what stands there.
    fn shown(&self, tree: &IdedExpr) -> (usize, &str) {
        let offsets = self.source.offset_for(tree.id);
        let bytes = offsets.and_then(|(start, last)| Some(usize::try_from(start).ok()?..=usize::try_from(last).ok()?));
        // Nothing stands where the parser does not tell the place, so no number is ever read from another one's digits.
        bytes.map_or((0, ""), |bytes| {
            (*bytes.start(), self.text.get(bytes).unwrap_or_default())
        })
    }

    fn fault(&self, tree: &IdedExpr, fault: Fault) -> FormulaProblem {
        let (start, shown) = self.shown(tree);
        FormulaProblem::at(self.text, start, shown, fault)
    }

    /// A number is taken from its digits in the text: the parser has turned decimals into floats.
    fn literal(&self, tree: &IdedExpr, literal: &LiteralValue) -> Checked {
        let negative = match literal {
            LiteralValue::Boolean(value) => return Ok((Node::YesNo(*value.inner()), Type::YesNo)),
            LiteralValue::String(value) => return Ok((Node::Text(value.inner().to_owned()), Type::Text)),
            LiteralValue::Int(value) => value.inner().is_negative(),
            LiteralValue::Double(value) => value.inner().is_sign_negative(),
            _ => return Err(self.fault(tree, Fault::NotOffered(NotOffered::Other))),
        };
        let (_, shown) = self.shown(tree);
        let digits = Fixed4::parse(shown).map_err(|_| {
            let shown = shown.to_owned();
            self.fault(tree, Fault::NumberUnclear { shown })
        })?;
        let count = digits.ten_thousandths();
        let value = Fixed4::from_ten_thousandths(if negative { -count } else { count }).unwrap_or(digits);
        Ok((Node::Number(value), Type::Number))
    }

    /// The place of a name in the list of those that the formula reads.
    fn name(&mut self, tree: &IdedExpr, name: &str) -> Result<usize, FormulaProblem> {
        if let Some(index) = self.names.iter().position(|one| one.name == name) {
            return Ok(index);
        }
        let Some(of) = self.known.get(name) else {
            let fault = Fault::UnknownName {
                name: name.to_owned(),
                nearest: nearest(name, self.known.keys().map(String::as_str)).map(ToOwned::to_owned),
            };
            return Err(self.fault(tree, fault));
        };
        self.names.push(Name {
            name: name.to_owned(),
            of: *of,
        });
        Ok(self.names.len() - 1)
    }

    fn call(&mut self, tree: &IdedExpr, call: &CallExpr) -> Checked {
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::CONDITIONAL, [condition, taken, otherwise]) => self.choice(tree, condition, taken, otherwise),
            (operators::LOGICAL_AND, [left, right]) => {
                Ok((Node::All(self.two("&&", Type::YesNo, left, right)?), Type::YesNo))
            }
            (operators::LOGICAL_OR, [left, right]) => {
                Ok((Node::Any(self.two("||", Type::YesNo, left, right)?), Type::YesNo))
            }
            (operators::LOGICAL_NOT, [part]) => {
                Ok((Node::Not(Box::new(self.one("!", Type::YesNo, part)?)), Type::YesNo))
            }
            (operators::NEGATE, [part]) => Ok((
                Node::Negated(Box::new(self.one("-", Type::Number, part)?)),
                Type::Number,
            )),
            ("given", [part]) => {
                let Expr::Ident(name) = &part.expr else {
                    return Err(self.fault(part, Fault::GivenNeedsName));
                };
                Ok((Node::Given(self.name(part, name)?), Type::YesNo))
            }
            ("round", [part, places]) => {
                let part = self.one("round", Type::Number, part)?;
                Ok((Node::Rounded(Box::new(part), self.places(places)?), Type::Number))
            }
            (name, args) => {
                if let ([left, right], Some(sign)) = (args, named(Arithmetic::ALL, Arithmetic::sign, name)) {
                    return self.arithmetic(tree, sign, left, right);
                }
                if let ([left, right], Some(sign)) = (args, named(Comparison::ALL, Comparison::sign, name)) {
                    return self.comparison(tree, sign, left, right);
                }
                self.function(tree, name, args)
            }
        }
    }

    /// A part that must be of a type, because of the sign or function it belongs to.
    fn one(&mut self, of: &'static str, wanted: Type, tree: &IdedExpr) -> Result<Node, FormulaProblem> {
        let (node, found) = self.node(tree)?;
        if found != wanted {
            return Err(self.fault(tree, Fault::WrongType { of, wanted, found }));
        }
        Ok(node)
    }

    fn two(
        &mut self,
        of: &'static str,
        wanted: Type,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Result<Box<[Node; 2]>, FormulaProblem> {
        Ok(Box::new([self.one(of, wanted, left)?, self.one(of, wanted, right)?]))
    }

    fn arithmetic(&mut self, tree: &IdedExpr, sign: Arithmetic, left: &IdedExpr, right: &IdedExpr) -> Checked {
        let parts = self.two(sign.sign(), Type::Number, left, right)?;
        let [_, divisor] = parts.as_ref();
        let divides = matches!(sign, Arithmetic::Over | Arithmetic::Remainder);
        if divides && evaluate::constant(divisor).is_some_and(|value| value.is_zero()) {
            return Err(self.fault(tree, Fault::DivisionByZero));
        }
        Ok((Node::Arithmetic(sign, parts), Type::Number))
    }

    fn comparison(&mut self, tree: &IdedExpr, sign: Comparison, left: &IdedExpr, right: &IdedExpr) -> Checked {
        let ((left, left_type), (right, right_type)) = (self.node(left)?, self.node(right)?);
        let chained = |node: &Node| matches!(node, Node::Compared(..));
        let of = sign.sign();
        let fault = if left_type != right_type && (chained(&left) || chained(&right)) {
            Fault::ComparisonChain
        } else if left_type != right_type {
            Fault::TypesDiffer {
                of,
                left: left_type,
                right: right_type,
            }
        } else if left_type != Type::Number && !matches!(sign, Comparison::Equal | Comparison::Different) {
            Fault::WrongType {
                of,
                wanted: Type::Number,
                found: left_type,
            }
        } else {
            return Ok((Node::Compared(sign, Box::new([left, right])), Type::YesNo));
        };
        Err(self.fault(tree, fault))
    }

    fn choice(&mut self, tree: &IdedExpr, condition: &IdedExpr, taken: &IdedExpr, otherwise: &IdedExpr) -> Checked {
        let condition = self.one("?", Type::YesNo, condition)?;
        let ((taken, left), (otherwise, right)) = (self.node(taken)?, self.node(otherwise)?);
        if left != right {
            return Err(self.fault(tree, Fault::TypesDiffer { of: ":", left, right }));
        }
        Ok((Node::Choice(Box::new([condition, taken, otherwise])), left))
    }

    /// To how many decimals is rounded: written out, so that everybody sees it.
    fn places(&self, tree: &IdedExpr) -> Result<u8, FormulaProblem> {
        match &tree.expr {
            Expr::Literal(LiteralValue::Int(places)) => {
                u8::try_from(*places.inner()).ok().filter(|places| *places <= 4)
            }
            _ => None,
        }
        .ok_or_else(|| self.fault(tree, Fault::PlacesUnclear))
    }

    fn function(&mut self, tree: &IdedExpr, name: &str, args: &[IdedExpr]) -> Checked {
        let Some((name, usage)) = USAGES.iter().find(|(known, _)| *known == name) else {
            return Err(self.fault(tree, Fault::NotOffered(NotOffered::Other)));
        };
        let function = Function::ALL
            .into_iter()
            .find(|function| function.name() == *name)
            .filter(|function| args.len() == 1 || (args.len() > 1 && function.takes_several()));
        let Some(function) = function else {
            return Err(self.fault(tree, Fault::WrongCount { function: name, usage }));
        };
        let parts = args
            .iter()
            .map(|arg| self.one(name, Type::Number, arg))
            .collect::<Result<_, _>>()?;
        Ok((Node::Call(function, parts), Type::Number))
    }
}

/// The sign that the parser calls so.
fn named<T: Copy, const N: usize>(signs: [T; N], written: impl Fn(T) -> &'static str, name: &str) -> Option<T> {
    signs
        .into_iter()
        .find(|sign| operators::find_operator(written(*sign)) == Some(name))
}
