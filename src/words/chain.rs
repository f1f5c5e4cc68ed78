//! Words about a certificate's chain and its revocation.

use super::catalogue::messages;

messages! {
    /// The chain, its end, its problems, and what lists of revoked certificates say.
    Chain {
        Label = "chain-label",
        EndGovernment = "chain-end-government",
        EndGiven = "chain-end-given",
        EndSystem = "chain-end-system",
        EndSelfSigned = "chain-end-self-signed",
        EndIncomplete { missing: String } = "chain-end-incomplete",
        EndBadSignature { by: String } = "chain-end-bad-signature",
        ProblemLabel = "chain-problem-label",
        ProblemWeakSignature { name: String } = "chain-problem-weak-signature",
        ProblemExpired { name: String } = "chain-problem-expired",
        ProblemNotYetValid { name: String } = "chain-problem-not-yet-valid",
        ProblemEndsBefore { name: String } = "chain-problem-ends-before",
        ProblemPathLength { name: String } = "chain-problem-path-length",
        ProblemCriticalExtension { name: String, oid: String } = "chain-problem-critical-extension",
        ProblemIssuerMayNotSign { name: String } = "chain-problem-issuer-may-not-sign",
        RevocationLabel = "chain-revocation-label",
        RevocationGood { next_update: String } = "chain-revocation-good",
        RevocationGoodEndless = "chain-revocation-good-endless",
        Revoked { date: String, reason: String } = "chain-revoked",
        RevocationStale { next_update: String } = "chain-revocation-stale",
        RevocationNotYetValid = "chain-revocation-not-yet-valid",
        RevocationBadSignature = "chain-revocation-bad-signature",
        RevocationOtherIssuer = "chain-revocation-other-issuer",
        RevocationUnsupported = "chain-revocation-unsupported",
    }
}
