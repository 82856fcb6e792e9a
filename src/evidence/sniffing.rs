//! What a file is, found in its content: the few kinds that are taken, and of these only what no program runs. Nothing is
//! unpacked; of an archive only its directory is read, within bounds.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};

use rawzip::{RECOMMENDED_BUFFER_SIZE, ZipArchive};

use crate::error::{Error, Result};

/// The kinds of file that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A PDF document.
    Pdf,
    /// A photograph or scan.
    Jpeg,
    /// A picture.
    Png,
    /// A picture.
    Webp,
    /// A photograph, as phones of Apple take them.
    Heic,
    /// A document of Word.
    Docx,
    /// A table of Excel.
    Xlsx,
    /// Text in UTF-8, a table with commas included.
    Text,
}

impl FileKind {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Heic => "image/heic",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Text => "text/plain",
        }
    }

    /// What its name may end in; the first, when it ends in none of them.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Webp => &["webp"],
            Self::Heic => &["heic", "heif"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Text => &["txt", "csv"],
        }
    }
}

/// Bytes from the start that tell the kind.
const HEAD_BYTES: u64 = 4_096;
/// A PDF says that it ends within the last kilobyte; some scanners add a little.
const TAIL_BYTES: u64 = 4_096;
/// Bytes of a text looked at together.
const STEP_BYTES: u64 = 65_536;
/// Most parts of a document.
const PARTS_MAX: usize = 10_000;
/// Most bytes that a document says it has when unpacked: more would fill the memory of whoever opens it.
const UNPACKED_BYTES_MAX: u64 = 1_073_741_824;

/// Parts of documents that are or hold what a program runs.
const MACROS: &[&str] = &["vbaproject", "vbadata", "/macrosheets/", "/activex/"];
/// Documents within documents that may hold them.
const MACRO_ENDINGS: &[&str] = &[".docm", ".dotm", ".xlsm", ".xltm", ".xlsb", ".xlam", ".pptm", ".exe"];

/// The kind of a file; what is not taken is refused with the reason.
pub fn sniff(mut file: File) -> Result<FileKind> {
    let head = read(&mut file, SeekFrom::Start(0), HEAD_BYTES)?;
    if head.is_empty() {
        return Err(Error::invalid(
            "FILE_EMPTY",
            "file",
            "Tệp không có nội dung.",
            "The file is empty.",
        ));
    }
    if head.starts_with(b"PK\x03\x04") {
        return document(file);
    }
    let Some(kind) = by_head(&head) else {
        return text(file);
    };
    let whole = match kind {
        FileKind::Pdf => ends_as_pdf(&mut file)?,
        // One that is a PDF too, for some programs.
        _ => !infer::archive::is_pdf(&head),
    };
    if whole && !is_archive_too(file) {
        Ok(kind)
    } else {
        Err(not_taken())
    }
}

fn by_head(head: &[u8]) -> Option<FileKind> {
    use infer::image::{is_heif, is_jpeg, is_png, is_webp};
    if head.starts_with(b"%PDF-") {
        Some(FileKind::Pdf)
    } else if is_jpeg(head) {
        Some(FileKind::Jpeg)
    } else if is_png(head) {
        Some(FileKind::Png)
    } else if head.starts_with(b"RIFF") && is_webp(head) {
        Some(FileKind::Webp)
    } else if is_heif(head) {
        Some(FileKind::Heic)
    } else {
        None
    }
}

fn read(file: &mut File, from: SeekFrom, most: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = file.seek(from).and_then(|_| file.take(most).read_to_end(&mut bytes));
    read.map_err(Error::internal)?;
    Ok(bytes)
}

/// A PDF that was cut off on the way does not say that it ends.
fn ends_as_pdf(file: &mut File) -> Result<bool> {
    let bytes = file.seek(SeekFrom::End(0)).map_err(Error::internal)?;
    let tail = read(file, SeekFrom::Start(bytes.saturating_sub(TAIL_BYTES)), TAIL_BYTES)?;
    Ok(tail.windows(5).any(|word| word == b"%%EOF"))
}

/// Whether there is an archive at the end, behind what the file seems to be.
fn is_archive_too(file: File) -> bool {
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let Ok(archive) = ZipArchive::from_file(file, &mut buffer) else {
        return false;
    };
    archive.entries(&mut buffer).next_entry().is_ok()
}

