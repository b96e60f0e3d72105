internal import Bytes
internal import Objects
internal import Records
internal import Storage

/// A record of a web archive: its head, and where it holds an answer of HTTP that one's too.
struct WebArchiveRecord {
    let fields: [String: String]
    /// The header of an answer, by names in lower case; nil for any other record.
    let http: [String: String]?
    private let status: Int
    private let place: RecordPlace
    private let headCount: Int
    private let httpHeadCount: Int
    private let length: Int

    private static let headBytesMaximum = 64 << 10
    /// More than any file has; sums of such numbers are numbers still.
    private static let lengthMaximum = 1 << 50

    /// Takes the heads out of the input.
    ///
    /// - Throws: `.permanent` where no record begins.
    init(_ input: RecordInput) throws(ConnectorError) {
        self.place = input.place
        let head = try Self.head(input, limit: Self.headBytesMaximum)
        let lines = Self.lines(head)
        self.fields = Self.fields(lines.dropFirst())
        guard lines.first?.hasPrefix("WARC/") ?? false,
            let length = self.fields["content-length"].flatMap({ Int($0) }),
            (0...Self.lengthMaximum).contains(length)
        else {
            throw ConnectorError(
                .permanent,
                path: input.file.path,
                "there is no record at \(self.place.text)"
            )
        }
        self.headCount = head.count
        self.length = length
        let type = self.fields["content-type"]?.lowercased() ?? ""
        guard self.fields["warc-type"]?.lowercased() == "response",
            type.hasPrefix("application/http")
        else {
            self.http = nil
            self.status = 0
            self.httpHeadCount = 0
            return
        }
        let limit = min(length, Self.headBytesMaximum)
        let httpHead = try Self.head(input, limit: limit)
        let httpLines = Self.lines(httpHead)
        self.http = Self.fields(httpLines.dropFirst())
        let words = (httpLines.first ?? "").split(separator: " ")
        self.status = words.count > 1 && words[0].hasPrefix("HTTP/") ? Int(words[1]) ?? 0 : 0
        self.httpHeadCount = httpHead.count
    }

    /// Bytes behind both heads, as they were sent.
    var payloadCount: Int { self.length - self.httpHeadCount }

    /// Whether it is what a server answered with success.
    var isPage: Bool { (200..<300).contains(self.status) && self.status != 206 }

    var address: WebAddress? {
        // Older writers put it in angle brackets.
        self.fields["warc-target-uri"].flatMap { uri in
            WebAddress(String(uri.drop { $0 == "<" }.prefix { $0 != ">" }))
        }
    }

    /// Its own id, which no two records share; where it has none, its place and size.
    var version: ItemVersion {
        let inner = self.place.inner > 0 ? "+\(self.place.inner)" : ""
        let id = self.fields["warc-record-id"] ?? "\(self.place.offset)\(inner)"
        let digest = self.fields["warc-payload-digest"] ?? self.fields["warc-block-digest"] ?? ""
        return ItemVersion(of: "\(id) \(digest) \(self.length)")
    }

    func mediaType(ofPlace place: String) -> MediaType {
        ContentTypeHeader(self.http?["content-type"])
            .mediaType(ofNamed: MediaType(ofPath: String(place.prefix { $0 != "?" })))
    }

    /// Leaves the record behind.
    ///
    /// - Returns: where the one after it begins; nil where the same input goes on with it.
    func end(_ input: RecordInput) throws(ConnectorError) -> RecordPlace? {
        guard input.isGzip else {
            let end = self.place.offset + self.headCount + self.length
            guard try !input.file.read(at: end - 1, count: 1).isEmpty else {
                throw self.cutShort(input)
            }
            let gap = try input.file.read(at: end, count: 4)
            return RecordPlace(
                offset: end + gap.prefix { $0 == .carriageReturn || $0 == .lineFeed }.count
            )
        }
        var rest = self.payloadCount
        while rest > 0 {
            if input.buffer.isEmpty, try !input.more() { throw self.cutShort(input) }
            let count = min(rest, input.buffer.count)
            input.drop(count)
            rest -= count
        }
        // A record ends in two line breaks; what its gzip has behind them is the next one.
        repeat {
            let gap = input.buffer.prefix { $0 == .carriageReturn || $0 == .lineFeed }.count
            input.drop(gap)
            if !input.buffer.isEmpty { return nil }
        } while try input.moreOfMember()
        return input.place
    }

