//! The bill of materials: every package that the program is made from, in `CycloneDX` 1.5.

use anyhow::Context;
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The package of the program.
const PROGRAM: &str = "ringback";

/// What the lock file says.
///
/// # Errors
/// `cargo metadata` fails.
pub(super) fn metadata(root: &Path) -> anyhow::Result<Metadata> {
    let mut command = MetadataCommand::new();
    command.manifest_path(root.join("Cargo.toml")).other_options(["--locked".to_owned()]);
    command.exec().context("cargo metadata")
}

/// The version of the program.
///
/// # Errors
/// There is no such package.
pub(super) fn version(metadata: &Metadata) -> anyhow::Result<String> {
    Ok(program(metadata)?.version.to_string())
}

fn program(metadata: &Metadata) -> anyhow::Result<&Package> {
    metadata.packages.iter().find(|package| package.name.as_str() == PROGRAM).context("the program's package")
}

/// The bill: no date and no random number in it, so that the same lock file makes the same bytes.
///
/// # Errors
/// The dependencies are not resolved.
pub(super) fn of(metadata: &Metadata, version: &str) -> anyhow::Result<Vec<u8>> {
    let edges = edges(metadata)?;
    let root = &program(metadata)?.id;
    let mut reached = BTreeSet::new();
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        if reached.insert(id) {
            open.extend(edges.get(id).into_iter().flatten());
        }
    }
    let packages: BTreeMap<String, &Package> = metadata
        .packages
        .iter()
        .filter(|package| reached.contains(&package.id))
        .map(|package| (name(package), package))
        .collect();
    let by_id: BTreeMap<&PackageId, &String> =
        packages.iter().map(|(name, package)| (&package.id, name)).collect();
    let depends = |package: &Package| -> Vec<&String> {
        let all: BTreeSet<&String> =
            edges.get(&package.id).into_iter().flatten().filter_map(|id| by_id.get(id).copied()).collect();
        all.into_iter().collect()
    };
    let others = packages.iter().filter(|(_, package)| package.id != *root);
    let components: Vec<Value> = others.map(|(name, package)| component(name, package)).collect();
    let dependencies: Vec<Value> =
        packages.iter().map(|(name, package)| json!({"ref": name, "dependsOn": depends(package)})).collect();
    let bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": format!("pkg:cargo/{PROGRAM}@{version}"), "name": PROGRAM, "version": version,
        }},
        "components": components,
        "dependencies": dependencies,
    });
    Ok((serde_json::to_string_pretty(&bill)? + "\n").into_bytes())
}

/// What each package is made from or built with; what only its tests need is left out.
fn edges(metadata: &Metadata) -> anyhow::Result<BTreeMap<&PackageId, Vec<&PackageId>>> {
    let resolve = metadata.resolve.as_ref().context("resolved dependencies")?;
    let needed = |dep: &&cargo_metadata::NodeDep| {
        dep.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development)
    };
    Ok(resolve
        .nodes
        .iter()
        .map(|node| (&node.id, node.deps.iter().filter(needed).map(|dep| &dep.pkg).collect()))
        .collect())
}

/// A package's address as a package URL.
fn name(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version)
}

fn component(name: &str, package: &Package) -> Value {
    let mut component = json!({
        "type": "library", "bom-ref": name, "name": package.name.as_str(), "version": package.version.to_string(), "purl": name,
    });
    if let Some(license) = &package.license {
        component["licenses"] = json!([{"expression": license.replace('/', " OR ")}]);
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bill_lists_what_the_program_is_made_from() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let metadata = metadata(root).unwrap();
        let bill = of(&metadata, "1.0.0").unwrap();
        assert_eq!(bill, of(&metadata, "1.0.0").unwrap());
        let bill: Value = serde_json::from_slice(&bill).unwrap();
        let names: BTreeSet<&str> =
            bill["components"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        for (package, listed) in
            [("clap", true), ("ringback-parse", true), ("insta", false), ("xtask", false)]
        {
            assert_eq!(names.contains(package), listed, "{package}");
        }
        let components = bill["components"].as_array().unwrap();
        assert!(components.iter().all(|one| one["licenses"][0]["expression"].is_string()));
    }
}
