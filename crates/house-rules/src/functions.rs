use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Block, ImplItemFn, ItemFn, Macro, Signature, TraitItemFn};

/// Macros of the workspace that make a test of each function they are given.
const MAKES_TESTS: &[&str] = &["alone"];

/// A function with its place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name, without path.
    pub name: String,
    /// The line of its signature, from 1.
    pub first: usize,
    /// The line of its closing brace.
    pub last: usize,
    /// Whether an attribute says that it is a test (`#[test]`, `#[tokio::test]`).
    pub is_test: bool,
}

impl Function {
    /// Lines from the signature to the closing brace.
    pub const fn lines(&self) -> usize {
        self.last - self.first + 1
    }
}

/// Every function with a body in one source file, methods, nested functions and those inside macro calls
/// (`proptest!`) included, by their first line.
///
/// # Errors
/// The text is no Rust.
pub fn functions(source: &str) -> syn::Result<Vec<Function>> {
    let mut finder = Finder::default();
    finder.visit_file(&syn::parse_file(source)?);
    finder.found.sort_by_key(|function| function.first);
    Ok(finder.found)
}

#[derive(Default)]
struct Finder {
    found: Vec<Function>,
}

impl Finder {
    fn note(&mut self, attributes: &[Attribute], signature: &Signature, block: &Block) {
        let first = signature.fn_token.span.start().line;
        let is_test = attributes
            .iter()
            .any(|attribute| attribute.path().segments.last().is_some_and(|last| last.ident == "test"));
        let last = block.brace_token.span.close().end().line;
        self.found.push(Function { name: signature.ident.to_string(), first, last, is_test });
    }

    /// Functions among the tokens of a macro call, which no grammar describes: `fn NAME .. { .. }`.
    fn walk(&mut self, tokens: TokenStream, tests: bool) {
        let (mut marked, mut open): (bool, Option<(String, Span)>) = (false, None);
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Ident(word) if word == "fn" => {
                    open = match tokens.peek() {
                        Some(TokenTree::Ident(name)) => Some((name.to_string(), word.span())),
                        _ => None,
                    };
                }
                TokenTree::Group(group) => {
                    marked |= group.delimiter() == Delimiter::Bracket && group.stream().to_string() == "test";
                    if group.delimiter() == Delimiter::Brace {
                        self.close(&group, open.take(), core::mem::take(&mut marked) || tests);
                    }
                    self.walk(group.stream(), false);
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    fn close(&mut self, body: &Group, open: Option<(String, Span)>, is_test: bool) {
        if let Some((name, span)) = open {
            let last = body.span_close().end().line;
            self.found.push(Function { name, first: span.start().line, last, is_test });
        }
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.note(&item.attrs, &item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.note(&item.attrs, &item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        if let Some(block) = &item.default {
            self.note(&item.attrs, &item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let tests = call.path.segments.last().is_some_and(|last| MAKES_TESTS.iter().any(|name| last.ident == name));
        self.walk(call.tokens.clone(), tests);
    }
}