/// A document of Word or Excel (ISO/IEC 29500): an archive from its first byte to its last, with the parts that make it one.
fn document(mut file: File) -> Result<FileKind> {
    let bytes = file.seek(SeekFrom::End(0)).map_err(Error::internal)?;
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let damaged = |_| not_taken();
    let archive = ZipArchive::from_file(file, &mut buffer).map_err(damaged)?;
    if archive.end_offset() != bytes {
        return Err(not_taken());
    }
    let (mut types, mut word, mut excel) = (false, false, false);
    let (mut parts, mut unpacked, mut begins_at) = (0_usize, 0_u64, u64::MAX);
    let mut entries = archive.entries(&mut buffer);
    while let Some(part) = entries.next_entry().map_err(damaged)? {
        parts = parts.saturating_add(1);
        unpacked = unpacked.saturating_add(part.uncompressed_size_hint());
        begins_at = begins_at.min(part.local_header_offset());
        if parts > PARTS_MAX || unpacked > UNPACKED_BYTES_MAX {
            return Err(not_taken());
        }
        // Programs differ in which way strokes lean and in how much letters matter.
        let name = String::from_utf8_lossy(part.file_path().as_ref()).replace('\\', "/");
        let name = format!("/{}", name.trim_start_matches('/').to_lowercase());
        let any = |words: &[&str], fits: fn(&str, &str) -> bool| words.iter().any(|word| fits(&name, word));
        if any(MACROS, |name, word| name.contains(word)) || any(MACRO_ENDINGS, |name, word| name.ends_with(word)) {
            return Err(has_macros());
        }
        types |= name == "/[content_types].xml";
        word |= name.starts_with("/word/document") && name.ends_with(".xml");
        excel |= name.starts_with("/xl/workbook") && name.ends_with(".xml");
    }
    match (types && begins_at == 0, word, excel) {
        (true, true, false) => Ok(FileKind::Docx),
        (true, false, true) => Ok(FileKind::Xlsx),
        _ => Err(not_taken()),
    }
}

/// Text in UTF-8 from beginning to end that no program takes for a page, a drawing or a script.
fn text(mut file: File) -> Result<FileKind> {
    file.rewind().map_err(Error::internal)?;
    let (mut rest, mut begun) = (Vec::new(), false);
    loop {
        let read = (&mut file).take(STEP_BYTES).read_to_end(&mut rest);
        let ended = read.map_err(Error::internal)? == 0;
        let valid = match std::str::from_utf8(&rest) {
            Ok(text) => text.len(),
            // A letter may be cut in two by the step.
            Err(error) if error.error_len().is_none() && !ended => error.valid_up_to(),
            Err(_) => return Err(not_taken()),
        };
        let left = rest.split_off(valid);
        let part = String::from_utf8(std::mem::replace(&mut rest, left)).map_err(|_| not_taken())?;
        let hidden = |letter: char| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r' | '\u{c}');
        if part.contains(hidden) {
            return Err(not_taken());
        }
        let words = part.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
        if !begun && !words.is_empty() {
            begun = true;
            if ["<", "#!", "%!", "{\\rtf"].iter().any(|other| words.starts_with(other)) {
                return Err(not_taken());
            }
        }
        if ended {
            return Ok(FileKind::Text);
        }
    }
}

fn not_taken() -> Error {
    Error::invalid(
        "FILE_TYPE_REFUSED",
        "file",
        "Chỉ nhận tệp nguyên vẹn thuộc các loại: PDF, ảnh JPEG, PNG, WebP, HEIC, DOCX, XLSX và văn bản UTF-8 (TXT, CSV). Tệp DOC, XLS cũ hãy lưu thành \
         DOCX, XLSX hoặc PDF.",
        "Only whole files of these kinds are taken: PDF, JPEG, PNG, WebP, HEIC, DOCX, XLSX, and text in UTF-8 (TXT, CSV). Save old DOC and XLS as \
         DOCX, XLSX or PDF.",
    )
}

fn has_macros() -> Error {
    Error::invalid(
        "FILE_HAS_MACROS",
        "file",
        "Tệp có chứa macro hoặc thành phần thực thi; hãy lưu thành DOCX, XLSX không macro hoặc PDF.",
        "The file holds macros or other things that run; save it without them, or as PDF.",
    )
}

#[cfg(test)]
mod tests;
