use core::fmt::{self, Write};

use vrrp_config::model::{CheckProbe, InterfaceProbe, Track, Weight};

use super::view::View;

/// A heading, and what of a list of tracks stands under it.
type Kind = (&'static str, &'static str, fn(&CheckProbe) -> bool);

/// keepalived's lists, with what stands between a name and its weight.
const KINDS: [Kind; 4] = [
    ("Tracked interfaces", "", is_link),
    ("Tracked scripts", "", is_script),
    ("Tracked files", ",", is_file),
    ("Tracked processes", ",", is_process),
];

/// What a router or a group tracks.
pub(super) fn write(out: &mut String, view: &View<'_>, tracks: &[Track]) -> fmt::Result {
    for (heading, comma, belongs) in KINDS {
        let here = tracks.iter().filter_map(|track| Some((track, view.check(&track.check)?)));
        let here: Vec<_> = here.filter(|(_, check)| belongs(&check.probe)).collect();
        if !here.is_empty() {
            writeln!(out, "   {heading} :")?;
        }
        for (track, check) in here {
            writeln!(out, "     {}{comma} weight {}", name(&check.name, &check.probe), weight(track.weight))?;
        }
    }
    Ok(())
}

/// A weight as keepalived writes it: `-7 reverse`.
pub(super) fn weight(weight: Weight) -> String {
    format!("{}{}", weight.amount, if weight.reverse { " reverse" } else { "" })
}

/// Links are called by their own names.
fn name<'a>(check: &'a str, probe: &'a CheckProbe) -> &'a str {
    if let CheckProbe::Interface(InterfaceProbe { name }) = probe { name } else { check }
}

pub(super) const fn is_link(probe: &CheckProbe) -> bool {
    matches!(probe, CheckProbe::Interface(_))
}

/// Checks that are run count as scripts: a dashboard that shows a script goes on showing what took its place.
pub(super) const fn is_script(probe: &CheckProbe) -> bool {
    !is_link(probe) && !is_file(probe) && !is_process(probe)
}

pub(super) const fn is_file(probe: &CheckProbe) -> bool {
    matches!(probe, CheckProbe::File(_))
}

pub(super) const fn is_process(probe: &CheckProbe) -> bool {
    matches!(probe, CheckProbe::Process(_))
}
