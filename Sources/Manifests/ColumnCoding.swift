internal import Bytes
internal import Records

// Compact forms of what has too many parts for columns of its own. Each starts with a version byte
// or is covered by the version of the schema, and every length is checked before it is believed.

/// The chunks of one document; headings shared with the chunk before are stored as a count.
///
/// At first the count of chunks came first. A number that no count can be stands before what came
/// later.
enum ChunkCoding {
    /// Chunks with the header rows of their tables.
    private static let withHeaders = (1 << 32) + 2

    static func encode(_ chunks: [Chunk]) -> [UInt8] {
        var writer = ByteWriter(reserving: chunks.count * 50 + 6)
        writer.write(count: Self.withHeaders)
        writer.write(count: chunks.count)
        var previous: [String] = []
        for chunk in chunks {
            writer.write(count: chunk.ordinal)
            writer.write(count: chunk.range.lowerBound)
            writer.write(count: chunk.range.count)
            writer.write(count: chunk.tokenCount)
            writer.write(count: chunk.page)
            let shared = zip(previous, chunk.headings).prefix { $0 == $1 }.count
            writer.write(count: shared)
            writer.write(count: chunk.headings.count - shared)
            for heading in chunk.headings[shared...] { writer.write(heading) }
            writer.write(count: chunk.header?.count ?? 0)
            if let header = chunk.header { writer.write(count: header.lowerBound) }
            writer.write(chunk.textHash)
            previous = chunk.headings
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8], places: [UInt8]?) throws -> [Chunk] {
        var chunks = try self.decode(bytes)
        guard places != nil else { return chunks }
        let places = try [PagePlace?](coded: places, count: chunks.count)
        for index in chunks.indices { chunks[index].place = places[index] }
        return chunks
    }

    /// The chunks without their places.
    static func decode(_ bytes: [UInt8]) throws -> [Chunk] {
        var reader = ByteReader(bytes)
        var count = try reader.readCount()
        let hasHeaders = count == Self.withHeaders
        if hasHeaders { count = try reader.readCount() }
        guard count <= bytes.count else { throw BadColumn() }
        var chunks: [Chunk] = []
        chunks.reserveCapacity(count)
        var headings: [String] = []
        for _ in 0..<count {
            let ordinal = try reader.readCount()
            let start = try reader.readCount()
            let length = try reader.readCount()
            let tokenCount = try reader.readCount()
            let page = try reader.readCount()
            let shared = try reader.readCount()
            guard shared <= headings.count else { throw BadColumn() }
            headings.removeSubrange(shared...)
            for _ in 0..<(try reader.readCount()) { headings.append(try reader.readString()) }
            var header: Range<Int>?
            if hasHeaders, case let length = try reader.readCount(), length > 0 {
                let start = try reader.readCount()
                header = start..<start + length
            }
            chunks.append(
                Chunk(
                    ordinal: ordinal,
                    range: start..<start + length,
                    tokenCount: tokenCount,
                    page: page,
                    headings: headings,
                    header: header,
                    textHash: try reader.readDigest()
                )
            )
        }
        guard reader.isAtEnd else { throw BadColumn() }
        return chunks
    }
}

extension [DocumentWarning] {
    var coded: [UInt8] {
        var writer = ByteWriter()
        writer.write(count: self.count)
        for warning in self {
            writer.write(warning.code)
            writer.write(count: warning.count)
        }
        return writer.bytes
    }

    init(coded bytes: [UInt8]) throws {
        var reader = ByteReader(bytes)
        let count = try reader.readCount()
        self.init()
        for _ in 0..<count {
            let code = try reader.readString()
            self.append(DocumentWarning(code: code, count: try reader.readCount()))
        }
    }
}

extension [Block] {
    var coded: [UInt8] {
        var writer = ByteWriter(reserving: self.count * 6 + 4)
        self.encode(to: &writer)
        return writer.bytes
    }

    init(coded bytes: [UInt8], places: [UInt8]?) throws {
        var reader = ByteReader(bytes)
        try self.init(from: &reader)
        guard let places else { return }
        reader = ByteReader(places)
        try self.decodePlaces(from: &reader)
    }
}

extension [Redaction] {
    var coded: [UInt8] {
        var writer = ByteWriter()
        self.encode(to: &writer)
        return writer.bytes
    }

    var codedDecisions: [UInt8] {
        var writer = ByteWriter()
        self.encodeDecisions(to: &writer)
        return writer.bytes
    }

    /// - Parameter decisions: nil for a version that an older program stored without.
    init(coded bytes: [UInt8], decisions: [UInt8]?) throws {
        var reader = ByteReader(bytes)
        try self.init(from: &reader)
        guard let decisions else { return }
        reader = ByteReader(decisions)
        try self.decodeDecisions(from: &reader)
    }
}

extension [PagePlace?] {
    /// Nil when no entry has a place.
    var coded: [UInt8]? {
        guard self.contains(where: { $0 != nil }) else { return nil }
        var writer = ByteWriter(reserving: self.count * 8 + 4)
        self.encode(to: &writer)
        return writer.bytes
    }

    init(coded bytes: [UInt8]?, count: Int) throws {
        guard let bytes else {
            self.init(repeating: nil, count: count)
            return
        }
        var reader = ByteReader(bytes)
        try self.init(from: &reader, count: count)
    }
}

/// A document's metadata as a JSON object, its keys ascending.
enum MetadataCoding {
    static func encode(_ metadata: [String: String]) -> String {
        var json: [UInt8] = [UInt8(ascii: "{")]
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            if json.count > 1 { json.append(UInt8(ascii: ",")) }
            self.append(key, to: &json)
            json.append(UInt8(ascii: ":"))
            self.append(value, to: &json)
        }
        json.append(UInt8(ascii: "}"))
        return String(decoding: json, as: UTF8.self)
    }

    static func decode(_ json: String) throws -> [String: String] {
        if json == "{}" { return [:] }
        var metadata: [String: String] = [:]
        do {
            try JSONReader.readObject(Array(json.utf8)) { reader, key throws(JSONFault) in
                metadata[key] = String(decoding: try reader.string(), as: UTF8.self)
            }
        } catch {
            throw BadColumn()
        }
        return metadata
    }

    private static func append(_ text: String, to json: inout [UInt8]) {
        json.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                json.append(UInt8(ascii: "\\"))
                json.append(byte)
            case 0..<0x20:
                json.append(contentsOf: "\\u00".utf8)
                json.append(contentsOf: Hex.encode([byte]).utf8)
            default:
                json.append(byte)
            }
        }
        json.append(UInt8(ascii: "\""))
    }
}

extension [PageBlocks.Entry] {
    var coded: [UInt8] {
        var writer = ByteWriter(reserving: self.count * 9 + 4)
        self.encode(to: &writer)
        return writer.bytes
    }

    init(coded bytes: [UInt8]) throws {
        var reader = ByteReader(bytes)
        try self.init(from: &reader)
    }
}
