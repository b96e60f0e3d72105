internal import Extraction
internal import Foundation
internal import Records

/// The answer to a line of a filter, as a line of JSON.
protocol StageAnswer {
    func write(to json: inout JSONText) throws
}

extension StageAnswer where Self: Encodable {
    func write(to json: inout JSONText) throws { json.value(try lineEncoder.encode(self)) }
}

private let lineEncoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
}()

/// One input line of a filter; which fields must be there depends on the stage.
struct StageInput: Decodable {
    var id: StageLineID
    var path: String?
    var text: String?
    var markdown: String?
}

/// The `id` of a line: a string or a number, given back as it came.
enum StageLineID: Codable, Hashable, Sendable {
    case string(String)
    case number(Int)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else {
            self = .string(try container.decode(String.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .string(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        }
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

/// A value whose absence is written as `null`: every line of a stage has the same keys.
@propertyWrapper
struct ExplicitNull<Value: Encodable & Sendable>: Encodable, Sendable {
    var wrappedValue: Value?

    init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let value = self.wrappedValue {
            try container.encode(value)
        } else {
            try container.encodeNil()
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
            if let id = self.id { id.write(to: &json) } else { json.null() }
        }
    }
}

struct ExtractLine: StageAnswer {
    let id: StageLineID
    let content: ExtractedContent

    func write(to json: inout JSONText) {
        json.object { json in
            json.key("blocks")
            json.array(zip(self.content.blocks, self.content.plainRanges)) { json, block in
                self.write(block.0, block.1, to: &json)
            }
            json.key("id")
            self.id.write(to: &json)
            json.key("markdown")
            json.string(self.content.markdown)
            json.key("metadata")
            json.object { json in
                for (key, value) in self.content.metadata.sorted(by: { isBefore($0.key, $1.key) }) {
                    json.key(key)
                    json.string(value)
                }
            }
            json.key("text")
            json.string(self.content.text)
            json.key("title")
            json.string(self.content.title)
            json.key("warnings")
            json.array(self.content.warnings) { json, warning in
                json.object { json in
                    json.key("code")
                    json.string(warning.code)
                    json.key("count")
                    json.integer(warning.count)
                }
            }
        }
    }

    /// A block with its text; only pages have numbers, printed labels and boxes, which are left, top,
    /// right and bottom in points.
    private func write(_ block: Block, _ range: Range<Int>, to json: inout JSONText) {
        json.object { json in
            json.key("box")
            if let box = block.place?.box {
                json.array(box) { json, edge in json.integer(edge) }
            } else {
                json.null()
            }
            json.key("end")
            json.integer(range.upperBound)
            json.key("level")
            json.integer(Int(block.level))
            json.key("page")
            if block.page > 0 { json.integer(Int(block.page)) } else { json.null() }
            json.key("pageLabel")
            if let label = block.place?.label { json.string(label) } else { json.null() }
            json.key("start")
            json.integer(range.lowerBound)
            json.key("text")
            json.string(self.content.text[range])
            json.key("type")
            json.string(block.kind.name)
        }
    }
}

private func isBefore(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
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

struct LanguageLine: StageAnswer, Encodable {
    struct CandidateLine: Encodable {
        var language: String
        /// Of the text.
        var share: Float
        /// The same, under the name it had first.
        var confidence: Float
    }

    struct SpanLine: Encodable {
        var start: Int
        var end: Int
        var language: String
    }

    var id: StageLineID
    var language: String
    var confidence: Float
    var alternatives: [CandidateLine]
    var spans: [SpanLine]
}

struct RedactLine: StageAnswer, Encodable {
    struct SpanLine: Encodable {
        var start: Int
        var end: Int
        var type: String
        var rule: String
        var score: Float
        /// What the policy did with the value.
        var action: String
    }

    var id: StageLineID
    var text: String
    var spans: [SpanLine]
}

struct DedupeLine: StageAnswer, Encodable {
    var id: StageLineID
    var kept: Bool
    var canonical: StageLineID
    var similarity: Double
}

struct ChunkLine: StageAnswer, Encodable {
    struct Piece: Encodable {
        var ordinal: Int
        var start: Int
        var end: Int
        var text: String
        var tokens: Int
        var headings: [String]
        @ExplicitNull var page: Int?
    }

    var id: StageLineID
    var chunks: [Piece]
}

struct EmbedLine: StageAnswer, Encodable {
    var id: StageLineID
    var vector: [Float]
    var tokens: Int
    var truncated: Bool
}
