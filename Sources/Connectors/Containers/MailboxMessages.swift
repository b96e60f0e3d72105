internal import Bytes
internal import Hashing
internal import Records

/// The messages of mailboxes of Unix.
///
/// A message's place is its Message-ID, so that others may come and go before it; its version are its bytes.
/// Without an id, or with one that another message has, bytes name it.
struct MailboxMessages: ContainerForm {
    static let name = "mailbox with 'From ' lines"

    private static let chunkBytes = 1 << 20
    private static let headBytesMaximum = 64 << 10
    private static let idBytesMaximum = 512

    var placesByFile: Bool { true }

    func documents(
        in file: ContainerFile,
        _ note: (String) -> Void
    ) throws(ConnectorError) -> [ContainedDocument]? {
        guard let ranges = try self.ranges(in: file) else { return nil }
        var documents: [ContainedDocument] = []
        for range in ranges { documents.append(try self.document(range, in: file)) }
        return documents
    }

    private func document(
        _ range: Range<Int>,
        in file: ContainerFile
    ) throws(ConnectorError) -> ContainedDocument {
        let digest = try self.digest(of: range, in: file)
        let head = try file.read(
            at: range.lowerBound,
            count: min(range.count, Self.headBytesMaximum)
        )
        let id = messageID(in: head).flatMap { $0.count <= Self.idBytesMaximum ? $0 : nil }
        return ContainedDocument(
            place: id.map { URIPath.string($0) } ?? "sha256-\(digest.hex.prefix(16))",
            path: [],
            offset: range.lowerBound,
            size: range.count,
            version: ItemVersion(digest),
            mediaType: .mail
        )
    }

    private func digest(
        of range: Range<Int>,
        in file: ContainerFile
    ) throws(ConnectorError) -> Digest {
        var hash = StreamingSHA256()
        var position = range.lowerBound
        while position < range.upperBound {
            let count = min(Self.chunkBytes, range.upperBound - position)
            let bytes = try file.read(at: position, count: count)
            hash.update(bytes)
            guard bytes.count == count else { break }
            position += count
        }
        return hash.finish()
    }

    /// Of messages with one id the first has it; the same message again is the same document.
    func settled(_ documents: [ContainedDocument]) -> [ContainedDocument] {
        var seen: [String: ItemVersion] = [:]
        var settled: [ContainedDocument] = []
        for document in documents {
            var document = document
            if let earlier = seen[document.place] {
                guard earlier != document.version else { continue }
                document.place += "~\(document.version.digest.hex.prefix(16))"
                guard seen[document.place] == nil else { continue }
            }
            seen[document.place] = document.version
            settled.append(document)
        }
        return settled
    }

    func read(
        _ document: ContainedDocument,
        in file: ContainerFile,
        limit: Int
    ) throws(ConnectorError) -> SourceDocument? {
        let size = document.size ?? 0
        guard size <= limit else {
            throw ConnectorError(
                .tooLarge,
                path: file.path,
                "it has \(size) bytes, limit \(limit); raise 'maximum_bytes' to read it"
            )
        }
        let bytes = try file.read(at: document.offset, count: size)
        guard bytes.count == size, ItemVersion(sha256(bytes)) == document.version else {
            return nil
        }
        return SourceDocument(bytes: MailboxForm.unquoted(bytes[...]))
    }

    // MARK: Where messages are

    /// The messages without their "From " lines and the empty line that parts them; nil for a file that does
    /// not begin with one.
    private func ranges(in file: ContainerFile) throws(ConnectorError) -> [Range<Int>]? {
        var window = MailboxWindow(file)
        var ranges: [Range<Int>] = []
        var start: Int?
        try window.fill()
        if window.isEmpty { return [] }
        while let line = try window.nextLine() {
            guard line.beginsMessage else {
                if start == nil { return nil }
                continue
            }
            if let start { ranges.append(try self.parted(start..<line.offset, in: file)) }
            start = line.end
        }
        if let start { ranges.append(try self.parted(start..<max(start, window.end), in: file)) }
        return ranges
    }

    private func parted(
        _ range: Range<Int>,
        in file: ContainerFile
    ) throws(ConnectorError) -> Range<Int> {
        let tail = try file.read(at: max(range.lowerBound, range.upperBound - 4), count: 4)
        let last = tail.prefix(range.count)
        if last.elementsEqual([13, 10, 13, 10]) { return range.dropLast(2) }
        if last.suffix(2).elementsEqual([10, 10]) { return range.dropLast(1) }
        return range
    }
}

/// A part of a mailbox in memory, moved along line by line.
private struct MailboxWindow {
    struct Line {
        let offset: Int
        /// Behind the line where it begins a message.
        let end: Int
        let beginsMessage: Bool
    }

    private let file: ContainerFile
    private var bytes: [UInt8] = []
    /// Of the first byte in memory.
    private var base = 0
    private var position = 0
    /// Whether the line at `position` has begun before it.
    private var isInLine = false
    private var isAtEnd = false

    private static let chunkBytes = 1 << 20

    init(_ file: ContainerFile) { self.file = file }

    var isEmpty: Bool { self.bytes.isEmpty }
    /// Of what was read so far; of the file once all lines were.
    var end: Int { self.base + self.bytes.count }

    /// Makes room for what is to come, and keeps what stands just before the line.
    mutating func fill() throws(ConnectorError) {
        let dropped = max(0, self.position - 4)
        self.bytes.removeFirst(dropped)
        self.base += dropped
        self.position -= dropped
        let chunk = try self.file.read(at: self.end, count: Self.chunkBytes)
        self.isAtEnd = chunk.count < Self.chunkBytes
        self.bytes += chunk
    }

    mutating func nextLine() throws(ConnectorError) -> Line? {
        while self.isInLine {
            if let lineFeed = self.lineFeed() {
                self.position = lineFeed + 1
                self.isInLine = false
            } else {
                self.position = self.bytes.count
                guard !self.isAtEnd else { return nil }
                try self.fill()
            }
        }
        if self.bytes.count - self.position < MailboxForm.lookahead, !self.isAtEnd {
            try self.fill()
        }
        guard self.position < self.bytes.count else { return nil }
        let (position, base) = (self.position, self.base)
        self.isInLine = true
        return self.bytes.withUnsafeBufferPointer { buffer in
            let begins =
                MailboxForm.startsMessage(buffer, at: position)
                && MailboxForm.isAfterBlankLine(buffer, position)
            return Line(
                offset: base + position,
                end: begins ? base + MailboxForm.lineEnd(buffer, from: position) : 0,
                beginsMessage: begins
            )
        }
    }

    private func lineFeed() -> Int? {
        self.bytes.withUnsafeBufferPointer {
            self.position < $0.count ? firstIndex(of: .lineFeed, in: $0, from: self.position) : nil
        }
    }
}

/// What stands between the angle brackets of the first Message-ID field; nil where there is none.
func messageID(in head: [UInt8]) -> [UInt8]? {
    var value: [UInt8]?
    for line in head.split(separator: .lineFeed, omittingEmptySubsequences: false) {
        if line.isEmpty || line.elementsEqual([.carriageReturn]) { break }
        if let first = line.first, first.isASCIIBlank {
            value? += line
        } else if value != nil {
            break
        } else if line.prefix(11).map(\.asciiLowercased).elementsEqual("message-id:".utf8) {
            value = Array(line.dropFirst(11))
        }
    }
    guard let value, let open = value.firstIndex(of: .lessThan) else { return nil }
    let id = value[(open + 1)...].prefix { $0 != .greaterThan }
    return id.isEmpty ? nil : Array(id)
}
