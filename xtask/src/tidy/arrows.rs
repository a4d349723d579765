//! Which crate may depend on which, as `docs/ARCHITECTURE.md` draws it.

use anyhow::Context;
use cargo_metadata::{DependencyKind, MetadataCommand, Package};
use std::path::Path;

/// Every crate of the product with the crates of the product that it may depend on. Dependencies of tests count too.
const ARROWS: &[(&str, &[&str])] = &[
    ("ringback-model", &[]),
    ("ringback-parse", &["ringback-model"]),
    ("ringback-tally", &["ringback-model"]),
    ("ringback-context", &["ringback-model"]),
    ("ringback-classify", &["ringback-model"]),
    ("ringback-incident", &["ringback-model"]),
    ("ringback-report", &["ringback-model"]),
    ("ringback-template", &["ringback-model"]),
    (
        "ringback-pipeline",
        &[
            "ringback-model",
            "ringback-parse",
            "ringback-tally",
            "ringback-context",
            "ringback-classify",
            "ringback-incident",
        ],
    ),
    ("ringback-report-text", &["ringback-model", "ringback-template", "ringback-report"]),
    ("ringback-report-xlsx", &["ringback-model", "ringback-template", "ringback-report"]),
    (
        "ringback",
        &[
            "ringback-model",
            "ringback-parse",
            "ringback-tally",
            "ringback-context",
            "ringback-classify",
            "ringback-incident",
            "ringback-pipeline",
            "ringback-report",
            "ringback-template",
            "ringback-report-text",
            "ringback-report-xlsx",
        ],
    ),
    (
        "xtask",
        &["ringback-classify", "ringback-model", "ringback-parse", "ringback-tally", "ringback-incident"],
    ),
];

/// The arrows of the workspace that are not in the list, and crates that the list does not know.
///
/// # Errors
/// `cargo metadata` fails.
pub(super) fn breaches(root: &Path) -> anyhow::Result<Vec<String>> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()
        .context("cargo metadata")?;
    let arrows = metadata.packages.iter().map(|package| (package.name.to_string(), targets(package)));
    Ok(breaches_of(arrows))
}

/// The crates of the product that a crate depends on.
fn targets(package: &Package) -> Vec<String> {
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind != DependencyKind::Build)
        .filter(|dependency| dependency.name == "ringback" || dependency.name.starts_with("ringback-"))
        .map(|dependency| dependency.name.clone())
        .collect()
}

fn breaches_of(arrows: impl Iterator<Item = (String, Vec<String>)>) -> Vec<String> {
    let mut breaches = Vec::new();
    for (from, targets) in arrows {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == from) else {
            breaches.push(format!("{from}: a crate that the list of arrows does not know"));
            continue;
        };
        for target in targets.iter().filter(|target| !allowed.contains(&target.as_str())) {
            breaches.push(format!("{from} -> {target}: an arrow that is not in the list"));
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_arrow_is_a_breach() {
        let arrow = |from: &str, to: &str| (from.to_owned(), vec![to.to_owned()]);
        let fine = breaches_of([arrow("ringback-parse", "ringback-model")].into_iter());
        assert!(fine.is_empty(), "{fine:?}");
        let wrong = breaches_of(
            [arrow("ringback-model", "ringback-parse"), arrow("ringback-new", "ringback-model")].into_iter(),
        );
        assert_eq!(wrong.len(), 2);
        assert!(wrong[0].starts_with("ringback-model -> ringback-parse"));
    }
}
