use super::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::keywords::{Keyword, Place, Shape, Standing, elsewhere};
use crate::language::{Item, Word};
use crate::source::Span;
use crate::suggest;

impl Context<'_> {
    /// The keyword of a line if it is to be honoured; everything else is reported here.
    pub(super) fn keyword(&mut self, item: &Item, place: Place) -> Option<&'static Keyword> {
        let word = item.words.first()?;
        let Some(keyword) = place.find(&word.text) else {
            self.unknown(item, word, place);
            return None;
        };
        match keyword.standing {
            Standing::Built => self.fits(item, word, keyword).then_some(keyword),
            Standing::NotBuilt => {
                self.not_built_keyword(item, word, keyword);
                None
            }
            Standing::LeftOut(why) => {
                self.leave_out(word, why);
                None
            }
            Standing::LoadBalancing => Some(keyword),
        }
    }

    /// A keyword that exists and is not built yet: one error, and its block is looked through for typing errors.
    fn not_built_keyword(&mut self, item: &Item, word: &Word, keyword: &Keyword) {
        let name = item.values().first().filter(|_| matches!(keyword.shape, Shape::Named(_)));
        let (text, span) = name.map_or_else(
            || (format!("`{}`", keyword.name), word.span),
            |name| (format!("`{} {}`", keyword.name, name.text), word.span.to(name.span)),
        );
        self.not_built(span, format!("{text} is not built yet"), help_for(keyword.name));
        if let Shape::Named(place) | Shape::Block(place) = keyword.shape {
            for inner in item.items() {
                if let Some(word) = inner.words.first().filter(|word| place.find(&word.text).is_none()) {
                    self.unknown(inner, word, place);
                }
            }
        }
    }

    /// A keyword that is not legal here, or nowhere.
    fn unknown(&mut self, item: &Item, word: &Word, place: Place) {
        let name = word.text.as_str();
        let skipped = if item.block.is_some() { "; its whole block is skipped" } else { "" };
        let other = elsewhere(name, place);
        if let Some(first) = other.first() {
            let message = format!("`{name}` does not belong {}{skipped}", place.words());
            let error = Diagnostic::error(Code::Misplaced, word.span, message);
            self.push(error.help(format!("move it: it is legal {}", first.words())));
            return;
        }
        let of_template = word.unresolved && name.starts_with(['{', '%']);
        if of_template || (place == Place::Root && item.block.is_none() && self.shell(word)) {
            return;
        }
        let message = format!("unknown keyword `{name}` {}{skipped}", place.words());
        let known = place.keywords().iter().map(|keyword| keyword.name);
        // keepalived's name for it until 1.1.
        let near = if name == "lvs_id" { Some("router_id") } else { suggest::closest(name, known) };
        let help = near.map(|near| format!("did you mean `{near}`?"));
        let error = Diagnostic::error(Code::UnknownKeyword, word.span, message);
        self.push(match help {
            Some(help) => error.help(help),
            None => error,
        });
    }

    /// Whether a line is a shell's: many files are cut out of install scripts. One error says so for all.
    fn shell(&mut self, word: &Word) -> bool {
        if self.shell {
            return true;
        }
        self.shell = SHELL.contains(&word.text.as_str());
        if self.shell {
            let message = format!("`{}` belongs to a shell script, not to a configuration", word.text);
            let help = "keep only the lines between `<<EOF` and `EOF`; `$NAME` is not the shell's here";
            self.push(Diagnostic::error(Code::UnknownKeyword, word.span, message).help(help));
        }
        self.shell
    }

    /// Whether a line has what its keyword takes; reports what is missing or too much.
    fn fits(&mut self, item: &Item, word: &Word, keyword: &Keyword) -> bool {
        let name = keyword.name;
        let (least, most) = words_taken(keyword.shape);
        if item.block.is_some() != takes_block(keyword.shape) {
            self.wrong_block(word, keyword);
            return false;
        }
        if item.values().len() < least {
            let what = if takes_block(keyword.shape) { "its name" } else { "its value" };
            let error = Diagnostic::error(Code::Missing, word.span, format!("`{name}` without {what}"));
            self.push(error.label(format!("expected {what} here")).help(remedy(keyword.shape, name)));
            return false;
        }
        if let Some((first, last)) = item.values().get(most..).and_then(ends) {
            if keyword.shape == Shape::Flag && item.values().len() == 1 {
                return self.flag_with_value(first, name);
            }
            self.surplus(name, most, first, last);
        }
        true
    }

    fn surplus(&mut self, name: &str, most: usize, first: &Word, last: &Word) {
        let takes = match most {
            0 => "no value".to_owned(),
            1 => "one value".to_owned(),
            most => format!("at most {most} values"),
        };
        let error = Diagnostic::error(Code::Surplus, first.span.to(last.span), format!("`{name}` takes {takes}"));
        self.push(
            error.label("too much").help("remove it, or put it on a line of its own; comments start with `#` or `!`"),
        );
    }

    /// keepalived ignores what follows a flag, so `nopreempt no` switches it on.
    fn flag_with_value(&mut self, value: &Word, name: &str) -> bool {
        if matches!(value.text.as_str(), "true" | "on" | "yes") {
            let message = format!("`{name}` takes no value");
            self.push(Diagnostic::warning(Code::Surplus, value.span, message).help("remove it"));
            return true;
        }
        let message = format!("`{name}` takes no value: keepalived switches it on whatever follows");
        let help = format!("remove `{}` to switch it on, or the line to leave it off", value.text);
        self.push(Diagnostic::error(Code::Surplus, value.span, message).help(help));
        false
    }

    fn wrong_block(&mut self, word: &Word, keyword: &Keyword) {
        let name = keyword.name;
        let error = if takes_block(keyword.shape) {
            let example = if let Shape::Named(_) = keyword.shape { " NAME" } else { "" };
            Diagnostic::error(Code::Syntax, word.span, format!("`{name}` without its block"))
                .help(format!("write `{name}{example} {{ ... }}`"))
        } else {
            Diagnostic::error(Code::Syntax, word.span, format!("`{name}` takes no block"))
                .help("look for a `{` too many, or a value that is missing")
        };
        self.push(error);
    }
}

