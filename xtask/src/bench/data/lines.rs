//! Rows as text: every piece that repeats is made once.

use super::clock::Clock;
use super::random::mixed;
use super::story::{STORIES, Story};
use super::stream::{ENDPOINTS, REMOTES, Row, VARIANTS};

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The console's CSV, no cell quoted.
    Plain,
    /// The same, every cell quoted.
    Quoted,
    /// CEF as Apex Central sends it.
    Cef,
}

/// The columns of the console's CSV.
const COLUMNS: [&str; 13] = [
    "Date/Time",
    "Endpoint",
    "Domain",
    "User",
    "Process",
    "Local IP",
    "Local Port",
    "Remote IP",
    "Remote Port",
    "Protocol",
    "Traffic Direction",
    "List Source",
    "Result",
];

const USERS: [&str; 16] = [
    "a.becker",
    "j.okafor",
    "s.lindqvist",
    "m.tanaka",
    "svc_backup",
    "p.garcia",
    "l.rossi",
    "k.nowak",
    "t.nguyen",
    "e.dubois",
    "r.patel",
    "h.jensen",
    "administrator",
    "c.silva",
    "y.suzuki",
    "b.novak",
];

/// Writes rows in one form.
pub(super) struct Lines {
    form: Form,
    clock: Clock,
    /// What comes before a row's number or time, by variant.
    open: Vec<String>,
    /// What comes between time and local port: of the endpoint, of the variant, of the endpoint again.
    endpoints: Vec<String>,
    processes: Vec<String>,
    locals: Vec<String>,
    /// What comes between the ports.
    remotes: Vec<String>,
    /// What comes after the ports, by variant.
    close: Vec<String>,
}

impl Lines {
    /// Rows in this form.
    pub(super) fn new(form: Form) -> Self {
        let variants = || (0..VARIANTS as usize).map(variant);
        let between = if form == Form::Quoted { "\",\"" } else { "," };
        let text = |csv: &[&str], cef: &str| match form {
            Form::Cef => cef.to_owned(),
            Form::Plain | Form::Quoted => {
                csv.iter().map(|piece| if piece.is_empty() { between } else { *piece }).collect()
            }
        };
        let endpoint = |number: u32| {
            let (name, user) = (endpoint_name(number), user_name(number));
            text(
                &["", &name, "", "CORP", "", &user, ""],
                &format!(
                    " cat=1756 deviceFacility=Apex One dvchost={name} deviceNtDomain=CORP deviceProcessName="
                ),
            )
        };
        let local = |number: u32| {
            let address = local_address(number);
            text(&["", &address, ""], &format!(" src={address} spt="))
        };
        let remote = |number: u32| {
            let address = remote_address(number);
            text(&["", &address, ""], &format!(" dst={address} dpt="))
        };
        let process = |(_, process, blocked): (&Story, &str, bool)| {
            let act = if blocked { "Block" } else { "Pass" };
            text(&[process], &format!("{} act={act}", process.replace('\\', r"\\")))
        };
        Lines {
            form,
            clock: if form == Form::Cef { Clock::apex_central() } else { Clock::iso() },
            open: variants().map(|variant| opening(form, variant.2)).collect(),
            endpoints: (0..ENDPOINTS).map(endpoint).collect(),
            processes: variants().map(process).collect(),
            locals: (0..ENDPOINTS).map(local).collect(),
            remotes: (0..REMOTES).map(remote).collect(),
            close: variants().map(|(story, _, blocked)| closing(form, story, blocked, between)).collect(),
        }
    }

    /// Appends the heading, where the form has one.
    pub(super) fn heading(&self, out: &mut Vec<u8>) {
        let heading = match self.form {
            Form::Plain => format!("{}\r\n", COLUMNS.join(",")),
            Form::Quoted => format!("\"{}\"\r\n", COLUMNS.join("\",\"")),
            Form::Cef => String::new(),
        };
        out.extend_from_slice(heading.as_bytes());
    }

    /// Appends a row at a second since 1970.
    pub(super) fn write(&mut self, row: &Row, at: i64, out: &mut Vec<u8>) {
        let (story, _, _) = variant(row.variant);
        let (local, remote) =
            if story.served { (story.port, row.client_port) } else { (row.client_port, story.port) };
        out.extend_from_slice(self.open[row.variant].as_bytes());
        if self.form == Form::Cef {
            write_number(row.number + 1, out);
            out.extend_from_slice(b" rt=");
        }
        self.clock.write(at, out);
        out.extend_from_slice(self.endpoints[row.endpoint].as_bytes());
        out.extend_from_slice(self.processes[row.variant].as_bytes());
        out.extend_from_slice(self.locals[row.endpoint].as_bytes());
        write_number(u64::from(local), out);
        out.extend_from_slice(self.remotes[row.remote].as_bytes());
        write_number(u64::from(remote), out);
        out.extend_from_slice(self.close[row.variant].as_bytes());
    }
}

