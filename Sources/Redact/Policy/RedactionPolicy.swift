/// What is redacted, where and how: a value of a versioned policy file.
///
/// Its hash is part of what decides a document's output; see ``hash``.
package struct RedactionPolicy: Hashable, Sendable {
    /// What happens to a value that is found.
    package enum Action: Hashable, Sendable {
        /// `[EMAIL]`.
        case placeholder
        /// Asterisks but for the last letters and digits, at most four.
        case mask(keepLast: Int)
        /// `[EMAIL:k1:mzxw6ytboi4a]`: the same for the same value under the same key.
        case pseudonym
        /// A date's year, an IPv4 address's /24, an IPv6 address's /48; other kinds: a placeholder.
        case generalise
        /// The chunks that hold it are not kept; until they are cut it is a placeholder.
        case dropChunk
        case dropDocument
        /// The document is set aside for someone to look at.
        case quarantine
        case allow
    }

    /// The first rule that a value fits decides; without one it is ``fallback``.
    package struct Rule: Hashable, Sendable {
        /// Empty fits every kind; the same for the other three.
        package var kinds: Set<PIIKind> = []
        package var sources: Set<String> = []
        /// Language codes; `zh` fits `zh-Hans`.
        package var languages: Set<String> = []
        /// Countries of the rule that found the value, such as `de`.
        package var regions: Set<String> = []
        package var action: Action
        /// nil is the policy's.
        package var threshold: Float?
    }

    /// Words before a value that make it surer that it is of the kind.
    package struct ContextWords: Hashable, Sendable {
        package var kind: PIIKind
        package var words: [String]
        package var raise: Float
    }

    /// Values that are nobody's: compared in their normalised form.
    package struct AllowList: Hashable, Sendable {
        package var kinds: Set<PIIKind> = []
        package var values: Set<String> = []
        /// Ends of values, such as `@example.com`.
        package var suffixes: Set<String> = []
    }

    /// Terms of the operator's own, found as whole words whatever their case.
    package struct Terms: Hashable, Sendable {
        package var name: String
        package var terms: [String]
    }

    /// A shape of the operator's own; see ``TermPattern``.
    package struct Shape: Hashable, Sendable {
        package var name: String
        package var pattern: String
    }

    /// A text and what it must become: the policy's own test.
    package struct Case: Hashable, Sendable {
        package var text: String
        package var expected: String
        package var source = ""
        package var language = ""
    }

    /// The version of the format; a reader refuses those it does not know.
    package static let formatVersion = 1

    package var name = ""
    package var kinds: Set<PIIKind> = Set(PIIKind.structured)
    package var fallback = Action.placeholder
    package var threshold: Float = 0.5
    package var rules: [Rule] = []
    package var context: [ContextWords] = []
    package var allowed: [AllowList] = []
    package var dictionaries: [Terms] = []
    package var patterns: [Shape] = []
    /// The id of the key for pseudonyms; the key itself is never in a policy.
    package var keyID = ""
    /// Whether what the index shows of a document's URI is redacted as its text is.
    package var redactsURIs = false
    package var cases: [Case] = []

    package init() {}

    /// Whether a value may become a pseudonym, so that a key is needed.
    package var needsKey: Bool {
        self.fallback == .pseudonym || self.rules.contains { $0.action == .pseudonym }
    }

    /// Whether the source of a document may decide what is done with its values.
    package var dependsOnSource: Bool { self.rules.contains { !$0.sources.isEmpty } }

    /// The action and the threshold for a value of this kind and rule in a document.
    func decision(
        kind: PIIKind,
        rule: String,
        source: String,
        language: String
    ) -> (action: Action, threshold: Float) {
        let fitting = self.rules.first { candidate in
            (candidate.kinds.isEmpty || candidate.kinds.contains(kind))
                && (candidate.sources.isEmpty || candidate.sources.contains(source))
                && (candidate.regions.isEmpty || candidate.regions.contains(ruleRegion(rule)))
                && (candidate.languages.isEmpty
                    || candidate.languages.contains {
                        language == $0 || language.hasPrefix($0 + "-")
                    })
        }
        guard let fitting else { return (self.fallback, self.threshold) }
        return (fitting.action, fitting.threshold ?? self.threshold)
    }

    /// The lowest score that any rule may still act on.
    var scanThreshold: Float {
        let thresholds = self.rules.map { $0.threshold ?? self.threshold } + [self.threshold]
        let raise = self.context.map(\.raise).max() ?? 0
        return max(0.1, (thresholds.min() ?? self.threshold) - raise)
    }
}

/// The country of a rule such as `phone.national.fr`; empty for rules of no country.
func ruleRegion(_ rule: String) -> String {
    let bytes = rule.utf8
    var end = bytes.endIndex
    while end > bytes.startIndex, bytes[bytes.index(before: end)] == dot {
        end = bytes.index(before: end)
    }
    guard let start = bytes.index(end, offsetBy: -2, limitedBy: bytes.startIndex),
        !bytes[start..<end].contains(dot),
        start == bytes.startIndex || bytes[bytes.index(before: start)] == dot
    else { return "" }
    return String(rule[start..<end])
}

private let dot = UInt8(ascii: ".")
