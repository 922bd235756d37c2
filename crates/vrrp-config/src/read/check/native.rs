use core::net::{IpAddr, SocketAddr};
use core::time::Duration;

use super::http;
use super::timing::Timing;
use crate::diagnostic::{Code, Diagnostic};
use crate::keywords::Kind;
use crate::language::{Item, Word};
use crate::model::{Check, CheckProbe, DnsProbe, DnsRecord, GatewayProbe, Origin, TcpProbe, UnitProbe};
use crate::read::Context;
use crate::source::Span;

/// The longest timeout of a check that says nothing of it.
pub(crate) const NATIVE_TIMEOUT: Duration = Duration::from_secs(3);

/// The keywords that say what is looked at.
const KINDS: [&str; 6] = ["http", "https", "tcp", "gateway", "dns", "unit"];

const HTTP: &[&str] = &["http", "https"];
const NETWORK: &[&str] = &["http", "https", "tcp", "gateway", "dns"];

/// Which kinds know an option.
const OPTIONS: [(&str, &[&str]); 14] = [
    ("method", HTTP),
    ("status", HTTP),
    ("body_equals", HTTP),
    ("body_contains", HTTP),
    ("body_matches", HTTP),
    ("json", HTTP),
    ("host", HTTP),
    ("header", HTTP),
    ("insecure", HTTP),
    ("ca_file", HTTP),
    ("source", NETWORK),
    ("interface", NETWORK),
    ("quorum", &["gateway"]),
    ("expect", &["dns"]),
];

/// The lines of a `check` block that are about what is looked at.
pub(super) struct Lines<'a> {
    /// What is looked at, with its line.
    probe: (&'static str, &'a Item),
    options: Vec<(&'static str, &'a Item)>,
}

