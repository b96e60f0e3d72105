internal import Records

/// Reads a zip file's central directory.
///
/// - Output: entries by name; of two with one name the last, as readers agree. Folders are left out.
/// - Throws: `.corrupt` where the directory is damaged, entries overlap or a name leads out of the
///   archive; `.limitExceeded` over ``ZipArchive/entryCountLimit``.
/// - Complexity: O(n log n) in entries.
func readZipDirectory(_ bytes: [UInt8]) throws(ExtractionError) -> [String: ZipEntry] {
    guard let directory = findDirectory(bytes) else { throw ZipFault.damaged }
    guard directory.entryCount <= ZipArchive.entryCountLimit else { throw ZipFault.tooManyEntries }
    var reader = ZipReader(bytes, at: directory.start)
    var names: [String] = []
    var entries: [ZipEntry] = []
    while reader.position < directory.end, entries.count < directory.entryCount {
        guard let (name, entry) = readEntry(&reader, end: directory.end),
            entry.headerOffset <= directory.start
        else { throw ZipFault.damaged }
        guard let key = safeName(name) else { throw ZipFault.badName }
        names.append(key)
        entries.append(entry)
    }
    guard entries.count == directory.entryCount else { throw ZipFault.damaged }
    try bound(&entries, directoryStart: directory.start)
    var result: [String: ZipEntry] = [:]
    for (name, entry) in zip(names, entries) where !name.hasSuffix("/") { result[name] = entry }
    return result
}

private enum ZipFault {
    static let damaged = ExtractionError(
        .corrupt,
        "the zip file's directory is damaged or cut; fetch the file again"
    )
    static let overlap = ExtractionError(
        .corrupt,
        "parts of the zip file overlap, as only zip bombs do"
    )
    static let badName = ExtractionError(
        .corrupt,
        "a part's name leads out of the zip file"
    )
    static let tooManyEntries = ExtractionError(
        .limitExceeded,
        "the zip file has more than \(ZipArchive.entryCountLimit) parts"
    )
}

/// Gives each entry its end and refuses those that reach into the next.
private func bound(
    _ entries: inout [ZipEntry],
    directoryStart: Int
) throws(ExtractionError) {
    let order = entries.indices.sorted { entries[$0].headerOffset < entries[$1].headerOffset }
    var next = directoryStart
    for index in order.reversed() {
        let entry = entries[index]
        // 30 bytes of local header; its name and extra field are checked where the part is read.
        guard entry.headerOffset + 30 + entry.compressedCount <= next else {
            throw ZipFault.overlap
        }
        entries[index].end = next
        next = entry.headerOffset
    }
}

/// The key of a part: its name without a leading slash, with forward slashes; nil for a name that
/// leads elsewhere.
private func safeName(_ bytes: ArraySlice<UInt8>) -> String? {
    guard !bytes.isEmpty, !bytes.contains(0) else { return nil }
    let slashed = bytes.map { $0 == 0x5C ? 0x2F : $0 }
    let name = String(decoding: slashed.drop { $0 == 0x2F }, as: UTF8.self)
    let steps = name.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
    guard !steps.contains(where: { $0.elementsEqual("..".utf8) }) else { return nil }
    return name
}

private struct ZipDirectory {
    var start: Int
    var end: Int
    var entryCount: Int
}

/// Finds the end record, which a comment of up to 65,535 bytes may follow.
private func findDirectory(_ bytes: [UInt8]) -> ZipDirectory? {
    guard bytes.count >= 22 else { return nil }
    var position = bytes.count - 22
    let last = max(0, position - 65_535)
    while position >= last {
        if bytes[position] == 0x50, bytes[position + 1] == 0x4B, bytes[position + 2] == 5,
            bytes[position + 3] == 6, let found = directory(bytes, endRecord: position)
        {
            return found
        }
        position -= 1
    }
    return nil
}

