use super::native::Lines;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Item, Word};
use crate::model::{Header, HttpMethod, HttpProbe, JsonValue, StatusRange};
use crate::read::Context;
use crate::read::values::{FILL_IN, looks_like_a_placeholder};

/// The statuses that are well where the block says nothing.
pub(crate) const WELL: StatusRange = StatusRange { least: 200, most: 299 };

/// What an `http` or `https` check looks at; `None` if something about it is wrong, which has been reported.
pub(super) fn read(lines: &Lines<'_>, scheme: &str, url: &Word, context: &mut Context<'_>) -> Option<HttpProbe> {
    let before = context.diagnostics.list.len();
    let url = context.url(url, scheme);
    let value = |name: &str| lines.option(name).and_then(|line| line.values().first());
    let method = match lines.option("method") {
        Some(line) => context.choice(line, &[("GET", HttpMethod::Get), ("HEAD", HttpMethod::Head)]),
        None => Some(HttpMethod::Get),
    };
    let probe = HttpProbe {
        url: url?,
        method: method?,
        status: lines.option("status").map_or_else(|| vec![WELL], |line| context.statuses(line)),
        body_equals: lines.text("body_equals", context),
        body_contains: lines.text("body_contains", context),
        body_matches: lines.text("body_matches", context),
        json: lines.option("json").and_then(|line| context.json(line)),
        host: value("host").and_then(|word| context.host_header(word)),
        headers: lines.all("header").filter_map(|line| context.header(line)).collect(),
        origin: lines.origin(context)?,
        ca_file: value("ca_file").map(|word| word.text.clone()),
        insecure: lines.option("insecure").is_some(),
    };
    context.http_conflicts(lines, &probe);
    (!context.wrong_since(before)).then_some(probe)
}

impl Context<'_> {
    /// A URL of the scheme that its keyword is, which may be left out; `http` takes both.
    fn url(&mut self, word: &Word, scheme: &str) -> Option<String> {
        let text = word.text.as_str();
        let (given, rest) = text.split_once("://").unwrap_or((scheme, text));
        let fits = given == scheme || (given == "https" && scheme == "http");
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let sound = !authority.is_empty()
            && !authority.contains(['@', '<', '>', '{', '}', '"', '$', ','])
            && !rest.contains(char::is_whitespace)
            && port_of(authority);
        if fits && sound {
            return Some(format!("{given}://{rest}"));
        }
        let error = Diagnostic::error(Code::InvalidValue, word.span, format!("`{text}` is no URL for `{scheme}`"));
        let help = if looks_like_a_placeholder(authority) {
            FILL_IN.to_owned()
        } else {
            format!("write `{scheme} {scheme}://HOST[:PORT]/PATH`")
        };
        self.push(error.help(help));
        None
    }

    /// `status 200 300-399`
    fn statuses(&mut self, line: &Item) -> Vec<StatusRange> {
        let range = |text: &str| {
            let (least, most) = text.split_once('-').unwrap_or((text, text));
            let (least, most) = (least.parse().ok()?, most.parse().ok()?);
            (100 <= least && least <= most && most <= 599).then_some(StatusRange { least, most })
        };
        let mut ranges = Vec::new();
        for word in line.values() {
            if let Some(range) = range(&word.text) {
                ranges.push(range);
            } else {
                let message = format!("`{}` is no status", word.text);
                let error = Diagnostic::error(Code::InvalidValue, word.span, message);
                self.push(error.help("write statuses from 100 to 599, such as `status 200 301-308`"));
            }
        }
        ranges
    }

    /// `json PATH VALUE`
    fn json(&mut self, line: &Item) -> Option<JsonValue> {
        let [path, value] = line.values() else { return None };
        if !path.text.starts_with(['.', '/', '$']) {
            let error = Diagnostic::error(Code::InvalidValue, path.span, format!("`{}` is no path", path.text));
            self.push(error.help("write it as `jq` has it, `.status.ready`, or as a JSON pointer, `/status/ready`"));
            return None;
        }
        Some(JsonValue { path: self.plain(path)?, value: self.plain(value)? })
    }

    fn host_header(&mut self, word: &Word) -> Option<String> {
        if word.text.is_empty() || word.text.contains(['/', ' ', '@']) {
            let error = Diagnostic::error(Code::InvalidValue, word.span, format!("`{}` is no host", word.text));
            self.push(error.help("write the name alone, such as `host www.example.org`"));
            return None;
        }
        Some(word.text.clone())
    }

    /// `header NAME VALUE`
    fn header(&mut self, line: &Item) -> Option<Header> {
        let [name, value] = line.values() else { return None };
        let token = |c: char| c.is_ascii_alphanumeric() || "-_.~^|*+&%".contains(c);
        if name.text.is_empty() || !name.text.chars().all(token) {
            let error = Diagnostic::error(Code::InvalidValue, name.span, format!("`{}` is no header", name.text));
            self.push(error.help("write `header NAME \"VALUE\"`, without a colon"));
            return None;
        }
        Some(Header { name: name.text.clone(), value: value.text.clone() })
    }

    /// What contradicts each other in one check.
    fn http_conflicts(&mut self, lines: &Lines<'_>, probe: &HttpProbe) {
        let body = ["body_equals", "body_contains", "body_matches", "json"];
        let about_body = body.into_iter().find_map(|name| Some((name, lines.option(name)?.words.first()?.span)));
        if let Some((name, span)) = about_body.filter(|_| probe.method == HttpMethod::Head) {
            let error = Diagnostic::error(Code::Conflict, span, format!("`{name}` beside `method HEAD`"));
            self.push(error.label("there is no body").help("write `method GET`, or remove it"));
        }
        let trust = ["ca_file", "insecure"].into_iter();
        let trust = trust.filter_map(|name| Some((name, lines.option(name)?.words.first()?.span)));
        let trust: Vec<_> = trust.collect();
        if let Some(&(name, span)) = trust.first().filter(|_| probe.url.starts_with("http://")) {
            let warning = Diagnostic::warning(Code::NoEffect, span, format!("`{name}` has no effect without TLS"));
            self.push(warning.help("write an https:// URL, or remove it"));
        }
        if let [(_, ca_file), (_, insecure)] = trust.as_slice() {
            let error = Diagnostic::error(Code::Conflict, *insecure, "`insecure` takes any certificate");
            self.push(error.also(*ca_file, "and this says which are trusted").help("remove one of them"));
        }
    }
}

/// Whether what follows the colon of an authority, if anything, is a port.
fn port_of(authority: &str) -> bool {
    let port = match authority.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((_, port)) => port.strip_prefix(':'),
            None => return false,
        },
        None => authority.split_once(':').map(|(_, port)| port),
    };
    port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}