    /// What the server sent, with its codings undone.
    func body(_ input: RecordInput, limit: Int) throws(ConnectorError) -> [UInt8] {
        let count = self.payloadCount
        guard count <= limit else { throw self.tooLarge(input, limit) }
        while input.buffer.count < count, try input.more() {}
        guard input.buffer.count >= count else { throw self.cutShort(input) }
        var body = input.take(count)
        if let coding = self.http?["transfer-encoding"]?.lowercased(), coding.contains("chunked") {
            // Some writers keep the header of what they took apart already.
            body = unchunked(body) ?? body
        }
        return try self.expanded(body, input, limit)
    }

    private func expanded(
        _ body: [UInt8],
        _ input: RecordInput,
        _ limit: Int
    ) throws(ConnectorError) -> [UInt8] {
        switch self.http?["content-encoding"]?.lowercased() ?? "" {
        case "", "identity", "none": return body
        case "gzip", "x-gzip":
            guard body.starts(with: [0x1F, 0x8B]) else { return body }
            do throws(GunzipFault) { return try gunzip(body, limit: limit) } catch {
                if error == .tooLarge { throw self.tooLarge(input, limit) }
                throw ConnectorError(.permanent, path: input.file.path, "its gzip is damaged")
            }
        case let coding:
            throw ConnectorError(
                .permanent,
                path: input.file.path,
                "the server sent it as '\(printable(coding))', which is not read; gzip is"
            )
        }
    }

    private func tooLarge(_ input: RecordInput, _ limit: Int) -> ConnectorError {
        ConnectorError(
            .tooLarge,
            path: input.file.path,
            "it has more than \(limit) bytes; raise 'maximum_bytes' to read it"
        )
    }

    private func cutShort(_ input: RecordInput) -> ConnectorError {
        ConnectorError(
            .permanent,
            path: input.file.path,
            "the record at \(self.place.text) is cut short"
        )
    }

    // MARK: Heads

    /// Up to the empty line, with it; empty where there is none within the limit.
    private static func head(_ input: RecordInput, limit: Int) throws(ConnectorError) -> [UInt8] {
        var searched = 0
        while true {
            if let end = headEnd(input.buffer, from: max(0, searched - 3)), end <= limit {
                return input.take(end)
            }
            searched = input.buffer.count
            guard searched < limit, try input.more() else { return [] }
        }
    }

    private static func headEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while let lineFeed = bytes[index...].firstIndex(of: .lineFeed) {
            var next = lineFeed + 1
            if next < bytes.count, bytes[next] == .carriageReturn { next += 1 }
            if next < bytes.count, bytes[next] == .lineFeed { return next + 1 }
            index = lineFeed + 1
        }
        return nil
    }

    private static func lines(_ head: [UInt8]) -> [String] {
        head.split(separator: .lineFeed).map { line in
            String(decoding: line.last == .carriageReturn ? line.dropLast() : line, as: UTF8.self)
        }
    }

    /// The first of each name counts; a line that begins with a blank goes on with the one before it.
    private static func fields(_ lines: some Sequence<String>) -> [String: String] {
        var fields: [String: String] = [:]
        var last = ""
        for line in lines {
            if line.first == " " || line.first == "\t" {
                fields[last]? += " " + blanksTrimmed(line[...])
                continue
            }
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].lowercased()
            last = fields[name] == nil ? name : ""
            if !last.isEmpty { fields[name] = blanksTrimmed(line[line.index(after: colon)...]) }
        }
        return fields
    }
}

extension RecordPlace {
    /// For people.
    fileprivate var text: String {
        "byte \(self.offset)" + (self.inner > 0 ? ", \(self.inner) bytes into its gzip" : "")
    }
}

private func blanksTrimmed(_ text: Substring) -> String {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
}

/// A body without the lengths of its chunks; nil for one that is not in chunks.
///
/// - Source: RFC 9112, 7.1.
func unchunked(_ bytes: [UInt8]) -> [UInt8]? {
    var output: [UInt8] = []
    var index = 0
    while let lineFeed = bytes[index...].firstIndex(of: .lineFeed) {
        let digits = bytes[index..<lineFeed].prefix { $0.asciiHexadecimalValue != nil }
        guard (1...8).contains(digits.count),
            let count = Int(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        if count == 0 { return output }
        let start = lineFeed + 1
        guard count <= bytes.count - start else { return nil }
        output += bytes[start..<(start + count)]
        index = start + count
        if index < bytes.count, bytes[index] == .carriageReturn { index += 1 }
        guard index < bytes.count, bytes[index] == .lineFeed else { return nil }
        index += 1
    }
    return nil
}
