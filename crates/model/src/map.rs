//! Hash maps and sets for keys that log writers choose: the standard ones, with a fast hasher that is seeded at random.
//!
//! They are the standard library's types so that clippy's `iter_over_hash_type` sees every loop over one: no order of a
//! hash map may reach an artefact.

/// A map with a fast, randomly seeded hasher.
pub type Map<K, V> = std::collections::HashMap<K, V, hashbrown::DefaultHashBuilder>;

/// A set with a fast, randomly seeded hasher.
pub type Set<K> = std::collections::HashSet<K, hashbrown::DefaultHashBuilder>;
