internal import Bytes

/// The answer to a line of a filter, as a line of JSON.
protocol StageAnswer {
    /// Writes one object, its keys in ascending order.
    func write(to json: inout JSONText)
}

/// One input line of a filter; which fields must be there depends on the stage.
///
/// Fields of other names are left alone, and one that is `null` is absent.
struct StageInput {
    var id: StageLineID
    var path: String?
    /// Of dedupe.
    var title: String?
    var text: [UInt8]?
    var markdown: [UInt8]?
    /// Of dedupe: what decides which of several documents is kept.
    var priority: Int?
    var metadata: [String: String]?

    /// - Throws: ``JSONFault`` where the line is no object, has no id, or a field is of another kind.
    init(_ line: [UInt8]) throws(JSONFault) {
        var id: StageLineID?
        var path: [UInt8]?
        var title: [UInt8]?
        var text: [UInt8]?
        var markdown: [UInt8]?
        var priority: Int?
        var metadata: [String: String]?
        try JSONReader.readObject(line) { reader, name throws(JSONFault) in
            if try reader.takesNull() { return }
            switch name {
            case "id": id = try StageLineID(&reader)
            case "path": path = try reader.string()
            case "title": title = try reader.string()
            case "text": text = try reader.string()
            case "markdown": markdown = try reader.string()
            case "priority": priority = try reader.integer()
            case "metadata":
                var entries: [String: String] = [:]
                try reader.object { reader, name throws(JSONFault) in
                    entries[name] = String(decoding: try reader.string(), as: UTF8.self)
                }
                metadata = entries
            default: try reader.skip()
            }
        }
        guard let id else { throw .otherKind }
        self.id = id
        self.path = path.map { String(decoding: $0, as: UTF8.self) }
        self.title = title.map { String(decoding: $0, as: UTF8.self) }
        self.text = text
        self.markdown = markdown
        self.priority = priority
        self.metadata = metadata
    }
}

/// The `id` of a line: a string or a number, given back as it came.
enum StageLineID: Hashable, Sendable {
    case string(String)
    case number(Int)

    /// The id of a line whose other fields are not as they should be; nil where it has none.
    init?(ofLine line: [UInt8]) {
        var id: StageLineID?
        do throws(JSONFault) {
            try JSONReader.readObject(line) { reader, name throws(JSONFault) in
                if name == "id" { id = try StageLineID(&reader) } else { try reader.skip() }
            }
        } catch {
            return nil
        }
        guard let id else { return nil }
        self = id
    }

    fileprivate init(_ reader: inout JSONReader) throws(JSONFault) {
        self =
            try reader.kind() == .number
            ? .number(try reader.integer())
            : .string(String(decoding: try reader.string(), as: UTF8.self))
    }

    func write(to json: inout JSONText) {
        switch self {
        case .string(let text): json.string(text)
        case .number(let number): json.integer(number)
        }
    }

    /// For places that need text.
    var text: String {
        switch self {
        case .string(let text): text
        case .number(let number): String(number)
        }
    }
}

struct StageLineError: StageAnswer, Error {
    struct Body: Sendable {
        var code: String
        var message: String
    }

    var id: StageLineID?
    var error: Body

    init(id: StageLineID? = nil, code: String, message: String) {
        self.id = id
        self.error = Body(code: code, message: message)
    }

    func write(to json: inout JSONText) {
        json.object { json in
            json.key("error")
            json.object { json in
                json.key("code")
                json.string(self.error.code)
                json.key("message")
                json.string(self.error.message)
            }
            json.key("id")
            json.optional(self.id) { json, id in id.write(to: &json) }
        }
    }
}

struct TextLine: StageAnswer {
    let id: StageLineID
    let text: [UInt8]

    func write(to json: inout JSONText) {
        json.object { json in
            json.key("id")
            self.id.write(to: &json)
            json.key("text")
            json.string(self.text)
        }
    }
}

struct LanguageLine: StageAnswer {
    struct Candidate {
        var language: String
        /// Of the text.
        var share: Float
    }

    struct Span {
        var start: Int
        var end: Int
        var language: String
    }

    var id: StageLineID
    var language: String
    var confidence: Float
    var alternatives: [Candidate]
    var spans: [Span]

