use vrrp_config::{Limits, Options, parse_str, render, to_keepalived, to_toml};

/// Text of either language loads without a panic, its problems can be drawn and lie in the text, and what it means
/// survives being written as keepalived.conf and as TOML.
///
/// The first byte chooses the language and the options.
///
/// # Panics
/// When one of these does not hold.
pub fn config(data: &[u8]) {
    let Some((&choice, bytes)) = data.split_first() else { return };
    load(if choice & 1 == 0 { "fuzz.conf" } else { "fuzz.toml" }, choice, bytes);
}

/// The same for TOML alone, without a byte that chooses.
///
/// # Panics
/// When one of these does not hold.
pub fn toml(data: &[u8]) {
    load("fuzz.toml", 0, data);
}

fn load(name: &str, choice: u8, bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    let options = Options {
        config_id: Some("node".to_owned()),
        allow_not_built: choice & 2 != 0,
        load_balancing_by_others: choice & 4 != 0,
        limits: Limits { expanded_bytes: 1 << 20, line_bytes: 1 << 16, ..Limits::default() },
        ..Options::default()
    };
    let loaded = parse_str(name, text, &options);
    let drawn = render(&loaded, choice & 8 != 0);
    assert_eq!(drawn.is_empty(), loaded.diagnostics.is_empty());
    let lines = text.split('\n').count();
    for label in loaded.diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
        assert!((1..=lines).contains(&label.location.line), "{label:?} of {lines} lines");
    }
    let conf = parse_str("again.conf", &to_keepalived(&loaded.model), &options);
    assert_eq!(conf.model, loaded.model, "{}", render(&conf, false));
    let toml = parse_str("again.toml", &to_toml(&loaded.model), &options);
    assert_eq!(toml.model, loaded.model, "{}", render(&toml, false));
}