/// Reads a `check` block; `None` if it does not say what is looked at.
pub(super) fn read(name: &str, item: &Item, context: &mut Context<'_>) -> Option<Check> {
    let mut timing = Timing::default();
    let mut probe: Option<(&'static str, &Item, Span)> = None;
    let mut options: Vec<(&'static str, &Item)> = Vec::new();
    for line in item.items() {
        let Some(keyword) = context.keyword(line, Kind::Native.place()) else { continue };
        let Some(word) = line.words.first() else { continue };
        let known = KINDS.contains(&keyword.name) || OPTIONS.iter().any(|(option, _)| *option == keyword.name);
        match probe {
            Some((_, _, before)) if KINDS.contains(&keyword.name) => {
                let error = Diagnostic::error(Code::Conflict, word.span, "a check looks at one thing");
                context.push(error.also(before, "this one").help("write a `check` of its own for the other"));
            }
            None if KINDS.contains(&keyword.name) => probe = Some((keyword.name, line, word.span)),
            _ if known => {
                context.second_option(&options, keyword.name, word);
                options.push((keyword.name, line));
            }
            _ => timing.apply(keyword.name, Kind::Native, line, word.span, context),
        }
    }
    let Some((kind, line, _)) = probe else {
        context.nothing_looked_at(item);
        return None;
    };
    let lines = Lines { probe: (kind, line), options };
    lines.foreign(context);
    let probe = lines.probe(context)?;
    Some(timing.into_check(name, probe, NATIVE_TIMEOUT, context))
}

impl<'a> Lines<'a> {
    /// The line of an option.
    pub(super) fn option(&self, name: &str) -> Option<&'a Item> {
        self.all(name).next_back()
    }

    /// The lines of an option that may be given more than once.
    pub(super) fn all(&self, name: &str) -> impl DoubleEndedIterator<Item = &'a Item> {
        self.options.iter().filter(move |(option, _)| *option == name).map(|&(_, line)| line)
    }

    /// The value of an option that is any text.
    pub(super) fn text(&self, name: &str, context: &mut Context<'_>) -> Option<String> {
        context.plain(self.option(name)?.values().first()?)
    }

    /// Reports options of other kinds.
    fn foreign(&self, context: &mut Context<'_>) {
        let (kind, _) = self.probe;
        for &(name, line) in &self.options {
            let kinds = OPTIONS.iter().find(|(option, _)| *option == name).map_or(&[][..], |(_, kinds)| *kinds);
            if let Some(word) = line.words.first().filter(|_| !kinds.contains(&kind)) {
                let message = format!("`{name}` says nothing of a `{kind}` check");
                let error = Diagnostic::error(Code::Misplaced, word.span, message);
                context.push(error.help(format!("remove it: it goes with `{}`", kinds.join("`, `"))));
            }
        }
    }

    fn probe(&self, context: &mut Context<'_>) -> Option<CheckProbe> {
        let (kind, line) = self.probe;
        let first = line.values().first()?;
        match kind {
            "tcp" => {
                let (host, port) = context.endpoint(first)?;
                Some(CheckProbe::Tcp(TcpProbe { host, port, origin: self.origin(context)? }))
            }
            "gateway" => self.gateway(line, context),
            "dns" => self.dns(line, context),
            "unit" => {
                let name = context.unit_name(first)?;
                Some(CheckProbe::Unit(UnitProbe { name }))
            }
            _ => Some(CheckProbe::Http(http::read(self, kind, first, context)?)),
        }
    }

    fn gateway(&self, line: &Item, context: &mut Context<'_>) -> Option<CheckProbe> {
        let targets = line.values().iter().map(|word| context.address(word)).collect::<Option<Vec<IpAddr>>>()?;
        let quorum = match self.option("quorum") {
            Some(line) => context.number(line, 1..=i64::try_from(targets.len()).unwrap_or(i64::MAX))?,
            None => 1,
        };
        Some(CheckProbe::Gateway(GatewayProbe { targets, quorum, origin: self.origin(context)? }))
    }

    fn dns(&self, line: &Item, context: &mut Context<'_>) -> Option<CheckProbe> {
        let [server, name, record @ ..] = line.values() else { return None };
        let server = context.server(server)?;
        let record = match record.first() {
            Some(word) => context.record(word)?,
            None => DnsRecord::default(),
        };
        let expect = match self.option("expect") {
            Some(_) => Some(self.text("expect", context)?),
            None => None,
        };
        let (name, origin) = (name.text.clone(), self.origin(context)?);
        Some(CheckProbe::Dns(DnsProbe { server, name, record, expect, origin }))
    }

    /// Where the probe starts; `None` if that is wrong.
    pub(super) fn origin(&self, context: &mut Context<'_>) -> Option<Origin> {
        let mut origin = Origin::default();
        if let Some(word) = self.option("source").and_then(|line| line.values().first()) {
            origin.source = Some(context.address(word)?);
        }
        if let Some(word) = self.option("interface").and_then(|line| line.values().first()) {
            origin.interface = Some(context.interface_name(word)?);
        }
        Some(origin)
    }
}

/// The types of DNS records.
pub(crate) const RECORDS: [(&str, DnsRecord); 9] = [
    ("A", DnsRecord::A),
    ("AAAA", DnsRecord::Aaaa),
    ("CNAME", DnsRecord::Cname),
    ("MX", DnsRecord::Mx),
    ("NS", DnsRecord::Ns),
    ("PTR", DnsRecord::Ptr),
    ("SOA", DnsRecord::Soa),
    ("SRV", DnsRecord::Srv),
    ("TXT", DnsRecord::Txt),
];

