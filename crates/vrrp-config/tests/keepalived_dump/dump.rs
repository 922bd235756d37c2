//! keepalived's dump, taken apart.

/// One ` VRRP Instance = NAME` of the dump.
pub(crate) struct Instance {
    pub(crate) name: String,
    lines: Vec<String>,
}

/// The instances of a dump.
pub(crate) fn instances(dump: &str) -> Vec<Instance> {
    let mut instances: Vec<Instance> = Vec::new();
    for line in dump.lines() {
        if let Some(name) = line.strip_prefix(" VRRP Instance = ") {
            instances.push(Instance { name: name.to_owned(), lines: Vec::new() });
        } else if line.starts_with("------<") && !instances.is_empty() {
            break;
        } else if let Some(instance) = instances.last_mut() {
            instance.lines.push(line.to_owned());
        }
    }
    instances
}

impl Instance {
    /// The value of `   FIELD = VALUE`, the rest of `   FIELD VALUE`, `yes` for `   FIELD` alone, or the
    /// lines below `   FIELD :`; empty where there is no such field.
    pub(crate) fn field(&self, field: &str) -> String {
        let mut lines = self.lines.iter();
        while let Some(line) = lines.next() {
            let Some(rest) = line.strip_prefix("   ").and_then(|line| line.strip_prefix(field)) else {
                continue;
            };
            if rest.is_empty() {
                return "yes".to_owned();
            }
            if let Some(value) = rest.strip_prefix(" = ").or_else(|| rest.strip_prefix(" : ")) {
                return value.to_owned();
            }
            if rest.trim_end().ends_with(':') {
                let below = lines.take_while(|line| line.starts_with("     "));
                let installed = [" set", " nftable_set"];
                let plain = |line: &String| {
                    installed.iter().fold(line.trim(), |line, mark| line.trim_end_matches(mark)).to_owned()
                };
                return below.map(plain).collect::<Vec<_>>().join("; ");
            }
            if let Some(value) = rest.strip_prefix(' ') {
                return value.split(',').next().unwrap_or_default().to_owned();
            }
        }
        String::new()
    }
}