private func directory(_ bytes: [UInt8], endRecord: Int) -> ZipDirectory? {
    var reader = ZipReader(bytes, at: endRecord + 4)
    guard let disk = reader.number(2), let startDisk = reader.number(2),
        let countHere = reader.number(2), var count = reader.number(2), var size = reader.number(4),
        var start = reader.number(4), let commentCount = reader.number(2),
        reader.position + commentCount <= bytes.count
    else { return nil }
    var end = endRecord
    if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
        guard let wide = wideDirectory(bytes, endRecord: endRecord) else { return nil }
        (count, size, start, end) = wide
    } else {
        guard disk == 0, startDisk == 0, countHere == count else { return nil }
    }
    guard start >= 0, size >= 0, start <= end, size <= end - start else { return nil }
    return ZipDirectory(start: start, end: start + size, entryCount: count)
}

/// The zip64 end record, by the locator before the plain one.
private func wideDirectory(
    _ bytes: [UInt8],
    endRecord: Int
) -> (count: Int, size: Int, start: Int, end: Int)? {
    guard endRecord >= 20 else { return nil }
    var locator = ZipReader(bytes, at: endRecord - 20)
    guard locator.number(4) == 0x0706_4B50, locator.number(4) == 0,
        let record = locator.number(8), record >= 0, record <= endRecord - 20
    else { return nil }
    var reader = ZipReader(bytes, at: record)
    guard reader.number(4) == 0x0606_4B50, reader.number(8) != nil, reader.number(4) != nil,
        reader.number(8) == 0, let countHere = reader.number(8), let count = reader.number(8),
        countHere == count, let size = reader.number(8), let start = reader.number(8)
    else { return nil }
    return (count, size, start, record)
}

private func readEntry(
    _ reader: inout ZipReader,
    end: Int
) -> (name: ArraySlice<UInt8>, entry: ZipEntry)? {
    guard reader.number(4) == 0x0201_4B50, reader.number(4) != nil, let flags = reader.number(2),
        let method = reader.number(2), reader.number(4) != nil, let checksum = reader.number(4),
        var compressedCount = reader.number(4), var byteCount = reader.number(4),
        let nameCount = reader.number(2), let extraCount = reader.number(2),
        let commentCount = reader.number(2), reader.number(8) != nil,
        var headerOffset = reader.number(4), let name = reader.take(nameCount),
        let extra = reader.take(extraCount), reader.take(commentCount) != nil,
        reader.position <= end
    else { return nil }
    let isWide = [compressedCount, byteCount, headerOffset].contains(0xFFFF_FFFF)
    if isWide, var wide = wideField(extra) {
        if byteCount == 0xFFFF_FFFF { byteCount = wide.number(8) ?? -1 }
        if compressedCount == 0xFFFF_FFFF { compressedCount = wide.number(8) ?? -1 }
        if headerOffset == 0xFFFF_FFFF { headerOffset = wide.number(8) ?? -1 }
    }
    let limit = reader.bytes.count
    guard (0...limit).contains(compressedCount), byteCount >= 0, (0...limit).contains(headerOffset)
    else { return nil }
    return (
        name,
        ZipEntry(
            method: UInt16(method),
            isEncrypted: flags & 0x41 != 0,
            checksum: UInt32(checksum),
            compressedCount: compressedCount,
            byteCount: byteCount,
            headerOffset: headerOffset,
            end: headerOffset
        )
    )
}

/// The zip64 extra field (0x0001), where there is one.
private func wideField(_ extra: ArraySlice<UInt8>) -> ZipReader? {
    var reader = ZipReader(Array(extra), at: 0)
    while let id = reader.number(2), let count = reader.number(2), let field = reader.take(count) {
        if id == 1 { return ZipReader(Array(field), at: 0) }
    }
    return nil
}

/// Little-endian numbers from a position onwards; nil beyond the end.
private struct ZipReader {
    let bytes: [UInt8]
    private(set) var position: Int

    init(_ bytes: [UInt8], at position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// A number of up to eight bytes; one above `Int.max` comes out negative.
    mutating func number(_ count: Int) -> Int? {
        guard let field = self.take(count) else { return nil }
        return Int(truncatingIfNeeded: field.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= self.bytes.count - self.position else { return nil }
        defer { self.position += count }
        return self.bytes[self.position..<self.position + count]
    }
}
