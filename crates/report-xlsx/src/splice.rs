//! Puts the long lists into the sheets that the library made without them.

use crate::failure::Failure;
use crate::package::{self, Package, Piece};
use crate::stream::Streamed;
use crate::table::Stretch;
use crate::xml;

/// Where the cells of a sheet end.
const CELLS_END: &str = "</sheetData>";

/// Where the links of a sheet end.
const LINKS_END: &str = "</hyperlinks>";

/// The part with the texts that cells share.
const TEXTS: &str = "xl/sharedStrings.xml";

/// The folder with the tables.
const TABLES: &str = "xl/tables/";

/// The file of the library's workbook and the lists of its sheets, which are in order.
pub(crate) fn package(
    library: &[u8],
    streamed: Vec<Vec<Streamed>>,
    tables: &[Stretch],
) -> Result<Package, Failure> {
    let mut package = Package::default();
    let mut lists: Vec<(String, Vec<Streamed>)> = (1..)
        .zip(streamed)
        .map(|(number, lists): (u32, _)| (format!("xl/worksheets/sheet{number}.xml"), lists))
        .filter(|(_, lists)| !lists.is_empty())
        .collect();
    let shared: u64 = lists.iter().flat_map(|(_, lists)| lists).map(|list| list.shared).sum();
    for (name, bytes) in package::parts(library)? {
        // Pictures are no texts, and stay as they are.
        let mut content = match String::from_utf8(bytes) {
            Ok(content) => content,
            Err(error) => {
                package.add(&name, vec![Piece::new(error.as_bytes(), true)?])?;
                continue;
            }
        };
        if name == TEXTS {
            content = with_uses(&content, shared)?;
        } else if name.starts_with(TABLES) {
            content = tables.iter().find_map(|table| table.stretched(&content)).unwrap_or(content);
        }
        let pieces = match lists.iter().position(|(sheet, _)| *sheet == name) {
            Some(at) => sheet(&content, lists.swap_remove(at).1)?,
            None => vec![Piece::new(content.as_bytes(), true)?],
        };
        package.add(&name, pieces)?;
    }
    if let Some((name, _)) = lists.first() {
        return Err(unexpected(&format!("no {name}")));
    }
    package.check()?;
    Ok(package)
}

/// The pieces of a sheet with its lists.
fn sheet(content: &str, lists: Vec<Streamed>) -> Result<Vec<Piece>, Failure> {
    let content = with_cells(content, &lists)?;
    let cells_end = content.find(CELLS_END).ok_or_else(|| unexpected("a sheet without cells"))?;
    let rows: Vec<(usize, u32)> = rows(&content[..cells_end]).collect();
    let links: String = lists.iter().map(|list| list.links.as_str()).collect();
    let mut pieces = Vec::new();
    let mut from = 0;
    for list in lists {
        // Rows of the library's below the list have greater numbers; a row's number counts from 1.
        let below = rows.iter().find(|(_, number)| *number > list.first);
        let to = below.map_or(cells_end, |(at, _)| *at);
        pieces.push(Piece::new(&content.as_bytes()[from..to], false)?);
        pieces.extend(list.pieces);
        from = to;
    }
    let rest = with_links(&content[from..], &links)?;
    pieces.push(Piece::new(rest.as_bytes(), true)?);
    Ok(pieces)
}

/// A sheet with room for cells, and the extent that it has with its lists.
fn with_cells(content: &str, lists: &[Streamed]) -> Result<String, Failure> {
    let content = content.replacen("<sheetData/>", "<sheetData></sheetData>", 1);
    let no_extent = || unexpected("a sheet without an extent");
    let (before, rest) = content.split_once("<dimension ref=\"").ok_or_else(no_extent)?;
    let (extent, after) = rest.split_once('"').ok_or_else(no_extent)?;
    let last = extent.rsplit(':').next().unwrap_or_default();
    let digits = last.find(|c: char| c.is_ascii_digit()).ok_or_else(no_extent)?;
    let (column, row) = last.split_at(digits);
    let mut column = column.to_owned();
    let mut row: u32 = row.parse().map_err(|_| no_extent())?;
    for list in lists.iter().filter(|list| list.end > list.first) {
        row = row.max(list.end);
        let wide = xml::letters(list.wide.saturating_sub(1));
        if (wide.len(), &wide) > (column.len(), &column) {
            column = wide;
        }
    }
    Ok(format!("{before}<dimension ref=\"A1:{column}{row}\"{after}").replace("\"A1:A1\"", "\"A1\""))
}

/// The table of texts with more uses of them.
fn with_uses(content: &str, more: u64) -> Result<String, Failure> {
    let no_count = || unexpected("texts without a count");
    let (before, rest) = content.split_once(" count=\"").ok_or_else(no_count)?;
    let (count, after) = rest.split_once('"').ok_or_else(no_count)?;
    let count: u64 = count.parse().map_err(|_| no_count())?;
    Ok(format!("{before} count=\"{}\"{after}", count + more))
}

/// The places and numbers of the rows of a sheet.
fn rows(content: &str) -> impl Iterator<Item = (usize, u32)> {
    const START: &str = "<row r=\"";
    content.match_indices(START).filter_map(|(at, _)| {
        let number = content[at + START.len()..].split('"').next()?;
        Some((at, number.parse().ok()?))
    })
}

/// What follows the cells of a sheet, with more links.
fn with_links(rest: &str, links: &str) -> Result<String, Failure> {
    if links.is_empty() {
        return Ok(rest.to_owned());
    }
    if let Some((before, after)) = rest.split_once(LINKS_END) {
        return Ok([before, links, LINKS_END, after].concat());
    }
    // The order of the elements is fixed; these are what may come next.
    let next = ["<printOptions", "<pageMargins"].iter().filter_map(|next| rest.find(next)).min();
    let (before, after) = rest.split_at(next.ok_or_else(|| unexpected("a sheet without margins"))?);
    Ok([before, "<hyperlinks>", links, LINKS_END, after].concat())
}

fn unexpected(what: &str) -> Failure {
    Failure::plain(format!("the workbook can not be put together: {what}"))
}