impl Context<'_> {
    fn nothing_looked_at(&mut self, item: &Item) {
        let Some(name) = item.values().first() else { return };
        let error = Diagnostic::error(Code::Missing, name.span, "this check looks at nothing");
        self.push(error.help(format!("write one of `{}`", KINDS.join("`, `"))));
    }

    /// An option that is there already counts as it is given last.
    fn second_option(&mut self, options: &[(&'static str, &Item)], name: &str, word: &Word) {
        let before = options.iter().filter(|(before, _)| *before == name && name != "header");
        if let Some(first) = before.filter_map(|(_, line)| line.words.first()).next_back() {
            let message = format!("`{name}` is given twice");
            let warning = Diagnostic::warning(Code::Duplicate, word.span, message).label("this one counts");
            self.push(warning.also(first.span, "this one does not").help("remove one of them"));
        }
    }

    /// A text that can be written in quotes of one kind.
    pub(super) fn plain(&mut self, word: &Word) -> Option<String> {
        let text = word.text.as_str();
        let double = text.contains('"');
        let in_single = !text.contains(['\'', '\\', '#', '!', '$']) && text.matches('"').count().is_multiple_of(2);
        if text.is_empty() {
            let error = Diagnostic::error(Code::Missing, word.span, "an empty text says nothing");
            self.push(error.help("write the text, or remove the line"));
            return None;
        }
        let never = text.ends_with('\\') || text.contains("${") || text.contains("$_");
        if (double && !in_single) || never || text.contains(['\0', '\n', '\r']) {
            let error = Diagnostic::error(Code::InvalidValue, word.span, "no quotes hold this text");
            self.push(error.help(
                "a text with double quotes is written in single ones, and then has no `'`, `\\`, `#`, `!` or `$`",
            ));
            return None;
        }
        Some(word.text.clone())
    }

    /// `HOST:PORT`
    fn endpoint(&mut self, word: &Word) -> Option<(String, u16)> {
        let split = word.text.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse::<u16>().ok()?)));
        let sound = split.filter(|&(host, port)| {
            let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
            let named = || !host.is_empty() && !host.contains([':', '[', ']', '/', '"', ' ']);
            port > 0 && bracketed.map_or_else(named, |host| host.parse::<core::net::Ipv6Addr>().is_ok())
        });
        let Some((host, port)) = sound else {
            let error = Diagnostic::error(Code::InvalidValue, word.span, format!("`{}` is no HOST:PORT", word.text));
            self.push(error.help("write an address or a name and a port, such as 10.0.0.9:443 or [fe80::9]:443"));
            return None;
        };
        Some((host.trim_matches(['[', ']']).to_owned(), port))
    }

    /// A DNS server, with or without a port.
    fn server(&mut self, word: &Word) -> Option<SocketAddr> {
        let with_port = word.text.parse().ok().filter(|server: &SocketAddr| server.port() > 0);
        let alone = || word.text.parse().ok().map(|address: IpAddr| SocketAddr::new(address, 53));
        let server = with_port.or_else(alone);
        if server.is_none() {
            let message = format!("`{}` is no address of a DNS server", word.text);
            let error = Diagnostic::error(Code::InvalidValue, word.span, message);
            self.push(error.help("write an address such as 10.0.0.53, 10.0.0.53:5353 or [2001:db8::53]:53"));
        }
        server
    }

    fn record(&mut self, word: &Word) -> Option<DnsRecord> {
        let upper = word.text.to_ascii_uppercase();
        let found = RECORDS.into_iter().find(|(name, _)| *name == upper).map(|(_, record)| record);
        if found.is_none() {
            let message = format!("`{}` is no type of a DNS record that is known here", word.text);
            let error = Diagnostic::error(Code::InvalidValue, word.span, message);
            let names: Vec<&str> = RECORDS.iter().map(|(name, _)| *name).collect();
            self.push(error.help(format!("write one of {}", names.join(", "))));
        }
        found
    }

    /// A systemd unit; a name without a suffix is a service, as for `systemctl`.
    fn unit_name(&mut self, word: &Word) -> Option<String> {
        let name = word.text.as_str();
        if name.is_empty() || name.contains(['/', '"']) || name.contains(char::is_whitespace) {
            let error = Diagnostic::error(Code::InvalidValue, word.span, format!("`{name}` is no unit of systemd"));
            self.push(error.help("write a unit such as `nginx.service`; `systemctl list-units` lists them"));
            return None;
        }
        Some(if name.contains('.') { name.to_owned() } else { format!("{name}.service") })
    }
}
