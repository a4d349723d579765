//! What a detection means: verdicts.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// Who sent the request that the malicious traffic belongs to.
    Origin {
        /// The side with the agent.
        Local = "local",
        /// The other side.
        Remote = "remote",
        /// The log does not tell.
        Undetermined = "undetermined",
    }
}

vocabulary! {
    /// What the origin was told from, strongest first.
    Basis {
        /// Direction and request or response.
        DirectionAndMessage = "direction-and-message",
        /// A host name or URL in a callback log: a host asked for it by name.
        CallbackName = "callback-name",
        /// The only side on a server port was asked.
        Ports = "ports",
        /// A request to a listed command-and-control address.
        List = "list",
        /// A listed address in a callback log, which has no direction.
        ListNoDirection = "list-no-direction",
        /// What another log says of the same host, remote end and result.
        OtherLog = "other-log",
        /// The packet's direction alone.
        DirectionOnly = "direction-only",
        /// A private address behind NAT, where nothing comes in unasked.
        Weak = "weak",
        /// Nothing: the origin is undetermined.
        None = "none",
    }
}

vocabulary! {
    /// Whose the remote address is.
    Scope {
        /// The client's.
        Own = "own",
        /// On the internet.
        Public = "public",
        /// In one of IANA's special-purpose registries.
        Special = "special",
        /// Private, but not in the private ranges that the profile lists.
        PrivateUnlisted = "private-unlisted",
        /// A host name or URL that is not the client's; its address is not logged.
        Name = "name",
        /// Nothing is logged.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// What happened, as far as origin and scope tell.
    Scenario {
        /// A host of the client contacted a listed address or spoke a callback's protocol.
        OutboundCallback = "outbound-callback",
        /// A host of the client attacked somebody outside.
        OutboundAttack = "outbound-attack",
        /// What a host of the client fetched attacked it.
        MaliciousResponse = "malicious-response",
        /// Somebody outside asked.
        InboundFromInternet = "inbound-from-internet",
        /// One of the client's hosts attacked another.
        LateralMovement = "lateral-movement",
        /// One of the client's hosts contacted another as a command server.
        InternalCallback = "internal-callback",
        /// Other traffic between the client's hosts.
        InternalActivity = "internal-activity",
        /// A self-test, or a declared scanner at its work.
        AuthorisedActivity = "authorised-activity",
        /// Origin or scope cannot be told.
        Undetermined = "undetermined",
    }
}

vocabulary! {
    /// The side whose host is under suspicion.
    Suspect {
        /// The host with the agent.
        Local = "local",
        /// The other host.
        Remote = "remote",
        /// Somebody whom a relay stands for; the relay's log names them.
        BehindRelay = "behind-relay",
        /// Nobody of whom the log could tell.
        None = "none",
    }
}

vocabulary! {
    /// What was stopped. A blocked request never arrived; a blocked response proves that its request did.
    Stopped {
        /// The request.
        Request = "request",
        /// The response.
        Response = "response",
        /// The connection; the log does not say which half.
        Connection = "connection",
        /// Nothing.
        No = "no",
        /// The log does not say.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// The side that was attacked.
    Target {
        /// The host with the agent.
        Local = "local",
        /// The other host.
        Remote = "remote",
        /// Cannot be told.
        None = "none",
    }
}

vocabulary! {
    /// Whether the target's service is meant to be reached from outside. Only the client's word tells.
    Exposure {
        /// The profile lists it as public.
        Published = "published",
        /// The profile says that its list is complete, and this is not on it.
        Closed = "closed",
        /// The profile does not say.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// Whether the target is vulnerable to the exploit. Only the client's word tells.
    Vulnerable {
        /// It is.
        Yes = "yes",
        /// It is not.
        No = "no",
        /// Nobody said.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// How bad it is. The order of the values is from bad to harmless.
    Severity {
        /// Act now.
        Critical = "critical",
        /// Act today.
        High = "high",
        /// Look into it.
        Medium = "medium",
        /// Note it.
        Low = "low",
        /// For the record.
        Info = "info",
    }
}

impl Severity {
    /// The next lower severity; [`Severity::Info`] stays.
    #[must_use]
    pub fn lowered(self) -> Severity {
        match self {
            Severity::Critical => Severity::High,
            Severity::High => Severity::Medium,
            Severity::Medium => Severity::Low,
            Severity::Low | Severity::Info => Severity::Info,
        }
    }

    /// The worse of two.
    #[must_use]
    pub fn worse(self, other: Severity) -> Severity {
        self.min(other)
    }
}

/// What a detection means. Its reasons are [`Message`](crate::Message)s kept beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Verdict {
    /// Who asked.
    pub origin: Origin,
    /// What that was told from.
    pub origin_basis: Basis,
    /// Whose the remote address is.
    pub remote_scope: Scope,
    /// The registry's or range's name behind the scope, such as `Private-Use` or `profile`; may be empty.
    pub remote_scope_detail: &'static str,
    /// What happened.
    pub scenario: Scenario,
    /// Whose host is under suspicion.
    pub suspect: Suspect,
    /// What was stopped.
    pub stopped: Stopped,
    /// Which side was attacked.
    pub target: Target,
    /// Whether the target is meant to be reached.
    pub exposure: Exposure,
    /// Whether the log proves that outside traffic reached an application of the target.
    pub reached: bool,
    /// Whether the target is vulnerable to this exploit.
    pub vulnerable: Vulnerable,
    /// How bad it is.
    pub severity: Severity,
    /// Whether the severity is that of the worst scenario still possible ("at most").
    pub at_most: bool,
    /// The number of the declared relay in the profile that the traffic goes through, if one does.
    pub relay: Option<u16>,
}

impl Default for Verdict {
    /// That of a detection of which nothing is known.
    fn default() -> Self {
        Verdict {
            origin: Origin::Undetermined,
            origin_basis: Basis::None,
            remote_scope: Scope::Unknown,
            remote_scope_detail: "",
            scenario: Scenario::Undetermined,
            suspect: Suspect::None,
            stopped: Stopped::Unknown,
            target: Target::None,
            exposure: Exposure::Unknown,
            reached: false,
            vulnerable: Vulnerable::Unknown,
            severity: Severity::Info,
            at_most: false,
            relay: None,
        }
    }
}
