import Foundation
import Manifests
import Operations
import Records
import Segments
import Storage
import Testing

/// The shipped documents give what `Samples/README.md` says, and their personal data goes nowhere.
@Suite struct SampleTests {
    /// The samples through the demo's stages, but for the model.
    private static func corpus(redactKinds: [String]? = nil) throws -> (TestCorpus, RunSummary) {
        var pipeline = TestPipeline()
        pipeline.maximumTokens = 256
        pipeline.redactKinds = redactKinds
        pipeline.packed = true
        pipeline.containers = true
        let corpus = try TestCorpus(pipeline)
        try FileManager.default.removeItem(atPath: corpus.path(""))
        try FileManager.default.copyItem(
            atPath: Repository.samples + "/documents",
            toPath: corpus.root + "/docs"
        )
        return (corpus, try corpus.run())
    }

    private struct Planted {
        let document: String
        let kind: String
        let value: String

        static func all() throws -> [Planted] {
            try String(contentsOfFile: Repository.samples + "/planted-pii.tsv", encoding: .utf8)
                .split(separator: "\n").dropFirst()
                .map { line in
                    let columns = line.split(separator: "\t").map(String.init)
                    return Planted(document: columns[0], kind: columns[1], value: columns[2])
                }
        }
    }

    @Test func samplesGiveTheCountsOfTheirReadme() throws {
        let (corpus, summary) = try Self.corpus()
        #expect(summary.status == .documentsFailed)
        #expect(summary.accounts.listed == 68)
        #expect(summary.accounts.failed == 5)
        #expect(summary.accounts.duplicates == 2)
        #expect(summary.accounts.indexed == 61)
        #expect(summary.nearDuplicates?.groups == 2)
        #expect(summary.nearDuplicates?.documents == 4)
        #expect(summary.failures == ["corrupt": 4, "empty": 1])
        for (name, kept) in [
            ("html/wheel-efficiency_old.html", "html/wheel-efficiency.html"),
            ("markdown/sourdough-course.md", "html/sourdough-course.html"),
        ] {
            let report = try explain(workspace: corpus.workspace, uri: "docs/" + name)
            #expect(report.state == "duplicate")
            let repeats = report.facts.first { $0.name == "repeats" }
            #expect(repeats?.value.hasPrefix("docs/\(kept)") == true, "\(name)")
        }
        for (name, other) in [
            ("html/mirror/backups.html", "html/backups.html"),
            ("text/hausordnung.txt", "markdown/hausordnung.md"),
        ] {
            let report = try explain(workspace: corpus.workspace, uri: "docs/" + name)
            #expect(report.state == "indexed")
            let grouped = report.facts.filter { $0.name == "grouped" }
            #expect(grouped.contains { $0.value.contains("docs/\(other)") }, "\(name)")
        }
        for name in ["faulty/letter-to-members.html", "faulty/recipe-card.pdf"] {
            let report = try explain(workspace: corpus.workspace, uri: "docs/" + name)
            #expect(report.state == "indexed")
            #expect(report.facts.contains { $0.value.contains("media_type_disagrees") })
        }
        for name in [
            "html/crue.html.gz", "epub/mill-leat-walk.epub", "docx/protokoll-vorstand.docx",
            "csv/gauge-readings.csv", "json/loan-objects.json", "ipynb/screen-losses.ipynb",
            "srt/audio-guide-stones.srt", "rst/signal-flags.rst", "rtf/backstube.rtf",
            "xlsx/energy-book.xlsx", "pptx/new-volunteers.pptx", "odt/leihgabe-vertrag.odt",
            "eml/flour-order.eml", "eml/flour-order.eml#2/baking-plan.md",
            "zip/walk-notes.zip!/2031/autumn.md",
        ] {
            let report = try explain(workspace: corpus.workspace, uri: "docs/" + name)
            #expect(report.state == "indexed", "\(name)")
        }
        #expect(try verify(workspace: corpus.workspace).problems.isEmpty)
        let languages: Set = ["en", "de", "fr", "es", "ru", "ja", "zh-Hans", "ar", "zxx"]
        #expect(Set(summary.languages.keys) == languages)
    }

