//! What the store of files promises, in a folder.

use super::*;
use crate::settings::Secret;

async fn arrived(files: &Files, content: &[u8]) -> Arrived {
    let mut incoming = files.receive().unwrap();
    for chunk in content.chunks(1000) {
        incoming.write(chunk).await.unwrap();
    }
    incoming.finish().await.unwrap()
}

fn in_folder() -> (tempfile::TempDir, Files) {
    let home = tempfile::tempdir().unwrap();
    let settings = Settings {
        data_dir: home.path().to_owned(),
        ..Settings::default()
    };
    let files = Files::new(&settings).unwrap();
    (home, files)
}

/// Where content lies in the folder of a home.
fn place(home: &tempfile::TempDir, hash: &[u8]) -> PathBuf {
    home.path().join("evidence").join(hex(&hash[..1])).join(hex(hash))
}

async fn content(files: &Files, hash: &[u8], range: Range<u64>) -> Vec<u8> {
    let chunks: Vec<Bytes> = files.read(hash, range).await.unwrap().try_collect().await.unwrap();
    chunks.concat()
}

#[tokio::test]
async fn content_is_kept_once_under_its_hash_and_only_its_owner_may_look() {
    let (home, files) = in_folder();
    // Larger than a part.
    let text = "minh chứng ".repeat(600_000).into_bytes();
    for _ in 0..2 {
        let file = arrived(&files, &text).await;
        assert_eq!(
            (&file.sha256[..], file.bytes),
            (&Sha256::digest(&text)[..], text.len() as u64)
        );
        files.keep(&file).await.unwrap();
    }
    let hash = Sha256::digest(&text);
    let path = place(&home, &hash);
    assert_eq!(fs::read(&path).unwrap(), text);
    assert_eq!(content(&files, &hash, 6..12).await, &text[6..12]);
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    #[cfg(unix)]
    for folder in ["evidence", "incoming"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(home.path().join(folder)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{folder}");
    }
    assert_eq!(fs::read_dir(home.path().join("incoming")).unwrap().count(), 0);
    files.remove(&hash).await.unwrap();
    files.remove(&hash).await.unwrap();
    assert!(!path.exists());
    assert_eq!(files.read(&hash, 0..1).await.err().unwrap().code(), "INTERNAL");
}

#[tokio::test]
async fn a_cut_off_copy_is_mended_by_the_next_upload() {
    let (home, files) = in_folder();
    let file = arrived(&files, b"danh sach 61 doan vien").await;
    files.keep(&file).await.unwrap();
    let path = place(&home, &file.sha256);
    fs::write(&path, "danh").unwrap();
    files.keep(&file).await.unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"danh sach 61 doan vien");
}

#[tokio::test]
async fn what_was_half_written_is_taken_away_a_day_later() {
    let (home, files) = in_folder();
    let file = arrived(&files, b"bien ban").await;
    files.keep(&file).await.unwrap();
    let whole = place(&home, &file.sha256);
    let [young, old] = ["#1", "#2"].map(|half| PathBuf::from(format!("{}{half}", whole.display())));
    for half in [&young, &old] {
        fs::write(half, "bien").unwrap();
    }
    let now = fs::metadata(&young).unwrap().modified().unwrap();
    let half = File::options().write(true).open(&old).unwrap();
    half.set_modified(now - LEFT_BEHIND_AFTER - Duration::from_secs(60))
        .unwrap();
    assert_eq!(files.remove_half_written().await.unwrap(), 1);
    assert!(young.exists() && !old.exists() && whole.exists());
}

#[test]
fn a_setting_that_cannot_be_meant_is_told_and_no_secret_with_it() {
    let home = tempfile::tempdir().unwrap();
    let settings = |store: &str| Settings {
        data_dir: home.path().to_owned(),
        evidence_store: store.to_owned(),
        evidence_s3_key_id: "thidua".to_owned(),
        evidence_s3_secret: Secret::new("geheim"),
        ..Settings::default()
    };
    for store in ["gs://bucket", "s3://", "s3:///prefix"] {
        let said = Files::new(&settings(store)).err().unwrap().plainly();
        assert!(said.contains("evidence_store") && !said.contains("geheim"), "{said}");
    }
    for store in ["s3://minh-chung", "s3://minh-chung/thi-dua/2026"] {
        assert!(Files::new(&settings(store)).is_ok(), "{store}");
    }
}
