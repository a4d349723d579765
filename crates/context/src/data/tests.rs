//! Files that are right, and what is said of those that are not.

use super::*;
use proptest::prelude::*;
use ringback_model::Instant;
use ringback_model::profile::{HostMatch, Transport, Vulnerability};

fn web01() -> HostMatch {
    HostMatch::Name("web01".to_owned())
}

/// What a report says, a line for each group of facts: hosts, since, state, ids.
fn told(bytes: &[u8], hosts: Option<&HostMatch>) -> String {
    let report = parse_vulnerabilities(bytes, hosts).unwrap_or_else(|fault| panic!("{fault}"));
    let mut lines = vec![format!("{} {}/{}", report.kind, report.records.used, report.records.all)];
    lines.extend(report.facts.into_entries(None).map(|Vulnerability { hosts, cves, vulnerable, since }| {
        let hosts = match hosts {
            HostMatch::Any => "*".to_owned(),
            HostMatch::Name(name) => name,
            HostMatch::Network(network) => network.to_string(),
        };
        let since = since.map_or_else(|| "-".to_owned(), |at| at.to_string());
        let state = if vulnerable { "yes" } else { "no" };
        format!("{hosts} {since} {state} {}", cves.join(","))
    }));
    lines.join("\n")
}

const NESSUS: &str = "\
Plugin ID,CVE,CVSS v2.0 Base Score,Risk,Host,Protocol,Port,Name,Synopsis,Description,Solution,See Also,Plugin Output
11111,CVE-2017-0144,9.3,Critical,WEB01.corp.example,tcp,445,\"SMB, remote\",x,\"two
lines\",x,x,
11111,CVE-2017-0145,9.3,Critical,WEB01.corp.example,tcp,445,SMB,x,x,x,x,
11112,,,None,WEB01.corp.example,tcp,0,A scan,x,x,x,x,
11113,CVE-2001-0001,5.0,None,10.0.0.9,tcp,0,Mere information,x,x,x,x,
11114,cve-2021-44228,10.0,High,10.0.0.9,tcp,8080,Logging,x,x,x,x,
11114,CVE-2021-44228,10.0,High,2001:DB8::9,tcp,8080,Logging,x,x,x,x,
11114,CVE-2021-44228,10.0,High,127.0.0.1,tcp,8080,Logging,x,x,x,x,
";

const OPENVAS: &str = "\
IP,Hostname,Port,Port Protocol,CVSS,Severity,QoD,Solution Type,NVT Name,NVT OID,CVEs,Timestamp
10.0.0.9,web01.corp.example,445,tcp,9.3,High,95,VendorFix,SMB,1.3.6,\"CVE-2017-0144,CVE-2017-0145\",2026-11-03T10:00:00Z
10.0.0.9,web01.corp.example,445,tcp,9.3,High,30,VendorFix,A guess,1.3.6,CVE-2020-0001,2026-11-03T10:00:00Z
10.0.0.9,,,,0.0,Log,80,,Inventory,1.3.6,,2026-11-03T11:00:00Z
10.0.0.8,,80,tcp,5.0,Medium,80 %,,Web,1.3.6,CVE-2019-0708,2026-11-04T23:59:59Z
";

const TRIVY: &str = r#"{ "SchemaVersion": 2, "CreatedAt": "2026-11-03T10:15:16.123456789+01:00", "ArtifactName": "registry.example/shop:1",
  "ArtifactType": "container_image", "Results": [ { "Target": "a" }, { "Target": "b", "Vulnerabilities": [
  { "VulnerabilityID": "CVE-2021-44228", "Status": "fixed", "Layer": {} }, { "VulnerabilityID": "GHSA-xxxx-yyyy-zzzz" },
  { "VulnerabilityID": "CVE-2020-0001", "Status": "not_affected" } ] } ] }"#;

