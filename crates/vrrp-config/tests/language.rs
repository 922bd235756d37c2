//! The language: what keepalived.conf means before any keyword is looked at.

use vrrp_config::{Code, Loaded, Options, parse_str, render};

fn parse(text: &str) -> Loaded {
    let options = Options { config_id: Some("node1".to_owned()), ..Options::default() };
    parse_str("test.conf", text, &options)
}

/// The model of text that has no problem at all.
fn sound(text: &str) -> Loaded {
    let loaded = parse(text);
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded, false));
    loaded
}

fn codes(loaded: &Loaded) -> Vec<Code> {
    loaded.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

const BODY: &str = "interface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n10.0.0.1\n}\n";

#[test]
fn comments_begin_with_either_character_anywhere_outside_quotes() {
    let text = "! first\n# second\nvrrp_instance A { # third\ninterface eth0! fourth\nvirtual_router_id 7 ! fifth\n\
                virtual_ipaddress {\n10.0.0.1#sixth\n}\n}\n";
    assert_eq!(sound(text).model.routers.len(), 1);
}

#[test]
fn a_hash_in_quotes_or_after_a_backslash_is_a_character() {
    let loaded = sound("global_defs {\nrouter_id \"a # b\"\n}\n");
    assert_eq!(loaded.model.global.router_id.as_deref(), Some("a # b"));
    let loaded = sound("global_defs {\nrouter_id a\\#b\\!c\n}\n");
    assert_eq!(loaded.model.global.router_id.as_deref(), Some("a#b!c"));
}

#[test]
fn a_comment_that_eats_a_password_is_called_out() {
    let auth = "authentication {\nauth_type PASS\nauth_pass ab#cd\n}\n";
    let loaded = parse(&format!("vrrp_instance A {{\n{BODY}{auth}}}\n"));
    assert_eq!(codes(&loaded), [Code::Suspicious]);
    let secret = loaded.model.routers[0].auth_pass.unwrap();
    assert_eq!(secret.as_bytes(), b"ab");
}

#[test]
fn blocks_may_stand_on_one_line_or_open_on_the_next() {
    sound(&format!("vrrp_instance A\n{{\n{BODY}}}\n"));
    sound(
        "global_defs { router_id a }\nvrrp_instance A { interface eth0\nvirtual_router_id 7\nvirtual_ipaddress { 10.0.0.1 } }\n",
    );
    sound(&format!(
        "vrrp_instance A{{\n{BODY}}}vrrp_instance B{{\ninterface eth1\nvirtual_router_id 7\nvirtual_ipaddress{{\n10.0.0.2\n}}}}\n"
    ));
}

#[test]
fn carriage_returns_are_white_space() {
    let text = format!("vrrp_instance A {{\n{BODY}}}\n").replace('\n', "\r\n");
    assert_eq!(sound(&text).model.routers[0].interface.as_deref(), Some("eth0"));
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    sound("\u{feff}global_defs {\n}\n");
    let loaded = parse("\u{feff}nonsense\n");
    assert_eq!(loaded.diagnostics[0].message, "unknown keyword `nonsense` at the top level");
}

#[test]
fn conditional_lines_follow_the_configuration_id() {
    let text = "vrrp_instance A {\n@node1 priority 101\n@node2 priority 102\n@^node1 priority 103\n\
                interface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n";
    assert_eq!(sound(text).model.routers[0].priority.get(), 101);
    assert_eq!(codes(&parse("@ global_defs {\n}\n")), [Code::Syntax, Code::Syntax]);
}

#[test]
fn definitions_are_late_and_nest_and_stand_anywhere_with_braces() {
    let text = "$NET=10.${B}\n$B=1.2\n$IF=eth0\nvrrp_instance A {\ninterface $IF\nvirtual_router_id 7\n\
                virtual_ipaddress {\n${NET}.3/24 dev $IF\n}\n}\n";
    let router = &sound(text).model.routers[0];
    assert_eq!(router.virtual_ipaddress[0].to_string(), "10.1.2.3/24 dev eth0");
}

#[test]
fn a_definition_of_several_lines_may_hold_blocks() {
    let text = "$ROUTER=\\\nvrrp_instance R${N} {\\\ninterface eth${N}\\\nvirtual_router_id ${N}\\\n\
                virtual_ipaddress {\\\n10.0.0.${N}\\\n}\\\n}\n$N=1\n$ROUTER\n$N=2\n$ROUTER\n";
    let loaded = sound(text);
    let names: Vec<_> = loaded.model.routers.iter().map(|router| router.name.as_str()).collect();
    assert_eq!(names, ["R1", "R2"]);
}

#[test]
fn predefined_names_are_known() {
    let loaded = sound("global_defs {\nrouter_id ${_INSTANCE}${_HASH}${_BANG}\n}\n");
    assert_eq!(loaded.model.global.router_id.as_deref(), Some("node1#!"));
}

#[test]
fn an_undefined_reference_is_an_error_with_braces_and_a_warning_without() {
    let loaded = parse("$NAME=x\nglobal_defs {\nrouter_id ${NAMES}\n}\n");
    assert_eq!(codes(&loaded), [Code::UndefinedReference]);
    assert_eq!(loaded.errors().next().unwrap().help.as_deref(), Some("did you mean `${NAME}`?"));
    let loaded = parse("global_defs {\nrouter_id $NAME\n}\n");
    assert_eq!((loaded.errors().count(), loaded.warnings().count()), (0, 1));
}

#[test]
fn a_definition_with_a_space_is_an_error() {
    let loaded = parse("$A = 5\n");
    assert_eq!(codes(&loaded), [Code::Syntax]);
    assert_eq!(loaded.errors().next().unwrap().help.as_deref(), Some("write `$A=value`"));
}

#[test]
fn a_definition_that_contains_itself_ends_in_an_error() {
    for text in ["$A=$A\n$A\n", "$A=x${A}y\nrouter_id ${A}\n", "$A=\\\n$A \\\n$A\n$A\n"] {
        assert!(codes(&parse(text)).contains(&Code::Limit), "{text}");
    }
}

#[test]
fn an_unknown_block_is_skipped_whole_and_reported_once() {
    let loaded = parse(&format!("vrrp_instans A {{\nfoo {{\nbar\n}}\nbaz\n}}\nvrrp_instance B {{\n{BODY}}}\n"));
    assert_eq!(codes(&loaded), [Code::UnknownKeyword]);
    assert_eq!(loaded.errors().next().unwrap().help.as_deref(), Some("did you mean `vrrp_instance`?"));
    assert_eq!(loaded.model.routers.len(), 1);
}

#[test]
fn a_missing_brace_is_found_where_the_next_block_begins() {
    let text = format!("vrrp_instance A {{\n{BODY}\nvrrp_instance B {{\n{}}}\n", BODY.replace("eth0", "eth1"));
    let loaded = parse(&text);
    assert_eq!(codes(&loaded), [Code::Syntax]);
    assert_eq!(loaded.diagnostics[0].labels[0].location.line, 8);
    assert_eq!(loaded.diagnostics[0].labels[1].location.line, 1);
    assert_eq!(loaded.model.routers.len(), 2);
}

#[test]
fn a_brace_too_many_and_one_that_never_closes_are_errors() {
    assert_eq!(codes(&parse("global_defs {\n}\n}\n")), [Code::Syntax]);
    assert_eq!(codes(&parse("global_defs {\nrouter_id a\n")), [Code::Syntax]);
}

#[test]
fn an_open_quote_is_an_error_on_its_line() {
    let loaded = parse("global_defs {\n\trouter_id \"a\n}\n");
    let label = &loaded.diagnostics[0].labels[0];
    assert_eq!((label.location.line, label.location.column, label.location.end_column), (2, 12, 13));
}

#[test]
fn columns_count_characters() {
    let loaded = parse("global_defs {\nrouter_id über x\n}\n");
    let label = &loaded.diagnostics[0].labels[0];
    assert_eq!((label.location.column, label.location.end_column), (16, 17));
}

#[test]
fn a_word_in_the_wrong_block_is_told_where_it_belongs() {
    let loaded = parse("global_defs {\nauth_pass x\n}\n");
    assert_eq!(codes(&loaded), [Code::Misplaced]);
    let help = loaded.diagnostics[0].help.as_deref();
    assert_eq!(help, Some("move it: it is legal in `authentication` of a `vrrp_instance`"));
}
