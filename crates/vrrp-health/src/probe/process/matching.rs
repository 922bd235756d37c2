//! Whether a process is one of those that are counted.

use super::{Parameters, Process};

/// How much of a name the kernel keeps (`TASK_COMM_LEN` less its zero).
const LONGEST_COMM: usize = 15;

impl Process {
    /// Whether the command line is needed to tell.
    pub(crate) fn needs_command_line(&self) -> bool {
        self.full_command || self.parameters != Parameters::Any
    }

    /// Whether a process of this name and command line (each argument with a zero behind it) is counted.
    pub(crate) fn counts(&self, comm: &[u8], command_line: &[u8]) -> bool {
        let name = self.name.as_bytes();
        if !self.needs_command_line() {
            return comm == name.get(..LONGEST_COMM).unwrap_or(name);
        }
        let Some(end) = command_line.iter().position(|byte| *byte == 0) else {
            return false;
        };
        let (first, rest) = command_line.split_at(end);
        first == name && self.parameters.match_with(rest.get(1..).unwrap_or_default())
    }
}

impl Parameters {
    fn match_with(&self, arguments: &[u8]) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(wanted) => arguments == flat(wanted),
            Self::Partial(wanted) => arguments.starts_with(&flat(wanted)),
            Self::Initial(wanted) => {
                let wanted = flat(wanted);
                arguments.starts_with(wanted.split_last().map_or(&[], |(_zero, open)| open))
            }
        }
    }
}

fn flat(parameters: &[Box<str>]) -> Vec<u8> {
    parameters.iter().flat_map(|parameter| parameter.bytes().chain([0])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(parameters: &[&str]) -> Vec<Box<str>> {
        parameters.iter().map(|parameter| (*parameter).into()).collect()
    }

    #[test]
    fn a_name_is_compared_with_what_the_kernel_keeps_of_it() {
        assert!(Process::new("nginx").counts(b"nginx", b""));
        assert!(!Process::new("nginx").counts(b"nginx2", b""));
        assert!(!Process::new("nginx2").counts(b"nginx", b""));
        assert!(Process::new("a-name-of-sixteen").counts(b"a-name-of-sixte", b""));
        assert!(!Process::new("/usr/sbin/nginx").counts(b"nginx", b"/usr/sbin/nginx\0"));
        let full = Process { full_command: true, ..Process::new("/usr/sbin/nginx") };
        assert!(full.counts(b"nginx", b"/usr/sbin/nginx\0-g\0"));
        assert!(!full.counts(b"/usr/sbin/nginx", b"nginx: worker\0"));
        assert!(!full.counts(b"/usr/sbin/nginx", b""), "a kernel thread");
    }

    #[test]
    fn parameters_match_exactly_partially_or_initially() {
        let line = b"prog\0-a\0bcd\0";
        let table = [
            (Parameters::Any, true),
            (Parameters::Exact(list(&["-a", "bcd"])), true),
            (Parameters::Exact(list(&["-a"])), false),
            (Parameters::Exact(list(&[])), false),
            (Parameters::Partial(list(&["-a"])), true),
            (Parameters::Partial(list(&["-a", "bc"])), false),
            (Parameters::Partial(list(&[])), true),
            (Parameters::Initial(list(&["-a", "bc"])), true),
            (Parameters::Initial(list(&["-", "bcd"])), false),
            (Parameters::Initial(list(&["-a", "bcd", "e"])), false),
            (Parameters::Initial(list(&[])), true),
        ];
        for (parameters, counts) in table {
            let process = Process { full_command: true, parameters, ..Process::new("prog") };
            assert_eq!(process.counts(b"prog", line), counts, "{:?}", process.parameters);
        }
        let bare = Process { parameters: Parameters::Exact(list(&[])), ..Process::new("prog") };
        assert!(bare.counts(b"prog", b"prog\0"));
    }
}
