//! Builds again when the embedded page of `web/dist` appears or changes: its file names carry hashes, so no list of them is
//! known before.

fn main() {
    println!("cargo:rerun-if-changed=web/dist");
}
