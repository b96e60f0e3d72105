internal import GRDB
internal import Records

// How the values of `Records` become columns and come back. Lengths are checked on the way back:
// a manifest is ours, but the disk under it is not.

extension ItemVersion: Parameter {
    /// NULL for an unknown one.
    func bind(to statement: SQLiteStatement, at place: CInt) -> CInt {
        guard self.isKnown else { return bindNull(to: statement, at: place) }
        return self.digest.bind(to: statement, at: place)
    }
}

extension Digest: Parameter {
    func bind(to statement: SQLiteStatement, at place: CInt) -> CInt {
        let words = (
            self.word0.bigEndian, self.word1.bigEndian, self.word2.bigEndian, self.word3.bigEndian
        )
        return withUnsafeBytes(of: words) { bindBytes($0, to: statement, at: place) }
    }

    init(blob bytes: UnsafeRawBufferPointer) throws {
        guard bytes.count == Self.byteCount else { throw BadColumn() }
        func word(_ offset: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        self.init(word(0), word(8), word(16), word(24))
    }
}

extension DocumentID: Parameter {
    func bind(to statement: SQLiteStatement, at place: CInt) -> CInt {
        withUnsafeBytes(of: (self.high.bigEndian, self.low.bigEndian)) {
            bindBytes($0, to: statement, at: place)
        }
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
    init(blob bytes: UnsafeRawBufferPointer) throws {
        guard bytes.count.isMultiple(of: 4) else { throw BadColumn() }
        self.init(unsafeUninitializedCapacity: bytes.count / 4) { target, initialized in
            UnsafeMutableRawBufferPointer(target).copyMemory(from: bytes)
            initialized = bytes.count / 4
        }
    }
}

extension StatementRow {
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
}

extension DocumentID {
    /// Where the page after a document begins; before all ids for nil, since a shorter blob comes first.
    static func after(_ id: DocumentID?) -> any Parameter { id ?? [UInt8](arrayLiteral: 0) }
}
