internal import Bytes
internal import Objects
internal import Storage

/// The objects that the files of an inventory name, as lines of JSON for a ``LineListing``.
///
/// Files are read as they come, also gzipped: they may have many millions of rows.
// @unchecked: who has the value has it alone.
final class S3InventoryLines: LineReader, @unchecked Sendable {
    /// Some more of a file's bytes each time; empty at its end.
    typealias Chunks = () throws(ConnectorError) -> [UInt8]
    typealias Opener = @Sendable () throws(ConnectorError) -> Chunks

    /// Files that have not begun yet.
    private var files: ArraySlice<Opener>
    private var chunks: Chunks?
    private var isFileBegun = false
    private var isFirstRow = true
    private var isGzip = false
    private var member: GzipMember?
    private var packed: ArraySlice<UInt8> = []
    private var buffer: [UInt8] = []
    private var start = 0
    private var columns: S3InventoryColumns
    private let bucket: String
    private let path: String

    /// - Parameter path: what messages name.
    init(_ files: [Opener], path: String, bucket: String, columns: S3InventoryColumns) {
        self.files = files[...]
        self.path = path
        self.bucket = bucket
        self.columns = columns
    }

    func readLine(maximumBytes: Int) throws(ConnectorError) -> [UInt8]? {
        while let row = try self.row(maximumBytes) {
            let fields = S3InventoryColumns.fields(row)
            let mayBeHeader = self.isFirstRow
            self.isFirstRow = false
            if mayBeHeader, S3InventoryColumns.isHeader(fields) {
                self.columns = S3InventoryColumns(fields) ?? self.columns
            } else if let entry = self.columns.entry(fields, of: self.bucket) {
                return S3InventoryInterpreter.line(entry)
            }
        }
        return nil
    }

    func finish() throws(ConnectorError) {}

    /// The next row that is not empty, of whatever file.
    private func row(_ maximumBytes: Int) throws(ConnectorError) -> [UInt8]? {
        while true {
            if let end = self.buffer[self.start...].firstIndex(of: .lineFeed) {
                let row = self.buffer[self.start..<end]
                self.start = end + 1
                if !row.allSatisfy({ $0 <= 0x20 }) {
                    return Array(row.last == .carriageReturn ? row.dropLast() : row)
                }
                continue
            }
            guard self.buffer.count - self.start <= maximumBytes else {
                throw self.failure("it has a row of more than \(maximumBytes) bytes")
            }
            if try self.fill() { continue }
            guard self.start == self.buffer.count else {
                self.buffer.append(.lineFeed)
                continue
            }
            guard let next = self.files.popFirst() else { return nil }
            self.chunks = try next()
            (self.isFileBegun, self.isFirstRow, self.member) = (false, true, nil)
        }
    }

    /// False at the end of the file.
    private func fill() throws(ConnectorError) -> Bool {
        self.buffer.removeFirst(self.start)
        self.start = 0
        while true {
            if self.isGzip, !self.packed.isEmpty {
                let count = self.buffer.count
                try self.expand()
                if self.buffer.count > count { return true }
                continue
            }
            guard let chunk = try self.chunks?(), !chunk.isEmpty else {
                self.chunks = nil
                guard self.member?.isAtEnd ?? true else { throw self.failure("it is cut short") }
                return false
            }
            if !self.isFileBegun { self.isGzip = chunk.starts(with: [0x1F, 0x8B]) }
            self.isFileBegun = true
            guard self.isGzip else {
                self.buffer += chunk
                return true
            }
            self.packed = chunk[...]
        }
    }

    private func expand() throws(ConnectorError) {
        do throws(GunzipFault) {
            let member: GzipMember
            if let open = self.member, !open.isAtEnd {
                member = open
            } else {
                member = try GzipMember()
            }
            self.member = member
            self.packed = self.packed.dropFirst(
                try member.expand(self.packed, into: &self.buffer)
            )
        } catch {
            throw self.failure("its gzip is damaged")
        }
    }

    private func failure(_ message: String) -> ConnectorError {
        ConnectorError(.unavailable, path: self.path, "the inventory cannot be read: \(message)")
    }
}

/// What such a line means.
struct S3InventoryInterpreter: LineInterpreter {
    let options: S3SourceOptions

    var isDeltaUnsaid: Bool { false }

    static func line(_ entry: S3Entry) -> [UInt8] {
        JSONValue.object([
            .init(key: "key", value: .string(entry.key)),
            .init(key: "etag", value: .string(entry.etag)),
            .init(key: "size", value: .number("\(entry.size)")),
            .init(key: "modified", value: entry.modified.map { .number("\($0)") } ?? .null),
        ]).written
    }

    func finding(in line: JSONValue) -> LineFinding {
        let entry = S3Entry(
            key: line["key"]?.text ?? "",
            etag: line["etag"]?.text ?? "",
            size: line["size"]?.int ?? 0,
            modified: line["modified"]?.int.map { Int64($0) },
            storageClass: ""
        )
        if entry.isFolderMark { return .nothing }
        return self.options.item(entry).map { .document($0) } ?? .unmatched
    }
}
