use core::str::FromStr;

use crate::error::JoinError;
use crate::{Node, SiteError};

/// One segment, and the interface that each node has on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The name of the interface, as most nodes have it.
    pub name: String,
    /// The interface of each node, in the order of the nodes.
    pub interfaces: Vec<Option<String>>,
    /// How the interfaces came together where they are not of one name.
    pub guessed: bool,
}

/// Two interfaces that are on one segment: `node-a:eth0=node-b:ens3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    first: (String, String),
    second: (String, String),
}

impl FromStr for Join {
    type Err = JoinError;

    fn from_str(text: &str) -> Result<Self, JoinError> {
        let end = |text: &str| {
            let (node, interface) = text.split_once(':')?;
            (!node.is_empty() && !interface.is_empty()).then(|| (node.to_owned(), interface.to_owned()))
        };
        let ends = text.split_once('=').and_then(|(first, second)| Some((end(first)?, end(second)?)));
        let (first, second) = ends.ok_or_else(|| JoinError(text.to_owned()))?;
        Ok(Self { first, second })
    }
}

/// An interface of a node.
type End = (usize, String);

/// The segments: what `joins` says, then interfaces of one name, then interfaces whose virtual routers have the VRID and an
/// address in common or are each other's unicast peers.
pub(super) fn infer(nodes: &[Node], parts: &[Vec<vrrp::Router>], joins: &[Join]) -> Result<Vec<Segment>, SiteError> {
    let mut groups: Vec<(Vec<End>, bool)> = Vec::new();
    for (node, own) in parts.iter().enumerate() {
        for router in own {
            let end = (node, router.interface.to_string());
            if !groups.iter().any(|(ends, _)| ends.contains(&end)) {
                groups.push((vec![end], false));
            }
        }
    }
    for join in joins {
        let [first, second] = [&join.first, &join.second].map(|end| find(nodes, &groups, end));
        unite(&mut groups, &first?, &second?, false).map_err(|(node, first, second)| SiteError::OneNode {
            node: nodes.get(node).map(|node| node.name.clone()).unwrap_or_default(),
            first,
            second,
        })?;
    }
    let ends: Vec<End> = groups.iter().flat_map(|(ends, _)| ends.clone()).collect();
    for (first, second) in pairs(&ends).filter(|(first, second)| first.1 == second.1) {
        // Where a join has said otherwise, that counts.
        let _ = unite(&mut groups, first, second, false);
    }
    for (first, second) in pairs(&ends).filter(|(first, second)| belong(parts, first, second)) {
        let _ = unite(&mut groups, first, second, true);
    }
    Ok(groups.into_iter().map(|(ends, guessed)| segment(nodes.len(), &ends, guessed)).collect())
}

fn find(nodes: &[Node], groups: &[(Vec<End>, bool)], (node, interface): &(String, String)) -> Result<End, SiteError> {
    let place = nodes.iter().position(|known| known.name == *node);
    let place = place.ok_or_else(|| SiteError::UnknownNode(node.clone()))?;
    let end = (place, interface.clone());
    let known = groups.iter().any(|(ends, _)| ends.contains(&end));
    let unknown = || SiteError::UnknownInterface { node: node.clone(), interface: interface.clone() };
    if known { Ok(end) } else { Err(unknown()) }
}

fn pairs(ends: &[End]) -> impl Iterator<Item = (&End, &End)> {
    let later = |(place, first)| ends.iter().skip(place + 1).map(move |second| (first, second));
    ends.iter().enumerate().flat_map(later).filter(|(first, second)| first.0 != second.0)
}

/// Puts two interfaces on one segment, unless two of one node would then be on it.
fn unite(
    groups: &mut Vec<(Vec<End>, bool)>,
    first: &End,
    second: &End,
    guessed: bool,
) -> Result<(), (usize, String, String)> {
    let place = |end: &End| groups.iter().position(|(ends, _)| ends.contains(end));
    let (Some(one), Some(other)) = (place(first), place(second)) else { return Ok(()) };
    if one == other {
        return Ok(());
    }
    let ends = |place: usize| groups.get(place).map(|(ends, _)| ends.as_slice()).unwrap_or_default();
    let clash = ends(one).iter().find_map(|end| Some((end, ends(other).iter().find(|other| other.0 == end.0)?)));
    if let Some((end, other)) = clash {
        return Err((end.0, end.1.clone(), other.1.clone()));
    }
    let (gone, was_guessed) = groups.remove(other.max(one));
    if let Some((ends, is_guessed)) = groups.get_mut(one.min(other)) {
        ends.extend(gone);
        *is_guessed |= was_guessed || guessed;
    }
    Ok(())
}

/// Whether the virtual routers on two interfaces are meant for each other.
fn belong(parts: &[Vec<vrrp::Router>], first: &End, second: &End) -> bool {
    let on = |(node, interface): &End| {
        let interface = interface.clone();
        let own = parts.get(*node).into_iter().flatten();
        own.filter(move |router| *router.interface == *interface)
    };
    on(first).any(|one| {
        on(second).any(|other| {
            let same = one.protocol.vrid == other.protocol.vrid && one.family() == other.family();
            same && (share_address(one, other) || names(one, other) || names(other, one))
        })
    })
}

fn share_address(one: &vrrp::Router, other: &vrrp::Router) -> bool {
    one.addresses.iter().any(|address| other.addresses.iter().any(|same| same.address == address.address))
}

/// Whether one names the other as its peer.
fn names(one: &vrrp::Router, other: &vrrp::Router) -> bool {
    let peers = super::sources::peers(one);
    other.source.is_some_and(|source| peers.contains(&source))
}

fn segment(nodes: usize, ends: &[End], guessed: bool) -> Segment {
    let of = |node: usize| ends.iter().find(|(of, _)| *of == node).map(|(_, interface)| interface.clone());
    let interfaces: Vec<Option<String>> = (0..nodes).map(of).collect();
    let mut names: Vec<String> = Vec::new();
    for name in interfaces.iter().flatten().filter(|name| !name.is_empty()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let name = if names.is_empty() { "unicast".to_owned() } else { names.join("/") };
    Segment { name, interfaces, guessed: guessed && names.len() > 1 }
}
