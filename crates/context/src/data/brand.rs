//! What a profile lets a report wear: a logo and texts of the author's own, read and checked.

use super::fault::Fault;
use super::file::{Bytes, text};
use super::picture::picture;
use super::prose::check;
use crate::error::FileFault;
use data_encoding::BASE64;
use ringback_model::Profile;
use ringback_model::brand::{Brand, Logo, OwnText};
use std::path::Path;

/// The most bytes of a logo, in KiB: every page carries it.
const LARGEST_LOGO: usize = 256;

/// The most bytes of a text, in KiB.
const LARGEST_TEXT: usize = 256;

/// Reads the logo and the texts that a profile names, relative to a folder.
///
/// # Errors
/// The first thing that is wrong with each of the files.
pub(crate) fn read(profile: &Profile, folder: &Path) -> Result<Brand, Vec<FileFault>> {
    let mut faults = Vec::new();
    let mut fault =
        |path: &Path, fault: Fault| faults.push(FileFault { name: path.display().to_string(), fault });
    let mut brand = Brand { font: profile.report.font.clone(), ..Brand::default() };
    if !profile.client.logo.is_empty() {
        let path = folder.join(&profile.client.logo);
        match logo(&path) {
            Ok(logo) => brand.logo = Some(logo),
            Err(error) => fault(&path, error),
        }
    }
    for own in &profile.report.texts {
        let path = folder.join(&own.file);
        match prose(&path) {
            Ok(text) => brand.texts.push(OwnText {
                title: own.title.clone(),
                place: own.place,
                language: own.language.clone(),
                text,
            }),
            Err(error) => fault(&path, error),
        }
    }
    if faults.is_empty() { Ok(brand) } else { Err(faults) }
}

fn logo(path: &Path) -> Result<Logo, Fault> {
    let bytes = limited(path, LARGEST_LOGO, "save it smaller: a few hundred pixels are enough for a cover")?;
    let picture = picture(&bytes)?;
    let uri = format!("data:{};base64,{}", picture.kind, BASE64.encode(&bytes));
    Ok(Logo { uri, width: picture.width, height: picture.height })
}

fn prose(path: &Path) -> Result<String, Fault> {
    let bytes = limited(path, LARGEST_TEXT, "hand long documents over beside the report")?;
    let text = text(&bytes)?.replace("\r\n", "\n");
    check(&text)?;
    Ok(text)
}

/// The bytes of a file that may have so many KiB.
fn limited(path: &Path, most: usize, hint: &str) -> Result<Vec<u8>, Fault> {
    let bytes = Bytes::up_to(1, path, hint)?.bytes;
    if bytes.len() > most << 10 {
        return Err(Fault::whole(format!("it has more than {most} KiB"), hint));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_model::brand::TextPlace;
    use ringback_model::profile::OwnTextFile;

    #[test]
    fn what_is_wrong_is_told_of_every_file() {
        let folder = tempfile::tempdir().unwrap();
        let text = |file: &str| OwnTextFile {
            title: "T".to_owned(),
            file: file.to_owned(),
            place: TextPlace::Back,
            language: String::new(),
        };
        let mut profile = Profile::default();
        profile.client.logo = "logo.gif".to_owned();
        profile.report.texts = vec![text("a.md"), text("latin.md"), text("none.md"), text("large.md")];
        std::fs::write(folder.path().join("logo.gif"), b"GIF89a").unwrap();
        std::fs::write(folder.path().join("a.md"), "fine\r\n").unwrap();
        std::fs::write(folder.path().join("latin.md"), b"first\nGr\xfc\xdfe").unwrap();
        std::fs::write(folder.path().join("large.md"), "x".repeat((LARGEST_TEXT << 10) + 1)).unwrap();
        let faults = read(&profile, folder.path()).unwrap_err();
        let told: Vec<String> = faults
            .iter()
            .map(|FileFault { name, fault }| {
                format!("{} {} {}", name.rsplit('/').next().unwrap(), fault.place, fault.what)
            })
            .collect();
        assert_eq!(told.len(), 4, "{told:?}");
        for (told, part) in
            told.iter().zip(["logo.gif", "latin.md line 2", "none.md", "large.md  it has more"])
        {
            assert!(told.starts_with(part), "{told}");
        }
        profile.report.texts.truncate(1);
        profile.client.logo.clear();
        assert_eq!(read(&profile, folder.path()).unwrap().texts[0].text, "fine\n");
    }
}
