use std::env;
use std::path::{Path, PathBuf};

use crate::credentials::Credentials;
use crate::path::{components, denied};
use crate::program::{Program, Sandbox};
use crate::report::Unrunnable;

/// Where programs are looked for in a strict sandbox, and where nothing else is said.
pub(crate) const SEARCH_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

impl Program {
    /// Returns the path of what is run: bare names are looked up in the search path that the program itself will see.
    ///
    /// # Errors
    ///
    /// There is no name, or no directory has it. One that is there and cannot be run is told from one that is not.
    pub(crate) fn locate(&self, who: &Credentials) -> Result<PathBuf, Unrunnable> {
        let name = self.argv.first().filter(|name| !name.is_empty()).ok_or(Unrunnable::Empty)?;
        if name.contains('/') {
            return Ok(PathBuf::from(&**name));
        }
        let search = self.search_path();
        let mut refused = None;
        for directory in search.split(':').filter(|directory| directory.starts_with('/')) {
            let candidate = Path::new(directory).join(&**name);
            match components(&candidate).map(|passed| denied(&passed, who)) {
                Ok(None) => return Ok(candidate),
                Ok(Some(why)) => refused = refused.or(Some(why)),
                Err(_not_there) => {}
            }
        }
        Err(refused.unwrap_or_else(|| Unrunnable::NotInPath { name: (**name).into(), search: search.into() }))
    }

    fn search_path(&self) -> String {
        let given =
            self.environment.iter().rev().find(|(name, _)| &**name == "PATH").map(|(_, value)| (**value).to_owned());
        let inherited = || match self.sandbox {
            Sandbox::None => env::var("PATH").ok(),
            Sandbox::Strict => None,
        };
        given.or_else(inherited).unwrap_or_else(|| SEARCH_PATH.to_owned())
    }
}
