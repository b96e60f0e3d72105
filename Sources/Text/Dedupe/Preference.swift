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
/// these two alone. Whether another contains it is the exception, for which ``PreferenceRank`` has a place:
/// it depends on which other documents there are, and on nothing else.
package struct PreferenceKey: Hashable, Sendable {
    /// Not listed any more and kept until someone approves its deletion: it stands for no living one.
    package var isHeld: Bool
    package var priority: Int
    package var canonical: CanonicalRank
    /// Seconds since 1970.
    package var modified: Int64?
    package var uri: String
    let path: PathSigns

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
}

/// The order of preference as bytes: a document whose bytes are smaller is kept before another.
///
/// A total order of documents with different URIs, whatever `preferences` hold.
///
/// To contain is a relation of two documents, and an order that asks for it pair by pair need not be
/// transitive: A before B for its content, B before C for its date, C before A. Therefore a document is
/// either contained in some other or in none, and what is contained in some comes last among what ties
/// before completeness. That is one more attribute of a document, so the order is total; it is a function
/// of the set of documents, so it has no history.
package struct PreferenceRank: Hashable, Sendable {
    package private(set) var bytes: [UInt8] = []
    /// Where the byte is that says whether another document contains this one, 0 until that is known; nil
    /// where the order does not ask.
    package private(set) var containedAt: Int?

    package init(_ key: PreferenceKey, by preferences: [Preference]) {
        self.bytes.reserveCapacity(48 + key.uri.utf8.count)
        self.bytes.append(key.isHeld ? Self.held : Self.listed)
        for preference in preferences {
            // URIs are unique: nothing behind one decides.
            if preference == .uri { break }
            self.append(key, preference)
        }
        self.bytes += key.uri.utf8
    }

    /// One that was made before.
    package init(bytes: [UInt8], containedAt: Int?) {
        self.bytes = bytes
        self.containedAt = containedAt
    }

    /// Whether the document is held, which comes first of all.
    package static func setHeld(_ isHeld: Bool, in bytes: inout [UInt8]) {
        bytes[0] = isHeld ? Self.held : Self.listed
    }

    private static let listed: UInt8 = 0
    private static let held: UInt8 = 1

    private mutating func append(_ key: PreferenceKey, _ preference: Preference) {
        switch preference {
        case .priority: self.append(Int64(key.priority).biased)
        case .canonical: self.bytes.append(UInt8(key.canonical.rawValue))
        case .completeness:
            guard self.containedAt == nil else { return }
            self.containedAt = self.bytes.count
            self.bytes.append(0)
        case .modified: self.append(~(key.modified ?? .min).biased)
        case .livePath: self.bytes.append(key.path.isRetired ? 1 : 0)
        case .version:
            self.appendNewestFirst(key.path.folderVersion)
            self.appendNewestFirst(key.path.fileVersion)
        case .shortPath: self.append(UInt64(key.uri.utf8.count))
        case .uri: break
        }
    }

    private mutating func append(_ value: UInt64) {
        withUnsafeBytes(of: value.bigEndian) { self.bytes += $0 }
    }

    /// In natural order, 1.10 before 1.9.
    ///
    /// A list that another begins with is older, so its end compares greater than any number.
    private mutating func appendNewestFirst(_ numbers: [UInt64]) {
        for number in numbers {
            self.bytes.append(0)
            self.append(~number)
        }
        self.bytes.append(1)
    }
}

extension Int64 {
    /// In the same order, without a sign.
    fileprivate var biased: UInt64 { UInt64(bitPattern: self) ^ (1 << 63) }
}
