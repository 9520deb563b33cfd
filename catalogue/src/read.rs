//! From a `.ftl` file to messages.

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey};
use fluent_syntax::parser::parse;

use super::plural::plurals;
use super::{Language, Message, Part};

impl Language {
    pub(crate) fn read(code: &str, source: &str) -> Result<Self, String> {
        let (categories, plurals) = plurals(code)?;
        let file = parse(source).map_err(|(_, faults)| {
            let fault = &faults[0];
            let line = source[..fault.pos.start.min(source.len())].lines().count();
            format!("line {line}: {fault}")
        })?;
        let mut messages: Vec<Message> = Vec::new();
        for entry in &file.body {
            let Entry::Message(message) = entry else {
                match entry {
                    Entry::Term(term) => return Err(format!("terms are not known here: `-{}`", term.id.name)),
                    _ => continue,
                }
            };
            let name = message.id.name;
            let fault = |what: &str| format!("`{name}`: {what}");
            let pattern = message.value.as_ref().ok_or_else(|| fault("expected a text"))?;
            if !message.attributes.is_empty() {
                return Err(fault("attributes are not known here"));
            }
            if messages.iter().any(|before| before.name == name) {
                return Err(fault("it is there twice"));
            }
            let parts = parts(pattern, &categories, true).map_err(|what| fault(&what))?;
            messages.push(Message { name: name.to_owned(), parts });
        }
        Ok(Self { code: code.to_owned(), messages, plurals })
    }
}

/// `whole`: of a message, and not of a form within one.
fn parts(pattern: &Pattern<&str>, categories: &[&str], whole: bool) -> Result<Vec<Part>, String> {
    let mut out: Vec<Part> = Vec::new();
    let text = |out: &mut Vec<Part>, more: &str| -> Result<(), String> {
        if more.chars().any(|c| c.is_control() && c != '\n') {
            return Err("expected no control characters".into());
        }
        // A text that goes on in the next line of the file is one line.
        let more = more.replace('\n', " ");
        match out.last_mut() {
            Some(Part::Text(before)) => before.push_str(&more),
            _ => out.push(Part::Text(more)),
        }
        Ok(())
    };
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text(&mut out, value)?,
            PatternElement::Placeable { expression } => match expression {
                Expression::Inline(InlineExpression::StringLiteral { value }) => text(&mut out, value)?,
                Expression::Inline(InlineExpression::VariableReference { id }) => {
                    out.push(Part::Value(id.name.to_owned()));
                }
                Expression::Select { selector: InlineExpression::VariableReference { id }, variants } if whole => {
                    out.push(Part::Plural(id.name.to_owned(), forms(variants, categories)?));
                }
                _ => return Err("expected `{ $variable }` or a choice by the plural of a variable".into()),
            },
        }
    }
    Ok(out)
}

/// In the order of the language's categories.
fn forms(variants: &[Variant<&str>], categories: &[&str]) -> Result<Vec<Vec<Part>>, String> {
    let name = |variant: &Variant<&str>| match variant.key {
        VariantKey::Identifier { name } => name.to_owned(),
        VariantKey::NumberLiteral { value } => value.to_owned(),
    };
    let mut named: Vec<String> = variants.iter().map(name).collect();
    let of = |category: &&str| {
        let variant = variants.iter().find(|variant| name(variant) == **category);
        let variant = variant.ok_or_else(|| format!("expected the plural forms {categories:?}, got {named:?}"))?;
        parts(&variant.value, categories, false)
    };
    let forms = categories.iter().map(of).collect::<Result<Vec<_>, _>>()?;
    named.retain(|name| !categories.contains(&name.as_str()));
    if named.is_empty() { Ok(forms) } else { Err(format!("this language has no plural form {named:?}")) }
}
