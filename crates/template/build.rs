//! Has the crate built again when a file of words comes or goes.

fn main() {
    println!("cargo::rerun-if-changed=words");
}
