import Foundation
import Hashing
import Manifests
import Records
import Testing

@testable import Operations

/// What a run knows of the documents before it, packed.
@Suite struct KnownDocumentsTests {
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("millrace-known-\(UUID().uuidString)").path

    private func item(
        _ name: String,
        size: Int = 10,
        priority: Int = 0,
        labels: [String] = [],
        parent: DocumentID? = nil
    ) -> SourceItem {
        let id = documentID(uri: name)
        return SourceItem(
            id: parent.map { DocumentID(high: $0.high, low: id.low) } ?? id,
            uri: name,
            source: priority == 0 ? "docs" : "notes",
            priority: priority,
            size: size,
            modificationNanoseconds: 5,
            version: ItemVersion(sha256(name)),
            labels: labels,
            parent: parent
        )
    }

    private func failed(_ item: SourceItem, isRead: Bool, run: String) -> PrepareRecord {
        .failed(
            item,
            contentHash: isRead ? sha256("content of \(item.uri)") : nil,
            fingerprint: sha256(run),
            failure: StageFailure(stage: "extract", code: .corrupt, message: "cut off")
        )
    }

    /// Whatever a row packs comes back as the manifest has it.
    @Test func rowsSayWhatTheManifestSays() throws {
        try FileManager.default.createDirectory(
            atPath: self.folder,
            withIntermediateDirectories: true
        )
        defer { _ = try? FileManager.default.removeItem(atPath: self.folder) }
        let manifest = try ShardManifest(path: "\(self.folder)/manifest.sqlite", mode: .create)
        let box = self.item("bundle.zip", size: 1 << 41, priority: -7, labels: ["a", "b"])
        let items = [
            self.item("empty.txt", size: 0), self.item("large.pdf", size: 5 << 30, priority: 900),
            box,
            self.item("bundle.zip!/one.txt", parent: box.id),
            self.item("bundle.zip!/two.txt", parent: box.id),
            self.item("other.md", labels: ["b"]),
        ]
        try manifest.commit(
            items.enumerated().map {
                self.failed($0.element, isRead: $0.offset % 2 == 0, run: "run \($0.offset % 3)")
            },
            run: 1,
            at: 1
        )
        let known = try KnownDocuments([manifest])
        #expect(known.rows[0].count == items.count)
        for row in try manifest.listing() {
            let place = try #require(known.place(of: row.id))
            let packed = known.row(place)
            #expect(packed.version == row.version)
            #expect(packed.size == min(row.size, (1 << 40) - 1))
            #expect(packed.state == row.state)
            #expect(packed.hasContent == (row.listedHash != nil))
            #expect(packed.contentPrefix == row.listedHash?.word0 ?? 0)
            #expect(packed.isTakenOut == (row.parent != nil))
            #expect(known.parent(of: place) == row.parent)
            #expect(known.priority(of: packed) == Int32(row.priority))
            #expect(known.source(of: packed) == row.source)
            #expect(known.labels(of: packed) == row.labels)
            #expect(known.fingerprint(of: packed) == row.attemptFingerprint)
        }
        let place = try #require(known.place(of: box.id))
        #expect(
            Set(known.children(of: place).map { known.row($0).id }) == Set(items[3...4].map(\.id))
        )
        #expect(known.countBySource() == ["docs": 2, "notes": 2])
        #expect(known.place(of: documentID(uri: "unknown")) == nil)
    }

    /// A run holds one for each document.
    @Test func rowTakesSixtyFourBytes() {
        #expect(MemoryLayout<KnownDocuments.Row>.stride == 64)
    }
}
