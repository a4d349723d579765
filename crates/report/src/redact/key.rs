//! The key of pseudonyms: who has it can make them again, and nobody else can.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// How many bytes a key has.
const LENGTH: usize = 32;

/// What stands before the digits in a file of a key, for whoever opens it.
const HEADING: &str =
    "# Key of the pseudonyms in redacted case bundles of Ringback. Keep it; give it to nobody.\n";

/// The key of pseudonyms: 256 bits. The same key gives the same pseudonyms.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The system says no.
    #[error("key {path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file holds something else.
    #[error(
        "key {0}: there are not 64 hexadecimal digits in it\nhint: name a file that is not there yet, and a key is made"
    )]
    Format(PathBuf),
    /// The system has no random bytes.
    #[error("the system gives no random bytes: {0}")]
    Random(getrandom::Error),
}

impl Key {
    /// A key of given bytes.
    pub fn new(bytes: &[u8; LENGTH]) -> Self {
        Key(Hmac::new_from_slice(bytes).expect("HMAC takes keys of any length"))
    }

    /// A key that nobody has, for pseudonyms that are never made again.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn random() -> Result<Self, KeyError> {
        Ok(Key::new(&random()?))
    }

    /// The key that a file holds; a file that is not there is made, with a new key that only its owner can read. Also says
    /// whether it was made.
    ///
    /// # Errors
    /// The file can not be read or made, or holds something else.
    pub fn of_file(path: &Path) -> Result<(Self, bool), KeyError> {
        let failed = |error| KeyError::Io { path: path.to_owned(), error };
        match std::fs::read_to_string(path) {
            Ok(text) => {
                Ok((Key::new(&parsed(&text).ok_or_else(|| KeyError::Format(path.to_owned()))?), false))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let bytes = random()?;
                write(path, &bytes).map_err(failed)?;
                Ok((Key::new(&bytes), true))
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// 256 bits that nobody can tell without the key, for a kind of thing and some parts of it.
    pub(crate) fn bits(&self, kind: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        for part in std::iter::once(&kind.as_bytes()).chain(parts) {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// A short name of the key itself, which tells two keys apart and nothing else of them.
    pub fn name(&self) -> String {
        ringback_model::hexadecimal(&self.bits("key", &[])[..8])
    }
}

impl std::fmt::Debug for Key {
    /// Never the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

fn random() -> Result<[u8; LENGTH], KeyError> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(KeyError::Random)?;
    Ok(bytes)
}

fn parsed(text: &str) -> Option<[u8; LENGTH]> {
    let digits: String = text.lines().filter(|line| !line.starts_with('#')).map(str::trim).collect();
    if digits.len() != 2 * LENGTH || !digits.is_ascii() {
        return None;
    }
    let mut bytes = [0; LENGTH];
    for (byte, at) in bytes.iter_mut().zip((0..digits.len()).step_by(2)) {
        let pair = digits[at..at + 2].chars().map(|c| c.to_digit(16)).collect::<Option<Vec<u32>>>()?;
        *byte = u8::try_from(pair[0] * 16 + pair[1]).ok()?;
    }
    Some(bytes)
}

/// Writes a key into a file that is not there, for its owner alone from its first byte on.
fn write(path: &Path, bytes: &[u8; LENGTH]) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(format!("{HEADING}{}\n", ringback_model::hexadecimal(bytes)).as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Survives: others on the machine who look for the key of a redacted bundle | it is its owner's alone (mode 0600)
    #[test]
    fn a_key_is_made_once_and_for_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("case.key");
        let (first, made) = Key::of_file(&path).unwrap();
        let (again, made_again) = Key::of_file(&path).unwrap();
        assert!(made && !made_again);
        assert_eq!(first.name(), again.name());
        assert_ne!(first.name(), Key::random().unwrap().name());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("case.key");
        for text in ["", "abc", &"x".repeat(64), &"0".repeat(63), &"é".repeat(32), &"+f".repeat(32)] {
            std::fs::write(&path, text).unwrap();
            assert!(matches!(Key::of_file(&path), Err(KeyError::Format(_))), "{text:?}");
        }
        assert!(matches!(Key::of_file(dir.path()), Err(KeyError::Io { .. })));
    }
}