    func write(to json: inout JSONText) {
        json.object { json in
            json.key("alternatives")
            json.objects(self.alternatives) { json, candidate in
                // The share, under the name it had first.
                json.key("confidence")
                json.number(candidate.share)
                json.key("language")
                json.string(candidate.language)
                json.key("share")
                json.number(candidate.share)
            }
            json.key("confidence")
            json.number(self.confidence)
            json.key("id")
            self.id.write(to: &json)
            json.key("language")
            json.string(self.language)
            json.key("spans")
            json.objects(self.spans) { json, span in
                json.key("end")
                json.integer(span.end)
                json.key("language")
                json.string(span.language)
                json.key("start")
                json.integer(span.start)
            }
        }
    }
}

struct RedactLine: StageAnswer {
    struct Span {
        var start: Int
        var end: Int
        var type: String
        var rule: String
        var score: Float
        /// What the policy did with the value.
        var action: String
    }

    var id: StageLineID
    var text: [UInt8]
    var spans: [Span]

    func write(to json: inout JSONText) {
        json.object { json in
            json.key("id")
            self.id.write(to: &json)
            json.key("spans")
            json.objects(self.spans) { json, span in
                json.key("action")
                json.string(span.action)
                json.key("end")
                json.integer(span.end)
                json.key("rule")
                json.string(span.rule)
                json.key("score")
                json.number(span.score)
                json.key("start")
                json.integer(span.start)
                json.key("type")
                json.string(span.type)
            }
            json.key("text")
            json.string(self.text)
        }
    }
}

struct DedupeLine: StageAnswer {
    var id: StageLineID
    var kept: Bool
    var canonical: StageLineID
    var similarity: Double
    /// The document that leads its group; nil when it is in none.
    var group: StageLineID?

    func write(to json: inout JSONText) {
        json.object { json in
            json.key("canonical")
            self.canonical.write(to: &json)
            json.key("group")
            json.optional(self.group) { json, group in group.write(to: &json) }
            json.key("id")
            self.id.write(to: &json)
            json.key("kept")
            json.boolean(self.kept)
            json.key("similarity")
            json.number(self.similarity)
        }
    }
}

struct ChunkLine: StageAnswer {
    struct Piece {
        var ordinal: Int
        var start: Int
        var end: Int
        var text: ArraySlice<UInt8>
        var tokens: Int
        var headings: [String]
        /// The header row of the table that the chunk goes on with.
        var header: ArraySlice<UInt8>?
        var page: Int?
    }

    var id: StageLineID
    var chunks: [Piece]

    func write(to json: inout JSONText) {
        json.object { json in
            json.key("chunks")
            json.objects(self.chunks) { json, chunk in
                json.key("end")
                json.integer(chunk.end)
                json.key("header")
                json.optional(chunk.header) { json, header in json.string(header) }
                json.key("headings")
                json.array(chunk.headings) { json, heading in json.string(heading) }
                json.key("ordinal")
                json.integer(chunk.ordinal)
                json.key("page")
                json.optional(chunk.page) { json, page in json.integer(page) }
                json.key("start")
                json.integer(chunk.start)
                json.key("text")
                json.string(chunk.text)
                json.key("tokens")
                json.integer(chunk.tokens)
            }
            json.key("id")
            self.id.write(to: &json)
        }
    }
}

struct EmbedLine: StageAnswer {
    struct Warning {
        var code: String
        var message: String
    }

    var id: StageLineID
    /// Empty where the model reads no word of the text; a warning says so.
    var vector: [Float]
    var tokens: Int
    var truncated: Bool
    var warnings: [Warning]

    func write(to json: inout JSONText) {
        json.object { json in
            json.key("id")
            self.id.write(to: &json)
            json.key("tokens")
            json.integer(self.tokens)
            json.key("truncated")
            json.boolean(self.truncated)
            json.key("vector")
            json.array(self.vector) { json, number in json.number(number) }
            json.key("warnings")
            json.objects(self.warnings) { json, warning in
                json.key("code")
                json.string(warning.code)
                json.key("message")
                json.string(warning.message)
            }
        }
    }
}

extension JSONText {
    /// An array of objects, whose members `write` writes.
    fileprivate mutating func objects<Elements: Sequence>(
        _ elements: Elements,
        _ write: (inout JSONText, Elements.Element) -> Void
    ) {
        self.array(elements) { json, element in json.object { write(&$0, element) } }
    }

    /// A value, or `null` where there is none: every line of a stage has the same keys.
    fileprivate mutating func optional<Value>(
        _ value: Value?,
        _ write: (inout JSONText, Value) -> Void
    ) {
        if let value { write(&self, value) } else { self.null() }
    }
}
