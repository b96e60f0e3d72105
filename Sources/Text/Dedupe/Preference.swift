package import Records

/// What decides which of several equal or similar documents is kept, in an order of the operator's.
package enum Preference: String, CaseIterable, Sendable {
    /// The smaller priority of its source.
    case priority
    /// A document that names itself as canonical before one that names none, before one that names
    /// another.
    case canonical
    /// A document that another contains comes after all that none contains.
    case completeness
    /// The newer date that the document itself gives; none comes last.
    case modified
    /// A path that does not say old, backup, copy, draft, archive or trash.
    case livePath = "live_path"
    /// The newer version number in the path.
    case version
    /// The shorter URI.
    case shortPath = "short_path"
    /// The smaller URI, byte by byte. It ends every order.
    case uri
}

/// What the order of preference asks of one document.
///
/// Everything in it comes from the document and its place, so that the order of two documents depends on
/// these two alone. ``contained`` is the exception: it depends on which other documents there are, and on
/// nothing else; see ``dominated(count:by:)``.
package struct PreferenceKey: Hashable, Sendable {
    /// Not listed any more and kept until someone approves its deletion: it stands for no living one.
    package var isHeld: Bool
    package var priority: Int
    package var canonical: CanonicalRank
    /// Seconds since 1970.
    package var modified: Int64?
    package var uri: String
    /// Whether another document contains this one.
    package var isContained = false
    private let path: PathSigns

    package init(
        uri: String,
        priority: Int = 0,
        canonical: CanonicalRank = .unnamed,
        modified: Int64? = nil,
        isHeld: Bool = false
    ) {
        self.isHeld = isHeld
        self.priority = priority
        self.canonical = canonical
        self.modified = modified
        self.uri = uri
        self.path = PathSigns(uri)
    }

    /// Whether this document is kept before `other`.
    ///
    /// A total order of documents with different URIs, whatever `preferences` hold.
    package func precedes(_ other: PreferenceKey, by preferences: [Preference]) -> Bool {
        if self.isHeld != other.isHeld { return other.isHeld }
        for preference in preferences {
            switch self.compare(other, by: preference) {
            case .before: return true
            case .behind: return false
            case .level: continue
            }
        }
        return self.uri.utf8.lexicographicallyPrecedes(other.uri.utf8)
    }

    /// Whether nothing before `completeness` in the list tells the two apart, so that it may decide.
    package func tiesBeforeCompleteness(
        _ other: PreferenceKey,
        by preferences: [Preference]
    ) -> Bool {
        self.isHeld == other.isHeld
            && preferences.prefix { $0 != .completeness }
                .allSatisfy { self.compare(other, by: $0) == .level }
    }

    private enum Comparison {
        case before
        case level
        case behind

        init<Value: Comparable>(_ left: Value, _ right: Value) {
            self = left < right ? .before : left == right ? .level : .behind
        }
    }

    private func compare(_ other: PreferenceKey, by preference: Preference) -> Comparison {
        switch preference {
        case .priority: .init(self.priority, other.priority)
        case .canonical: .init(self.canonical.rawValue, other.canonical.rawValue)
        case .completeness: .init(self.isContained ? 1 : 0, other.isContained ? 1 : 0)
        case .modified: .init(other.modified ?? .min, self.modified ?? .min)
        case .livePath: .init(self.path.isRetired ? 1 : 0, other.path.isRetired ? 1 : 0)
        case .version:
            self.path.isNewer(than: other.path)
                ? .before : other.path.isNewer(than: self.path) ? .behind : .level
        case .shortPath: .init(self.uri.utf8.count, other.uri.utf8.count)
        case .uri:
            self.uri == other.uri
                ? .level
                : self.uri.utf8.lexicographicallyPrecedes(other.uri.utf8) ? .before : .behind
        }
    }
}

extension Containment {
    /// - Parameter common: distinct shingles that both have.
    /// - Parameter left, right: distinct shingles of each.
    ///
    /// A document holds another that has nothing of its own but the seam of a cut, four shingles wide, or a
    /// tenth of what the larger has beyond it: several cuts. A choice.
    package init(common: Int, left: Int, right: Int) {
        let ownLeft = left - common
        let ownRight = right - common
        let larger = max(ownLeft, ownRight)
        let smaller = min(ownLeft, ownRight)
        let seam = ShingleHash.tokensPerShingle - 1
        guard larger > smaller, smaller <= seam || 10 * smaller <= larger else {
            self = .neither
            return
        }
        self = ownLeft > ownRight ? .leftHolds : .rightHolds
    }
}

/// Says of each key whether another document contains its own.
///
/// To contain is a relation of two documents, and an order that asks for it pair by pair need not be
/// transitive: A before B for its content, B before C for its date, C before A. Therefore a document is
/// either contained in some other or in none, and what is contained in some comes last among what ties
/// before completeness. That is one more attribute of a document, so the order is total; it is a function
/// of the set of documents, so it has no history.
///
/// - Parameter pairs: similar documents by their index in `keys`.
/// - Complexity: O(pairs).
package func markContained(
    _ keys: inout [PreferenceKey],
    by preferences: [Preference],
    pairs: some Sequence<(left: Int, right: Int, containment: Containment)>
) {
    guard preferences.contains(.completeness) else { return }
    for pair in pairs
    where pair.containment != .neither
        && keys[pair.left].tiesBeforeCompleteness(keys[pair.right], by: preferences)
    {
        keys[pair.containment == .leftHolds ? pair.right : pair.left].isContained = true
    }
}
