//! An archive whose bytes depend on nothing but what is in it.

use super::File;
use flate2::Compression;
use flate2::write::GzEncoder;

/// A gzipped tar archive of files in a folder of this name: in their order, owned by nobody, from the first second of 1980.
///
/// # Errors
/// A name that tar can not hold.
pub(super) fn archive(folder: &str, files: Vec<File>) -> std::io::Result<Vec<u8>> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
    for File { name, program, bytes } in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(if program { 0o755 } else { 0o644 });
        header.set_mtime(315_532_800);
        archive.append_data(&mut header, format!("{folder}/{name}"), bytes.as_slice())?;
    }
    archive.into_inner()?.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_make_the_same_bytes() {
        let files = || vec![File::plain("a", b"one".to_vec()), File::plain("man/b", b"two".to_vec())];
        let bytes = archive("x", files()).unwrap();
        assert_eq!(bytes, archive("x", files()).unwrap());
        let mut read = tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
        let names: Vec<_> = read
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap().path().unwrap().display().to_string())
            .collect();
        assert_eq!(names, ["x/a", "x/man/b"]);
    }
}
