//! A small writer of MaxMind's database format, for tests: a search tree of 24-bit records and a data section, as its
//! published specification (version 2.0) has them.

use ipnet::IpNet;
use std::net::IpAddr;

/// A value of the data section.
#[derive(Clone)]
pub(crate) enum Value {
    Text(&'static str),
    Short(u16),
    Number(u32),
    Long(u64),
    /// A number of 128 bits, which no field that is read should be.
    Wide,
    Map(Vec<(&'static str, Value)>),
    List(Vec<Value>),
}

/// What a record of the search tree leads to.
#[derive(Clone, Copy)]
enum Child {
    Node(usize),
    Data(usize),
}

/// A database of a type with what it says of networks; addresses of IPv4 lie at `::/96`.
pub(crate) fn database(kind: &'static str, rows: &[(&str, Value)]) -> Vec<u8> {
    let mut nodes: Vec<[Option<Child>; 2]> = vec![[None; 2]];
    let mut data = Vec::new();
    for (network, value) in rows {
        let offset = data.len();
        write(value, &mut data);
        insert(&mut nodes, network.parse().unwrap(), Child::Data(offset));
    }
    let count = nodes.len();
    let mut file = Vec::new();
    for record in nodes.iter().flatten() {
        let number = match record {
            None => count,
            Some(Child::Node(node)) => *node,
            Some(Child::Data(offset)) => count + 16 + offset,
        };
        file.extend(&u32::try_from(number).unwrap().to_be_bytes()[1..]);
    }
    file.extend([0; 16]);
    file.extend(data);
    file.extend(b"\xab\xcd\xefMaxMind.com");
    let node_count = u32::try_from(count).unwrap();
    let metadata = Value::Map(vec![
        ("binary_format_major_version", Value::Short(2)),
        ("binary_format_minor_version", Value::Short(0)),
        ("build_epoch", Value::Long(1_795_000_000)),
        ("database_type", Value::Text(kind)),
        ("description", Value::Map(vec![("en", Value::Text("made for a test"))])),
        ("ip_version", Value::Short(6)),
        ("languages", Value::List(vec![Value::Text("en"), Value::Text("de")])),
        ("node_count", Value::Number(node_count)),
        ("record_size", Value::Short(24)),
    ]);
    write(&metadata, &mut file);
    file
}

fn insert(nodes: &mut Vec<[Option<Child>; 2]>, network: IpNet, child: Child) {
    let (bits, length) = match network.network() {
        IpAddr::V4(ip) => (u128::from(u32::from(ip)), network.prefix_len() + 96),
        IpAddr::V6(ip) => (u128::from(ip), network.prefix_len()),
    };
    let bit = |n: u8| usize::from(bits >> (127 - n) & 1 == 1);
    let mut node = 0;
    for n in 0..length - 1 {
        node = match nodes[node][bit(n)] {
            Some(Child::Node(next)) => next,
            Some(Child::Data(_)) => panic!("networks of a test do not overlap"),
            None => {
                nodes.push([None; 2]);
                let next = nodes.len() - 1;
                nodes[node][bit(n)] = Some(Child::Node(next));
                next
            }
        };
    }
    nodes[node][bit(length - 1)] = Some(child);
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Text(text) => {
            head(2, text.len(), out);
            out.extend(text.as_bytes());
        }
        Value::Short(number) => {
            head(5, 2, out);
            out.extend(number.to_be_bytes());
        }
        Value::Number(number) => {
            head(6, 4, out);
            out.extend(number.to_be_bytes());
        }
        Value::Long(number) => {
            head(9, 8, out);
            out.extend(number.to_be_bytes());
        }
        Value::Wide => {
            head(10, 16, out);
            out.extend([255; 16]);
        }
        Value::Map(pairs) => {
            head(7, pairs.len(), out);
            for (key, value) in pairs {
                write(&Value::Text(key), out);
                write(value, out);
            }
        }
        Value::List(values) => {
            head(11, values.len(), out);
            for value in values {
                write(value, out);
            }
        }
    }
}

/// The control byte of a type, with the size; types above seven stand in a byte of their own.
fn head(kind: u8, size: usize, out: &mut Vec<u8>) {
    let (small, more) = match size {
        0..29 => (u8::try_from(size).unwrap(), Vec::new()),
        29..285 => (29, vec![u8::try_from(size - 29).unwrap()]),
        _ => (30, u16::try_from(size - 285).unwrap().to_be_bytes().to_vec()),
    };
    if kind > 7 {
        out.extend([small, kind - 7]);
    } else {
        out.push(kind << 5 | small);
    }
    out.extend(more);
}
