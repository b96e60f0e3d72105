internal import Foundation
internal import Operations

/// A collection with its pipeline, gold queries and workspace in one folder, which can be copied and changed.
struct NightBench {
    let root: String
    var pipeline = NightPipeline()
    var source: SourceFolder
    /// By name below `docs`.
    var documents: [String: SyntheticDocument]

    private static let languages: [CorpusLanguage] = [.english, .english, .german, .french]
    private static let formats: [SyntheticDocument.Format] = [.html, .markdown, .text]

    /// Makes the collection: a tenth of it are copies, half of it holds personal data, pages have dates.
    init(_ root: String, documents count: Int, seed: UInt64) throws {
        self.root = root
        self.source = try SourceFolder(root + "/docs")
        self.documents = [:]
        var planted = PlantedData(seed: seed)
        for number in 0..<count {
            var document = Self.document(number, seed: seed)
            if number.isMultiple(of: 2) {
                for kind in [PlantedData.Kind.email, .phone] {
                    document.sections[0].sentences.append(planted.plant(kind).sentence)
                }
            }
            try self.write(Self.name(number), document)
            if number % 10 == 4 { try self.write("main/copies/c\(number).html", document) }
        }
        try self.writeGold(count)
    }

    /// A copy of the base, the workspace with it, as on another machine.
    init(copying base: NightBench, to root: String) throws {
        try FileManager.default.copyItem(atPath: base.root, toPath: root)
        self.root = root
        self.source = try SourceFolder(root + "/docs")
        self.documents = base.documents
        self.pipeline = base.pipeline
    }

    static func document(_ number: Int, seed: UInt64) -> SyntheticDocument {
        var random = SeededRandom(seed: seed &* 1_000_003 &+ UInt64(number))
        var document = SyntheticDocument(
            language: self.languages[number % self.languages.count],
            number: number,
            sections: 2 + number % 3,
            random: &random
        )
        document.modifiedDay = 1 + number % 28
        return document
    }

    /// The name of a document that is made by number.
    static func name(_ number: Int) -> String {
        let format = self.formats[number % self.formats.count]
        let source = number % 6 == 5 ? "desk" : "main"
        return "\(source)/\(number % 7 == 0 ? "hr" : "all")/d\(number).\(format.rawValue)"
    }

    static func format(of name: String) -> SyntheticDocument.Format {
        let ending = name.split(separator: ".").last.map(String.init) ?? ""
        return SyntheticDocument.Format(rawValue: ending) ?? .text
    }

    private func writeGold(_ count: Int) throws {
        var (queries, judgements) = ("", "query-id\tcorpus-id\tscore\n")
        for number in stride(from: 0, to: count, by: 3) {
            let (name, title) = (Self.name(number), Self.document(number, seed: 0).title)
            let own = self.documents[name]?.title ?? title
            queries += "{\"_id\":\"q\(number)\",\"text\":\"\(own)\"}\n"
            judgements += "q\(number)\t\(name)\t1\n"
        }
        try Data(queries.utf8).write(to: URL(filePath: self.root + "/queries.jsonl"))
        try Data(judgements.utf8).write(to: URL(filePath: self.root + "/judgements.tsv"))
    }

    var names: [String] { self.documents.keys.sorted() }

    mutating func write(_ name: String, _ document: SyntheticDocument) throws {
        self.documents[name] = document
        try self.source.write(name, document.bytes(Self.format(of: name)))
    }

    mutating func remove(_ name: String) throws {
        self.documents[name] = nil
        try self.source.remove(name)
    }

    mutating func move(_ name: String, to other: String) throws {
        self.documents[other] = self.documents.removeValue(forKey: name)
        try self.source.rename(name, to: other)
    }

    /// Changes every document that `isChosen` names.
    mutating func rewrite(
        where isChosen: (String) -> Bool = { _ in true },
        _ change: (inout SyntheticDocument) -> Void
    ) throws {
        for name in self.names where isChosen(name) {
            guard var document = self.documents[name] else { continue }
            change(&document)
            try self.write(name, document)
        }
    }

    var pipelineFile: String { self.root + "/night.yml" }
    var workspace: String { self.root + "/workspace" }

    @discardableResult
    func run(_ verb: RunVerb) throws -> RunSummary {
        try Data(self.pipeline.yaml(root: self.root).utf8)
            .write(to: URL(filePath: self.pipelineFile))
        var options = RunOptions()
        options.workerCount = 2
        return try runPipelineFile(verb, path: self.pipelineFile, options: options)
    }

    /// Publishes the base: with a real model where its files are here.
    mutating func begin() throws {
        do {
            try self.run(.backfill)
        } catch let error as OperationError where error.status == .configuration {
            self.pipeline.model = PlantedRegression.plainModel
            try self.run(.backfill)
        }
    }

    /// Runs, and where deletions are held has them approved, as somebody in a hurry would.
    func runApproving() throws -> RunSummary {
        let summary = try self.run(.sync)
        guard summary.accounts.held > 0 else { return summary }
        _ = try approveDeletes(ofRun: summary.run, workspace: self.workspace)
        return try self.run(.sync)
    }
}
