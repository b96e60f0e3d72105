import Foundation
import Segments
import Storage
import Testing

@Suite struct SegmentWriterTests {
    static func refusal(_ rows: Rows, _ configuration: SegmentConfiguration) throws -> String? {
        let folder = try TemporaryFolder()
        do {
            _ = try writeSegment(rows, configuration, in: folder)
            return nil
        } catch let error as SegmentError {
            #expect(error.code == .invalidInput)
            #expect(folder.names.isEmpty)
            return error.message
        }
    }

    @Test func documentsOutOfOrderAreRefused() throws {
        let rows = randomRows(count: 2, dimensions: 0, seed: 1)
        #expect(try Self.refusal([rows[1], rows[0]], configuration()) != nil)
        #expect(try Self.refusal([rows[0], rows[0]], configuration()) != nil)
    }

    @Test func chunksOutOfOrderAreRefused() throws {
        let chunks = [chunk(1, "b"), chunk(0, "a")]
        #expect(try Self.refusal([(document("a"), chunks)], configuration()) != nil)
    }

    @Test func aTextThatIsNotItsChunksIsRefused() throws {
        var wrong = chunk(0, "a")
        wrong.text = Array("b".utf8)[...]
        #expect(try Self.refusal([(document("a"), [wrong])], configuration()) != nil)
    }

    @Test(
        arguments: [
            [], [1], [1, 2, 3], [.nan, 0], [.infinity, 0], [70_000, 0],
        ] as [[Float]]
    )
    func vectorsThatDoNotFitAreRefused(vector: [Float]) throws {
        let rows: Rows = [(document("a"), [chunk(0, "a", vector: vector)])]
        let message = try Self.refusal(rows, configuration(dimensions: 2, encoding: .float16))
        #expect(message?.contains("vector") == true)
    }

    @Test(
        arguments: [
            SegmentTerms(bytes: [98, 97], offsets: [0, 1, 2], counts: [1, 1], length: 2),
            SegmentTerms(bytes: [97, 97], offsets: [0, 1, 2], counts: [1, 1], length: 2),
            SegmentTerms(bytes: [97], offsets: [0, 2], counts: [1], length: 1),
            SegmentTerms(bytes: [97], offsets: [0, 1], counts: [0], length: 1),
            SegmentTerms(bytes: [97], offsets: [0, 0], counts: [1], length: 1),
            SegmentTerms(bytes: [97], offsets: [1, 0], counts: [1], length: 1),
            SegmentTerms(bytes: [97], offsets: [0], counts: [1], length: 1),
        ])
    func termsThatAreNotWellFormedAreRefused(terms: SegmentTerms) throws {
        var row = chunk(0, "a")
        row.terms = terms
        #expect(try Self.refusal([(document("a"), [row])], configuration()) != nil)
    }

    @Test func aDroppedWriterLeavesNothing() throws {
        let folder = try TemporaryFolder()
        func abandon() throws {
            var writer = try SegmentWriter(
                folder: folder.path,
                configuration: configuration(dimensions: 512, encoding: .float32),
                memoryBudget: 0
            )
            for row in randomRows(count: 200, dimensions: 512, seed: 3) {
                try writer.add(row.document, chunks: row.chunks)
            }
            #expect(!folder.names.isEmpty)
        }
        try abandon()
        #expect(folder.names.isEmpty)
    }

    @Test func aMissingFolderIsAStorageError() throws {
        #expect(throws: StorageError.self) {
            let writer = try SegmentWriter(
                folder: "/nonexistent/folder",
                configuration: configuration(),
                memoryBudget: 0
            )
            _ = try writer.finish()
        }
    }

    @Test func codesComeFromTheStoredVectors() throws {
        let folder = try TemporaryFolder()
        let rows = randomRows(count: 20, dimensions: 64, seed: 8)
        let rounded: Rows = rows.map { row in
            let chunks = row.chunks.map { chunk in
                var other = chunk
                other.vector = chunk.vector.map { Float(Float16($0)) }
                return other
            }
            return (row.document, chunks)
        }
        let configuration = configuration(dimensions: 64, encoding: .float16)
        let first = try writeSegment(rows, configuration, in: folder)
        #expect(try writeSegment(rounded, configuration, in: folder) == first)
    }
}