/// The story, the process and whether it was blocked.
fn variant(number: usize) -> (&'static Story, &'static str, bool) {
    let story = &STORIES[number >> 2];
    (story, story.processes[(number >> 1) & 1], number & 1 == 1)
}

fn opening(form: Form, blocked: bool) -> String {
    match form {
        Form::Plain => String::new(),
        Form::Quoted => "\"".to_owned(),
        Form::Cef => {
            let act = if blocked { "Block" } else { "Pass" };
            format!(
                "CEF:0|Trend Micro|Apex Central|2019|NCIE:{act}|Suspicious Connection|3|deviceExternalId="
            )
        }
    }
}

fn closing(form: Form, story: &Story, blocked: bool, between: &str) -> String {
    let Story { rule, protocol, pattern, .. } = story;
    if form == Form::Cef {
        let direction = if story.outgoing { "Outbound" } else { "Inbound" };
        let labels = "cn1Label=SLF_PatternType cs2Label=NCIE_ThreatName";
        return format!(" deviceDirection={direction} {labels} cn1={pattern} cs2={rule}\n");
    }
    let direction = if story.outgoing { "Outgoing" } else { "Incoming" };
    let result = if blocked { "Blocked" } else { "Logged" };
    let end = if form == Form::Quoted { "\"" } else { "" };
    format!("{between}{protocol}{between}{direction}{between}{rule}{between}{result}{end}\r\n")
}

fn endpoint_name(number: u32) -> String {
    let kind = if number.is_multiple_of(16) { "SRV" } else { "PC" };
    format!("{kind}-{number:04}")
}

fn user_name(number: u32) -> String {
    let user = mixed(u64::from(number)) % 16;
    format!("CORP\\{}", USERS[usize::try_from(user).expect("it is below 16")])
}

fn local_address(number: u32) -> String {
    format!("10.10.{}.{}", number / 200, 1 + number % 200)
}

/// One in sixteen of the other ends is inside.
fn remote_address(number: u32) -> String {
    let last = 1 + mixed(u64::from(number)) % 250;
    if number.is_multiple_of(16) {
        return format!("10.20.{}.{last}", number / 16);
    }
    format!("{}.{}.{}.{last}", [11, 22, 26, 30][(number & 3) as usize], 1 + ((number >> 2) & 31), number >> 7)
}

fn write_number(number: u64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let (mut at, mut rest) = (digits.len(), number);
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(rest % 10).expect("a digit");
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const ROW: Row = Row { number: 41, endpoint: 17, remote: 5, variant: 25, client_port: 51_234, late: 0 };

    fn line(form: Form) -> String {
        let mut out = Vec::new();
        Lines::new(form).write(&ROW, 1_790_815_379, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_row_in_every_form() {
        let (rule, process) = (
            "CVE-2017-5638 - APACHE STRUTS EXPLOIT - HTTP (Request)",
            r"C:\Windows\System32\inetsrv\w3wp.exe",
        );
        let plain = line(Form::Plain);
        let last = 1 + mixed(5) % 250;
        let user = user_name(17);
        assert_eq!(
            plain,
            format!(
                "2026-10-01 00:42:59,PC-0017,CORP,{user},{process},10.10.0.18,443,22.2.0.{last},51234,TCP,Incoming,{rule},Blocked\r\n"
            )
        );
        assert_eq!(line(Form::Quoted), format!("\"{}\"\r\n", plain.trim_end().replace(',', "\",\"")));
        assert_eq!(
            line(Form::Cef),
            format!(
                "CEF:0|Trend Micro|Apex Central|2019|NCIE:Block|Suspicious Connection|3|deviceExternalId=42 \
                 rt=Oct 01 2026 00:42:59 GMT+00:00 cat=1756 deviceFacility=Apex One dvchost=PC-0017 \
                 deviceNtDomain=CORP deviceProcessName={} act=Block src=10.10.0.18 spt=443 dst=22.2.0.{last} \
                 dpt=51234 deviceDirection=Inbound cn1Label=SLF_PatternType cs2Label=NCIE_ThreatName cn1=1 \
                 cs2={rule}\n",
                process.replace('\\', r"\\")
            )
        );
    }

    #[test]
    fn numbers_of_endpoints_other_ends_and_variants_are_distinct_texts() {
        let lines = Lines::new(Form::Plain);
        let distinct = |texts: &[String]| texts.iter().collect::<BTreeSet<_>>().len();
        assert_eq!(distinct(&lines.endpoints), lines.endpoints.len());
        assert_eq!(distinct(&lines.locals), lines.locals.len());
        assert_eq!(distinct(&lines.remotes), lines.remotes.len());
        let variants: BTreeSet<_> = lines.processes.iter().zip(&lines.close).collect();
        assert_eq!(variants.len(), VARIANTS as usize);
    }

    #[test]
    fn numbers_are_written_as_they_are() {
        for number in [0, 9, 10, 65_535, u64::MAX] {
            let mut out = Vec::new();
            write_number(number, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }
}
