//! Every keyword of keepalived.conf: where it is legal, what it takes, and what becomes of it here.

mod check;
mod global;
mod instance;
mod kind;
mod others;
mod root;

pub(crate) use kind::Kind;

/// The block a keyword stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Root,
    GlobalDefs,
    Instance,
    Authentication,
    AuthHmac,
    Script,
    SyncGroup,
    TrackFile,
    TrackProcess,
    Check,
    Bfd,
    GarpGroup,
    TrackGroup,
}

/// What follows a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Nothing.
    Flag,
    /// Nothing, or a boolean.
    Bool,
    /// One word.
    Word,
    /// One number.
    Number,
    /// One number of seconds.
    Seconds,
    /// One number of microseconds.
    Micros,
    /// So many words, at least and at most.
    Words(usize, usize),
    /// So many words, with either kind of quotes.
    Quoted(usize),
    /// So many words, at least and at most, on as many lines as are needed; in TOML an array of such lines.
    Repeated(usize, usize),
    /// A command and its user.
    Command,
    /// The same, or nothing.
    MaybeCommand,
    /// A block of lines without keywords.
    List,
    /// A block of keywords.
    Block(Place),
    /// A name and a block of keywords.
    Named(Place),
    /// Words and a block that nobody here looks into.
    Opaque,
}

/// What becomes of a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is honoured.
    Built,
    /// It cannot be left out without changing what the file means.
    NotBuilt,
    /// It is left out with a warning, which says why that is bearable.
    LeftOut(&'static str),
    /// A load balancer's.
    LoadBalancing,
}

/// One keyword in one place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keyword {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) standing: Standing,
}

const SNMP: &str = "SNMP is not supported";
const DBUS: &str = "D-Bus is not supported";
const HARMLESS: &str = "no effect here";

const fn built(name: &'static str, shape: Shape) -> Keyword {
    Keyword { name, shape, standing: Standing::Built }
}

const fn later(name: &'static str, shape: Shape) -> Keyword {
    Keyword { name, shape, standing: Standing::NotBuilt }
}

const fn left_out(name: &'static str, shape: Shape, why: &'static str) -> Keyword {
    Keyword { name, shape, standing: Standing::LeftOut(why) }
}

const fn balancing(name: &'static str, shape: Shape) -> Keyword {
    Keyword { name, shape, standing: Standing::LoadBalancing }
}

/// All places, for "belongs in".
const PLACES: [Place; 13] = [
    Place::Root,
    Place::GlobalDefs,
    Place::Instance,
    Place::Authentication,
    Place::AuthHmac,
    Place::Script,
    Place::SyncGroup,
    Place::TrackFile,
    Place::TrackProcess,
    Place::Check,
    Place::Bfd,
    Place::GarpGroup,
    Place::TrackGroup,
];

impl Place {
    /// The keywords that are legal here.
    pub(crate) const fn keywords(self) -> &'static [Keyword] {
        match self {
            Self::Root => root::KEYWORDS,
            Self::GlobalDefs => global::KEYWORDS,
            Self::Instance => instance::KEYWORDS,
            Self::Authentication => instance::AUTHENTICATION,
            Self::AuthHmac => instance::AUTH_HMAC,
            Self::Script => check::SCRIPT,
            Self::SyncGroup => others::SYNC_GROUP,
            Self::TrackFile => check::TRACK_FILE,
            Self::TrackProcess => check::TRACK_PROCESS,
            Self::Check => check::CHECK,
            Self::Bfd => others::BFD,
            Self::GarpGroup => others::GARP_GROUP,
            Self::TrackGroup => others::TRACK_GROUP,
        }
    }

    /// The place in words: "in `global_defs`".
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Root => "at the top level",
            Self::GlobalDefs => "in `global_defs`",
            Self::Instance => "in `vrrp_instance`",
            Self::Authentication => "in `authentication` of a `vrrp_instance`",
            Self::AuthHmac => "in `auth_hmac` of a `vrrp_instance`",
            Self::Script => "in `vrrp_script`",
            Self::SyncGroup => "in `vrrp_sync_group`",
            Self::TrackFile => "in `track_file NAME`",
            Self::TrackProcess => "in `vrrp_track_process`",
            Self::Check => "in `check`",
            Self::Bfd => "in `bfd_instance`",
            Self::GarpGroup => "in `garp_group`",
            Self::TrackGroup => "in `track_group`",
        }
    }

    /// The keyword of this name that is legal here.
    pub(crate) fn find(self, name: &str) -> Option<&'static Keyword> {
        self.keywords().iter().find(|keyword| keyword.name == name)
    }
}

/// The places other than `here` where `name` is legal.
pub(crate) fn elsewhere(name: &str, here: Place) -> Vec<Place> {
    PLACES.into_iter().filter(|&place| place != here && place.find(name).is_some()).collect()
}

/// How the words after a keyword are quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quoting {
    /// By double quotes.
    Double,
    /// By either kind of quotes, with the other kind inside.
    Either,
    /// As in a shell: by either kind, with backslash escapes.
    Command,
}

/// How the words after a keyword are quoted, in whatever place it stands.
pub(crate) fn quoting(name: &str) -> Quoting {
    let quoting = PLACES.iter().filter_map(|place| place.find(name)).find_map(|keyword| match keyword.shape {
        Shape::Command | Shape::MaybeCommand => Some(Quoting::Command),
        Shape::Quoted(_) => Some(Quoting::Either),
        Shape::Flag
        | Shape::Bool
        | Shape::Word
        | Shape::Number
        | Shape::Seconds
        | Shape::Micros
        | Shape::Words(..)
        | Shape::Repeated(..)
        | Shape::List
        | Shape::Block(_)
        | Shape::Named(_)
        | Shape::Opaque => None,
    });
    quoting.unwrap_or(Quoting::Double)
}

#[cfg(test)]
mod tests {
    use super::{PLACES, Shape, Standing, elsewhere};
    use crate::options::Options;
    use crate::parse_str;

    #[test]
    fn no_keyword_is_listed_twice_in_a_place() {
        for place in PLACES {
            for keyword in place.keywords() {
                let same = place.keywords().iter().filter(|other| other.name == keyword.name).count();
                assert_eq!(same, 1, "{} {}", keyword.name, place.words());
            }
        }
    }

    #[test]
    fn every_built_keyword_is_read_so_that_a_second_one_or_a_wrong_value_is_noticed() {
        for (place, head) in [(PLACES[1], "global_defs"), (PLACES[2], "vrrp_instance A")] {
            for keyword in place.keywords().iter().filter(|keyword| keyword.standing == Standing::Built) {
                if matches!(keyword.name, "preempt") || matches!(keyword.shape, Shape::List | Shape::Block(_)) {
                    continue;
                }
                let name = keyword.name;
                let line = if keyword.shape == Shape::Flag {
                    format!("{name}\n{name}")
                } else if keyword.shape == Shape::Bool {
                    format!("{name} perhaps")
                } else {
                    format!("{name} /?/\n{name} /?/")
                };
                let loaded = parse_str("x.conf", &format!("{head} {{\n{line}\n}}\n"), &Options::default());
                let noticed = loaded.diagnostics.iter().any(|diagnostic| {
                    diagnostic.labels[0].location.line == 2 || diagnostic.labels[0].location.line == 3
                });
                assert!(noticed, "{}", keyword.name);
            }
        }
    }

    #[test]
    fn a_keyword_is_found_where_it_is_legal() {
        assert!(elsewhere("auth_pass", PLACES[0]).contains(&PLACES[3]));
        assert!(elsewhere("no_such_word", PLACES[0]).is_empty());
    }
}
