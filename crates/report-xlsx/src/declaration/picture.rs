//! Pictures, as a pack declares them.

use super::{Expr, one};
use serde::Deserialize;
use toml::Spanned;

/// A picture beside a block. It is made as large as it may be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PictureSpec {
    /// The picture as a `data:` address; PNG and JPEG can be held, others are left out.
    pub(crate) of: Expr,
    /// The block of its own sheet that it stands beside.
    pub(crate) at: Spanned<String>,
    /// The column of the sheet that it starts in, from 1.
    #[serde(default = "one")]
    pub(crate) column: u16,
    /// The most pixels that it is wide.
    pub(crate) width: u16,
    /// The most pixels that it is high.
    pub(crate) height: u16,
}
