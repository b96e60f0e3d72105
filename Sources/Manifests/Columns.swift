internal import Foundation
internal import GRDB
internal import Records

// How the values of `Records` become columns and come back. Lengths are checked on the way back:
// a manifest is ours, but the disk under it is not.

extension ItemVersion {
    /// Nil for an unknown one.
    var blob: Data? { self.isKnown ? self.digest.blob : nil }
}

extension Digest {
    var blob: Data {
        let words = (
            self.word0.bigEndian, self.word1.bigEndian, self.word2.bigEndian, self.word3.bigEndian
        )
        return withUnsafeBytes(of: words) { Data($0) }
    }

    init(blob bytes: UnsafeRawBufferPointer) throws {
        guard bytes.count == Self.byteCount else { throw BadColumn() }
        func word(_ offset: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        self.init(word(0), word(8), word(16), word(24))
    }
}

extension DocumentID {
    var blob: Data {
        withUnsafeBytes(of: (self.high.bigEndian, self.low.bigEndian)) { Data($0) }
    }

    init(blob bytes: UnsafeRawBufferPointer) throws {
        guard bytes.count == Self.byteCount else { throw BadColumn() }
        self.init(
            high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }
}

extension [UInt32] {
    /// Little-endian words.
    var blob: Data { self.withUnsafeBytes { Data($0) } }

    init(blob bytes: UnsafeRawBufferPointer) throws {
        guard bytes.count.isMultiple(of: 4) else { throw BadColumn() }
        self.init(unsafeUninitializedCapacity: bytes.count / 4) { target, initialized in
            UnsafeMutableRawBufferPointer(target).copyMemory(from: bytes)
            initialized = bytes.count / 4
        }
    }
}

extension Row {
    /// Calls `body` with the bytes of a BLOB; NULL is empty, for SQLite binds empty bytes as NULL.
    func withBytes<Result>(
        _ column: Int,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        try self.withUnsafeData(atIndex: column) { data in
            try (data ?? Data()).withUnsafeBytes(body)
        }
    }

    func bytes(_ column: Int) throws -> [UInt8] { try self.withBytes(column) { [UInt8]($0) } }

    /// Nil for NULL, which is what empty bytes become.
    func optionalBytes(_ column: Int) throws -> [UInt8]? {
        try self.withBytes(column) { $0.isEmpty ? nil : [UInt8]($0) }
    }

    func digest(_ column: Int) throws -> Digest { try self.withBytes(column, Digest.init(blob:)) }

    func optionalDigest(_ column: Int) throws -> Digest? {
        try self.withBytes(column) { $0.isEmpty ? nil : try Digest(blob: $0) }
    }

    func documentID(_ column: Int) throws -> DocumentID {
        try self.withBytes(column, DocumentID.init(blob:))
    }

    func optionalDocumentID(_ column: Int) throws -> DocumentID? {
        try self.withBytes(column) { $0.isEmpty ? nil : try DocumentID(blob: $0) }
    }

    func integer(_ column: Int) throws -> Int64 { try self.decode(Int64.self, atIndex: column) }
    func string(_ column: Int) throws -> String { try self.decode(String.self, atIndex: column) }
}

extension Statement {
    /// Runs the statement with values that match its placeholders by construction.
    func run(_ values: [(any DatabaseValueConvertible)?]) throws {
        try self.execute(arguments: StatementArguments(values))
    }

    /// The first row that `body` makes something of, or nil without rows.
    func first<Result>(
        _ values: [(any DatabaseValueConvertible)?],
        _ body: (Row) throws -> Result
    ) throws -> Result? {
        let rows = try Row.fetchCursor(self, arguments: StatementArguments(values))
        return try rows.next().map(body)
    }

    func all<Result>(
        _ values: [(any DatabaseValueConvertible)?] = [],
        _ body: (Row) throws -> Result
    ) throws -> [Result] {
        var results: [Result] = []
        let rows = try Row.fetchCursor(self, arguments: StatementArguments(values))
        while let row = try rows.next() { results.append(try body(row)) }
        return results
    }
}

extension DocumentID {
    /// Sorts before every id, for the first page of a listing; a shorter blob comes first.
    static var beforeAll: Data { Data([0]) }
}
