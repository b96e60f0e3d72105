internal import Storage

/// The members of a zip file, such as a wheel: stored or deflated, of less than 4 GB, no encryption.
///
/// - Source: PKWARE APPNOTE 6.3: end of central directory (4.3.16), central headers (4.3.12), local
///   headers (4.3.7). Every offset is checked against the file.
struct ZipArchive {
    private struct Member {
        let method: Int
        let packedCount: Int
        let byteCount: Int
        let headerStart: Int
    }

    private let file: MappedFile
    private let members: [String: Member]

    var names: Set<String> { Set(self.members.keys) }

    /// - Throws: ``EmbeddingError`` `.damagedModel`; `StorageError`.
    init(path: String) throws {
        self.file = try MappedFile(path: path)
        self.members = try Self.directory(self.file)
    }

    /// - Throws: ``EmbeddingError`` `.damagedModel` for a member that is damaged or too large.
    func read(_ name: String, maximumBytes: Int) throws -> [UInt8] {
        let bytes = self.file.bytes
        guard let member = self.members[name], member.byteCount <= maximumBytes,
            member.headerStart + 30 <= bytes.count,
            Self.number(bytes, member.headerStart, 4) == 0x0403_4B50
        else { throw Self.damaged(self.file.path) }
        let start =
            member.headerStart + 30 + Self.number(bytes, member.headerStart + 26, 2)
            + Self.number(bytes, member.headerStart + 28, 2)
        guard start <= bytes.count, member.packedCount <= bytes.count - start else {
            throw Self.damaged(self.file.path)
        }
        let packed = UnsafeRawBufferPointer(rebasing: bytes[start..<start + member.packedCount])
        switch member.method {
        case 0 where member.packedCount == member.byteCount: return Array(packed)
        case 8: return try Inflater().inflate(packed, byteCount: member.byteCount)
        default: throw Self.damaged(self.file.path)
        }
    }

    private static func directory(_ file: MappedFile) throws -> [String: Member] {
        let bytes = file.bytes
        // The record at the end has 22 bytes and a comment of at most 65,535.
        guard bytes.count >= 22,
            let end = (max(0, bytes.count - 22 - 65_535)...(bytes.count - 22)).reversed().first(
                where: { self.number(bytes, $0, 4) == 0x0605_4B50 }
            )
        else { throw self.damaged(file.path) }
        let count = self.number(bytes, end + 10, 2)
        var place = self.number(bytes, end + 16, 4)
        var members: [String: Member] = [:]
        for _ in 0..<count {
            guard place + 46 <= bytes.count, self.number(bytes, place, 4) == 0x0201_4B50 else {
                throw self.damaged(file.path)
            }
            let nameCount = self.number(bytes, place + 28, 2)
            guard place + 46 + nameCount <= bytes.count else { throw self.damaged(file.path) }
            let name = String(decoding: bytes[place + 46..<place + 46 + nameCount], as: UTF8.self)
            members[name] = Member(
                method: self.number(bytes, place + 10, 2),
                packedCount: self.number(bytes, place + 20, 4),
                byteCount: self.number(bytes, place + 24, 4),
                headerStart: self.number(bytes, place + 42, 4)
            )
            place +=
                46 + nameCount + self.number(bytes, place + 30, 2)
                + self.number(bytes, place + 32, 2)
        }
        return members
    }

    /// A little-endian number of `size` bytes; the caller has checked that they are there.
    private static func number(
        _ bytes: UnsafeRawBufferPointer,
        _ place: Int,
        _ size: Int
    ) -> Int {
        (0..<size).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }

    private static func damaged(_ path: String) -> EmbeddingError {
        EmbeddingError(.damagedModel, "\(path): not a wheel that can be read, or damaged")
    }
}
