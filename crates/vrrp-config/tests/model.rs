//! What the model's own types say.

use vrrp_config::model::{CheckProbe, Command, FileProbe, Secret, UnitProbe};

#[test]
fn a_command_is_shown_as_its_words_and_a_password_as_stars() {
    let command = Command::new(["/bin/x", "a b"].map(str::to_owned).to_vec());
    assert_eq!(command.to_string(), "/bin/x a b");
    assert_eq!(format!("{:?}", Secret::cut("12345678")), "Secret(********)");
}

#[test]
fn files_and_units_are_watched_and_scripts_are_run() {
    let file = CheckProbe::File(FileProbe { path: "/run/x".to_owned(), init: None });
    let unit = CheckProbe::Unit(UnitProbe { name: "x.service".to_owned() });
    let script = CheckProbe::Script(Command::new(vec!["/bin/x".to_owned()]));
    assert_eq!([file, unit, script].map(|probe| probe.is_watched()), [true, true, false]);
}
