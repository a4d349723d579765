//! Has the crate built again when a layout comes or goes.

fn main() {
    println!("cargo::rerun-if-changed=layouts");
}
