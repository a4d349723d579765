//! `cargo xtask dist`: the archive that people get, the same bytes from the same sources, with its checksum and the list of
//! what it was made from.

mod bill;
mod compiler;
mod pack;

pub(crate) use compiler::compiler;

use anyhow::{Context, ensure};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Documents that go along.
const DOCUMENTS: &[&str] = &["README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// Shells with completions, and the names of their files.
const SHELLS: &[(&str, &str)] = &[
    ("bash", "completions/ringback.bash"),
    ("zsh", "completions/_ringback"),
    ("fish", "completions/ringback.fish"),
    ("powershell", "completions/ringback.ps1"),
    ("elvish", "completions/ringback.elv"),
];

/// A file of the archive: its name, whether it is a program, its content.
struct File {
    name: String,
    program: bool,
    bytes: Vec<u8>,
}

impl File {
    fn plain(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        File { name: name.into(), program: false, bytes }
    }
}

/// Builds the program and writes the archive, the bill of materials and their checksums into a folder. `twice` has the
/// archive made a second time, by a build in another folder, and compared.
///
/// # Errors
/// A build or a program that fails, a file that can not be read or written, or two archives that differ.
pub(crate) fn run(root: &Path, folder: &Path, twice: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    let metadata = bill::metadata(root)?;
    let version = bill::version(&metadata)?;
    let bill = bill::of(&metadata, &version)?;
    let name = format!("ringback-{version}-{}-{}", std::env::consts::ARCH, std::env::consts::OS);
    let target = metadata.target_directory.as_std_path();
    let made = |folder: &str| -> anyhow::Result<Vec<u8>> {
        let program = build(root, &target.join(folder))?;
        Ok(pack::archive(&name, files(root, &program, &bill)?)?)
    };
    let archive = made("dist")?;
    if twice {
        ensure!(made("dist-again")? == archive, "two builds of the same sources make different archives");
        writeln!(out, "two builds, {} bytes each, are the same byte for byte", archive.len())?;
    }
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let mut sums = String::new();
    for (name, bytes) in [(format!("{name}.tar.gz"), &archive), (format!("{name}.cdx.json"), &bill)] {
        std::fs::write(folder.join(&name), bytes).with_context(|| format!("writing {name}"))?;
        sums += &format!("{}  {name}\n", ringback_model::sha256(bytes));
    }
    std::fs::write(folder.join("SHA256SUMS"), &sums).context("writing SHA256SUMS")?;
    out.write_all(sums.as_bytes())?;
    Ok(())
}

/// Builds the program in a folder of its own, without paths of this machine in it.
fn build(root: &Path, target: &Path) -> anyhow::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    compiler::without_here_and_now(&mut command, root, target)?;
    let status = command
        .args(["build", "--release", "--locked", "--package", "ringback", "--target-dir"])
        .arg(target)
        .current_dir(root)
        .status()
        .context("cargo build")?;
    ensure!(status.success(), "the program could not be built");
    Ok(target.join("release").join(format!("ringback{}", std::env::consts::EXE_SUFFIX)))
}

fn files(root: &Path, program: &Path, bill: &[u8]) -> anyhow::Result<Vec<File>> {
    let read = |path: &Path| std::fs::read(path).with_context(|| format!("reading {}", path.display()));
    let name = program.file_name().context("the program has a name")?.to_string_lossy().into_owned();
    let mut files = vec![File { name, program: true, bytes: read(program)? }];
    for document in DOCUMENTS {
        files.push(File::plain(*document, read(&root.join(document))?));
    }
    for (shell, name) in SHELLS {
        files.push(File::plain(*name, printed(program, &["completions", shell])?));
    }
    files.push(File::plain("man/ringback.1", printed(program, &["man"])?));
    files.push(File::plain("ringback.cdx.json", bill.to_vec()));
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// What the program prints.
fn printed(program: &Path, args: &[&str]) -> anyhow::Result<Vec<u8>> {
    let output = Command::new(program).args(args).output().with_context(|| format!("running {args:?}"))?;
    ensure!(output.status.success() && !output.stdout.is_empty(), "{args:?} printed nothing");
    Ok(output.stdout)
}
