//! `vrrp_sync_group`: routers that move together.

use super::check::Checks;
use super::hooks::HooksDraft;
use super::track::{TrackLine, Tracked, resolve};
use super::{Context, Given, references};
use crate::diagnostic::{Code, Diagnostic};
use crate::keywords::{Kind, Place};
use crate::language::{Item, Word};
use crate::model::{Command, Global, Mail, Router, SyncGroup};
use crate::source::Span;

/// A group as the file gives it.
pub(super) struct GroupDraft {
    name: Word,
    members: Vec<Word>,
    lines: Vec<TrackLine>,
    hooks: HooksDraft,
    model: SyncGroup,
    /// Nothing is wrong with it; the members of one that is must not run alone.
    sound: bool,
}

/// All groups of the file.
#[derive(Default)]
pub(super) struct Groups {
    list: Vec<GroupDraft>,
}

impl Groups {
    /// Reads one block.
    pub(super) fn read(&mut self, item: &Item, context: &mut Context<'_>) {
        let Some(name) = item.values().first() else {
            return;
        };
        let before = context.diagnostics.list.len();
        context.left_out.clear();
        let mut draft = GroupDraft {
            name: name.clone(),
            members: Vec::new(),
            lines: Vec::new(),
            hooks: HooksDraft::default(),
            model: SyncGroup { name: name.text.clone(), ..SyncGroup::default() },
            sound: true,
        };
        for line in item.items() {
            let keyword = context.keyword(line, Place::SyncGroup);
            if let (Some(keyword), Some(word)) = (keyword, line.words.first()) {
                draft.apply(keyword.name, line, word.span, context);
            }
        }
        if let Some(first) = self.list.iter().find(|group| group.name.text == name.text) {
            let message = format!("a second vrrp_sync_group `{}`", name.text);
            let error = Diagnostic::error(Code::Duplicate, name.span, message).also(first.name.span, "the first");
            context.push(error.label("keepalived skips it").help("give it another name, or remove it"));
        }
        draft.sound = !context.wrong_since(before);
        self.list.push(draft);
    }

    /// Looks up members and checks; `routers` are the names of all instances, right or wrong.
    pub(super) fn resolve(&mut self, routers: &[&str], checks: &mut Checks, context: &mut Context<'_>) {
        let mut grouped: Vec<Word> = Vec::new();
        for draft in &mut self.list {
            let before = context.diagnostics.list.len();
            if draft.members.is_empty() && draft.sound {
                let error = Diagnostic::error(Code::Missing, draft.name.span, "a group without members");
                context.push(error.help("write `group { ... }` with one router on each line"));
            }
            for member in &draft.members {
                if !routers.contains(&member.text.as_str()) {
                    references::unknown(member, routers, "vrrp_instance", context);
                } else if let Some(first) = grouped.iter().find(|first| first.text == member.text) {
                    let message = format!("`{}` is in a group already", member.text);
                    let error = Diagnostic::error(Code::Duplicate, member.span, message).also(first.span, "here");
                    context.push(error.label("keepalived drops this one").help("a router is in one group: remove it"));
                } else {
                    grouped.push(member.clone());
                }
            }
            if let [member] = draft.members.as_slice() {
                let warning = Diagnostic::warning(Code::Suspicious, member.span, "a group of one router");
                context.push(warning.help("list the routers that are to move with it, or remove the group"));
            }
            let (tracked, found) = resolve(&draft.lines, None, checks, context);
            context.lint_group_track(&tracked);
            draft.model.track = tracked.into_iter().map(|Tracked { track, .. }| track).collect();
            draft.sound &= found && !context.wrong_since(before);
        }
    }

    /// Every command that the groups name, with where.
    pub(super) fn commands(&self) -> Vec<Given<Command>> {
        self.list.iter().flat_map(|draft| draft.hooks.commands()).collect()
    }

    /// Warns of groups that ask for mail where none can be sent.
    pub(super) fn check_mail(&self, mail: &Mail, context: &mut Context<'_>) {
        for draft in &self.list {
            context.check_mail(mail, draft.hooks.wants_mail());
        }
    }

    /// The group of a router.
    fn of(&self, router: &str) -> Option<&GroupDraft> {
        self.list.iter().find(|draft| draft.members.iter().any(|member| member.text == router))
    }

    /// Whether a router is in a group that is wrong.
    pub(super) fn holds_back(&self, router: &str) -> bool {
        self.list.iter().any(|draft| !draft.sound && draft.members.iter().any(|member| member.text == router))
    }

    /// Whether a router is in a group where weights say nothing.
    pub(super) fn drops_weights(&self, router: &str) -> bool {
        self.of(router).is_some_and(|draft| !draft.model.sync_group_tracking_weight)
    }

    /// The members of groups that lack one.
    pub(super) fn torn(&self, running: &[Router]) -> Vec<String> {
        let runs = |name: &&Word| running.iter().any(|router| router.name == name.text);
        let torn = self.list.iter().filter(|draft| !draft.members.iter().all(|member| runs(&member)));
        torn.flat_map(|draft| &draft.members).filter(runs).map(|member| member.text.clone()).collect()
    }

    /// Warns of groups whose members would call for different elections.
    pub(super) fn warn_of_priorities(&self, running: &[Router], context: &mut Context<'_>) {
        for draft in &self.list {
            let of = |member: &Word| running.iter().find(|router| router.name == member.text);
            let members: Vec<&Router> = draft.members.iter().filter_map(of).collect();
            let first = members.first().map(|router| router.priority);
            if members.iter().all(|router| Some(router.priority) == first) {
                continue;
            }
            let each = members.iter().map(|router| format!("{} {}", router.name, router.priority.get()));
            let message = format!("the members have different priorities: {}", each.collect::<Vec<_>>().join(", "));
            let warning = Diagnostic::warning(Code::Suspicious, draft.name.span, message);
            context.push(warning.help("give all members of a group one priority: they move together"));
        }
    }

    /// The groups all of whose members run.
    pub(super) fn into_model(self, running: &[Router], global: &Global) -> Vec<SyncGroup> {
        let runs = |name: &Word| running.iter().any(|router| router.name == name.text);
        let sound = self.list.into_iter().filter(|draft| draft.sound && draft.members.iter().all(runs));
        sound.map(|draft| SyncGroup { hooks: draft.hooks.resolve(global), ..draft.model }).collect()
    }
}

impl GroupDraft {
    fn apply(&mut self, keyword: &'static str, item: &Item, span: Span, context: &mut Context<'_>) {
        match keyword {
            "group" => self.members(item, context),
            "global_tracking" => {
                context.leave_out_keyword(item, "what one member tracks counts for all in any case");
                self.model.global_tracking = true;
            }
            "sync_group_tracking_weight" => self.model.sync_group_tracking_weight = true,
            hook if HooksDraft::takes(hook) => self.hooks.apply(keyword, item, span, context),
            list => {
                if let Some(kind) = Kind::of_list(list) {
                    context.track_lines(kind, item, &mut self.lines);
                }
            }
        }
    }

    /// `group`: one router on each line.
    fn members(&mut self, item: &Item, context: &mut Context<'_>) {
        for line in item.items() {
            if let Some(second) = line.values().first() {
                let message = format!("a second router, `{}`, on the line of the first", second.text);
                context.push(Diagnostic::error(Code::Surplus, second.span, message).help("write one router per line"));
            }
            self.members.extend(line.words.first().cloned());
        }
        self.model.members = self.members.iter().map(|member| member.text.clone()).collect();
    }
}
