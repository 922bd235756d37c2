//! What the two hosts in front of the model cluster have on their disks.

/// One of the pair: `node-a` has priority 100 and `nopreempt`, `node-b` has 90.
pub(super) fn config(priority: u8, nopreempt: &str) -> String {
    format!(
        r#"vrrp_script chk_api {{
    script "/usr/local/bin/check_model_service.sh"
    interval 2
    weight -20
    fall 2
    rise 1
}}

vrrp_script chk_gateway {{
    script "/usr/local/bin/check_gateway.sh"
    interval 2
    weight -30
}}

vrrp_instance VI_01 {{
    state BACKUP{nopreempt}
    interface eth0
    virtual_router_id 51
    priority {priority}
    advert_int 1
    authentication {{
        auth_type PASS
        auth_pass 1111
    }}
    virtual_ipaddress {{
        192.168.1.100/24 dev eth0 label eth0:0
    }}
    track_script {{
        chk_api
        chk_gateway
    }}
    notify_master "/usr/local/bin/on_master.sh"
    notify_backup "/usr/local/bin/notify_backup.sh"
}}
"#
    )
}

/// The scripts that the configuration names, and a `systemctl` that stands for whatever runs services on the host.
pub(super) const SCRIPTS: [(&str, &str); 5] = [
    (
        "check_model_service.sh",
        r#"#!/bin/bash
URL="http://localhost:8080/ping"
RESPONSE=$(curl -s --connect-timeout 5 $URL)
if [[ "$RESPONSE" == "pong" ]]; then exit 0; else exit 1; fi
"#,
    ),
    (
        "check_gateway.sh",
        r#"#!/bin/sh
# cannot reach the gateway: this host is an island and should not become MASTER
if ! ping -c1 -W1 192.168.1.1 >/dev/null 2>&1; then
  exit 1
fi
exit 0
"#,
    ),
    (
        "on_master.sh",
        r#"#!/bin/bash
systemctl start nginx
systemctl restart lmdeploy-service
echo "$(date): Promoted to MASTER" >> /var/log/keepalived-role.log
"#,
    ),
    (
        "notify_backup.sh",
        r#"#!/bin/sh
systemctl stop nginx
"#,
    ),
    (
        "systemctl",
        r#"#!/bin/sh
case "$*" in
"start nginx") [ -s /run/nginx.pid ] || exec nginx -e /var/log/front.log -c /tmp/front.conf ;;
"stop nginx") [ ! -s /run/nginx.pid ] || exec nginx -e /var/log/front.log -c /tmp/front.conf -s stop ;;
"restart lmdeploy-service") exit 0 ;;
*) echo "what is $*?" >&2; exit 1 ;;
esac
"#,
    ),
];

/// The nginx in front, which runs where the address is. It is one process, as root: the namespaces have no other user.
pub(super) fn front(name: &str) -> String {
    nginx("pid /run/nginx.pid;", &format!("listen 80; location / {{ return 200 '{name}'; }}"))
}

/// The model's own server, on every host.
pub(super) fn service() -> String {
    nginx("pid /run/service.pid; daemon off;", "listen 8080; listen [::]:8080; location = /ping { return 200 'pong'; }")
}

fn nginx(process: &str, server: &str) -> String {
    let paths =
        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|kind| format!("{kind}_temp_path /tmp/{kind};"));
    let paths = paths.concat();
    format!(
        "user root; master_process off; {process} events {{}} http {{ access_log off; {paths} server {{ {server} }} }}\n"
    )
}
