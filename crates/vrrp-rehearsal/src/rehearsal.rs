use vrrp_sim::Make;

use crate::failure::{Failure, all};
use crate::outcome::Outcome;
use crate::trial::{Run, Trial, run};
use crate::{Join, Node, Report, Site, SiteError, finding};

/// What is rehearsed, and how.
#[derive(Debug, Clone, Default)]
pub struct Rehearsal {
    /// What runs on every node.
    pub software: Make,
    /// Where latencies come from: the same seed, the same report.
    pub seed: u64,
    /// Whether failures are also tried two at a time, the second while the first lasts.
    pub pairs: bool,
    /// Only failures whose name has this in it; of pairs, those of which one has.
    pub only: Option<String>,
    /// Which interfaces share a segment, where the files do not tell.
    pub joins: Vec<Join>,
}

impl Rehearsal {
    /// Puts the nodes together and has everything fail.
    ///
    /// # Errors
    /// Why the files cannot be put together, or that nothing is called as [`Rehearsal::only`] has it.
    pub fn run(&self, nodes: &[Node]) -> Result<Report, SiteError> {
        let site = Site::new(nodes, self.software, &self.joins)?;
        let base = Outcome::of(&site, self.trial(&site, Trial::default()));
        let failures = all(&site);
        let asked =
            |failure: &Failure| self.only.as_ref().is_none_or(|only| failure.name(&site).contains(only.as_str()));
        let chosen: Vec<Failure> = failures.iter().copied().filter(|failure| asked(failure)).collect();
        let mut outcomes = vec![base];
        for failure in &chosen {
            let trial = Trial { prelude: None, failures: vec![*failure] };
            outcomes.push(Outcome::of(&site, self.trial(&site, trial)).beyond(outcomes.get(..1).unwrap_or_default()));
        }
        for trial in after_returns(&site, &failures, &outcomes, self) {
            let outcome = Outcome::of(&site, self.trial(&site, trial)).beyond(outcomes.get(..1).unwrap_or_default());
            outcomes.push(outcome);
        }
        let mut pairs = Vec::new();
        if self.pairs {
            for (first, second) in couples(&failures).filter(|(one, other)| asked(one) || asked(other)) {
                let trial = Trial { prelude: None, failures: vec![first, second] };
                let names = [first, second].map(|failure| failure.name(&site));
                let told = outcomes.iter().enumerate().filter(|(nth, one)| *nth == 0 || names.contains(&one.name));
                let told: Vec<&Outcome> = told.map(|(_, one)| one).collect();
                pairs.push(Outcome::of(&site, self.trial(&site, trial)).beyond(told));
            }
        }
        if let Some(only) = self.only.as_ref().filter(|_| outcomes.len() == 1) {
            return Err(SiteError::UnknownFailure(only.clone()));
        }
        let findings = finding::find(&site, nodes);
        Ok(Report::new(self, &site, findings, outcomes, pairs))
    }

    fn trial(&self, site: &Site, trial: Trial) -> Run {
        run(site, self.seed, trial)
    }
}

/// Two different failures, the second of which means something while the first lasts.
fn couples(failures: &[Failure]) -> impl Iterator<Item = (Failure, Failure)> {
    let seconds =
        |first: Failure| failures.iter().filter(move |second| first.allows(second)).map(move |second| (first, *second));
    failures.iter().copied().flat_map(seconds)
}

/// Where a node keeps the addresses though the one that had them has returned: its checks fail while it serves.
fn after_returns(site: &Site, failures: &[Failure], outcomes: &[Outcome], rehearsal: &Rehearsal) -> Vec<Trial> {
    let mut trials = Vec::new();
    for crash in failures.iter().filter(|failure| matches!(failure, Failure::Crash(_))) {
        let name = crash.name(site);
        let Some(outcome) = outcomes.iter().find(|outcome| outcome.name == name) else { continue };
        let moved = outcome.services.iter().filter(|served| served.after != served.before && served.after.len() == 1);
        let keepers: Vec<&String> = moved.flat_map(|served| &served.after).collect();
        for failure in failures {
            let Failure::Check { node, .. } = failure else { continue };
            let keeps = keepers.iter().any(|keeper| *keeper == site.node(*node));
            let asked = rehearsal
                .only
                .as_ref()
                .is_none_or(|only| failure.name(site).contains(only.as_str()) || name.contains(only.as_str()));
            if keeps && asked {
                trials.push(Trial { prelude: Some(*crash), failures: vec![*failure] });
            }
        }
    }
    trials
}
