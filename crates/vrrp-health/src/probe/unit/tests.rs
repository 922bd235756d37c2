use super::*;
use crate::probe::testing::{run, telling};

#[cfg(not(feature = "systemd"))]
#[test]
fn without_the_feature_a_unit_cannot_be_watched() {
    run(async {
        let (mut told, _watcher) = telling!(Unit::new("nginx.service"));
        let words = "this program was built without the feature systemd";
        assert_eq!(told.next().await, Outcome::CouldNotRun(words.into()));
        assert!(told.is_silent());
    });
}

#[cfg(feature = "systemd")]
mod on_a_bus;