    @Test func hiddenInjectionsAreNotIndexed() throws {
        let (corpus, _) = try Self.corpus()
        let text = try indexedTexts(of: corpus).joined(separator: "\n").lowercased()
        #expect(!text.contains("ignore all previous"))
        #expect(!text.contains("ignore previous"))
        #expect(text.contains("angebote verlesen"))
        #expect(!text.contains("nicht weitergeben") && !text.contains("ohne aussprache"))
    }

    @Test func plantedPersonalDataIsNowhereInTheWorkspace() throws {
        let (corpus, summary) = try Self.corpus()
        let planted = try Planted.all()
        try #require(planted.count > 30)
        let bytes = try everyByte(below: corpus.workspace)
        let texts = try indexedTexts(of: corpus) + storedTexts(of: corpus)
        for item in planted {
            for value in [item.value, item.value.filter { $0 != " " }] {
                #expect(
                    !contains(bytes, value),
                    "\(item.kind) of \(item.document) in a file of the workspace"
                )
                #expect(
                    !texts.contains { $0.contains(value) },
                    "\(item.kind) of \(item.document) in a text"
                )
            }
            let hits = try corpus.search(item.value, count: 50).hits
            #expect(!hits.contains { ($0.snippet + $0.title).contains(item.value) })
        }
        for kind in Set(planted.map(\.kind)) {
            #expect(
                (summary.redactions[kind] ?? 0) >= planted.count { $0.kind == kind },
                "\(kind)"
            )
        }
    }

    /// The search above would be worth nothing if it could not find what is there.
    @Test func kindsThatAreNotRedactedAreFoundByTheSameSearch() throws {
        let (corpus, summary) = try Self.corpus(redactKinds: ["PHONE"])
        let planted = try Planted.all()
        #expect(Set(summary.redactions.keys) == ["PHONE"])
        let texts = try indexedTexts(of: corpus) + storedTexts(of: corpus)
        for item in planted where item.kind != "PHONE" {
            #expect(texts.contains { $0.contains(item.value) }, "\(item.kind) of \(item.document)")
        }
        for item in planted where item.kind == "PHONE" {
            #expect(!texts.contains { $0.contains(item.value) }, "\(item.document)")
        }
    }
}

/// The text of every chunk of the live snapshot, as its segments have it.
private func indexedTexts(of corpus: TestCorpus) throws -> [String] {
    let layout = WorkspaceLayout(root: corpus.workspace)
    var texts: [String] = []
    for segment in try corpus.snapshot().indexes.flatMap(\.segments) {
        let path = layout.segment(shard: segment.shard, name: segment.name)
        let reader = try SegmentReader(path: path)
        for chunk in 0..<reader.chunkCount {
            texts.append(String(decoding: try reader.text(ofChunk: chunk), as: UTF8.self))
        }
        for document in 0..<reader.documentCount {
            let row = try reader.document(document)
            texts.append(row.title)
            texts += row.metadata.map { "\($0.key) \($0.value)" }
        }
        try reader.forEachTerm { term, _ in texts.append(String(decoding: term, as: UTF8.self)) }
    }
    return texts
}

/// The stored text of every document, served or not.
private func storedTexts(of corpus: TestCorpus) throws -> [String] {
    let layout = WorkspaceLayout(root: corpus.workspace)
    var texts: [String] = []
    for shard in 0..<corpus.pipeline.shards {
        let manifest = try ShardManifest(path: layout.manifest(shard: shard), mode: .readOnly)
        for row in try manifest.listing() {
            guard let document = try manifest.document(row.id)?.version?.document else { continue }
            let text = try inflate(document.compressedText, byteCount: document.textByteCount)
            texts.append(String(decoding: text, as: UTF8.self))
            texts.append(document.title)
            texts += document.metadata.values
        }
    }
    return texts
}

private func everyByte(below folder: String) throws -> Data {
    var bytes = Data()
    let paths = try #require(FileManager.default.enumerator(atPath: folder))
    for case let path as String in paths {
        bytes.append(FileManager.default.contents(atPath: "\(folder)/\(path)") ?? Data())
        bytes.append(0)
    }
    return bytes
}

private func contains(_ bytes: Data, _ text: String) -> Bool {
    bytes.range(of: Data(text.utf8)) != nil
}
