//! probe
use crate::*;
fn show(bytes: &[u8]) {
    let layouts = Layouts::builtin().unwrap();
    match plan(bytes, true, &layouts, &ReadOptions::default()) {
        Err(e) => println!("PLAN ERR {e}"),
        Ok(plan) => {
            println!("{} {:?} start {:?} notes {:?}", plan.encoding(), plan.delimiter(), plan.data_start(), plan.notes());
            let split = Split { from: plan.data_start().byte, to: None };
            let from = plan.opening(split) as usize;
            SplitReader::new(&plan, 0).read(&bytes[from..], split, &mut |e| match e {
                RowEvent::Row(r) => println!("  row {:?} {} l{:?} r{:?} {:?}", r.place.record, r.detection.with(r.symbols).remote_text(), r.local_port, r.remote_port, r.times),
                RowEvent::Reject(r) => println!("  REJECT {} {:?}", r.reason, String::from_utf8_lossy(&r.raw[..r.raw.len().min(60)])),
            }).unwrap();
        }
    }
}
#[test]
fn probe() {
    let h = "Date/Time,Endpoint,Local IP,Remote IP,List Source,Traffic Direction\n";
    println!("-- stray quote in last line without end");
    show(format!("{h}2020-06-18,A\" b,10.0.0.1,1.2.3.4,x,Incoming").as_bytes());
    println!("-- joined with BOM");
    show(format!("{h}2020-06-18,A,10.0.0.1,1.2.3.4,x,Incoming\n\u{feff}{h}2020-06-18,B,10.0.0.1,1.2.3.4,x,Incoming\n").as_bytes());
    println!("-- BOM and bad preamble");
    show(&[b"\xef\xbb\xbfpre\xffamble\n".as_slice(), h.as_bytes(), b"2020-06-18,A,10.0.0.1,1.2.3.4,x,Incoming\n"].concat());
    println!("-- one bad byte in a UTF-8 file");
    show(&[h.as_bytes(), "2020-06-18,日本語,10.0.0.1,1.2.3.4,x,Incoming\n2020-06-18,B".as_bytes(), b"\xff,10.0.0.1,1.2.3.4,x,Incoming\n"].concat());
    println!("-- a heading in a cell");
    show(b"Remote IP;Traffic Direction;List Source;Date/Time;Local IP;Process\n1.2.3.4;Incoming;x;2020-06-18;10.0.0.1;C:\\a,Date/Time,Endpoint,Local IP,Remote IP,List Source,Traffic Direction,User,Process,Result,Protocol,b.exe\n1.2.3.5;Incoming;x;2020-06-18;10.0.0.1;x\n");
    println!("-- blank lines of blanks");
    show(format!("{h}   \n2020-06-18,A,10.0.0.1,http://evil.example:8080/x,x,Incoming\n,,,,,\n").as_bytes());
    println!("-- mixed: iso then us");
    show(format!("{h}2020-06-18,A,10.0.0.1,1.2.3.4,x,Incoming\n06/18/2020,A,10.0.0.1,1.2.3.4,x,Incoming\n").as_bytes());
    let t = std::time::Instant::now();
    show(("Time,".repeat(50000) + "\n").as_bytes());
    println!("hostile heading {:?}", t.elapsed());
}
