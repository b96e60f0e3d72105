internal import Foundation

/// A collection of known size, on which every change has a known least cost.
struct ChangeCollection {
    static let fillerCount = 24
    /// Sections of the handbook, each a chunk of its own.
    static let sectionCount = 6
    static let handbook = "handbook.md"
    static let page = "page.html"
    /// The same bytes twice; the first stands for both.
    static let twins = ["twin-a.md", "twin-b.md"]
    static let pdfCount = fillerCount / 4
    static let documentCount = fillerCount + 4

    private(set) var source: SourceFolder
    private var documents: [String: SyntheticDocument] = [:]
    private var random: SeededRandom

    init(folder: String, seed: UInt64) throws {
        self.source = try SourceFolder(folder)
        self.random = SeededRandom(seed: seed)
        for number in 0..<Self.fillerCount {
            let format = SyntheticDocument.Format.allCases[number % 4]
            try self.put("filler/d\(number).\(format.rawValue)", sections: 2, number: number)
        }
        try self.put(Self.handbook, sections: Self.sectionCount, number: 100)
        try self.put(Self.page, sections: 3, number: 101)
        try self.put(Self.twins[0], sections: 2, number: 102)
        try self.source.write(Self.twins[1], self.bytes(Self.twins[0]))
    }

    private mutating func put(_ name: String, sections: Int, number: Int) throws {
        self.documents[name] = SyntheticDocument(
            language: .english,
            number: number,
            sections: sections,
            words: 50,
            random: &self.random
        )
        try self.source.write(name, self.bytes(name))
    }

    private func bytes(_ name: String) -> [UInt8] {
        let ending = name.split(separator: ".").last.map(String.init) ?? ""
        let format = SyntheticDocument.Format(rawValue: ending) ?? .text
        return self.documents[name]?.bytes(format) ?? []
    }

    // MARK: Changes

    mutating func touch(_ name: String) throws { try self.source.touch(name) }

    func rename(_ name: String, to other: String) throws {
        try self.source.rename(name, to: other)
    }

    mutating func copy(_ name: String, as other: String) throws {
        try self.source.write(other, self.bytes(name))
    }

    mutating func editOneSection(of name: String) throws {
        self.documents[name]?.sections[2].words[5] = "changed"
        try self.source.write(name, self.bytes(name))
    }

    mutating func editInvisibly(_ name: String) throws {
        self.documents[name]?.invisibleRevision += 1
        try self.source.write(name, self.bytes(name))
    }

    /// A change of one letter that size, time and inode hide.
    mutating func editQuietly(_ name: String) throws {
        let word = self.documents[name]?.sections[2].words[5] ?? ""
        let replacement = String(word.reversed()) == word ? word + "x" : String(word.reversed())
        self.documents[name]?.sections[2].words[5] = replacement
        try self.source.writeQuietly(name, self.bytes(name))
    }

    func changePermissions(of name: String) throws { try self.source.changePermissions(of: name) }

    /// Gives every document another folder, as where a folder is renamed.
    func moveAll() throws {
        for path in regularFiles(below: self.source.root) {
            let name = String(path.dropFirst(self.source.root.count + 1))
            try self.source.rename(name, to: "moved/" + name)
        }
    }

    func remove(_ name: String) throws { try self.source.remove(name) }

    /// Makes every entry of the folders anew, the last first, around the same files.
    func reorder() throws {
        let files = regularFiles(below: self.source.root).map {
            String($0.dropFirst(self.source.root.count + 1))
        }
        for name in files { try self.source.rename(name, to: "shuffled/" + name) }
        for name in files.reversed() { try self.source.rename("shuffled/" + name, to: name) }
        removeTree(self.source.path("shuffled"))
    }
}

/// One change, and the least it can cost.
struct CostedChange: Sendable {
    let name: String
    let minimum: ChangeCost
    /// Whether its least cost of embedding is that of all chunks of a fresh backfill.
    var makesNewChunks = false
    var change: @Sendable (inout ChangeCollection) throws -> Void = { _ in }
    var configure: @Sendable (inout PipelineShape) -> Void = { _ in }
}

extension CostedChange {
    /// Documents that are kept and have chunks.
    private static let canonical = ChangeCollection.documentCount - 1
    private static let all = ChangeCollection.documentCount

    static func table(shards: Int) -> [CostedChange] {
        self.documentChanges + self.pipelineChanges(shards: shards)
    }

