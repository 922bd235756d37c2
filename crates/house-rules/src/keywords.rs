//! The table of keepalived's keywords in `docs/src/keywords.md`, made from the tables in `vrrp-config`.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use quote::ToTokens as _;
use syn::{Expr, ExprCall, File, Item, ItemConst};

use crate::read;

/// Where the page lies.
pub const PATH: &str = "docs/src/keywords.md";
/// Where the keywords lie, in the order of the page.
const SOURCES: &[&str] = &["root", "global", "instance", "others"];
/// The line below which the page is made by a program.
const BELOW: &str = "<!-- Below this line: cargo run -p house-rules --example keywords -->\n";

/// The page as the sources want it, from the page as it is: what stands above the line stays.
///
/// # Errors
/// A source cannot be read or is not as expected.
pub fn page(present: &str) -> io::Result<String> {
    let (head, _) = present.split_once(BELOW).ok_or_else(|| io::Error::other(format!("{PATH} lacks: {BELOW}")))?;
    let parsed: Vec<File> = SOURCES.iter().map(|name| parse(name)).collect::<io::Result<_>>()?;
    let shared = parse("mod")?;
    let mut page = head.to_owned() + BELOW;
    for file in &parsed {
        let reasons: BTreeMap<String, String> = consts(file).chain(consts(&shared)).filter_map(reason).collect();
        for table in consts(file) {
            page += &section(table, &reasons);
        }
    }
    Ok(page)
}

fn parse(name: &str) -> io::Result<File> {
    let path = format!("crates/vrrp-config/src/keywords/{name}.rs");
    syn::parse_file(&read(Path::new(&path))?).map_err(|error| io::Error::other(format!("{path}: {error}")))
}

fn consts(file: &File) -> impl Iterator<Item = &ItemConst> {
    file.items.iter().filter_map(|item| if let Item::Const(item) = item { Some(item) } else { None })
}

/// `const NAME: &str = "text"`.
fn reason(item: &ItemConst) -> Option<(String, String)> {
    Some((item.ident.to_string(), text(&item.expr)?))
}

fn text(expr: &Expr) -> Option<String> {
    let Expr::Lit(literal) = expr else { return None };
    let syn::Lit::Str(text) = &literal.lit else { return None };
    Some(text.value())
}

/// The table of one block, from its documentation comment and its calls.
fn section(table: &ItemConst, reasons: &BTreeMap<String, String>) -> String {
    let Expr::Reference(reference) = &*table.expr else { return String::new() };
    let Expr::Array(array) = &*reference.expr else { return String::new() };
    let rows = array.elems.iter().filter_map(|element| if let Expr::Call(call) = element { Some(call) } else { None });
    let rows: String = rows.filter_map(|call| row(call, reasons)).collect();
    format!("\n## {}\n\n| keyword | status |\n|---|---|\n{rows}", heading(table))
}

/// "Keywords of `global_defs`." without its stop.
fn heading(table: &ItemConst) -> String {
    let comments = table.attrs.iter().filter_map(|attribute| attribute.meta.require_name_value().ok());
    let first = comments.filter_map(|comment| text(&comment.value)).next().unwrap_or_default();
    first.trim().trim_end_matches('.').to_owned()
}

fn row(call: &ExprCall, reasons: &BTreeMap<String, String>) -> Option<String> {
    let name = text(call.args.first()?)?;
    let status = match call.func.to_token_stream().to_string().as_str() {
        "built" => "built".to_owned(),
        "later" => "not yet: an error".to_owned(),
        "balancing" => "load balancing: an error, unless another process does it".to_owned(),
        "left_out" => {
            let why = call.args.last()?;
            let why = text(why).or_else(|| reasons.get(&why.to_token_stream().to_string()).cloned())?;
            format!("accepted without effect: {why}")
        }
        other => format!("`{other}`"),
    };
    Some(format!("| `{name}` | {status} |\n"))
}
