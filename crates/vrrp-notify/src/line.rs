//! One line of the FIFO.

use crate::notice::Notice;
use crate::subject::Kind;

/// Returns the priority that hooks and FIFOs carry: a group has none, which is written as 0.
pub(crate) const fn priority(notice: &Notice) -> u8 {
    match notice.subject.kind {
        Kind::Instance => notice.priority,
        Kind::Group => 0,
    }
}

/// Writes a notice as keepalived does: `INSTANCE "VI_1" MASTER 150`.
pub(crate) fn line(notice: &Notice) -> String {
    let (kind, name) = (notice.subject.kind.word(), &notice.subject.name);
    format!("{kind} \"{name}\" {} {}\n", notice.told.word(), priority(notice))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::{State, Told};
    use crate::subject::SubjectId;

    #[test]
    fn lines_are_keepalived_s_byte_for_byte() {
        let cases = [
            (SubjectId::instance("VI_1"), Told::Entered(State::Master), "INSTANCE \"VI_1\" MASTER 150\n"),
            (SubjectId::instance("VI_1"), Told::Entered(State::Backup), "INSTANCE \"VI_1\" BACKUP 150\n"),
            (SubjectId::instance("VI_1"), Told::Entered(State::Fault), "INSTANCE \"VI_1\" FAULT 150\n"),
            (SubjectId::instance("VI_1"), Told::Entered(State::Stop), "INSTANCE \"VI_1\" STOP 150\n"),
            (SubjectId::instance("VI_1"), Told::Entered(State::Deleted), "INSTANCE \"VI_1\" DELETED 150\n"),
            (SubjectId::instance("VI_1"), Told::MasterRxLowerPri, "INSTANCE \"VI_1\" MASTER_RX_LOWER_PRI 150\n"),
            (SubjectId::instance("VI_1"), Told::MasterPriority, "INSTANCE \"VI_1\" MASTER_PRIORITY 150\n"),
            (SubjectId::instance("VI_1"), Told::BackupPriority, "INSTANCE \"VI_1\" BACKUP_PRIORITY 150\n"),
            (SubjectId::instance("VI_1"), Told::Reasserted(State::Master), "INSTANCE \"VI_1\" MASTER 150\n"),
            (SubjectId::group("G1"), Told::Entered(State::Master), "GROUP \"G1\" MASTER 0\n"),
        ];
        for (subject, told, expected) in cases {
            let notice = Notice::new(subject, told, 150);
            assert_eq!(line(&notice), expected);
        }
    }
}