const GRYPE: &str = r#"{ "matches": [ { "vulnerability": { "id": "GHSA-jfh8" }, "relatedVulnerabilities": [ { "id": "CVE-2021-44228" } ] },
  { "vulnerability": { "id": "CVE-2020-0001" }, "relatedVulnerabilities": [], "artifact": { "name": "x" } },
  { "vulnerability": { "id": "ELSA-2020-1" } } ],
  "source": { "type": "directory", "target": "/srv" }, "descriptor": { "name": "grype", "timestamp": "2026-11-03T09:00:00Z" } }"#;

const PLAIN: &str = "\
host,cve,state,since,remark
WEB01,CVE-2021-44228 MS17-010,vulnerable,2026-03-01,x
WEB01,CVE-2021-44228,not-vulnerable,2026-06-01,patched
10.0.2.0/24,ms08-067,Not-Vulnerable,,
*,CVE-2014-6271,not-vulnerable,,
";

#[test]
fn reports_say_what_they_say() {
    let name = HostMatch::Name("WEB01".to_owned());
    for (bytes, hosts, expected) in [
        (
            NESSUS,
            None,
            "nessus-csv 4/7\nweb01.corp.example - yes CVE-2017-0144,CVE-2017-0145\n\
             10.0.0.9/32 - yes CVE-2021-44228\n2001:db8::9/128 - yes CVE-2021-44228",
        ),
        (
            OPENVAS,
            None,
            "openvas-csv 2/4\nweb01.corp.example 2026-11-03T00:00:00Z yes CVE-2017-0144,CVE-2017-0145\n\
             10.0.0.8/32 2026-11-04T00:00:00Z yes CVE-2019-0708\n\
             10.0.0.9/32 2026-11-03T00:00:00Z yes CVE-2017-0144,CVE-2017-0145",
        ),
        (TRIVY, Some(&name), "trivy-json 1/3\nWEB01 2026-11-03T00:00:00Z yes CVE-2021-44228"),
        (GRYPE, Some(&name), "grype-json 2/3\nWEB01 2026-11-03T00:00:00Z yes CVE-2020-0001,CVE-2021-44228"),
        (
            PLAIN,
            None,
            "host-list 4/4\n* - no CVE-2014-6271\nweb01 2026-03-01T00:00:00Z yes CVE-2021-44228,MS17-010\n\
             web01 2026-06-01T00:00:00Z no CVE-2021-44228\n10.0.2.0/24 - no MS08-067",
        ),
    ] {
        assert_eq!(told(bytes.as_bytes(), hosts), expected);
        assert_eq!(told(format!("\u{feff}{bytes}").as_bytes(), hosts), expected, "with a byte order mark");
        let returns = bytes.replace('\n', "\r\n");
        assert_eq!(told(returns.as_bytes(), hosts), expected, "with returns");
    }
    for delimiter in [";", "\t", "|"] {
        let text = PLAIN.replace(',', delimiter);
        assert!(told(text.as_bytes(), None).starts_with("host-list 4/4"), "{delimiter:?}");
        let text = format!("sep={delimiter}\r\n{text}");
        assert!(told(text.as_bytes(), None).starts_with("host-list 4/4"), "named {delimiter:?}");
    }
}

