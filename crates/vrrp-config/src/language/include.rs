use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::reader::{Here, Reader};
use super::{Text, Token, lex};
use crate::diagnostic::{Code, Diagnostic};
use crate::error::FileError;
use crate::glob;
use crate::source::Span;

/// What an include keyword insists on.
#[derive(Clone, Copy)]
struct Insists {
    readable: bool,
    matching: bool,
    wildcards: bool,
    braces: bool,
}

impl Insists {
    fn of(keyword: &str) -> Self {
        let all = keyword == "includea";
        Self {
            readable: all || keyword == "includer",
            matching: all || keyword == "includem",
            wildcards: all || keyword == "includew",
            braces: all || keyword == "includeb",
        }
    }
}

impl Reader<'_> {
    /// Reads the files an `include` line names.
    pub(super) fn include(&mut self, line: &Text, here: Here<'_>) {
        let mut tokens = Vec::new();
        let first = line.as_str().find(char::is_whitespace).unwrap_or(line.len());
        let keyword = line.as_str().get(..first).unwrap_or_default().to_owned();
        let Some(keyword_span) = line.span(0..first) else {
            return;
        };
        lex(&quote(line, first), &mut tokens);
        let Some(Token::Word(pattern)) = tokens.into_iter().next() else {
            let error = Diagnostic::error(Code::Missing, keyword_span, format!("`{keyword}` without a file"));
            self.diagnostics.push(error.help("name the file or a pattern such as `conf.d/*.conf`"));
            return;
        };
        let span = pattern.span;
        if !self.follow {
            let error = Diagnostic::error(Code::File, span, "`include` is not followed in text without a file");
            self.diagnostics.push(error);
            return;
        }
        if self.too_many_files() {
            let error = Diagnostic::error(Code::Limit, span, "too many files, or includes too deep");
            self.diagnostics.push(error.help("a file that includes itself never ends"));
            return;
        }
        self.include_matches(&pattern.text, Insists::of(&keyword), span, here);
    }

    fn include_matches(&mut self, pattern: &str, insists: Insists, span: Span, here: Here<'_>) {
        let mut any = false;
        for alternative in glob::alternatives(pattern) {
            let files = glob::matches(here.directory, &alternative);
            any |= !files.is_empty();
            let wild = glob::is_wild(&alternative);
            if files.is_empty() && ((insists.braces && pattern.contains('{')) || (insists.wildcards && wild)) {
                self.nothing_matches(&alternative, span);
            }
            for file in files {
                self.include_file(&file, insists, span);
            }
        }
        if any {
            return;
        }
        if insists.matching {
            self.nothing_matches(pattern, span);
        } else if !glob::is_wild(pattern) {
            let warning = Diagnostic::warning(Code::File, span, format!("there is no file `{pattern}` to include"));
            self.diagnostics.push(warning.help("keepalived says nothing here; `includem` makes it an error"));
        }
    }

    fn nothing_matches(&mut self, pattern: &str, span: Span) {
        let error = Diagnostic::error(Code::File, span, format!("no file matches `{pattern}`"));
        self.diagnostics.push(error.help("correct the pattern, or write `include`, which needs no match"));
    }

    fn include_file(&mut self, path: &Path, insists: Insists, span: Span) {
        match self.included_text(path) {
            Ok(text) => {
                self.include_depth += 1;
                self.read(path.to_string_lossy().into_owned(), text);
                self.include_depth -= 1;
            }
            Err(error) if insists.readable || !matches!(error, FileError::Unfit { .. }) => {
                self.diagnostics.push(Diagnostic::error(Code::File, span, error.to_string()));
            }
            Err(error) => self.diagnostics.push(Diagnostic::warning(Code::File, span, format!("{error}: skipped"))),
        }
    }

    fn included_text(&self, path: &Path) -> Result<String, FileError> {
        let metadata = fs::metadata(path).map_err(|source| FileError::Read { path: path.to_owned(), source })?;
        if !metadata.is_file() || metadata.permissions().mode() & 0o111 != 0 {
            return Err(FileError::Unfit { path: path.to_owned() });
        }
        text_of(path, self.options.limits.file_bytes)
    }
}

/// The text of a file of at most `limit` bytes. keepalived.conf takes any bytes, which then read as U+FFFD;
/// TOML is UTF-8.
///
/// # Errors
/// [`FileError`] when it cannot be read, is too large, or is TOML and no UTF-8 text.
pub(crate) fn text_of(path: &Path, limit: usize) -> Result<String, FileError> {
    let read = |source| FileError::Read { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(read)?;
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(read)?;
    if bytes.len() > limit {
        return Err(FileError::TooLarge { path: path.to_owned(), limit });
    }
    let toml = path.extension().is_some_and(|extension| extension == "toml");
    String::from_utf8(bytes).or_else(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        if toml {
            return Err(FileError::NotText { path: PathBuf::from(path), line });
        }
        Ok(String::from_utf8_lossy(error.as_bytes()).into_owned())
    })
}

/// The pattern of an include line as one word: its braces are not a block's.
fn quote(line: &Text, keyword_len: usize) -> Text {
    let rest = super::line::trim(&line.slice(keyword_len..line.len()));
    if rest.len() == 0 || rest.as_str().starts_with('"') {
        return rest;
    }
    let end = rest.as_str().find(char::is_whitespace).unwrap_or(rest.len());
    let Some(span) = rest.span(0..end) else {
        return rest;
    };
    let mut quoted = Text::substituted(span, "\"");
    quoted.push(&rest.slice(0..end));
    quoted.push(&Text::substituted(span, "\""));
    quoted
}
