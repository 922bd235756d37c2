use super::{Token, Word};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;

/// A line: a keyword, its values and perhaps a block.
#[derive(Debug, Clone, Default)]
pub(crate) struct Item {
    pub(crate) words: Vec<Word>,
    pub(crate) block: Option<Block>,
}

/// What stands between braces.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) items: Vec<Item>,
    /// From `{` to `}`; `None` where the two stand in different files, or in none.
    pub(crate) span: Option<Span>,
}

impl Item {
    /// The words after the keyword.
    pub(crate) fn values(&self) -> &[Word] {
        self.words.get(1..).unwrap_or_default()
    }

    /// The lines of the block; none where there is no block.
    pub(crate) fn items(&self) -> &[Self] {
        self.block.as_ref().map_or(&[], |block| &block.items)
    }
}

/// Blocks that stand at the top level only: one of them inside another block means that a `}` is missing.
const TOP_LEVEL: [&str; 6] =
    ["global_defs", "vrrp_instance", "vrrp_script", "vrrp_sync_group", "virtual_server", "bfd_instance"];

/// An open block.
struct Frame {
    item: Item,
    open: Span,
    items: Vec<Item>,
}

struct Builder<'a> {
    stack: Vec<Frame>,
    root: Vec<Item>,
    words: Vec<Word>,
    /// Blocks that were closed for the author, whose braces may yet come.
    owed: usize,
    depth: usize,
    /// Blocks beyond the depth limit.
    too_deep: usize,
    diagnostics: &'a mut Diagnostics,
}

/// Builds the tree; braces that do not match are reported and set right as an author would.
pub(crate) fn build(tokens: Vec<Token>, depth: usize, diagnostics: &mut Diagnostics) -> Vec<Item> {
    let mut builder =
        Builder { stack: Vec::new(), root: Vec::new(), words: Vec::new(), owed: 0, depth, too_deep: 0, diagnostics };
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            Token::Word(word) => builder.words.push(word),
            Token::Open(span) => builder.open(span),
            Token::Close(span) => builder.close(span),
            Token::End => {
                while matches!(tokens.peek(), Some(Token::End)) {
                    tokens.next();
                }
                if !matches!(tokens.peek(), Some(Token::Open(_))) {
                    builder.flush();
                }
            }
        }
    }
    builder.finish()
}

impl Builder<'_> {
    /// Ends the line that was being gathered.
    fn flush(&mut self) {
        if !self.words.is_empty() {
            let words = core::mem::take(&mut self.words);
            self.add(Item { words, block: None });
        }
    }

    fn add(&mut self, item: Item) {
        match self.stack.last_mut() {
            Some(frame) => frame.items.push(item),
            None => self.root.push(item),
        }
    }

    fn open(&mut self, open: Span) {
        let words = core::mem::take(&mut self.words);
        if let Some(keyword) = words.first().filter(|word| TOP_LEVEL.contains(&word.text.as_str())) {
            let keyword = keyword.clone();
            self.close_forgotten(&keyword);
        }
        if words.is_empty() {
            let error = Diagnostic::error(Code::Syntax, open, "a block without a keyword before its `{`");
            self.diagnostics.push(error.help("write the keyword before the brace, or remove the block"));
        }
        if self.stack.len() >= self.depth {
            if self.too_deep == 0 {
                let message = format!("blocks are nested more than {} deep", self.depth);
                self.diagnostics.push(Diagnostic::error(Code::Limit, open, message));
            }
            self.too_deep += 1;
            return;
        }
        self.stack.push(Frame { item: Item { words, block: None }, open, items: Vec::new() });
    }

    /// A top-level block inside another: whatever is open was forgotten.
    fn close_forgotten(&mut self, keyword: &Word) {
        let Some(innermost) = self.stack.last() else {
            return;
        };
        let (open, name) = (innermost.open, innermost.name());
        let message = format!("a `}}` is missing before `{}`", keyword.text);
        let error = Diagnostic::error(Code::Syntax, keyword.span, message)
            .label("starts inside the block above")
            .also(open, format!("the block of {name} is still open"))
            .help(format!("close {name} with `}}` before this line"));
        self.diagnostics.push(error);
        while let Some(frame) = self.stack.pop() {
            self.owed += 1;
            self.add(frame.into_item(None));
        }
    }

    fn close(&mut self, span: Span) {
        self.flush();
        if self.too_deep > 0 {
            self.too_deep -= 1;
        } else if let Some(frame) = self.stack.pop() {
            self.add(frame.into_item(Some(span)));
        } else if self.owed > 0 {
            self.owed -= 1;
        } else {
            let error = Diagnostic::error(Code::Syntax, span, "a `}` that closes nothing");
            self.diagnostics.push(error.help("remove it, or look above for the `{` that is missing"));
        }
    }

    fn finish(mut self) -> Vec<Item> {
        self.flush();
        if let Some(innermost) = self.stack.last() {
            let (open, name) = (innermost.open, innermost.name());
            let error = Diagnostic::error(Code::Syntax, open, format!("the block of {name} is never closed"))
                .label("opened here")
                .help(format!("add the missing `}}`: {} at the end of the file", braces(self.stack.len())));
            self.diagnostics.push(error);
        }
        while let Some(frame) = self.stack.pop() {
            self.add(frame.into_item(None));
        }
        self.root
    }
}

impl Frame {
    /// The finished line, whose block ends with `close` or was closed for its author.
    fn into_item(self, close: Option<Span>) -> Item {
        let span = close.filter(|close| close.file == self.open.file).map(|close| self.open.to(close));
        Item { block: Some(Block { items: self.items, span }), ..self.item }
    }

    /// The block as messages call it.
    fn name(&self) -> String {
        let words: Vec<_> = self.item.words.iter().take(2).map(|word| word.text.as_str()).collect();
        format!("`{}`", words.join(" "))
    }
}

fn braces(count: usize) -> String {
    if count == 1 { "one is open".to_owned() } else { format!("{count} are open") }
}
