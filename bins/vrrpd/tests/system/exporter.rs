//! keepalived's files as mehdy/keepalived-exporter 1.7 reads them: its rules, written anew, and what it makes of them.
//!
//! Rules of `keepalived.data`: one space and `VRRP Instance =` begin an instance; three spaces a field of it, with `=` or else
//! `:` after its name; five spaces an item of the field before. Any other line ends the instance. Rules of
//! `keepalived.stats`: no space begins an instance, two spaces are a number or, where the line ends with a colon, the
//! heading of numbers at four. JSON is taken strictly: what it holds to be whole must be written so.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::fixture::Node;

/// The pid file that it looks for.
pub(crate) const PID: &str = "/run/keepalived.pid";

/// Its metrics: the name with its labels, and the value.
pub(crate) type Series = BTreeMap<String, i64>;

/// Counters in `keepalived.stats`, by their section and name, with the field of JSON and the metric that they become.
const COUNTERS: [(&str, &str, &str, &str); 14] = [
    ("Advertisements", "Received", "advert_rcvd", "advertisements_received"),
    ("Advertisements", "Sent", "advert_sent", "advertisements_sent"),
    ("", "Became master", "become_master", "become_master"),
    ("", "Released master", "release_master", "release_master"),
    ("Packet Errors", "Length", "packet_len_err", "packet_length_errors"),
    ("Packet Errors", "TTL", "ip_ttl_err", "ip_ttl_errors"),
    ("Packet Errors", "Invalid Type", "invalid_type_rcvd", "invalid_type_received"),
    ("Packet Errors", "Advertisement Interval", "advert_interval_err", "advertisements_interval_errors"),
    ("Packet Errors", "Address List", "addr_list_err", "address_list_errors"),
    ("Authentication Errors", "Invalid Type", "invalid_authtype", "authentication_invalid"),
    ("Authentication Errors", "Type Mismatch", "authtype_mismatch", "authentication_mismatch"),
    ("Authentication Errors", "Failure", "auth_failure", "authentication_failure"),
    ("Priority Zero", "Received", "pri_zero_rcvd", "priority_zero_received"),
    ("Priority Zero", "Sent", "pri_zero_sent", "priority_zero_sent"),
];

const STATES: [&str; 4] = ["INIT", "BACKUP", "MASTER", "FAULT"];
const SCRIPT_STATUSES: [&str; 2] = ["BAD", "GOOD"];
const SCRIPT_STATES: [&str; 4] = ["idle", "running", "requested termination", "forcing termination"];

/// What it knows of one instance.
#[derive(Debug, Default)]
struct Instance {
    state: i64,
    interface: String,
    garp_delay: i64,
    vrid: i64,
    addresses: Vec<String>,
    excluded: Vec<String>,
    counters: BTreeMap<&'static str, i64>,
}

/// What it exports for a host's daemon, of which `program` knows the signals: from text, or from JSON.
pub(crate) fn scrape(node: &Node, program: &str, json: bool) -> Result<Series, String> {
    let files: &[&str] = if json { &["JSON"] } else { &["STATS", "DATA"] };
    for function in files {
        let number = node.run(&format!("{program} --signum={function}"));
        let pid = node.host.read_file(PID).map_err(|error| error.to_string())?;
        node.run(&format!("kill -{} {}", number.trim(), pid.trim()));
    }
    let read = |name: &str| node.host.read_file(format!("/tmp/keepalived.{name}")).map_err(|error| error.to_string());
    if json {
        return series(&from_json(&read("json")?)?);
    }
    let data = read("data")?;
    let mut instances = from_data(&data)?;
    add_stats(&mut instances, &read("stats")?)?;
    let mut series = series(&instances)?;
    add_scripts(&mut series, &data)?;
    Ok(series)
}

/// What a line says after `=`, else after `:`, and its name.
fn split(line: &str) -> Option<(&str, &str)> {
    let mut parts = if line.contains('=') { line.split('=') } else { line.split(':') };
    Some((parts.next()?.trim(), parts.next()?.trim()))
}

fn index(words: &[&str], word: &str) -> Result<i64, String> {
    let found = words.iter().position(|known| *known == word).ok_or_else(|| format!("unknown word {word:?}"))?;
    Ok(i64::try_from(found).unwrap())
}

fn number(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| format!("{text:?} is no whole number"))
}

fn from_data(text: &str) -> Result<BTreeMap<String, Instance>, String> {
    let mut all = BTreeMap::new();
    let (mut current, mut field) = (None, String::new());
    for line in text.lines() {
        if line.starts_with(" VRRP Instance") && line.contains('=') {
            let name = split(line).unwrap().1.to_owned();
            all.insert(name.clone(), Instance::default());
            current = Some(name);
            continue;
        }
        let Some(name) = current.as_ref().filter(|_| line.starts_with("   ")) else {
            // Versions and scripts stood among the fields once.
            if !line.starts_with(" VRRP Version") && !line.starts_with(" VRRP Script") {
                current = None;
            }
            continue;
        };
        let instance = all.get_mut(name).unwrap();
        let value = if line.starts_with("     ") {
            line.trim()
        } else {
            let Some((name, value)) = split(line) else { continue };
            name.clone_into(&mut field);
            value
        };
        take(instance, &field, value)?;
    }
    Ok(all)
}

