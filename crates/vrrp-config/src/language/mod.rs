//! The keepalived.conf language: from bytes to a tree of blocks and lines, before any keyword is looked at.

mod command;
mod definition;
mod include;
mod lexer;
mod line;
mod reader;
mod text;
mod tree;

pub(crate) use command::{Unsplit, split};
pub(crate) use include::text_of;
pub(crate) use lexer::{Token, Word, lex};
pub(crate) use reader::{Reader, start_of_first_file};
pub(crate) use text::Text;
pub(crate) use tree::{Block, Item, build};
