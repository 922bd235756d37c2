use core::net::{IpAddr, SocketAddr};
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Command, text};

/// What a check looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckProbe {
    /// `vrrp_script`: a program's exit status, 0 is well.
    Script(Command),
    /// `track_file`: a number in a file.
    File(FileProbe),
    /// `vrrp_track_process`: how many processes of a name there are.
    Process(ProcessProbe),
    /// `check NAME { http URL }`: an answer over HTTP or HTTPS.
    Http(HttpProbe),
    /// `check NAME { tcp HOST:PORT }`: whether a connection can be made.
    Tcp(TcpProbe),
    /// `check NAME { gateway ADDRESS ... }`: whether enough of some hosts can be reached.
    Gateway(GatewayProbe),
    /// `check NAME { dns SERVER NAME [TYPE] }`: a DNS answer.
    Dns(DnsProbe),
    /// `check NAME { unit NAME }`: whether a systemd unit is active.
    Unit(UnitProbe),
    /// `track_interface`: whether a link is up and running.
    Interface(InterfaceProbe),
}

impl CheckProbe {
    /// Whether it is watched, so that it says each thing once, rather than run at intervals.
    pub const fn is_watched(&self) -> bool {
        match self {
            Self::File(_) | Self::Process(_) | Self::Unit(_) | Self::Interface(_) => true,
            Self::Script(_) | Self::Http(_) | Self::Tcp(_) | Self::Gateway(_) | Self::Dns(_) => false,
        }
    }
}

/// An answer over HTTP or HTTPS; everything that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpProbe {
    /// `http`: with its scheme, `http://` or `https://`.
    pub url: String,
    /// `method`; `GET` unless the file says otherwise.
    pub method: HttpMethod,
    /// `status`: the statuses that are well, 200 to 299 unless the file says otherwise.
    pub status: Vec<StatusRange>,
    /// `body_equals`: the whole body, white space at its ends aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_equals: Option<String>,
    /// `body_contains`: a part of the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_contains: Option<String>,
    /// `body_matches`: a regular expression that some part of the body matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_matches: Option<String>,
    /// `json`: a value inside a JSON body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<JsonValue>,
    /// `host`: what the `Host` header and the certificate's name are, rather than the URL's host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// `header`: further headers, in the order of the file.
    #[serde(default)]
    pub headers: Vec<Header>,
    /// `source`, `interface`: where the connection starts.
    #[serde(default)]
    pub origin: Origin,
    /// `ca_file`: PEM certificates that are trusted rather than the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<String>,
    /// `insecure`: any certificate is taken.
    pub insecure: bool,
}

/// `method`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum HttpMethod {
    /// With the body.
    #[default]
    Get,
    /// Without it: nothing can be said of the body.
    Head,
}

/// Statuses from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusRange {
    /// The least, from 100.
    pub least: u16,
    /// The greatest, to 599.
    pub most: u16,
}

/// `json PATH VALUE`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JsonValue {
    /// As `jq` has it, `.status.ready`, or a JSON pointer, `/status/ready` (RFC 6901).
    pub path: String,
    /// What stands there: a string as it is, everything else as JSON writes it.
    pub value: String,
}

/// `header NAME VALUE`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Where a probe starts; nothing is for the kernel to choose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// `source`: the address it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<IpAddr>,
    /// `interface`: the interface it leaves by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
}

/// Whether a TCP connection can be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TcpProbe {
    /// `tcp`: an address, or a name that is resolved at each run.
    pub host: String,
    /// The port after the colon.
    pub port: u16,
    /// `source`, `interface`: where the connection starts.
    #[serde(default)]
    pub origin: Origin,
}

/// Whether enough of some hosts can be reached, on the link or by echo requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayProbe {
    /// `gateway`: the hosts, at least one.
    pub targets: Vec<IpAddr>,
    /// `quorum`: how many must answer, from 1 to all; 1 unless the file says otherwise.
    pub quorum: u16,
    /// `source`, `interface`: where the requests start.
    #[serde(default)]
    pub origin: Origin,
}

/// A DNS answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DnsProbe {
    /// The server; port 53 unless the file says otherwise.
    pub server: SocketAddr,
    /// The name that is asked for.
    pub name: String,
    /// What is asked about it.
    pub record: DnsRecord,
    /// `expect`: one of the answers must be this, as zone files write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<String>,
    /// `source`, `interface`: where the question starts.
    #[serde(default)]
    pub origin: Origin,
}

/// The type of a DNS record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum DnsRecord {
    /// An IPv4 address.
    #[default]
    A,
    /// An IPv6 address.
    Aaaa,
    /// Another name.
    Cname,
    /// A mail exchanger.
    Mx,
    /// A name server.
    Ns,
    /// The name of an address.
    Ptr,
    /// The start of a zone.
    Soa,
    /// A service.
    Srv,
    /// Text.
    Txt,
}

/// How many processes of a name there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessProbe {
    /// `process`: the name, and the arguments that must be there too.
    pub process: Vec<String>,
    /// `param_match`: how the arguments are compared; `None` is not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub param_match: Option<ParamMatch>,
    /// `quorum`: fewer are a failure; 0 beside a `quorum_max` of 0 only.
    pub quorum: u16,
    /// `quorum_max`: more are a failure; 0 is well without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quorum_max: Option<u16>,
    /// `fork_delay` or `delay`: how long enough must have been there to be well.
    #[serde(with = "text::duration")]
    pub fork_delay: Duration,
    /// `terminate_delay` or `delay`: how long too few must have been there to be a failure.
    #[serde(with = "text::duration")]
    pub terminate_delay: Duration,
    /// `full_command`, implied by arguments: the first word of the command line is compared, rather than the name of
    /// 15 characters.
    pub full_command: bool,
}

/// `param_match`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParamMatch {
    /// Without a word, or where arguments are given and nothing else: there are these and no others.
    Exact,
    /// `initial`: those given are the first, and the last of them may only begin one.
    Initial,
    /// `partial`: those given are the first.
    Partial,
}

/// A number in a file; nothing that can be read is 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileProbe {
    /// `file`
    pub path: String,
    /// `init_file`: the file is created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub init: Option<FileInit>,
}

/// `init_file [VALUE] [overwrite]`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileInit {
    /// What is written.
    pub value: i32,
    /// Written though the file is there.
    pub overwrite: bool,
}

/// Whether a link is up and running.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InterfaceProbe {
    /// The interface's name.
    pub name: String,
}

/// Whether a systemd unit is active.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitProbe {
    /// The unit's name; `.service` is added to one without a suffix.
    pub name: String,
}