#[test]
fn relatives_of_a_kind_are_read_as_it() {
    for (text, expected) in [
        ("Host,Plugin ID,CVE\nWEB01,1,CVE-2020-0001\n", "nessus-csv 1/1\nweb01 - yes CVE-2020-0001"),
        (
            "\"Plugin\",\"Severity\",\"IP Address\",\"CVE\",\"DNS Name\",\"NetBIOS Name\"\n\
             1,High,10.0.0.9,\"CVE-2020-0001, CVE-2020-0002\",web01.corp.example,CORP\\WEB01\n",
            "nessus-csv 1/1\nweb01 - yes CVE-2020-0001,CVE-2020-0002\n\
             web01.corp.example - yes CVE-2020-0001,CVE-2020-0002\n\
             10.0.0.9/32 - yes CVE-2020-0001,CVE-2020-0002",
        ),
        ("Plugin ID,CVE,Host,Vulnerability State\n1,CVE-2020-0001,A,Fixed\n", "nessus-csv 0/1"),
        ("Plugin ID,CVE,Risk,Host\n", "nessus-csv 0/0"),
        (
            "CVE,HOST,State\nCVE-2020-0001,web01.corp.example.,VULNERABLE\n",
            "host-list 1/1\nweb01.corp.example - yes CVE-2020-0001",
        ),
        (r#"{"SchemaVersion":2,"ArtifactName":"WEB01","ArtifactType":"filesystem"}"#, "trivy-json 0/0"),
        (
            r#"{"Results":[{"Vulnerabilities":[{"VulnerabilityID":"CVE-2020-0001"}]}],"ArtifactName":"10.0.0.9"}"#,
            "trivy-json 1/1\n10.0.0.9/32 - yes CVE-2020-0001",
        ),
        (
            r#"{"matches":[{"vulnerability":{"id":"CVE-2020-0001"}}],"source":{"type":"directory","target":"web01"}}"#,
            "grype-json 1/1\nweb01 - yes CVE-2020-0001",
        ),
    ] {
        assert_eq!(told(text.as_bytes(), None), expected, "{text}");
    }
}

/// A file, whom it is about, the place, what is said, what is hinted.
type Mistake<'m> = (&'m [u8], Option<HostMatch>, &'m str, &'m str, &'m str);

#[test]
fn every_mistake_is_told_with_its_place() {
    let deep = format!("{{\"Results\":{}", "[".repeat(100_000));
    let (open, close) = ("[".repeat(9_000), "]".repeat(9_000));
    let deeper = format!("{{\"matches\":[],\"source\":{{\"target\":{open}{close}}}}}");
    let mistakes: &[Mistake<'_>] = &[
        (b"", None, "", "empty", "Nessus"),
        (b" \n ", None, "", "empty", ""),
        (b"\xff\xfeh\0o\0", None, "", "UTF-16", "UTF-8"),
        (b"PK\x03\x04\0\0\0\0", None, "", "no known kind", "Grype"),
        (b"a,b\n1,2\n", None, "", "its headings (a, b)", "host, cve and state"),
        (b"[1]", None, "", "JSON list", ""),
        (b"<?xml version='1.0'?><NessusClientData_v2/>", None, "", "it is XML", "export the report as CSV"),
        (b"{\"a\": 1}", None, "", "JSON of no known kind", ""),
        (b"{\"Results\": [], \"matches\": []}", None, "", "several kinds", "file of its own"),
        (b"{\"catalogVersion\": \"1\", \"vulnerabilities\": []}", None, "", "says nothing of hosts", "known_exploited"),
        (b"{\"Results\": [\n{\"Vulnerabilities\": [", Some(web01()), "line 2, column 21", "EOF", "cut short"),
        (b"{\"Results\": 5}", Some(web01()), "line 1, column 13", "invalid type", ""),
        (b"{\"Results\": [], \"Results\": []}", Some(web01()), "line 1, column 25", "duplicate field", ""),
        (deep.as_bytes(), Some(web01()), "line 1, column 100011", "EOF", "cut short"),
        (deeper.as_bytes(), Some(web01()), "line 1, column 159", "recursion limit", ""),
        (b"{\"Results\": [{\"Vulnerabilities\": [{}]}]}", Some(web01()), "line 1, column 36", "missing field", ""),
        (
            b"{\"Results\": [{\"Vulnerabilities\": [{\"VulnerabilityID\": \"CVE-20-1\"}]}]}",
            Some(web01()),
            "result 1, vulnerability 1",
            "\"CVE-20-1\" is no CVE id",
            "",
        ),
        (TRIVY.as_bytes(), None, "", "does not name the host", "host = \"WEB01\""),
        (GRYPE.as_bytes(), None, "", "does not name the host", "host = \"WEB01\""),
        (b"{\"matches\": [{\"vulnerability\": {\"id\": 7}}]}", Some(web01()), "line 1, column 39", "invalid type", ""),
        (
            b"{\"matches\": [], \"descriptor\": {\"timestamp\": \"yesterday\"}}",
            Some(web01()),
            "descriptor.timestamp",
            "\"yesterday\" is no time",
            "2026-11-24",
        ),
        (NESSUS.as_bytes(), Some(web01()), "", "names its hosts itself", "leave host"),
        (b"Plugin ID,CVE,Host,NVT OID,CVEs,IP\n", None, "", "several kinds: nessus-csv, openvas-csv", ""),
        (b"host,cve,state,cve\n", None, "line 1", "\"cve\" stands twice", ""),
        (b"sep=;\nhost;cve;state;cve\n", None, "line 2", "\"cve\" stands twice", ""),
        (b"host,cve,state\nA,CVE-2020-0001\n", None, "line 2", "2 cells under 3 headings", "cut"),
        (b"host,cve,state\n\nA,\"CVE-2020-0001,vulnerable\n", None, "", "never closed", "cut"),
        (b"host,cve,state\n\nA,2020-0001,vulnerable\n", None, "line 3", "\"2020-0001\" is no CVE id", ""),
        (b"host,cve,state\nA,,vulnerable\n", None, "line 2", "names no CVE id", "MS17-010"),
        (b"host,cve,state\nA,CVE-2020-0001,maybe\n", None, "line 2", "\"maybe\" is no state", "not-vulnerable"),
        (b"host,cve,state\n,CVE-2020-0001,vulnerable\n", None, "line 2", "names no host", "a network"),
        (b"host,cve,state\n10.0.0.300,CVE-2020-0001,vulnerable\n", None, "line 2", "is no host", "by address"),
        (b"host,cve,state\nhttp://a/,CVE-2020-0001,vulnerable\n", None, "line 2", "is no host", ""),
        (b"host,cve,state\n=cmd|' /C calc'!A0,CVE-2020-0001,vulnerable\n", None, "line 2", "is no host", ""),
        (b"host,cve,state\n\xe4,CVE-2020-0001,vulnerable\n", None, "line 2", "column \"host\" is not UTF-8", ""),
        (b"host,cve,state,since\nA,CVE-2020-0001,vulnerable,1.2.26\n", None, "line 2", "\"1.2.26\" is no time", ""),
        (
            b"host,cve,state\nA,CVE-2020-0001,vulnerable\nB,CVE-2020-0001,vulnerable\na,CVE-2020-0001,not-vulnerable\n",
            None,
            "line 4",
            "contradicts line 2",
            "since",
        ),
        (b"Plugin ID,CVE,Host\n1,High,A\n", None, "line 2", "\"High\" is no CVE id", "changed or cut"),
        (b"Plugin ID,CVE,Host\n1,CVE-2020-0001,a b\n", None, "line 2", "\"a b\" is no host", ""),
        (b"IP,NVT OID,CVEs,QoD\n10.0.0.1,1,CVE-2020-0001,good\n", None, "line 2", "quality of detection", ""),
        (b"IP,NVT OID,CVEs,Timestamp\n10.0.0.1,1,CVE-2020-0001,now\n", None, "line 2", "\"now\" is no time", ""),
    ];
    let mut wrong = Vec::new();
    for (bytes, hosts, place, what, hint) in mistakes {
        let fault = parse_vulnerabilities(bytes, hosts.as_ref()).unwrap_err();
        if fault.place != *place || !(fault.what.contains(what) && fault.hint.contains(hint)) {
            wrong.push(format!("{place} {what}: {fault}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

const CATALOGUE: &str = r#"{ "title": "x", "catalogVersion": "2026.11.20", "dateReleased": "2026-11-20T15:00:00.1234Z", "count": 2,
 "vulnerabilities": [
 { "cveID": "CVE-2021-44228", "dateAdded": "2021-12-10", "dueDate": "2021-12-24", "knownRansomwareCampaignUse": "Known", "cwes": [] },
 { "cveID": "CVE-2017-0144", "dateAdded": "2022-02-10", "dueDate": "2022-08-10", "knownRansomwareCampaignUse": "Unknown" } ] }"#;

#[test]
fn a_catalogue_is_read_and_held_to_what_it_says_of_itself() {
    let read = parse_known_exploited(CATALOGUE.as_bytes()).unwrap();
    let told = |entry: &ringback_model::profile::KnownExploited| {
        format!("{} {} {} {}", entry.cve, entry.added, entry.due, entry.ransomware)
    };
    assert_eq!(
        read.entries.iter().map(told).collect::<Vec<_>>(),
        ["CVE-2017-0144 2022-02-10 2022-08-10 false", "CVE-2021-44228 2021-12-10 2021-12-24 true"]
    );
    assert_eq!(read.date.unwrap().to_string(), "2026-11-20T15:00:00.1234Z");
    assert_eq!((read.records.all, read.records.used), (2, 2));
    let mut wrong = Vec::new();
    for (from, to, place, what, hint) in [
        ("\"count\": 2", "\"count\": 3", "", "says that it has 3 entries, and has 2", "fetch"),
        ("CVE-2017-0144", "CVE-2021-44228", "vulnerability 2", "contradicts vulnerability 1", ""),
        ("CVE-2017-0144", "MS17-010", "vulnerability 2", "\"MS17-010\" is no CVE id", ""),
        ("2022-08-10", "10.08.2022", "vulnerability 2", "\"10.08.2022\" is no day", "2026-11-24"),
        ("\"dateReleased\": \"2026", "\"dateReleased\": \"X", "dateReleased", "is no time", ""),
        ("\"catalogVersion\"", "\"version\"", "line 4, column 126", "missing field `catalogVersion`", "CISA"),
        (" ] }", "", "line 4, column 122", "EOF", "cut short"),
        ("CVE-2017-0144", "\u{0}", "line 4, column 14", "control character", "CISA"),
    ] {
        let fault = parse_known_exploited(CATALOGUE.replacen(from, to, 1).as_bytes()).unwrap_err();
        if fault.place != place || !(fault.what.contains(what) && fault.hint.contains(hint)) {
            wrong.push(format!("{place} {what}: {fault}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(parse_known_exploited(b"\xff").unwrap_err().what.contains("not UTF-8"));
}

const SCAN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<?xml-stylesheet href="file:///x/nmap.xsl" type="text/xsl"?>
<!-- a scan -->
<nmaprun scanner="nmap" args="nmap -oX - &quot;x&quot;" start="1790000000" version="7.95">
<hosthint><address addr="not read" addrtype="ipv4"/></hosthint>
<host starttime="1790000001" endtime="1790000009"><status state="up"/>
<address addr="198.51.100.7" addrtype="ipv4"/><address addr="00:11:22:33:44:55" addrtype="mac"/>
<hostnames><hostname name="Web01.corp.example" type="PTR"/><hostname name="&lt;script&gt;" type="PTR"/></hostnames>
<ports><extraports state="filtered" count="997"/>
<port protocol="tcp" portid="22"><state state="open" reason="syn-ack"/><service name="ssh"/>
<script id="x" output="&#10;y"><elem>a &amp; b</elem></script></port>
<port protocol="udp" portid="53"><state state="open|filtered"/></port>
<port protocol="tcp" portid="80"><state state="closed"/></port>
<port protocol="sctp" portid="99"><state state="open"/></port>
</ports></host>
<host><address addr="2001:DB8::7%eth0" addrtype="ipv6"/><ports><port protocol="udp" portid="500"><state state="open"/></port></ports></host>
<runstats><finished time="1790000010" exit="success"/></runstats>
</nmaprun>
"#;

#[test]
fn a_scan_tells_what_was_open() {
    let scan = parse_scan(SCAN.as_bytes()).unwrap_or_else(|fault| panic!("{fault}"));
    let told = |open: &OpenService| {
        let seen = open.seen.unwrap().seconds() - 1_790_000_000;
        format!("{} {}/{} {:?} +{seen}", open.address, open.transport.name(), open.port, open.names)
    };
    assert_eq!(
        scan.open.iter().map(told).collect::<Vec<_>>(),
        [r#"198.51.100.7 tcp/22 ["web01.corp.example"] +1"#, "2001:db8::7 udp/500 [] +0"]
    );
    assert_eq!(scan.open[0].transport, Transport::Tcp);
    assert_eq!(scan.date, Some(Instant::from_seconds(1_790_000_000)));
    assert_eq!((scan.records.all, scan.records.used), (4, 2));
    let empty = parse_scan(b"<nmaprun/>").unwrap();
    assert_eq!((empty.open.len(), empty.date), (0, None));
}

/// Survives: a scan with entities, deep nesting or broken XML | it is refused with its line
#[test]
fn a_scan_that_is_broken_or_hostile_is_refused_with_its_line() {
    let bomb = "<!DOCTYPE nmaprun [\n<!ENTITY a \"aaaaaaaaaa\">\n<!ENTITY b \"&a;&a;&a;&a;&a;&a;\">\n]>";
    let outside = "<!DOCTYPE nmaprun SYSTEM \"file:///etc/passwd\">";
    let deep = "<x>".repeat(200);
    let twice = "</ports></host><host><address addr=\"198.51.100.7\"/><ports><port protocol=\"tcp\" portid=\"22\">\
                 <state state=\"closed\"/></port></ports></host><host><ports>";
    let mut wrong = Vec::new();
    for (from, to, place, what) in [
        ("<!DOCTYPE nmaprun>", bomb, "line 2", "document type declares something"),
        ("<!DOCTYPE nmaprun>", outside, "line 2", "document type declares something"),
        ("a &amp; b", "a &b; b", "line 12", "entity of its own"),
        ("name=\"Web01", "name=\"&b;", "line 9", "can not be read"),
        ("<extraports", &(deep + "<extraports"), "line 10", "more than 64 deep"),
        ("</runstats>\n</nmaprun>", "</runstats>", "", "ends within the scan"),
        ("</ports></host>\n<host>", "</ports><host>", "line 18", "no XML"),
        ("exit=\"success\"", "exit=\"error\"", "line 18", "ended in an error"),
        ("portid=\"22\"", "portid=\"65536\"", "line 11", "\"65536\" is no port"),
        ("portid=\"22\"", "portid=\"+22\"", "line 11", "\"+22\" is no port"),
        ("addr=\"198.51.100.7\"", "addr=\"198.51.100\"", "line 8", "\"198.51.100\" is no address"),
        ("addr=\"198.51.100.7\"", "addr=\"1.1.1.1\" addr=\"1.1.1.2\"", "line 8", "can not be read"),
        ("start=\"1790000000\"", "start=\"99999999999999\"", "line 5", "is no time"),
        ("<state state=\"closed\"/>", "<state/>", "line 14", "has no state"),
        ("</ports></host>\n", twice, "line 16", "tcp/22 is not open here and was open before"),
        ("</nmaprun>\n", "</nmaprun><nmaprun/>", "line 19", "more behind the scan"),
        ("</nmaprun>\n", "</nmaprun>x", "line 19", "text outside"),
        ("<nmaprun ", "<masscan ", "line 5", "no scan of Nmap's"),
    ] {
        assert!(SCAN.contains(from), "{from}");
        let fault = parse_scan(SCAN.replacen(from, to, 1).as_bytes()).unwrap_err();
        if fault.place != place || !fault.what.contains(what) {
            wrong.push(format!("{place} {what}: {fault}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for bytes in [&b""[..], b"x", b"<", b"<nmaprun>", b"\xff\xfe<\0", b"<nmaprun \xff/>"] {
        assert!(parse_scan(bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn files_are_found_beside_the_profile_and_what_they_say_is_added() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("scans")).unwrap();
    // Names say nothing: each kind has another's.
    write("scans/trivy.json", NESSUS);
    write("nessus.csv", TRIVY);
    write("kev.xml", CATALOGUE);
    write("a.csv", SCAN);
    write("b.csv", &SCAN.replace("1790000001", "1790000777"));
    let profile = "schema = 1\n[[vulnerability]]\nhost = \"*\"\ncve = \"CVE-2000-0001\"\nstate = \"vulnerable\"\n\
        [vulnerabilities]\nfiles = [\"scans/trivy.json\", { file = \"nessus.csv\", host = \"WEB01\", since = \"2026-01-01\" }]\n\
        known_exploited = \"kev.xml\"\n[exposure]\nscans = [\"a.csv\", \"b.csv\"]\n";
    write("client.toml", profile);
    let path = folder.path().join("client.toml");
    let loaded = crate::read_profile(&path).unwrap_or_else(|error| panic!("{error}"));
    let told: Vec<String> =
        loaded.data_files.iter().map(|file| format!("{} {}", file.name, file.kind)).collect();
    assert_eq!(
        told,
        [
            "scans/trivy.json nessus-csv",
            "nessus.csv trivy-json",
            "kev.xml known-exploited",
            "a.csv nmap-xml",
            "b.csv nmap-xml"
        ]
    );
    assert!(loaded.data_files.iter().all(|file| file.sha256.len() == 64 && file.records.is_some()));
    let profile = loaded.profile;
    assert_eq!(profile.vulnerabilities.len(), 5);
    let last = profile.vulnerabilities.last().unwrap();
    assert_eq!(last.since.unwrap().to_string(), "2026-01-01T00:00:00Z", "the profile's date goes first");
    assert_eq!((profile.known_exploited.len(), profile.exposure.open.len()), (2, 2));
    assert_eq!(profile.exposure.open[0].seen, Some(Instant::from_seconds(1_790_000_777)), "the later scan's");
    write("kev.xml", "{");
    std::fs::remove_file(folder.path().join("nessus.csv")).unwrap();
    std::fs::remove_file(folder.path().join("a.csv")).unwrap();
    std::fs::create_dir(folder.path().join("a.csv")).unwrap();
    let said = crate::read_profile(&path).unwrap_err().to_string();
    for part in [
        "nessus.csv (named in ",
        "hint: names of files are relative to the profile's folder",
        "kev.xml (named in ",
        "client.toml), line 1, column 1: EOF",
        "client.toml): it is no file",
    ] {
        assert!(said.contains(part), "{part:?} in {said}");
    }
}

/// Bytes that begin as a file of some kind does.
fn any_file() -> impl Strategy<Value = Vec<u8>> {
    let whole = prop::sample::select(&[NESSUS, OPENVAS, TRIVY, GRYPE, PLAIN, CATALOGUE, SCAN][..]);
    let change = (any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..6), 0usize..8);
    (whole, prop::collection::vec(change, 0..6), any::<prop::sample::Index>(), any::<bool>()).prop_map(
        |(whole, changes, end, cut)| {
            let mut bytes = whole.as_bytes().to_vec();
            for (at, new, old) in changes {
                let at = at.index(bytes.len() + 1);
                let old = (at + old).min(bytes.len());
                bytes.splice(at..old, new);
            }
            if cut {
                bytes.truncate(end.index(bytes.len() + 1));
            }
            bytes
        },
    )
}

proptest! {
    #[test]
    fn changed_files_are_read_or_refused(bytes in any_file()) {
        crate::any_bytes::read_data(&bytes);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        crate::any_bytes::read_data(&bytes);
    }
}
