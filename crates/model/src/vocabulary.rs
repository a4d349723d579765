//! One macro for the closed vocabularies: enums whose values are kebab-case words on the wire.

/// Defines an enum whose variants are written as fixed lower-case kebab words.
///
/// The enum gets `ALL`, `as_str`, `FromStr`, `Display`, serde in both directions and a JSON Schema, all from the one
/// list of words, so that a value can not be spelled in two ways.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name {
            $($(#[$vmeta])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every value, in the order of the vocabulary.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word that stands for the value on the wire and in data files.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(word: &str) -> Result<Self, $crate::UnknownWord> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::UnknownWord { word: word.to_owned(), known: &[$($word,)+] }),
                }
            }
        }

        impl From<$name> for &'static str {
            fn from(value: $name) -> &'static str {
                value.as_str()
            }
        }

        impl From<$name> for $crate::report::Field<'_> {
            fn from(value: $name) -> Self {
                $crate::report::Field::Word(value.as_str())
            }
        }
    };
}
pub(crate) use vocabulary;

/// A word that is not in the vocabulary asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownWord {
    /// The word as given.
    pub word: String,
    /// The words that would have been understood.
    pub known: &'static [&'static str],
}

impl std::fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "unknown word {:?}, expected one of {}", self.word, self.known.join(", "))
    }
}

impl std::error::Error for UnknownWord {}