    private static let documentChanges: [CostedChange] = [
        CostedChange(name: "nothing", minimum: .nothing),
        CostedChange(
            name: "touch a document",
            minimum: ChangeCost(read: 1),
            change: { try $0.touch(ChangeCollection.handbook) }
        ),
        // Chunks belong to a document's id, and that is made of its name.
        CostedChange(
            name: "rename a document",
            minimum: ChangeCost(read: 1, chunked: 1, segments: 1),
            change: { try $0.rename(ChangeCollection.handbook, to: "manual.md") }
        ),
        CostedChange(
            name: "move it to another folder",
            minimum: ChangeCost(read: 1, chunked: 1, segments: 1),
            change: { try $0.rename(ChangeCollection.handbook, to: "z/deep/handbook.md") }
        ),
        CostedChange(
            name: "copy a document",
            minimum: ChangeCost(read: 1),
            change: { try $0.copy(ChangeCollection.handbook, as: "handbook-copy.md") }
        ),
        CostedChange(
            name: "edit one section",
            minimum: ChangeCost(read: 1, extracted: 1, chunked: 1, embedded: 1, segments: 1),
            change: { try $0.editOneSection(of: ChangeCollection.handbook) }
        ),
        CostedChange(
            name: "edit invisible markup",
            minimum: ChangeCost(read: 1, extracted: 1),
            change: { try $0.editInvisibly(ChangeCollection.page) }
        ),
        CostedChange(
            name: "delete a document",
            minimum: .nothing,
            change: { try $0.remove(ChangeCollection.handbook) }
        ),
        // The twin that takes its place was never cut; its chunks are embedded already.
        CostedChange(
            name: "delete the canonical of a pair",
            minimum: ChangeCost(chunked: 1, segments: 1),
            change: { try $0.remove(ChangeCollection.twins[0]) }
        ),
        // A new name is a change of the file, so the bytes of all are looked at.
        CostedChange(
            name: "list in another order",
            minimum: ChangeCost(read: ChangeCollection.documentCount),
            change: { try $0.reorder() }
        ),
        CostedChange(
            name: "change permissions",
            minimum: ChangeCost(read: 1),
            change: { try $0.changePermissions(of: ChangeCollection.handbook) }
        ),
        CostedChange(
            name: "edit under the old time and size",
            minimum: ChangeCost(read: 1, extracted: 1, chunked: 1, embedded: 1, segments: 1),
            change: { try $0.editQuietly(ChangeCollection.handbook) }
        ),
        CostedChange(
            name: "move all documents",
            minimum: ChangeCost(
                read: ChangeCollection.documentCount,
                chunked: canonical,
                segments: PipelineShape().shards
            ),
            change: { try $0.moveAll() }
        ),
    ]

    /// What a changed stage takes is done again; where its output is as before, nothing after it is.
    private static func pipelineChanges(shards: Int) -> [CostedChange] {
        let after = ChangeCost(chunked: self.canonical, segments: shards)
        let prepared = ChangeCost(read: self.all, extracted: self.all)
        // Every segment names the policy its texts went through.
        let redacted = ChangeCost(read: self.all, extracted: self.all, segments: shards)
        let preparedPDFs = ChangeCost(
            read: ChangeCollection.pdfCount,
            extracted: ChangeCollection.pdfCount
        )
        return [
            // Segments name who may see what; texts and vectors stay.
            CostedChange(
                name: "labels",
                minimum: ChangeCost(read: self.all, chunked: self.canonical, segments: shards),
                configure: { $0.labels = "[{ path: filler/**, labels: team }, { labels: all }]" }
            ),
            CostedChange(
                name: "pdf.maximum_pages",
                minimum: preparedPDFs,
                configure: { $0.maximumPages = 900 }
            ),
            CostedChange(
                name: "redact.kinds",
                minimum: redacted,
                configure: { $0.redactKinds = ["EMAIL"] }
            ),
            CostedChange(
                name: "language.allow",
                minimum: prepared,
                configure: { $0.allowedLanguages = ["en"] }
            ),
            CostedChange(
                name: "dedupe.threshold",
                minimum: .nothing,
                configure: { $0.threshold = 0.9 }
            ),
            CostedChange(
                name: "chunk.maximum_tokens",
                minimum: after,
                makesNewChunks: true,
                configure: { $0.maximumTokens = 24 }
            ),
            CostedChange(
                name: "index.vectors",
                minimum: ChangeCost(segments: shards),
                configure: { $0.vectors = "f32" }
            ),
            CostedChange(
                name: "another pipeline, the same chunks",
                minimum: ChangeCost(segments: shards),
                configure: {
                    $0.name = "another"
                    $0.model = nil
                }
            ),
        ]
    }
}
