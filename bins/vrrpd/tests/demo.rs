//! The demonstration as a user runs it.

use core::time::Duration;
use std::fs;
use std::process::{Command, Output};

use vrrp_lab::{Lab, isolated};

const SOON: Duration = Duration::from_secs(20);

/// Runs the demonstration to its end.
fn demo(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vrrpd")).arg("demo").args(arguments).output().expect("it starts")
}

#[test]
fn demo_shows_a_failover_and_what_the_client_felt_and_draws_it() {
    let directory = tempfile::tempdir().unwrap();
    let plot = directory.path().join("plot.svg");
    let output = demo(&["--advert-int", "0.2", "--svg", plot.to_str().unwrap()]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(!said.contains('\x1b'), "a pipe gets no colours: {said}");
    // The configuration that ran is shown, and each step has its row of measured quantities.
    assert!(said.contains("virtual_router_id 51"), "{said}");
    let rows: Vec<Vec<&str>> = said.lines().filter_map(row).collect();
    let titles: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    let expected = [
        "both routers start",
        "the Active machine dies",
        "it returns and takes over",
        "its daemon is killed, restarted",
        "somebody removes the address",
        "the Active daemon is stopped",
    ];
    assert_eq!(titles, expected, "{said}");
    assert!(rows.iter().all(|row| row.len() == 5), "{rows:?}");
    let lost: Vec<u32> = rows.iter().map(|row| row[2].parse().unwrap()).collect();
    // 3 * 0.2 s and the skew: nobody may take the address sooner than most of that.
    assert!(lost[0] > 400 && lost[1] > 400, "{said}");
    let svg = fs::read_to_string(&plot).unwrap();
    assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"), "{svg}");
    // In a picture there are both routers' colours, and that of the time in which nobody answered.
    assert!(["#0d9488", "#7c3aed", "#dc2626"].iter().all(|color| svg.contains(color)), "{svg}");
}

/// The cells of a row of the table.
fn row(line: &str) -> Option<Vec<&str>> {
    let (number, cells) = line.split_once("  ")?;
    number.parse::<u8>().ok()?;
    Some(cells.split("   ").map(str::trim).filter(|cell| !cell.is_empty()).collect())
}

#[test]
fn a_plot_that_cannot_be_written_is_told_before_anything_is_shown() {
    let output = demo(&["--svg", "/nonexistent/plot.svg"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("/nonexistent/plot.svg"), "{said}");
}

#[test]
fn where_namespaces_are_forbidden_the_setting_is_named_and_nothing_is_left_behind() {
    isolated(|| {
        // The limit of this user namespace, and of all below it.
        fs::write("/proc/sys/user/max_user_namespaces", "0").unwrap();
        let host = Lab::new().unwrap().host("desktop").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_vrrpd"));
        command.args(["demo", "--svg", "/tmp/plot.svg"]);
        let demo = host.spawn(command).unwrap();
        assert_eq!(demo.exit_status(SOON).unwrap().code(), Some(1));
        let said = demo.log().tail(10);
        assert!(said.contains("sysctl user.max_user_namespaces="), "{said}");
        assert!(host.read_file("/tmp/plot.svg").is_err());
    });
}

#[test]
fn an_interval_that_vrrp_cannot_count_is_refused() {
    for wrong in ["0", "0.005", "0.123", "6", "fast", "-1"] {
        let output = demo(&[&format!("--advert-int={wrong}")]);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
    }
}
