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

    /// Reads `lang=de`, `source=docs`, `type=text/html`, `uri=https://…` or `meta.author=…`.
    ///
    /// - Throws: ``SearchError`` `.badFilter`.
    package init(parsing text: String) throws {
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
                    "filter field '\(field)' is unknown; use lang, source, type, uri or meta.NAME"
                )
            }
            self = .metadata(key: String(field.dropFirst(5)), value: value)
        }
    }

    /// Filters of one field are alternatives.
    var field: String {
        switch self {
        case .language: "lang"
        case .source: "source"
        case .mediaType: "type"
        case .uriPrefix: "uri"
        case .metadata(let key, _): "meta." + key
        }
    }
}

/// Which chunks of a segment are live and left by the filters; nil for all.
func selection(of filters: [Filter], in live: LiveSegmentReader) throws -> [Bool]? {
    guard !filters.isEmpty else { return live.liveChunks }
    let reader = live.segment
    let labels = try (0..<reader.labelCount).map { try reader.label($0) }
    let fields = Set(filters.map(\.field)).sorted().map { field in
        filters.filter { $0.field == field }
    }
    var selected = [Bool](repeating: false, count: reader.chunkCount)
    for index in 0..<reader.documentCount where live.isLive(document: index) {
        let row = try reader.documentRow(index)
        // Labels are cheap to compare; the document's strings are read only where they decide.
        var document: SegmentDocument?
        let isSelected = try fields.allSatisfy { alternatives in
            try alternatives.contains { filter in
                if let decided = filter.matches(row, labels: labels) { return decided }
                let strings = try document ?? reader.document(index)
                document = strings
                return filter.matches(strings)
            }
        }
        if isSelected { for chunk in row.chunks { selected[chunk] = true } }
    }
    return selected
}

extension Filter {
    /// Decides by the row's labels; nil where the document's strings are needed.
    fileprivate func matches(_ row: SegmentDocumentRow, labels: [String]) -> Bool? {
        func label(_ number: Int) -> String { number < labels.count ? labels[number] : "" }
        switch self {
        case .language(let tag):
            let language = label(row.language)
            return language == tag || language.hasPrefix(tag + "-")
        case .source(let name): return label(row.source) == name
        case .mediaType(let name): return label(row.mediaType) == name
        case .uriPrefix, .metadata: return nil
        }
    }

    fileprivate func matches(_ document: SegmentDocument) -> Bool {
        switch self {
        case .uriPrefix(let prefix): document.uri.utf8.starts(with: prefix.utf8)
        case .metadata(let key, let value): document.metadata[key] == value
        case .language, .source, .mediaType: false
        }
    }
}
