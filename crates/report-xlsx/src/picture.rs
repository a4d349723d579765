//! Pictures beside written blocks.

use crate::book::Book;
use crate::code::Code;
use crate::declaration::PictureSpec;
use crate::failure::Failure;
use crate::plan::SheetPlan;
use crate::sheet::Written;
use data_encoding::BASE64;
use rust_xlsxwriter::Image;

/// The kinds of pictures that a workbook can hold.
const KINDS: &[&str] = &["data:image/png;base64,", "data:image/jpeg;base64,"];

/// Puts the pictures into the written sheets. One that there is not, or that a workbook can not hold, is left out.
pub(crate) fn insert(
    book: &Book<'_>,
    plans: &[SheetPlan<'_>],
    written: &mut [Written],
) -> Result<(), Failure> {
    for (number, plan) in plans.iter().enumerate() {
        for spec in &plan.sheet.picture {
            let Some(at) = written[number].blocks.get(spec.at.get_ref().as_str()).copied() else { continue };
            let Some(image) = image(book, spec)? else { continue };
            let column = spec.column.saturating_sub(1);
            written[number].sheet.insert_image_with_offset(at.table, column, &image, 12, 4)?;
        }
    }
    Ok(())
}

fn image(book: &Book<'_>, spec: &PictureSpec) -> Result<Option<Image>, Failure> {
    let address = Code::new(book.environment, &spec.of)?.text(book.scope)?;
    let Some(content) = KINDS.iter().find_map(|kind| address.strip_prefix(kind)) else { return Ok(None) };
    let broken = || Failure::at(&spec.of, "is no picture that a workbook can hold");
    let bytes = BASE64.decode(content.as_bytes()).map_err(|_| broken())?;
    let image = Image::new_from_buffer(&bytes).map_err(|_| broken())?;
    let (wide, high) = (image.width() * 96.0 / image.width_dpi(), image.height() * 96.0 / image.height_dpi());
    if wide < 1.0 || high < 1.0 {
        return Err(broken());
    }
    let scale = (f64::from(spec.width) / wide).min(f64::from(spec.height) / high);
    Ok(Some(image.set_scale_width(scale).set_scale_height(scale).set_decorative(true)))
}
