//! No function over 60 lines and no file over 500, tests, benches and fuzz targets included: the tail of long ones is
//! what separates code that is pleasant to read from code that is not.

use house_rules::{Function, files, functions, read};

/// Lines of a function, from signature to closing brace.
const FUNCTION: usize = 60;
/// Lines of a file.
const FILE: usize = 500;

fn too_long(source: &str) -> syn::Result<Vec<Function>> {
    Ok(functions(source)?.into_iter().filter(|function| function.lines() > FUNCTION).collect())
}

#[test]
fn no_function_is_longer_than_60_lines() {
    let mut offenders = Vec::new();
    for path in files(&["rs"]).unwrap() {
        let source = read(&path).unwrap();
        let found = too_long(&source).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for Function { name, first, last, .. } in found {
            offenders.push(format!("{}:{first}: {name}, {} lines", path.display(), last - first + 1));
        }
    }
    assert!(offenders.is_empty(), "functions over {FUNCTION} lines:\n{}", offenders.join("\n"));
}

#[test]
fn no_file_is_longer_than_500_lines() {
    let mut offenders = Vec::new();
    for path in files(&["rs"]).unwrap() {
        let lines = read(&path).unwrap().lines().count();
        if lines > FILE {
            offenders.push(format!("{}: {lines} lines", path.display()));
        }
    }
    assert!(offenders.is_empty(), "files over {FILE} lines:\n{}", offenders.join("\n"));
}

#[test]
fn the_measure_sees_the_workspace() {
    let sources = files(&["rs"]).unwrap();
    for part in ["crates/vrrp-wire/src", "crates/vrrp-wire/tests", "bins/vrrpd/src", "fuzz", "benches"] {
        assert!(sources.iter().any(|path| path.starts_with(part)), "no source under {part}");
    }
}

#[test]
fn the_measure_catches_a_function_of_61_lines_and_passes_one_of_60() {
    let body = |steps: usize| format!("(x: u8) {{\n{}}}\n", "step();\n".repeat(steps));
    for (before, after) in [("fn f", ""), ("impl T { fn f", "}"), ("proptest! { #[test] fn f", "}")] {
        let of_length = |lines: usize| format!("{before}{}{after}", body(lines - 2));
        let found = too_long(&of_length(61)).unwrap();
        assert_eq!(found.iter().map(Function::lines).collect::<Vec<_>>(), [61], "{before}");
        assert_eq!(too_long(&of_length(60)).unwrap(), [], "{before}");
    }
}

#[test]
fn the_measure_knows_tests_from_other_functions() {
    let source =
        "#[tokio::test] async fn a() {}\nfn b() {}\nproptest! { #[test] fn c(x in 0..9) {} }\nalone! { fn d() {} }";
    let found: Vec<_> = functions(source).unwrap().into_iter().map(|f| (f.name, f.is_test)).collect();
    assert_eq!(found, [("a".into(), true), ("b".into(), false), ("c".into(), true), ("d".into(), true)]);
}
