//! Has the crate built again when a file of a built-in pack comes or goes.

fn main() {
    println!("cargo::rerun-if-changed=../../templates");
}
