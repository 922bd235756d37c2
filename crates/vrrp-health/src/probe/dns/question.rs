use core::fmt;
use core::str::FromStr;

use domain::base::{Name, Rtype};

use crate::probe::SpecError;

/// What a DNS server is asked: a name and a type.
#[derive(Clone, PartialEq, Eq)]
pub struct DnsQuestion {
    pub(super) name: Name<Vec<u8>>,
    pub(super) rtype: Rtype,
}

impl DnsQuestion {
    /// Reads a name, with or without the dot at its end, and a type (`A`, `AAAA`, `NS`, `SOA`, `TXT`, `ANY`, `TYPE65`).
    ///
    /// # Errors
    ///
    /// [`SpecError::DnsName`] and [`SpecError::DnsType`].
    pub fn parse(name: &str, rtype: &str) -> Result<Self, SpecError> {
        let name = Name::from_str(name).map_err(|_| SpecError::DnsName(name.into()))?;
        let rtype = Rtype::from_str(rtype).map_err(|_| SpecError::DnsType(rtype.into()))?;
        Ok(Self { name, rtype })
    }
}

impl fmt::Display for DnsQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.rtype)
    }
}

impl fmt::Debug for DnsQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DnsQuestion({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_a_name_and_a_type_or_none() {
        let question = DnsQuestion::parse("example.org.", "aaaa").unwrap();
        assert_eq!(
            (question.to_string(), format!("{question:?}")),
            ("example.org AAAA".to_owned(), "DnsQuestion(example.org AAAA)".to_owned(),)
        );
        assert_eq!(DnsQuestion::parse("a..b", "A"), Err(SpecError::DnsName("a..b".into())));
        assert_eq!(DnsQuestion::parse("a.b", "B"), Err(SpecError::DnsType("B".into())));
    }
}
