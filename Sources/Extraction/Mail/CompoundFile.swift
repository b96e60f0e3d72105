internal import Bytes
internal import Records

/// A compound file of old Office and Outlook, read in memory.
///
/// - Invariant: chains of sectors are no longer than the file and are followed once; a tree of entries
///   that comes back to itself is cut.
/// - Source: MS-CFB.
struct CompoundFile {
    /// A stream or a storage.
    struct Entry {
        enum Kind {
            case storage
            case stream
        }

        var name: String
        var kind: Kind
        fileprivate var left: Int
        fileprivate var right: Int
        fileprivate var child: Int
        fileprivate var start: Int
        fileprivate var byteCount: Int
    }

    private let bytes: [UInt8]
    private let sectorShift: Int
    private let table: [UInt32]
    private let smallTable: [UInt32]
    private let smallSectors: [UInt8]
    private let smallStreamLimit: Int
    private let entries: [Entry]

    static let entryCountLimit = 100_000

    /// - Throws: `.corrupt` for a damaged header, table or directory; `.limitExceeded` over
    ///   ``entryCountLimit``.
    init(_ bytes: [UInt8]) throws(ExtractionError) {
        let header = try CompoundHeader(bytes)
        self.bytes = bytes
        self.sectorShift = header.sectorShift
        self.smallStreamLimit = header.smallStreamLimit
        self.table = try header.sectorTable(bytes)
        let directory = try Self.chain(bytes, header.directoryStart, self.table, header.sectorShift)
        self.entries = try Self.entries(directory)
        guard let root = self.entries.first, root.kind == .storage else { throw damagedCompound }
        self.smallTable = littleEndianWords(
            try Self.chain(bytes, header.smallTableStart, self.table, header.sectorShift)
        )
        self.smallSectors = try Self.chain(bytes, root.start, self.table, header.sectorShift)
    }

    /// The entries of the storage at `index`, by name.
    ///
    /// - Parameter index: 0 for the root, or an index that this gave.
    func members(of index: Int) -> [String: Int] {
        var found: [String: Int] = [:]
        var seen: Set<Int> = []
        var open = [self.entries[index].child]
        while let next = open.popLast() {
            guard self.entries.indices.contains(next), seen.insert(next).inserted else { continue }
            let entry = self.entries[next]
            if found[entry.name] == nil { found[entry.name] = next }
            open += [entry.left, entry.right]
        }
        return found
    }

    func isStorage(_ index: Int) -> Bool { self.entries[index].kind == .storage }

    /// The bytes of a stream.
    ///
    /// - Throws: `.corrupt` where its sectors end before it does.
    func stream(_ index: Int) throws(ExtractionError) -> [UInt8] {
        let entry = self.entries[index]
        guard entry.kind == .stream, entry.byteCount > 0 else { return [] }
        let content =
            entry.byteCount < self.smallStreamLimit
            ? try Self.chain(
                self.smallSectors,
                entry.start,
                self.smallTable,
                6,
                header: 0,
                atMost: entry.byteCount
            )
            : try Self.chain(
                self.bytes,
                entry.start,
                self.table,
                self.sectorShift,
                atMost: entry.byteCount
            )
        guard content.count >= entry.byteCount else { throw damagedCompound }
        return Array(content.prefix(entry.byteCount))
    }

    /// This file with the storage at `index` in the place of the root, so that it reads as a file of its
    /// own: how Outlook holds a message in a message.
    func rooted(at index: Int) -> [UInt8] {
        var copy = self.bytes
        guard let header = try? CompoundHeader(self.bytes), header.directoryStart >= 0 else {
            return []
        }
        let child = UInt32(truncatingIfNeeded: self.entries[index].child)
        let field = (header.directoryStart + 1) << self.sectorShift + 76
        guard field + 4 <= copy.count else { return [] }
        for byte in 0..<4 {
            copy[field + byte] = UInt8(truncatingIfNeeded: child >> UInt32(8 * byte))
        }
        return copy
    }

