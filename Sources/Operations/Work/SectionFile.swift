internal import Hashing
internal import Records
internal import Storage

/// A file that items of a run give to others: sections one after the other, each with a checksum, since who reads
/// one seldom reads all.
///
/// Layout: the sections; of each where it ends and the first eight bytes of its hash; their number; what the
/// file is. All numbers are little-endian words of 64 bits.
struct SectionFile {
    private static let rowByteCount = 16
    private static let trailerByteCount = 16

    private let file: MappedFile
    private let wayOut: String
    let sectionCount: Int

    /// - Parameter kind: what the file has to be.
    /// - Throws: ``OperationError`` `.fatal` for a file that is cut short or of another kind.
    init(_ name: String, kind: UInt64, _ files: WorkFiles) throws {
        self.file = try MappedFile(path: files.input(name))
        self.wayOut = files.wayOut
        let bytes = self.file.bytes
        let tail = bytes.count - Self.trailerByteCount
        guard tail >= 0, bytes.word(at: tail + 8) == kind,
            let count = Int(exactly: bytes.word(at: tail)), count <= tail / Self.rowByteCount
        else { throw OperationError(.fatal, "\(self.file.path): damaged; \(self.wayOut)") }
        self.sectionCount = count
        let rows = tail - count * Self.rowByteCount
        var start = 0
        for section in 0..<count {
            guard let end = Int(exactly: bytes.word(at: rows + section * Self.rowByteCount)),
                (start...rows).contains(end)
            else { throw self.damage }
            start = end
        }
        guard start == rows else { throw self.damage }
    }

    /// The bytes of a section; they are there while this value is.
    subscript(_ section: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self.file.bytes[self.range(section)])
    }

    /// Holds a section to its checksum.
    ///
    /// - Throws: ``OperationError`` `.fatal` where it has changed.
    func check(_ section: Int) throws {
        let row = self.row(section)
        let sum = self.file.bytes.word(at: row + 8)
        guard sha256(self[section]).word0 == sum else { throw self.damage }
    }

    var damage: OperationError {
        OperationError(.fatal, "\(self.file.path): damaged; \(self.wayOut)")
    }

    private func row(_ section: Int) -> Int {
        self.file.byteCount - Self.trailerByteCount
            - (self.sectionCount - section) * Self.rowByteCount
    }

    private func range(_ section: Int) -> Range<Int> {
        let start =
            section == 0 ? 0 : Int(self.file.bytes.word(at: self.row(section - 1)))
        return start..<Int(self.file.bytes.word(at: self.row(section)))
    }
}

/// Writes a ``SectionFile``.
struct SectionFileWriter {
    private let kind: UInt64
    private let files: WorkFiles
    private let file: ContentFile
    private var hasher = StreamingSHA256()
    private var byteCount = 0
    private var rows = ByteWriter()
    private var sectionCount = 0

    init(kind: UInt64, _ files: WorkFiles) throws {
        self.kind = kind
        self.files = files
        self.file = try ContentFile(in: files.inputsFolder)
    }

    mutating func write(_ bytes: [UInt8]) throws {
        self.hasher.update(bytes)
        self.byteCount += bytes.count
        try self.file.write(bytes)
    }

    mutating func endSection() {
        self.rows.write(fixed64: UInt64(self.byteCount))
        self.rows.write(fixed64: self.hasher.finish().word0)
        self.hasher = StreamingSHA256()
        self.sectionCount += 1
    }

    /// The section of these bytes.
    mutating func section(_ bytes: [UInt8]) throws {
        try self.write(bytes)
        self.endSection()
    }

    /// - Returns: the name of the file.
    mutating func finish() throws -> String {
        self.rows.write(fixed64: UInt64(self.sectionCount))
        self.rows.write(fixed64: self.kind)
        try self.file.write(self.rows.bytes)
        return try self.file.finish { self.files.input($0) }
    }
}

extension UnsafeRawBufferPointer {
    /// - Precondition: eight bytes are there.
    func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: self.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// - Precondition: four bytes are there.
    func halfWord(at offset: Int) -> UInt32 {
        UInt32(littleEndian: self.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
