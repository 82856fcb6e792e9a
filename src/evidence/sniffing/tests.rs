//! Which files are taken, and which are not.

use std::io::Write as _;

use super::*;

fn of(content: &[u8]) -> Result<FileKind, &'static str> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(content).unwrap();
    sniff(file).map_err(|error| match error {
        Error::Invalid(problems) => problems[0].code,
        other => other.code(),
    })
}

/// An archive with empty parts of these names.
fn archive(names: &[&str]) -> Vec<u8> {
    let mut output = Vec::new();
    let mut writer = rawzip::ZipArchiveWriter::new(&mut output);
    for name in names {
        let (mut entry, config) = writer
            .new_file(*name)
            .compression_method(rawzip::CompressionMethod::STORE)
            .start()
            .unwrap();
        let inside = config.wrap(&mut entry);
        let (_, descriptor) = inside.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    writer.finish().unwrap();
    output
}

const TYPES: &str = "[Content_Types].xml";
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\xff\xd9";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00";

#[test]
fn the_kinds_that_are_taken_are_known_by_their_content() {
    assert_eq!(of(PDF), Ok(FileKind::Pdf));
    assert_eq!(of(JPEG), Ok(FileKind::Jpeg));
    assert_eq!(of(PNG), Ok(FileKind::Png));
    assert_eq!(of(b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00"), Ok(FileKind::Webp));
    assert_eq!(
        of(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic\x00\x00\x00\x00"),
        Ok(FileKind::Heic)
    );
    assert_eq!(
        of(&archive(&[TYPES, "_rels/.rels", "word/document.xml"])),
        Ok(FileKind::Docx)
    );
    assert_eq!(
        of(&archive(&[
            TYPES,
            "xl/workbook.xml",
            "xl/printerSettings/printerSettings1.bin"
        ])),
        Ok(FileKind::Xlsx)
    );
    let chart = "word/embeddings/Microsoft_Excel_Sheet1.xlsx";
    assert_eq!(of(&archive(&[TYPES, "word/document2.xml", chart])), Ok(FileKind::Docx));
    for text in [
        "Danh sách đoàn viên\r\n1;Nguyễn Văn An\n",
        "\u{feff}stt,ho_ten\n1,Ả",
        "a < b",
        "  ",
    ] {
        assert_eq!(of(text.as_bytes()), Ok(FileKind::Text), "{text:?}");
    }
    // A letter of three bytes lies across each step.
    let long = format!("a{}", "ệ".repeat(70_000));
    assert_eq!(of(long.as_bytes()), Ok(FileKind::Text));
}

#[test]
fn all_else_is_refused() {
    const REFUSED: Result<FileKind, &str> = Err("FILE_TYPE_REFUSED");
    assert_eq!(of(b""), Err("FILE_EMPTY"));
    for content in [
        &b"MZ\x90\x00\x03\x00\x00\x00"[..],
        b"\x7fELF\x02\x01\x01\x00",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"\xef\xbb\xbf \n<html>",
        b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        b"<svg onload=alert(1)>",
        b"#!/bin/sh\nrm -rf /\n",
        b"{\\rtf1\\ansi}",
        b"GIF89a\x01\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\xff\xfeD\x00a\x00n\x00h\x00",
        b"Danh s\xe1ch",
        b"text with \x00 inside",
        b"text with \x1b[31m inside",
        b"\xe1\xbb",
        b"%PDF-1.7 cut off on the w",
        b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif\x00\x00\x00\x00",
        b"PK\x03\x04",
    ] {
        assert_eq!(of(content), REFUSED, "{}", String::from_utf8_lossy(content));
    }
    for names in [
        &["anything.txt"][..],
        &[TYPES, "ppt/presentation.xml"],
        &["word/document.xml"],
        &[TYPES, "word/document.xml", "xl/workbook.xml"],
        &[TYPES, "xl/workbook.bin"],
        &["META-INF/MANIFEST.MF", "Main.class"],
    ] {
        assert_eq!(of(&archive(names)), REFUSED, "{names:?}");
    }
}

#[test]
fn documents_that_run_something_are_refused() {
    for part in [
        "word/vbaProject.bin",
        "xl\\VBAPROJECT.BIN",
        "word/vbaData.xml",
        "xl/macrosheets/sheet1.xml",
        "word/activeX/activeX1.bin",
        "word/embeddings/Book1.xlsm",
    ] {
        let names = [TYPES, "word/document.xml", part];
        assert_eq!(of(&archive(&names)), Err("FILE_HAS_MACROS"), "{part}");
    }
}

#[test]
fn what_is_two_things_at_once_is_refused() {
    let document = archive(&[TYPES, "word/document.xml"]);
    for first in [PDF, JPEG, PNG] {
        assert_eq!(of(&[first, &document].concat()), Err("FILE_TYPE_REFUSED"));
    }
    assert_eq!(of(&[JPEG, PDF].concat()), Err("FILE_TYPE_REFUSED"));
    assert_eq!(of(&[&document[..], b"and more"].concat()), Err("FILE_TYPE_REFUSED"));
    assert_eq!(
        of(&[&archive(&["x.html"])[..], &document].concat()),
        Err("FILE_TYPE_REFUSED")
    );
}

#[test]
fn a_document_that_would_fill_the_memory_is_refused() {
    let mut bomb = archive(&[TYPES, "word/document.xml"]);
    let directory = bomb.windows(4).position(|word| word == b"PK\x01\x02").unwrap();
    // The size unpacked, at byte 24 of an entry of the directory (APPNOTE 4.3.12).
    bomb[directory + 24..directory + 28].copy_from_slice(&0x7000_0000_u32.to_le_bytes());
    assert_eq!(of(&bomb), Err("FILE_TYPE_REFUSED"));
}
