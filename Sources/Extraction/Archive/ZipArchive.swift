internal import Records

/// A zip file in memory, read by its central directory.
///
/// Names are keys and nothing else: no part is ever written to a path. What can be read of one
/// archive is bounded in entries, in bytes of each part and in bytes of all parts together.
///
/// - Source: PKWARE APPNOTE 6.3.10; against overlapping entries, D. Fifield, "A better zip bomb"
///   (WOOT 2019).
struct ZipArchive {
    /// Parts a document has at most; books with an image a page stay far below.
    static let entryCountLimit = 20_000
    /// Bytes all parts that are read may stand for together.
    static let totalByteLimit = 512 << 20

    private let bytes: [UInt8]
    private let entries: [String: ZipEntry]
    /// Bytes that may still be read.
    private var budget: Int

    /// - Throws: `.corrupt` for a damaged directory, overlapping entries or a name that leads out of
    ///   the archive; `.limitExceeded` over `entryCountLimit`.
    init(_ bytes: [UInt8]) throws(ExtractionError) {
        self.bytes = bytes
        self.entries = try readZipDirectory(bytes)
        self.budget = min(Self.totalByteLimit, ExpansionLimit.bytes(for: bytes.count))
    }

    func contains(_ name: String) -> Bool { self.entries[name] != nil }

    func contains(where isWanted: (String) -> Bool) -> Bool {
        self.entries.keys.contains(where: isWanted)
    }

    /// The bytes of the part called `name`; nil where there is none.
    ///
    /// - Throws: `.encrypted`; `.corrupt` for a damaged part; `.unsupportedType` for a compression
    ///   other than DEFLATE; `.tooLarge` over `byteLimit`; `.limitExceeded` where the parts together
    ///   grow beyond what a document's would.
    mutating func read(_ name: String, byteLimit: Int) throws(ExtractionError) -> [UInt8]? {
        guard let entry = self.entries[name] else { return nil }
        guard !entry.isEncrypted else {
            throw ExtractionError(.encrypted, "a part of the zip file is encrypted")
        }
        guard entry.byteCount <= byteLimit else { throw Self.tooLarge(byteLimit) }
        let range = try self.dataRange(of: entry)
        let output: [UInt8]
        switch entry.method {
        case 0:
            guard range.count == entry.byteCount, range.count <= self.budget else {
                throw range.count == entry.byteCount ? self.overBudget : Self.damaged
            }
            output = Array(self.bytes[range])
        case 8: output = try self.inflated(range, entry, byteLimit: byteLimit)
        default:
            throw ExtractionError(
                .unsupportedType,
                "a part is compressed by method \(entry.method), which is not read"
            )
        }
        guard output.withUnsafeBytes({ checksum(of: $0) }) == entry.checksum else {
            throw Self.damaged
        }
        self.budget -= output.count
        return output
    }

    private func inflated(
        _ range: Range<Int>,
        _ entry: ZipEntry,
        byteLimit: Int
    ) throws(ExtractionError) -> [UInt8] {
        var output: [UInt8] = []
        let limit = min(byteLimit, self.budget)
        let end = self.bytes.withUnsafeBytes { bytes in
            inflate(
                UnsafeRawBufferPointer(rebasing: bytes[range]),
                framing: .none,
                limit: limit,
                into: &output
            )
        }
        switch end {
        case .finished where output.count == entry.byteCount: return output
        case .finished, .truncated, .damaged: throw Self.damaged
        case .overLimit: throw limit == byteLimit ? Self.tooLarge(limit) : self.overBudget
        }
    }

    /// Where the bytes of an entry are, behind its local header.
    private func dataRange(of entry: ZipEntry) throws(ExtractionError) -> Range<Int> {
        let header = entry.headerOffset
        guard header + 30 <= self.bytes.count,
            self.bytes[header..<header + 4].elementsEqual([0x50, 0x4B, 3, 4])
        else { throw Self.damaged }
        let nameCount = Int(self.bytes[header + 26]) | Int(self.bytes[header + 27]) << 8
        let extraCount = Int(self.bytes[header + 28]) | Int(self.bytes[header + 29]) << 8
        let start = header + 30 + nameCount + extraCount
        guard start + entry.compressedCount <= entry.end else { throw Self.damaged }
        return start..<start + entry.compressedCount
    }

    private var overBudget: ExtractionError {
        ExtractionError(
            .limitExceeded,
            "\(self.bytes.count) bytes of zip stand for far more than a document's parts"
        )
    }

    private static let damaged = ExtractionError(
        .corrupt,
        "a part of the zip file is damaged; fetch the file again"
    )

    private static func tooLarge(_ limit: Int) -> ExtractionError {
        ExtractionError(.tooLarge, "a part of the zip file is over \(limit) bytes")
    }
}

/// What the central directory says of one part.
struct ZipEntry {
    var method: UInt16
    var isEncrypted: Bool
    var checksum: UInt32
    var compressedCount: Int
    var byteCount: Int
    var headerOffset: Int
    /// Where the next entry or the directory begins: nothing of this entry lies behind.
    var end: Int
}
