internal import Hashing
internal import Records
internal import Storage

/// The constants of tombstone format version 1; `TombstoneFormat.md` has the whole layout.
package enum TombstoneFormat {
    /// As a segment's, with another name.
    static let magic: [UInt8] = [0x89, 0x4D, 0x52, 0x54, 0x0D, 0x0A, 0x1A, 0x0A]
    static let endMagic: [UInt8] = Array("MRT-END\n".utf8)
    package static let version: UInt32 = 1
    package static let fileExtension = ".mrt"

    static let headerByteCount = 112
    static let footerByteCount = 48

    static func fileByteCount(rowCount: Int) -> Int {
        Self.headerByteCount + 8 * RowSet.wordCount(rowCount) + Self.footerByteCount
    }

    /// The fixed part of a file's beginning.
    struct Header: Hashable, Sendable {
        /// SHA-256 of the segment's file: its name.
        var segment: Digest
        /// Documents of the segment, dead or alive.
        var rowCount: Int
        var documentCount = 0
        var chunkCount = 0
        var termOccurrenceCount = 0
        /// Sum of the dead chunks' logical digests.
        var digest = DigestSum()
    }
}

extension TombstoneFormat.Header {
    func encoded() -> [UInt8] {
        var bytes = TombstoneFormat.magic
        bytes.append(little: TombstoneFormat.version)
        bytes.append(little: UInt32(self.rowCount))
        bytes.append(little: UInt64(TombstoneFormat.fileByteCount(rowCount: self.rowCount)))
        bytes.append(little: UInt32(self.documentCount))
        bytes.append(little: UInt32(self.chunkCount))
        bytes.append(little: UInt64(self.termOccurrenceCount))
        bytes.append(self.digest.value)
        bytes.append(self.segment)
        bytes.append(little: UInt32(0))
        bytes.append(little: crc32(bytes))
        return bytes
    }

    /// Reads and checks the header, and that the file has the size it says.
    ///
    /// - Throws: ``SegmentError`` for anything that was not written by ``encoded()``.
    init(_ bytes: UnsafeRawBufferPointer, path: String) throws {
        func corrupt(_ message: String) -> SegmentError {
            SegmentError(.corrupt, path: path, message)
        }
        try Self.checkVersion(bytes, path: path)
        guard bytes.count >= TombstoneFormat.fileByteCount(rowCount: 0) else {
            throw corrupt("\(bytes.count) bytes are too few for tombstones")
        }
        let checksumOffset = TombstoneFormat.headerByteCount - 4
        let expected = bytes.little(UInt32.self, at: checksumOffset)
        let found = crc32(UnsafeRawBufferPointer(rebasing: bytes[..<checksumOffset]))
        guard expected == found else {
            throw corrupt("checksum of the header is \(hex(found)), expected \(hex(expected))")
        }
        self.init(
            segment: bytes.digest(at: 72),
            rowCount: Int(bytes.little(UInt32.self, at: 12)),
            documentCount: Int(bytes.little(UInt32.self, at: 24)),
            chunkCount: Int(bytes.little(UInt32.self, at: 28)),
            termOccurrenceCount: Int(clamping: bytes.little(UInt64.self, at: 32)),
            digest: DigestSum(bytes.digest(at: 40))
        )
        guard bytes.count == TombstoneFormat.fileByteCount(rowCount: self.rowCount),
            bytes.little(UInt64.self, at: 16) == UInt64(bytes.count)
        else { throw corrupt("\(bytes.count) bytes do not fit \(self.rowCount) documents") }
        guard 1...max(self.rowCount, 1) ~= self.documentCount,
            bytes.little(UInt32.self, at: 104) == 0
        else { throw corrupt("the header's numbers do not fit each other") }
    }

    private static func checkVersion(_ bytes: UnsafeRawBufferPointer, path: String) throws {
        guard bytes.count >= 12, bytes.starts(with: TombstoneFormat.magic) else {
            throw SegmentError(.corrupt, path: path, "does not begin as tombstones do")
        }
        let version = bytes.little(UInt32.self, at: 8)
        guard version != TombstoneFormat.version else { return }
        throw SegmentError(
            version < TombstoneFormat.version ? .tooOld : .tooNew,
            path: path,
            "format version \(version), this program reads \(TombstoneFormat.version)"
        )
    }
}
