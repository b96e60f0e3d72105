internal import Storage

/// Where a record begins: in the file, and in a gzip of more than one record how far into its expanded bytes.
struct RecordPlace: Hashable, Sendable {
    var offset: Int
    var inner = 0
}

/// The bytes of a web archive from one record on: as they stand in the file, or expanded.
///
/// One gzip behind the other are read as one text, as `gunzip` reads them; most archives have one a record.
// @unchecked: who has the value has it alone.
final class RecordInput: @unchecked Sendable {
    let file: ContainerFile
    let isGzip: Bool
    /// What was read and not taken.
    private(set) var buffer: [UInt8] = []
    private let marks: GzipMarks
    private var position: Int
    private var pending: ArraySlice<UInt8> = []
    private var member: GzipMember?
    /// Where the gzip at work begins, and how many bytes came out of it.
    private var memberStart: Int
    private var expandedCount = 0

    private static let chunkBytes = 64 << 10

    /// - Throws: `.permanent` where the gzip at the place has fewer bytes.
    init(
        _ file: ContainerFile,
        at place: RecordPlace,
        isGzip: Bool,
        marks: GzipMarks
    ) throws(ConnectorError) {
        self.file = file
        self.isGzip = isGzip
        self.marks = marks
        self.position = place.offset
        self.memberStart = place.offset
        guard place.inner > 0 else { return }
        if let mark = marks.mark(in: file, before: place) {
            self.member = mark.member
            self.position = mark.position
            self.expandedCount = mark.place.inner
        }
        while self.expandedCount < place.inner {
            self.buffer.removeAll(keepingCapacity: true)
            guard try self.moreOfMember() else { throw self.damage }
        }
        self.drop(self.buffer.count - (self.expandedCount - place.inner))
    }

    /// Where the next byte that is taken stands; of a gzip that was taken whole, where the one after it begins.
    var place: RecordPlace {
        guard self.isGzip else { return RecordPlace(offset: self.position - self.buffer.count) }
        if self.buffer.isEmpty, self.member?.isAtEnd ?? true {
            return RecordPlace(offset: self.position - self.pending.count)
        }
        return RecordPlace(
            offset: self.memberStart,
            inner: self.expandedCount - self.buffer.count
        )
    }

    func hasMore() throws(ConnectorError) -> Bool {
        if !self.buffer.isEmpty { return true }
        return try self.more()
    }

    /// Reads some more; false at the end of the file.
    func more() throws(ConnectorError) -> Bool {
        guard self.isGzip else {
            let chunk = try self.file.read(at: self.position, count: Self.chunkBytes)
            self.position += chunk.count
            self.buffer += chunk
            return !chunk.isEmpty
        }
        while true {
            if try self.moreOfMember() { return true }
            guard try self.fill() else { return false }
            self.memberStart = self.position - self.pending.count
            self.expandedCount = 0
            self.member = nil
        }
    }

    /// The same, and false at the end of a gzip.
    func moreOfMember() throws(ConnectorError) -> Bool {
        guard self.isGzip else { return try self.more() }
        // Behind the last gzip the file ends.
        if self.member == nil, try !self.fill() { return false }
        do throws(GunzipFault) {
            let member: GzipMember
            if let open = self.member { member = open } else { member = try GzipMember() }
            self.member = member
            return try self.expand(member)
        } catch {
            throw self.damage
        }
    }

    private func expand(_ member: GzipMember) throws(GunzipFault) -> Bool {
        while !member.isAtEnd {
            guard (try? self.fill()) ?? false else { throw .corrupt }
            let before = self.buffer.count
            self.pending = self.pending.dropFirst(
                try member.expand(self.pending, into: &self.buffer)
            )
            self.expandedCount += self.buffer.count - before
            if self.buffer.count > before {
                let place = RecordPlace(offset: self.memberStart, inner: self.expandedCount)
                let position = self.position - self.pending.count
                try self.marks.add(member, at: place, position, of: self.file)
                return true
            }
        }
        return false
    }

    /// Whether there are compressed bytes to go on with.
    private func fill() throws(ConnectorError) -> Bool {
        guard self.pending.isEmpty else { return true }
        let chunk = try self.file.read(at: self.position, count: Self.chunkBytes)
        self.position += chunk.count
        self.pending = chunk[...]
        return !chunk.isEmpty
    }

    private var damage: ConnectorError {
        ConnectorError(
            .permanent,
            path: self.file.path,
            "its gzip is damaged at byte \(self.position - self.pending.count)"
        )
    }

    /// Takes the first bytes out of the buffer.
    func take(_ count: Int) -> [UInt8] {
        let taken = Array(self.buffer.prefix(count))
        self.buffer.removeFirst(taken.count)
        return taken
    }

    func drop(_ count: Int) { self.buffer.removeFirst(min(count, self.buffer.count)) }
}
