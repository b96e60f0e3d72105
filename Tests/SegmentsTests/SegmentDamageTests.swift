import Hashing
import Segments
import Testing

@Suite struct SegmentDamageTests {
    static func smallFile(
        _ encoding: VectorEncoding = .packed
    ) throws -> (folder: TemporaryFolder, name: String, bytes: [UInt8]) {
        let folder = try TemporaryFolder()
        let rows = randomRows(count: 3, dimensions: 5, seed: 12, wordsPerChunk: 4)
        let name = try writeSegment(
            rows,
            configuration(dimensions: 5, encoding: encoding, properties: ["policy": "1"]),
            in: folder
        ).name
        return (folder, name, try folder.read(name))
    }

    static func error(_ path: String) -> SegmentError? {
        do {
            try SegmentReader(path: path).verify()
            return nil
        } catch {
            return error as? SegmentError
        }
    }

    @Test(arguments: [VectorEncoding.float16, .packed])
    func everyFlippedByteIsReported(encoding: VectorEncoding) throws {
        let (folder, name, bytes) = try Self.smallFile(encoding)
        #expect(Self.error(folder.path + "/" + name) == nil)
        var damaged = bytes
        for index in bytes.indices {
            damaged[index] ^= 1 << UInt8(index % 8)
            try folder.write(damaged, name)
            #expect(Self.error(folder.path + "/" + name) != nil, "byte \(index)")
            damaged[index] = bytes[index]
        }
    }

    /// Whatever byte is another one, a text is served as it was written or not at all.
    @Test func noTextIsServedThatWasNotWritten() throws {
        let (folder, name, bytes) = try Self.smallFile()
        let path = folder.path + "/" + name
        let written = try SegmentReader(path: path)
        let texts = try (0..<written.chunkCount).map { try written.text(ofChunk: $0) }
        var damaged = bytes
        var refusalCount = 0
        for index in bytes.indices {
            damaged[index] ^= 1 << UInt8(index % 8)
            try folder.write(damaged, name)
            damaged[index] = bytes[index]
            guard let reader = try? SegmentReader(path: path), reader.chunkCount == texts.count
            else { continue }
            for (chunk, text) in texts.enumerated() {
                let served = try? reader.checkedText(of: reader.chunkRow(chunk))
                #expect(served.map { $0 == text } ?? true, "byte \(index)")
                if served == nil { refusalCount += 1 }
            }
        }
        #expect(refusalCount > 100)
    }

    @Test func everyTruncationIsReported() throws {
        let (folder, name, bytes) = try Self.smallFile()
        for count in 0..<bytes.count {
            try folder.write(Array(bytes[..<count]), name)
            #expect(Self.error(folder.path + "/" + name)?.code == .corrupt, "\(count) bytes")
        }
        try folder.write(bytes + [0], name)
        #expect(Self.error(folder.path + "/" + name)?.code == .corrupt)
    }

    @Test func anotherNameIsReported() throws {
        let (folder, _, bytes) = try Self.smallFile()
        try folder.write(bytes, "other.mrs")
        #expect(Self.error(folder.path + "/other.mrs")?.code == .corrupt)
    }

    @Test(arguments: [(UInt8(1), SegmentError.Code.tooOld), (6, .tooNew), (255, .tooNew)])
    func otherVersionsAreNamedAsSuch(version: UInt8, code: SegmentError.Code) throws {
        var (folder, name, bytes) = try Self.smallFile()
        bytes[8] = version
        try folder.write(bytes, name)
        let error = try #require(Self.error(folder.path + "/" + name))
        #expect(error.code == code)
        #expect(error.message.contains("format version \(version), this program reads 2 to 5"))
        #expect(error.message.contains(folder.path))
    }

    /// A file whose damage the checksums do not show, read without verifying first.
    @Test func accessorsSurviveAnyByteInAnySection() throws {
        let (folder, name, bytes) = try Self.smallFile()
        var random = Seeded(99)
        var reports = 0
        for round in 0..<1_500 {
            var damaged = bytes
            let index = 512 + Int(random.next() % UInt64(bytes.count - 512))
            damaged[index] = round % 3 == 0 ? 0xFF : UInt8(truncatingIfNeeded: random.next())
            try folder.write(damaged, name)
            guard let reader = try? SegmentReader(path: folder.path + "/" + name) else {
                reports += 1
                continue
            }
            if !Self.readAll(reader) { reports += 1 }
        }
        #expect(reports > 40)
    }

    /// Attributes are read as they are, not as they were: damage gives an error or other rows, in bounds.
    @Test func damagedAttributesAreReportedOrAreInBounds() throws {
        let (folder, name, bytes) = try Self.smallFile()
        var random = Seeded(5)
        var reports = 0
        let sections = try sectionRange(17...19, of: bytes)
        for _ in 0..<1_500 {
            var damaged = bytes
            damaged[sections.randomElement(using: &random) ?? 0] = UInt8(
                truncatingIfNeeded: random.next()
            )
            try folder.write(damaged, name)
            guard let reader = try? SegmentReader(path: folder.path + "/" + name) else { continue }
            do {
                let rows =
                    (try reader.documents(with: Array("example".utf8), under: Array("site".utf8))
                        ?? [])
                    + (try reader.documents(withURIPrefix: Array("https:".utf8)) ?? [])
                #expect(rows.allSatisfy { $0 < reader.documentCount })
            } catch {
                reports += 1
            }
        }
        #expect(reports > 40)
    }

    /// Touches everything; false when something was reported.
    static func readAll(_ reader: SegmentReader) -> Bool {
        var isSound = true
        func attempt(_ body: () throws -> Void) {
            do { try body() } catch { isSound = false }
        }
        for index in 0..<reader.documentCount {
            attempt { _ = try reader.document(index) }
            attempt { _ = try reader.date(ofDocument: index) }
        }
        for index in 0..<reader.chunkCount {
            attempt { _ = try reader.chunk(index) }
            attempt { _ = try reader.text(ofChunk: index) }
            _ = reader.vector(ofChunk: index)
        }
        var postings = SegmentPostings()
        attempt {
            try reader.forEachTerm { term, entry in
                _ = try reader.term(Array(term))
                try reader.postings(of: entry, into: &postings)
            }
        }
        attempt { _ = try reader.term(Array("word12".utf8)) }
        return isSound
    }
}
