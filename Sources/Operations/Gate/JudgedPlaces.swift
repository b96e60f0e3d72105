internal import Search

/// Where the documents of a snapshot are that judgements name.
struct JudgedPlaces {
    /// What judgements name, and the file names in it.
    struct Wanted {
        let names: Set<String>
        fileprivate let files: Set<String>

        init(_ judgements: Judgements) {
            self.names = judgements.values.reduce(into: []) { $0.formUnion($1.keys) }
            self.files = Set(self.names.map(fileName))
        }
    }

    private let wanted: Wanted
    /// URIs by the judged name that they go by.
    private var named: [String: [String]] = [:]
    /// URIs by file name.
    private var files: [String: [String]] = [:]

    init(_ wanted: Wanted) { self.wanted = wanted }

    mutating func note(_ uri: String) {
        // Nearly every document is judged by nobody: the last part of each of its names tells.
        let file = fileName(of: uri)
        let stem = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
        guard self.wanted.files.contains(file) || self.wanted.files.contains(stem) else { return }
        for name in Set(judgedNames(of: uri)) where self.wanted.names.contains(name) {
            self.named[name, default: []].append(uri)
        }
        if self.wanted.files.contains(file) { self.files[file, default: []].append(uri) }
    }

    mutating func merge(_ other: JudgedPlaces) {
        self.named.merge(other.named, uniquingKeysWith: +)
        self.files.merge(other.files, uniquingKeysWith: +)
    }

    /// The documents that go by the name, by URI; empty for none.
    func uris(_ name: String) -> [String] { (self.named[name] ?? []).sorted() }

    /// The one document that has the file name of `name`; nil where there is none, or several.
    func uriByFile(_ name: String) -> String? {
        guard let uris = self.files[fileName(of: name)], uris.count == 1 else { return nil }
        return uris[0]
    }
}

private func fileName(of uri: String) -> String {
    let end = uri.utf8.last == 0x2F ? uri.dropLast() : uri[...]
    return end.utf8.lastIndex(of: 0x2F).map { String(end[end.utf8.index(after: $0)...]) }
        ?? String(end)
}
