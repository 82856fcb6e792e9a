//! Archives that come in are unpacked within bounds, looked through, and packed anew with nothing but their XML, before a parser of
//! tables sees them. So what was looked at and what is parsed is the same, whatever an archive says of itself.

use std::collections::HashSet;
use std::io::{Cursor, Read as _, Write as _};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{damaged, not_taken, refused, too_large};
use crate::error::{Error, Result};

/// Most parts of a workbook. One of ours has about ten.
const PARTS_MAX: usize = 200;
/// Most bytes of all parts together, unpacked. Of one of ours they are about 300,000.
const UNPACKED_MAX: u64 = 33_554_432;
/// Most texts that a workbook may say it has, and the same of other things that are counted beforehand: a parser makes room for them.
const COUNT_MAX: u64 = 200_000;

/// What runs, or leads to other files, by the names of parts.
const MACROS: &[&str] = &[
    "vbaproject",
    "vbadata",
    "/macrosheets/",
    "/activex/",
    "/ctrlprops/",
    "/embeddings/",
    ".exe",
];
const LINKS: &[&str] = &[
    "/externallinks/",
    "/querytables/",
    "connections.xml",
    "/datamodel",
    "/customdata/",
];

/// The workbook of an archive, with its XML alone.
pub fn cleaned(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    // What it says of itself comes first: nothing is unpacked of what says that it is too large. It may lie, so it is counted too.
    let said = archive.decompressed_size();
    if archive.len() > PARTS_MAX || said.is_some_and(|said| said > u128::from(UNPACKED_MAX)) {
        return Err(too_large());
    }
    if archive.has_duplicate_names() || archive.has_overlapping_entries().map_err(|error| unreadable(&error))? {
        return Err(damaged());
    }
    let mut left = UNPACKED_MAX;
    let mut names = HashSet::new();
    let mut kept = ZipWriter::new(Cursor::new(Vec::new()));
    let as_it_is = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut is_workbook = false;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| unreadable(&error))?;
        let name = part.name().map_err(|error| unreadable(&error))?.into_owned();
        let folded = checked_name(&name)?;
        is_workbook |= folded == "/xl/workbook.xml";
        if part.encrypted() || !names.insert(folded.clone()) {
            return Err(damaged());
        }
        let mut content = Vec::new();
        let read = (&mut part).take(left.saturating_add(1)).read_to_end(&mut content);
        let read = u64::try_from(read.map_err(|_| damaged())?).unwrap_or(u64::MAX);
        left = left.checked_sub(read).ok_or_else(too_large)?;
        if !folded.ends_with(".xml") && !folded.ends_with(".rels") {
            continue;
        }
        check_xml(&content)?;
        let written = kept.start_file(name, as_it_is).map_err(Error::internal);
        written.and_then(|()| kept.write_all(&content).map_err(Error::internal))?;
    }
    if !is_workbook {
        return Err(not_taken());
    }
    Ok(kept.finish().map_err(Error::internal)?.into_inner())
}

/// The name of a part in small letters from the root. One that leads out of the archive, runs or leads elsewhere is refused.
fn checked_name(name: &str) -> Result<String> {
    let folded = format!("/{}", name.trim_start_matches('/').to_lowercase());
    let odd = |letter: char| letter.is_control() || matches!(letter, '\\' | ':');
    if name.starts_with('/') || folded.contains(odd) || folded.split('/').any(|piece| piece == "..") {
        return Err(damaged());
    }
    if MACROS.iter().any(|word| folded.contains(word)) {
        return Err(has_macros());
    }
    if LINKS.iter().any(|word| folded.contains(word)) {
        return Err(leads_elsewhere());
    }
    Ok(folded)
}

/// XML that declares nothing to be expanded, is in UTF-8 whatever it says, and does not say that it has more than it can have.
fn check_xml(content: &[u8]) -> Result<()> {
    let text = std::str::from_utf8(content).map_err(|_| damaged())?;
    let hidden = |letter: char| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r');
    // Letters of control could hide words from this and not from the parser.
    if text.contains(hidden) || text.contains("<!DOCTYPE") || text.contains("<!ENTITY") {
        return Err(damaged());
    }
    if text.contains("macroEnabled") {
        return Err(has_macros());
    }
    if text.contains("TargetMode=\"External\"") && text.contains("relationships/externalLink") {
        return Err(leads_elsewhere());
    }
    for (_, after) in text
        .match_indices("ount")
        .filter_map(|(at, word)| text.split_at_checked(at.saturating_add(word.len())))
    {
        let number = after.trim_start().strip_prefix('=').map(str::trim_start);
        let Some(number) = number.and_then(|number| number.strip_prefix(['"', '\''])) else {
            continue;
        };
        let digits: String = number.chars().take_while(char::is_ascii_digit).take(20).collect();
        if digits.len() > 15 || digits.parse::<u64>().is_ok_and(|count| count > COUNT_MAX) {
            return Err(too_large());
        }
    }
    Ok(())
}

fn unreadable(error: &ZipError) -> Error {
    match error {
        ZipError::InvalidArchive(_) => not_taken(),
        _ => damaged(),
    }
}

fn has_macros() -> Error {
    refused(
        "FILE_HAS_MACROS",
        "Bảng tính có chứa macro hoặc thành phần thực thi; hãy lưu thành XLSX không macro.",
        "The spreadsheet holds macros or other things that run; save it as XLSX without them.",
    )
}

fn leads_elsewhere() -> Error {
    refused(
        "SHEET_HAS_LINKS",
        "Bảng tính lấy dữ liệu từ tệp hoặc nguồn khác; hãy “Dán giá trị” vào biểu tải về từ hệ thống rồi gửi lại.",
        "The spreadsheet takes data from other files; paste values into the one downloaded from here and send that.",
    )
}
