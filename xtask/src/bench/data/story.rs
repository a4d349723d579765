//! What happens in the generated exports: which rule fires on which traffic, in which process.

/// A rule that fires, and the traffic on which it does.
pub(super) struct Story {
    /// The rule's or list's name.
    pub(super) rule: &'static str,
    /// Whether the packet left the local side.
    pub(super) outgoing: bool,
    /// The server's port.
    pub(super) port: u16,
    /// Whether the server is the local side.
    pub(super) served: bool,
    /// The protocol.
    pub(super) protocol: &'static str,
    /// The pattern it came from, as Apex Central numbers them: 0 global, 1 relevance rules, 2 user-defined.
    pub(super) pattern: &'static str,
    /// The programs that it happens in.
    pub(super) processes: [&'static str; 2],
}

const BROWSERS: [&str; 2] = [
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
];
const DROPPED: [&str; 2] = [r"C:\Users\Public\svch0st.exe", r"C:\Users\Public\Downloads\update\upd.exe"];
const WEB: [&str; 2] = [r"C:\Windows\System32\inetsrv\w3wp.exe", r"C:\nginx\nginx.exe"];
const SYSTEM: [&str; 2] = ["System", r"C:\Windows\System32\svchost.exe"];

/// What a local program asks for outside.
const fn asked(
    rule: &'static str,
    port: u16,
    protocol: &'static str,
    pattern: &'static str,
    processes: [&'static str; 2],
) -> Story {
    Story { rule, outgoing: true, port, served: false, protocol, pattern, processes }
}

/// What a local server is asked.
const fn served(rule: &'static str, port: u16, processes: [&'static str; 2]) -> Story {
    Story { rule, outgoing: false, port, served: true, protocol: "TCP", pattern: "1", processes }
}

/// All stories: 16, so that four bits number them. No two differ in the server's side alone.
pub(super) const STORIES: [Story; 16] = [
    asked("ZBOT - HTTP (Request) - Variant 4", 80, "TCP", "1", DROPPED),
    asked("DYREZA - HTTP (Request) - Variant 2", 443, "TCP", "1", DROPPED),
    asked("Global C&C IP List", 443, "TCP", "0", BROWSERS),
    asked("Malicious_identified_CnC_querying_on_UDP_detected", 53, "UDP", "0", SYSTEM),
    Story {
        outgoing: false,
        ..asked("Possible DGA - DNS (Response)", 53, "UDP", "1", [r"C:\Windows\System32\dns.exe", SYSTEM[1]])
    },
    asked("Covert Iodine tunnel - DNS (Request)", 53, "UDP", "1", SYSTEM),
    served("CVE-2017-5638 - APACHE STRUTS EXPLOIT - HTTP (Request)", 443, WEB),
    served("CVE-2021-44228 - LOG4J RCE EXPLOIT - HTTP (Request)", 8080, WEB),
    served("MS17-010 - Remote Code Execution - SMB (Request)", 445, SYSTEM),
    asked("MS17-010 - Remote Code Execution - SMB (Request)", 445, "TCP", "1", SYSTEM),
    served("Shodan Internet Scan - HTTP (Request)", 80, WEB),
    served("Possible Brute force - FTP", 21, [r"C:\ftp\filezilla.exe", WEB[0]]),
    Story { outgoing: true, ..served("CVE-2017-5638 - APACHE STRUTS EXPLOIT - HTTP (Response)", 443, WEB) },
    asked("User-defined C&C list", 8443, "TCP", "2", BROWSERS),
    asked("TCP Backdoor Agent Request", 6667, "TCP", "1", DROPPED),
    asked("Malicious_CnC_access_on_TCP_blocked", 443, "TCP", "0", BROWSERS),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_text_of_a_story_tells_it_from_all_others() {
        let texts: BTreeSet<_> = STORIES.iter().map(|story| (story.rule, story.outgoing)).collect();
        assert_eq!(texts.len(), STORIES.len());
        assert!(STORIES.iter().all(|story| story.processes[0] != story.processes[1]));
    }
}