/// Words that begin a line of a shell script.
const SHELL: [&str; 8] = ["if", "fi", "cat", "echo", "sudo", "mkdir", "EOF", "systemctl"];

/// The least and the most words after a keyword, its block aside.
const fn words_taken(shape: Shape) -> (usize, usize) {
    match shape {
        Shape::Flag | Shape::List | Shape::Block(_) => (0, 0),
        Shape::Bool => (0, 1),
        Shape::Word | Shape::Number | Shape::Seconds | Shape::Micros | Shape::Named(_) => (1, 1),
        Shape::Words(least, most) | Shape::Repeated(least, most) => (least, most),
        Shape::Quoted(count) => (count, count),
        Shape::Command => (1, usize::MAX),
        Shape::MaybeCommand | Shape::Opaque => (0, usize::MAX),
    }
}

const fn takes_block(shape: Shape) -> bool {
    matches!(shape, Shape::List | Shape::Block(_) | Shape::Named(_))
}

fn ends(words: &[Word]) -> Option<(&Word, &Word)> {
    Some((words.first()?, words.last()?))
}

fn remedy(shape: Shape, name: &str) -> String {
    match shape {
        Shape::Number => format!("write `{name} NUMBER`"),
        Shape::Micros => format!("write `{name} MICROSECONDS`"),
        Shape::Seconds => format!("write `{name} SECONDS`"),
        Shape::Named(_) => format!("write `{name} NAME {{ ... }}`"),
        Shape::Flag
        | Shape::Bool
        | Shape::Word
        | Shape::Words(..)
        | Shape::Quoted(_)
        | Shape::Repeated(..)
        | Shape::Command
        | Shape::MaybeCommand
        | Shape::List
        | Shape::Block(_)
        | Shape::Opaque => format!("write `{name} VALUE`, or remove the line"),
    }
}

/// What to do until a keyword is built.
fn help_for(name: &str) -> Option<&'static str> {
    match name {
        "no_accept" => Some("remove it: the addresses then answer, as with `accept`"),
        "net_namespace" => Some("start the daemon inside the namespace: `ip netns exec NAME vrrpd run`"),
        "use_vmac" | "use_vmac_addr" | "vmac_xmit_base" | "use_ipvlan" => {
            Some("remove it: the addresses then move to the interface's own MAC address")
        }
        _ => None,
    }
}

/// The place of a whole line.
pub(super) fn line_span(item: &Item, word: Span) -> Span {
    item.words.last().map_or(word, |last| word.to(last.span))
}
