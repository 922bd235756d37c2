use core::time::Duration;

use super::{Says, Statement, Statements, command, quote};
use crate::keywords::Kind;
use crate::model::{
    Check, CheckProbe, DnsProbe, FileProbe, GatewayProbe, HttpMethod, HttpProbe, Origin, ParamMatch, ProcessProbe,
    StatusRange, TcpProbe, Track, Weight,
};
use crate::read::{NATIVE_TIMEOUT, RECORDS, WELL};

/// The keyword that begins the block of a check; `None` for links, which have none.
pub(super) fn keyword(check: &Check) -> Option<&'static str> {
    let kind = Kind::of(&check.probe);
    (kind != Kind::Link).then(|| kind.block())
}

/// What the block says.
pub(super) fn statements(check: &Check) -> Vec<Statement> {
    let mut out = Statements::default();
    let mut most_timeout = NATIVE_TIMEOUT;
    match &check.probe {
        CheckProbe::Script(script) => {
            most_timeout = Duration::MAX;
            out.say("script", Says::Command(command::joined(&script.argv), Vec::new()));
            let user = command::user(script);
            out.say_if(!user.is_empty(), "user", Says::Words(user));
        }
        CheckProbe::File(file) => self::file(&mut out, file),
        CheckProbe::Process(process) => self::process(&mut out, process),
        CheckProbe::Http(http) => self::http(&mut out, http),
        CheckProbe::Tcp(TcpProbe { host, port, origin }) => {
            let address = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
            out.say("tcp", Says::Text(address));
            self::origin(&mut out, origin);
        }
        CheckProbe::Gateway(GatewayProbe { targets, quorum, origin }) => {
            out.say("gateway", Says::Words(targets.iter().map(ToString::to_string).collect()));
            out.number("quorum", *quorum, 1);
            self::origin(&mut out, origin);
        }
        CheckProbe::Dns(dns) => self::dns(&mut out, dns),
        CheckProbe::Unit(unit) => out.say("unit", Says::Text(unit.name.clone())),
        CheckProbe::Interface(_) => {}
    }
    timing(&mut out, check, most_timeout);
    out.0
}

fn timing(out: &mut Statements, check: &Check, most_timeout: Duration) {
    let default = Check::new(String::new(), check.probe.clone());
    out.seconds("interval", check.interval, default.interval);
    out.seconds("timeout", check.timeout, check.interval.min(most_timeout));
    out.number("rise", check.rise, default.rise);
    out.number("fall", check.fall, default.fall);
    if check.weight != default.weight {
        let Weight { amount, reverse } = check.weight;
        let reverse = reverse.then(|| "reverse".to_owned());
        out.say("weight", Says::Words(core::iter::once(amount.to_string()).chain(reverse).collect()));
    }
    out.flag("init_fail", check.init_fail);
}

fn file(out: &mut Statements, file: &FileProbe) {
    out.say("file", Says::Text(file.path.clone()));
    if let Some(init) = file.init {
        let value = (init.value != 0).then(|| init.value.to_string());
        let overwrite = init.overwrite.then(|| "overwrite".to_owned());
        out.say("init_file", Says::Words(value.into_iter().chain(overwrite).collect()));
    }
}

fn process(out: &mut Statements, process: &ProcessProbe) {
    out.say("process", Says::Words(process.process.clone()));
    match process.param_match {
        Some(ParamMatch::Initial) => out.say("param_match", Says::Words(vec!["initial".to_owned()])),
        Some(ParamMatch::Partial) => out.say("param_match", Says::Words(vec!["partial".to_owned()])),
        Some(ParamMatch::Exact) => out.say_if(process.process.len() == 1, "param_match", Says::Words(Vec::new())),
        None => out.flag("full_command", process.full_command),
    }
    out.say_if(process.quorum > 1, "quorum", Says::Number(process.quorum.into()));
    if let Some(most) = process.quorum_max {
        out.say("quorum_max", Says::Number(most.into()));
    }
    out.seconds("terminate_delay", process.terminate_delay, Duration::ZERO);
    out.seconds("fork_delay", process.fork_delay, Duration::ZERO);
}

fn http(out: &mut Statements, http: &HttpProbe) {
    out.say("http", Says::Text(http.url.clone()));
    out.say_if(http.method == HttpMethod::Head, "method", Says::Text("HEAD".to_owned()));
    let status = |range: &StatusRange| match range {
        StatusRange { least, most } if least == most => least.to_string(),
        StatusRange { least, most } => format!("{least}-{most}"),
    };
    out.say_if(http.status != [WELL], "status", Says::Words(http.status.iter().map(status).collect()));
    let body = [
        ("body_equals", &http.body_equals),
        ("body_contains", &http.body_contains),
        ("body_matches", &http.body_matches),
    ];
    for (keyword, text) in body {
        if let Some(text) = text {
            out.say(keyword, Says::Quoted(vec![text.clone()]));
        }
    }
    if let Some(json) = &http.json {
        out.say("json", Says::Quoted(vec![json.path.clone(), json.value.clone()]));
    }
    text(out, "host", http.host.as_ref());
    let headers = http.headers.iter().map(|header| vec![header.name.clone(), header.value.clone()]);
    out.say_if(!http.headers.is_empty(), "header", Says::Repeated(headers.collect()));
    origin(out, &http.origin);
    text(out, "ca_file", http.ca_file.as_ref());
    out.flag("insecure", http.insecure);
}

fn dns(out: &mut Statements, dns: &DnsProbe) {
    let record = RECORDS.into_iter().find(|&(_, record)| record == dns.record).map_or("A", |(name, _)| name);
    let server = if dns.server.port() == 53 { dns.server.ip().to_string() } else { dns.server.to_string() };
    out.say("dns", Says::Words(vec![server, dns.name.clone(), record.to_owned()]));
    if let Some(expect) = &dns.expect {
        out.say("expect", Says::Quoted(vec![expect.clone()]));
    }
    origin(out, &dns.origin);
}

fn origin(out: &mut Statements, origin: &Origin) {
    if let Some(source) = origin.source {
        out.say("source", Says::Text(source.to_string()));
    }
    text(out, "interface", origin.interface.as_ref());
}

fn text(out: &mut Statements, keyword: &'static str, value: Option<&String>) {
    if let Some(value) = value {
        out.say(keyword, Says::Text(value.clone()));
    }
}

/// The lists that name what is tracked, one for each kind.
pub(super) fn tracks(out: &mut Statements, tracks: &[Track], checks: &[Check]) {
    for kind in [Kind::Script, Kind::File, Kind::Process, Kind::Native, Kind::Link] {
        let of_kind = tracks.iter().filter_map(|track| {
            let check = checks.iter().find(|check| check.name == track.check)?;
            (Kind::of(&check.probe) == kind).then(|| track_line(track, check))
        });
        let lines: Vec<String> = of_kind.collect();
        out.say_if(!lines.is_empty(), kind.list(), Says::Lines(lines));
    }
}

fn track_line(track: &Track, check: &Check) -> String {
    let name = quote(Check::link_of(&track.check).unwrap_or(&track.check));
    let Weight { amount, reverse } = track.weight;
    let turned = match (reverse, check.weight.reverse) {
        (true, false) => " reverse",
        (false, true) => " noreverse",
        (true, true) | (false, false) => "",
    };
    if track.weight == check.weight { name } else { format!("{name} weight {amount}{turned}") }
}