fn take(instance: &mut Instance, field: &str, value: &str) -> Result<(), String> {
    match field {
        "State" => instance.state = index(&STATES, value)?,
        "Wantstate" => drop(index(&STATES, value)?),
        "Interface" | "Listening device" => value.clone_into(&mut instance.interface),
        "Gratuitous ARP delay" => instance.garp_delay = number(value)?,
        "Virtual Router ID" => instance.vrid = number(value)?,
        _ if value.is_empty() => {}
        field if field.starts_with("Virtual IP Excluded") => instance.excluded.push(value.to_owned()),
        field if field == "Virtual IP" || field.starts_with("Virtual IP (") => {
            instance.addresses.push(value.to_owned());
        }
        _ => {}
    }
    Ok(())
}

fn add_stats(instances: &mut BTreeMap<String, Instance>, text: &str) -> Result<(), String> {
    let (mut current, mut section) = (String::new(), String::new());
    let mut seen = 0;
    for line in text.lines() {
        if line.starts_with("VRRP Instance") {
            split(line).unwrap().1.clone_into(&mut current);
            seen += 1;
        } else if line.starts_with("  ") && line.ends_with(':') {
            line.trim().trim_end_matches(':').clone_into(&mut section);
        } else if let Some((name, value)) = split(line) {
            if !line.starts_with("    ") {
                section.clear();
            }
            let value = number(value)?;
            let instance = instances.get_mut(&current).ok_or_else(|| format!("{current} is in stats only"))?;
            let counter = COUNTERS.iter().find(|(of, known, ..)| *of == section && *known == name);
            instance.counters.insert(counter.ok_or_else(|| format!("unknown counter {line}"))?.3, value);
        }
    }
    if seen == instances.len() { Ok(()) } else { Err("data and stats are not of the same instances".to_owned()) }
}

fn add_scripts(series: &mut Series, text: &str) -> Result<(), String> {
    let mut current = None;
    for line in text.lines() {
        if line.starts_with(" VRRP Script") && line.contains('=') {
            current = split(line).map(|(_, name)| name);
        } else if let Some(script) = current.filter(|_| line.starts_with("   ")) {
            match split(line).filter(|_| line.contains('=')) {
                Some(("Status", word)) => {
                    series.insert(format!("script_status {script}"), index(&SCRIPT_STATUSES, word)?);
                }
                Some(("State", word)) => {
                    series.insert(format!("script_state {script}"), index(&SCRIPT_STATES, word)?);
                }
                Some(_) | None => {}
            }
        } else {
            current = None;
        }
    }
    Ok(())
}

fn from_json(text: &str) -> Result<BTreeMap<String, Instance>, String> {
    let all: Vec<Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let whole = |value: &Value, field: &str| value[field].as_i64().ok_or_else(|| format!("{field} is {value}"));
    let list = |value: &Value| {
        let words = value.as_array().into_iter().flatten();
        words.map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    let instance = |value: &Value| {
        let (data, stats) = (&value["data"], &value["stats"]);
        whole(data, "wantstate")?;
        let counter = |&(_, _, field, metric): &(_, _, _, &'static str)| Ok((metric, whole(stats, field)?));
        let instance = Instance {
            state: whole(data, "state")?,
            interface: data["ifp_ifname"].as_str().unwrap().to_owned(),
            garp_delay: whole(data, "garp_delay")?,
            vrid: whole(data, "vrid")?,
            addresses: list(&data["vips"]),
            excluded: list(&data["evips"]),
            counters: COUNTERS.iter().map(counter).collect::<Result<_, String>>()?,
        };
        Ok((data["iname"].as_str().unwrap().to_owned(), instance))
    };
    all.iter().map(instance).collect()
}

/// Metrics as it names them, `keepalived_` and `_total` left out, with its labels as words.
fn series(instances: &BTreeMap<String, Instance>) -> Result<Series, String> {
    let mut series = Series::new();
    for (name, instance) in instances {
        let Instance { state, interface, garp_delay, vrid, .. } = instance;
        for (metric, value) in &instance.counters {
            series.insert(format!("{metric} {name} {interface} {vrid}"), *value);
        }
        series.insert(format!("gratuitous_arp_delay {name} {interface} {vrid}"), *garp_delay);
        let lists = [("vrrp_state", &instance.addresses), ("vrrp_excluded_state", &instance.excluded)];
        for (metric, address) in lists.into_iter().flat_map(|(metric, list)| list.iter().map(move |it| (metric, it))) {
            // The address, `dev`, and the device.
            let words: Vec<_> = address.split(' ').collect();
            let [address, _, device, ..] = words[..] else { return Err(format!("{address:?} is no address line")) };
            series.insert(format!("{metric} {name} {device} {vrid} {address}"), *state);
        }
        if instance.addresses.is_empty() {
            series.insert(format!("vrrp_state {name} {interface} {vrid} "), *state);
        }
    }
    Ok(series)
}
