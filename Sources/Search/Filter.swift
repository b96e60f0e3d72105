internal import Records
internal import Segments

/// A condition on a hit's document.
///
/// Several filters on the same field are alternatives; different fields must all hold.
package enum Filter: Hashable, Sendable {
    /// A BCP-47 tag; `zh` also matches `zh-Hans`.
    case language(String)
    case source(String)
    case mediaType(String)
    case uriPrefix(String)
    case metadata(key: String, value: String)
    /// Seconds since 1970 that the document's date is not before; one without a date fits neither this nor the next.
    case since(Int64)
    /// The same that it is before.
    case before(Int64)

    /// What a filter looks like, for help and errors.
    package static let fields = "lang, source, type, uri, meta.NAME or date>= and date<"

    /// Reads `lang=de`, `source=docs`, `type=text/html`, `uri=https://…`, `meta.author=…`, `date>=2026-01-01` or
    /// `date<2026-02`.
    ///
    /// - Throws: ``SearchError`` `.badFilter`.
    package init(parsing text: String) throws {
        if let date = try Self.date(parsing: text) {
            self = date
            return
        }
        guard let equals = text.firstIndex(of: "=") else {
            throw SearchError(.badFilter, "filter '\(text)' has no '='; write lang=de")
        }
        let field = String(text[..<equals])
        let value = String(text[text.index(after: equals)...])
        switch field {
        case "lang": self = .language(value)
        case "source": self = .source(value)
        case "type": self = .mediaType(value.lowercased())
        case "uri": self = .uriPrefix(value)
        default:
            guard field.hasPrefix("meta."), field.utf8.count > 5 else {
                throw SearchError(
                    .badFilter,
                    "filter field '\(field)' is unknown; use \(Self.fields)"
                )
            }
            self = .metadata(key: String(field.dropFirst(5)), value: value)
        }
    }

    /// A condition on the date; nil where the text is none.
    private static func date(parsing text: String) throws -> Filter? {
        for (name, make) in [("date>=", Filter.since), ("date<", Filter.before)]
        where text.hasPrefix(name) {
            guard let seconds = documentDate(String(text.dropFirst(name.count))) else {
                throw SearchError(
                    .badFilter,
                    "filter '\(text)' has no date such as 2026, 2026-01-31 or 2026-01-31T12:00:00Z; "
                        + "write date>=2026-01-01 or date<2026-02-01"
                )
            }
            return make(seconds)
        }
        return nil
    }

    /// Filters of one field are alternatives.
    var field: String {
        switch self {
        case .language: "lang"
        case .source: "source"
        case .mediaType: "type"
        case .uriPrefix: "uri"
        case .metadata(let key, _): "meta." + key
        case .since: "date>="
        case .before: "date<"
        }
    }
}

/// Which chunks of a segment are live and left by the filters; nil for all.
///
/// - Complexity: O(documents) number comparisons for labels and dates; for `uri=` and `meta.` the documents that have
///   what is asked for. In segments of format 2 these, before format 5 dates, read the strings of those that the labels leave.
func selection(of filters: [Filter], in live: LiveSegmentReader) throws -> ChunkMask? {
    guard !filters.isEmpty else { return live.liveSet }
    let reader = live.segment
    let labels = try (0..<reader.labelCount).map { try reader.label($0) }
    let fields = Set(filters.map(\.field)).map { field in
        filters.filter { $0.field == field }.map { Condition($0, labels: labels) }
    }
    .sorted { !$0.contains(where: \.readsStrings) && $1.contains(where: \.readsStrings) }
    let listed = try fields.map { try rows(of: $0, in: reader) }
    let unlisted = zip(fields, listed).filter { $0.1 == nil }.map(\.0)
    var selected = ChunkMask(chunkCount: reader.chunkCount)
    for index in documents(in: listed.compactMap { $0 }, of: reader.documentCount)
    where live.isLive(document: index) {
        let row = try reader.documentRow(index)
        let isSelected = try unlisted.allSatisfy { alternatives in
            try alternatives.contains { try $0.holds(row, number: index, in: reader) }
        }
        if isSelected { selected.insert(row.chunks) }
    }
    return selected
}

/// The documents that hold one of the alternatives, where lists say so for each; else nil.
private func rows(of alternatives: [Condition], in reader: SegmentReader) throws -> Set<UInt32>? {
    var found: Set<UInt32> = []
    for condition in alternatives {
        let rows: [UInt32]? =
            switch condition {
            case .language, .source, .mediaType, .since, .before: nil
            case .uriPrefix(let prefix): try reader.documents(withURIPrefix: prefix)
            case .metadata(let key, let value): try reader.documents(with: value, under: key)
            }
        guard let rows else { return nil }
        found.formUnion(rows)
    }
    return found
}

/// The rows that are in all lists, ascending; all rows where there is no list.
private func documents(in lists: [Set<UInt32>], of count: Int) -> [Int] {
    guard let least = lists.min(by: { $0.count < $1.count }) else { return Array(0..<count) }
    return least.filter { row in lists.allSatisfy { $0.contains(row) } }.map { Int($0) }.sorted()
}

/// A filter in the terms of one segment.
private enum Condition {
    /// The numbers of the labels that fit.
    case language(Set<Int>)
    case source(Set<Int>)
    case mediaType(Set<Int>)
    case uriPrefix([UInt8])
    case metadata(key: [UInt8], value: [UInt8])
    case since(Int64)
    case before(Int64)

    init(_ filter: Filter, labels: [String]) {
        func numbers(_ fits: (String) -> Bool) -> Set<Int> {
            Set(labels.indices.filter { fits(labels[$0]) })
        }
        switch filter {
        case .language(let tag):
            self = .language(numbers { $0 == tag || $0.hasPrefix(tag + "-") })
        case .source(let name): self = .source(numbers { $0 == name })
        case .mediaType(let name): self = .mediaType(numbers { $0 == name })
        case .uriPrefix(let prefix): self = .uriPrefix(Array(prefix.utf8))
        case .metadata(let key, let value):
            self = .metadata(key: Array(key.utf8), value: Array(value.utf8))
        case .since(let seconds): self = .since(seconds)
        case .before(let seconds): self = .before(seconds)
        }
    }

    var readsStrings: Bool {
        switch self {
        case .language, .source, .mediaType, .since, .before: false
        case .uriPrefix, .metadata: true
        }
    }

    func holds(_ row: SegmentDocumentRow, number: Int, in reader: SegmentReader) throws -> Bool {
        switch self {
        case .language(let labels): labels.contains(row.language)
        case .source(let labels): labels.contains(row.source)
        case .mediaType(let labels): labels.contains(row.mediaType)
        case .uriPrefix(let prefix): try reader.uri(ofDocument: number, startsWith: prefix)
        case .metadata(let key, let value):
            try reader.metadata(ofDocument: number, has: value, under: key)
        case .since(let seconds): try reader.date(ofDocument: number).map { $0 >= seconds } ?? false
        case .before(let seconds): try reader.date(ofDocument: number).map { $0 < seconds } ?? false
        }
    }
}
