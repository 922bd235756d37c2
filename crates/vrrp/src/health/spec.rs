//! From a check of the configuration to one that can be run.

use vrrp_config::model as file;
use vrrp_health::{
    Assume, Check, Conditions, Dns, DnsQuestion, Endpoint, File, Gateway, Header, Host, Http, Init, Interface,
    JsonEquals, Method, Origin, Parameters, Pattern, Probe, Process, Schedule, SpecError, Statuses, Tcp, Tls, Trust,
    Unit, Url,
};

use crate::script::Scripts;

/// A check that can be run.
///
/// # Errors
/// What of it means nothing to the check it is for.
pub(super) fn check(check: &file::Check, global: &file::Global) -> Result<Check, SpecError> {
    // What is watched says each thing once.
    let in_a_row = |count: u32| if check.probe.is_watched() { 1 } else { count };
    let schedule = Schedule {
        interval: check.interval,
        timeout: check.timeout,
        rise: in_a_row(check.rise),
        fall: in_a_row(check.fall),
        assume: if check.init_fail { Assume::Down } else { Assume::Unknown },
    };
    Ok(Check { name: check.name.as_str().into(), probe: probe(check, global)?, schedule })
}

fn probe(check: &file::Check, global: &file::Global) -> Result<Probe, SpecError> {
    Ok(match &check.probe {
        file::CheckProbe::Script(command) => Probe::Script(Scripts::of(&global.scripts).program(command)),
        file::CheckProbe::File(asked) => Probe::File(tracked(asked)),
        file::CheckProbe::Process(asked) => Probe::Process(process(asked)),
        file::CheckProbe::Http(asked) => Probe::Http(http(asked)?),
        file::CheckProbe::Tcp(asked) => Probe::Tcp(Tcp {
            endpoint: Endpoint { host: Host::parse(&asked.host)?, port: asked.port },
            origin: origin(&asked.origin),
        }),
        file::CheckProbe::Gateway(asked) => Probe::Gateway(Gateway {
            quorum: asked.quorum.into(),
            interface: asked.origin.interface.as_deref().map(Box::from),
            source: asked.origin.source,
            ..Gateway::new(asked.targets.clone())
        }),
        file::CheckProbe::Dns(asked) => Probe::Dns(Dns {
            server: asked.server,
            question: DnsQuestion::parse(&asked.name, record(asked.record))?,
            expect: asked.expect.as_deref().map(Into::into),
            again: check.timeout / 2,
            origin: origin(&asked.origin),
        }),
        file::CheckProbe::Unit(asked) => Probe::Unit(Unit::new(asked.name.as_str())),
        file::CheckProbe::Interface(asked) => Probe::Interface(Interface::new(asked.name.as_str())),
    })
}

fn http(asked: &file::HttpProbe) -> Result<Http, SpecError> {
    let url = Url::parse(&asked.url)?;
    let mut http = Http::get(url);
    http.method = match asked.method {
        file::HttpMethod::Get => Method::Get,
        file::HttpMethod::Head => Method::Head,
    };
    http.status = Statuses::new(asked.status.iter().map(|range| range.least..=range.most))?;
    http.headers =
        asked.headers.iter().map(|header| Header::parse(&header.name, &header.value)).collect::<Result<_, _>>()?;
    if let Some(host) = &asked.host {
        http.headers.push(Header::parse("Host", host)?);
    }
    http.body = Conditions {
        equals: asked.body_equals.as_deref().map(Into::into),
        contains: asked.body_contains.as_deref().map(Into::into),
        matches: asked.body_matches.as_deref().map(Pattern::parse).transpose()?,
        json: asked.json.iter().map(|json| JsonEquals::parse(&json.path, &json.value)).collect::<Result<_, _>>()?,
    };
    http.origin = origin(&asked.origin);
    http.tls = Tls::new(match &asked.ca_file {
        _ if asked.insecure => Trust::Anything,
        Some(path) => Trust::File(path.into()),
        None => Trust::System,
    });
    http.tls.server_name = asked.host.as_deref().map(Into::into);
    Ok(http)
}

fn origin(asked: &file::Origin) -> Origin {
    Origin { source: asked.source, interface: asked.interface.as_deref().map(Into::into), mark: None }
}

fn tracked(asked: &file::FileProbe) -> File {
    let init = asked.init.map(|init| Init { value: init.value, overwrite: init.overwrite });
    File { init, ..File::new(&asked.path) }
}

fn process(asked: &file::ProcessProbe) -> Process {
    let mut words = asked.process.iter().map(|word| Box::from(word.as_str()));
    let name: Box<str> = words.next().unwrap_or_default();
    let parameters: Vec<Box<str>> = words.collect();
    let parameters = match asked.param_match {
        None => Parameters::Any,
        Some(file::ParamMatch::Exact) => Parameters::Exact(parameters),
        Some(file::ParamMatch::Initial) => Parameters::Initial(parameters),
        Some(file::ParamMatch::Partial) => Parameters::Partial(parameters),
    };
    Process {
        full_command: asked.full_command,
        parameters,
        quorum: asked.quorum.into(),
        quorum_max: asked.quorum_max.map(Into::into),
        fork_delay: asked.fork_delay,
        terminate_delay: asked.terminate_delay,
        ..Process::new(name)
    }
}

const fn record(record: file::DnsRecord) -> &'static str {
    match record {
        file::DnsRecord::A => "A",
        file::DnsRecord::Aaaa => "AAAA",
        file::DnsRecord::Cname => "CNAME",
        file::DnsRecord::Mx => "MX",
        file::DnsRecord::Ns => "NS",
        file::DnsRecord::Ptr => "PTR",
        file::DnsRecord::Soa => "SOA",
        file::DnsRecord::Srv => "SRV",
        file::DnsRecord::Txt => "TXT",
    }
}
