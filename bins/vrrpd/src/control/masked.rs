use serde_json::Value;
use vrrp_config::Model;

const MASK: &str = "********";

/// A configuration as it is running, secrets masked: passwords, and the values of headers that health checks send.
pub(crate) fn masked(model: &Model) -> Value {
    let mut value = serde_json::to_value(model).unwrap_or_default();
    mask(&mut value);
    value
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match (key.as_str(), &mut *value) {
                    ("auth_pass", secret) if !secret.is_null() => *secret = MASK.into(),
                    ("headers" | "header", Value::Array(headers)) => headers.iter_mut().for_each(mask_header),
                    (_, value) => mask(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(mask),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn mask_header(header: &mut Value) {
    if let Some(value) = header.get_mut("value") {
        *value = MASK.into();
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn no_password_and_no_header_is_shown() {
        let text = "
            check web {
                http http://192.0.2.1/
                header Authorization \"Bearer s3cret\"
            }
            vrrp_instance V1 {
                interface eth0
                virtual_router_id 51
                authentication { auth_type PASS
                    auth_pass s3cret
                }
                track_check { web }
                virtual_ipaddress { 192.0.2.10 }
            }";
        let loaded = vrrp_config::parse_str("keepalived.conf", text, &vrrp_config::Options::default());
        assert!(loaded.is_sound(), "{}", vrrp_config::render(&loaded, false));
        let shown = masked(&loaded.model).to_string();
        let octets = serde_json::to_string(b"s3cret\0\0").unwrap();
        assert!(!shown.contains("s3cret") && !shown.contains(&octets), "{shown}");
        assert_eq!(shown.matches("********").count(), 2, "{shown}");
        assert!(shown.contains("Authorization"), "{shown}");
    }
}
