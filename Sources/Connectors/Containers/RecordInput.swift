internal import Storage

/// The bytes of a web archive from one record on: as they stand in the file, or expanded up to the end of
/// the record's own gzip.
// @unchecked: who has the value has it alone.
final class RecordInput: @unchecked Sendable {
    let file: ContainerFile
    let offset: Int
    let isGzip: Bool
    /// What was read and not taken.
    private(set) var buffer: [UInt8] = []
    private var position: Int
    private var pending: ArraySlice<UInt8> = []
    private var member: GzipMember?

    private static let chunkBytes = 64 << 10

    init(_ file: ContainerFile, at offset: Int, isGzip: Bool) {
        self.file = file
        self.offset = offset
        self.isGzip = isGzip
        self.position = offset
    }

    /// Behind the last byte that was used of the file; behind a gzip once all of it was expanded.
    var end: Int { self.position - self.pending.count }

    /// Reads some more; false at the end.
    func more() throws(ConnectorError) -> Bool {
        guard self.isGzip else {
            let chunk = try self.file.read(at: self.position, count: Self.chunkBytes)
            self.position += chunk.count
            self.buffer += chunk
            return !chunk.isEmpty
        }
        do throws(GunzipFault) {
            let member: GzipMember
            if let open = self.member { member = open } else { member = try GzipMember() }
            self.member = member
            if member.isAtEnd { return false }
            return try self.expand(member)
        } catch {
            throw ConnectorError(
                .permanent,
                path: self.file.path,
                "its gzip is damaged at byte \(self.end)"
            )
        }
    }

    private func expand(_ member: GzipMember) throws(GunzipFault) -> Bool {
        while !member.isAtEnd {
            if self.pending.isEmpty {
                guard
                    let chunk = try? self.file.read(at: self.position, count: Self.chunkBytes),
                    !chunk.isEmpty
                else { throw .corrupt }
                self.position += chunk.count
                self.pending = chunk[...]
            }
            let before = self.buffer.count
            self.pending = self.pending.dropFirst(
                try member.expand(self.pending, into: &self.buffer)
            )
            if self.buffer.count > before { return true }
        }
        return false
    }

    /// Takes the first bytes out of the buffer.
    func take(_ count: Int) -> [UInt8] {
        let taken = Array(self.buffer.prefix(count))
        self.buffer.removeFirst(taken.count)
        return taken
    }
}
