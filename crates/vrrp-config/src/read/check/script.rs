use core::time::Duration;

use super::timing::Timing;
use crate::keywords::Kind;
use crate::language::Item;
use crate::model::{Check, CheckProbe, Command};
use crate::read::{Context, Given};

/// Reads a `vrrp_script` block; `None` if it has no command.
pub(super) fn read(name: &str, item: &Item, context: &mut Context<'_>) -> Option<Check> {
    let mut timing = Timing::default();
    let mut command: Option<Given<Command>> = None;
    let mut user: Option<Given<(Option<String>, Option<String>)>> = None;
    for line in item.items() {
        let Some(keyword) = context.keyword(line, Kind::Script.place()) else { continue };
        let Some(span) = line.words.first().map(|word| word.span) else { continue };
        match keyword.name {
            "script" => {
                let given = context.script(line);
                let span = given.as_ref().map_or(span, |given| given.span);
                context.set(&mut command, given.map(|given| given.value), keyword.name, span);
            }
            "user" => {
                let value = context.user(line.values());
                context.set(&mut user, value, keyword.name, span);
            }
            other => timing.apply(other, Kind::Script, line, span, context),
        }
    }
    let Some(Given { value: mut command, .. }) = command else {
        context.nothing_to_check(item, "script");
        return None;
    };
    (command.user, command.group) = user.map(|given| given.value).unwrap_or_default();
    Some(timing.into_check(name, CheckProbe::Script(command), Duration::MAX, context))
}