    /// The bytes of a chain of sectors, in order.
    ///
    /// - Parameter header: sectors before the first one.
    private static func chain(
        _ bytes: [UInt8],
        _ start: Int,
        _ table: [UInt32],
        _ shift: Int,
        header: Int = 1,
        atMost limit: Int = .max
    ) throws(ExtractionError) -> [UInt8] {
        var content: [UInt8] = []
        var sector = start
        var steps = 0
        while sector < endOfChain, content.count < limit {
            let offset = (sector + header) << shift
            guard sector < table.count, steps < table.count, offset < bytes.count else {
                throw damagedCompound
            }
            content += bytes[offset..<min(offset + 1 << shift, bytes.count)]
            sector = Int(table[sector])
            steps += 1
        }
        return content
    }

    private static func entries(_ directory: [UInt8]) throws(ExtractionError) -> [Entry] {
        guard directory.count / 128 <= Self.entryCountLimit else {
            throw ExtractionError(
                .limitExceeded,
                "the compound file has more than \(Self.entryCountLimit) streams"
            )
        }
        return stride(from: 0, to: directory.count - 127, by: 128).map { start in
            let record = Array(directory[start..<start + 128])
            let nameCount = min(Int(record[64]) | Int(record[65]) << 8, 64)
            let units = stride(from: 0, to: max(0, nameCount - 2), by: 2).map {
                UInt16(record[$0]) | UInt16(record[$0 + 1]) << 8
            }
            return Entry(
                name: String(decoding: units, as: UTF16.self),
                kind: record[66] == 2 ? .stream : .storage,
                left: word(record, 68),
                right: word(record, 72),
                child: word(record, 76),
                start: word(record, 116),
                byteCount: word(record, 120)
            )
        }
    }
}

/// Where the tables of a compound file are.
private struct CompoundHeader {
    let sectorShift: Int
    let directoryStart: Int
    let smallStreamLimit: Int
    let smallTableStart: Int
    private let tableSectorCount: Int
    private let firstTableList: Int

    init(_ bytes: [UInt8]) throws(ExtractionError) {
        guard bytes.count >= 512, bytes.starts(with: compoundSignature) else {
            throw damagedCompound
        }
        let shift = Int(bytes[30]) | Int(bytes[31]) << 8
        guard shift == 9 || shift == 12 else { throw damagedCompound }
        self.sectorShift = shift
        self.tableSectorCount = word(bytes, 44)
        self.directoryStart = word(bytes, 48)
        self.smallStreamLimit = word(bytes, 56)
        self.smallTableStart = word(bytes, 60)
        self.firstTableList = word(bytes, 68)
    }

    /// The number of the next sector of each sector, from the header's list of tables and the lists that
    /// go on with it.
    func sectorTable(_ bytes: [UInt8]) throws(ExtractionError) -> [UInt32] {
        var sectors = (0..<109).map { word(bytes, 76 + 4 * $0) }
        var list = self.firstTableList
        let perList = 1 << self.sectorShift / 4 - 1
        let sectorCount = bytes.count >> self.sectorShift + 1
        while list < endOfChain, sectors.count <= sectorCount + 109 + perList {
            let offset = (list + 1) << self.sectorShift
            guard offset + 1 << self.sectorShift <= bytes.count else { throw damagedCompound }
            sectors += (0..<perList).map { word(bytes, offset + 4 * $0) }
            list = word(bytes, offset + 4 * perList)
        }
        var table: [UInt32] = []
        for sector in sectors.prefix(min(self.tableSectorCount, sectorCount))
        where sector < endOfChain {
            let offset = (sector + 1) << self.sectorShift
            guard offset < bytes.count else { throw damagedCompound }
            let end = min(offset + 1 << self.sectorShift, bytes.count)
            table += littleEndianWords(Array(bytes[offset..<end]))
        }
        return table
    }
}

/// Numbers from here on are no sectors (MS-CFB §2.1).
private let endOfChain = 0xFFFF_FFFA

private let damagedCompound = ExtractionError(
    .corrupt,
    "the compound file is damaged or cut; fetch the file again"
)

private func word(_ bytes: [UInt8], _ offset: Int) -> Int {
    Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 | Int(bytes[offset + 2]) << 16
        | Int(bytes[offset + 3]) << 24
}

private func littleEndianWords(_ bytes: [UInt8]) -> [UInt32] {
    stride(from: 0, to: bytes.count - 3, by: 4).map { UInt32(word(bytes, $0)) }
}
