//! The death of the Active host, with and without a crowd around the Backup.

use core::error::Error;
use core::net::{IpAddr, Ipv4Addr};
use core::time::Duration;

use vrrp_lab::{Capture, Frame, Mac, ProbeConfig, Signal, Stamp};

use crate::crowd::{Asked, Crowd};
use crate::figures::Pair;
use crate::stage::{SOON, Stage};

const VIP: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 1, 1));
/// `Active_Down_Interval` of priority 100 at 0.1 s.
const BOUND: Duration = Duration::from_micros(300_000 + 156 * 100_000 / 256);

pub(crate) fn measure(pairs: usize, asked: Asked) -> Result<String, Box<dyn Error>> {
    let stage = Stage::set(1, "0.1")?;
    let capture = stage.client.capture("eth0")?;
    let _backup = stage.b.start()?;
    let mut outages = Pair::new("outage of the client");
    let mut overshoots = Pair::new("first advertisement past the bound");
    for turn in 0..pairs * 2 {
        let crowded = (turn % 2 == 1) ^ (turn % 4 > 1);
        let crowd = crowded.then(|| Crowd::around(&stage.b.host, asked)).transpose()?;
        let (outage, overshoot) = kill(&stage, &capture)?;
        outages.side(crowded).push(outage);
        overshoots.side(crowded).push(overshoot);
        drop(crowd);
    }
    Ok(format!("death of the Active host, interval 0.1 s; ms, median / p90 / max\n{outages}{overshoots}"))
}

/// The Active host dies; how long the client waits, and how long after the bound the Backup advertises.
fn kill(stage: &Stage, capture: &Capture) -> Result<(Duration, Duration), Box<dyn Error>> {
    let active = stage.a.start()?;
    let probe = stage.client.probe(&ProbeConfig::new("eth0", VIP))?;
    probe.wait_for_reply_from(stage.a.mac, SOON)?;
    probe.wait_for_replies(500, SOON)?;
    let mark = capture.mark();
    stage.segment.port_down(&stage.a.host)?;
    active.signal(Signal::SIGKILL)?;
    probe.wait_for_reply_from(stage.b.mac, SOON)?;
    let outage = probe.stop().longest_outage().map(|outage| outage.duration()).unwrap_or_default();
    let first = advertisements(&capture.frames_since(mark), stage.b.mac).min();
    let last = advertisements(&capture.frames(), stage.a.mac).max();
    let overshoot = first.zip(last).map(|(first, last)| first.since(last.after(BOUND))).unwrap_or_default();
    drop(active);
    stage.segment.port_up(&stage.a.host)?;
    Ok((outage, overshoot))
}

fn advertisements(frames: &[Frame], from: Mac) -> impl Iterator<Item = Stamp> + '_ {
    frames.iter().filter(move |frame| frame.source() == Some(from) && frame.vrrp().is_some()).map(|frame| frame.stamp)
}
