internal import Bytes
internal import Foundation

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
    /// Of dedupe.
    var title: String?
    var text: String?
    var markdown: String?
    /// Of dedupe: what decides which of several documents is kept.
    var priority: Int?
    var metadata: [String: String]?
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
    /// The document that leads its group; nil when it is in none.
    @ExplicitNull var group: StageLineID?
}

struct ChunkLine: StageAnswer, Encodable {
    struct Piece: Encodable {
        var ordinal: Int
        var start: Int
        var end: Int
        var text: String
        var tokens: Int
        var headings: [String]
        /// The header row of the table that the chunk goes on with.
        @ExplicitNull var header: String?
        @ExplicitNull var page: Int?
    }

    var id: StageLineID
    var chunks: [Piece]
}

struct EmbedLine: StageAnswer, Encodable {
    struct Warning: Encodable {
        var code: String
        var message: String
    }

    var id: StageLineID
    /// Empty where the model reads no word of the text; a warning says so.
    var vector: [Float]
    var tokens: Int
    var truncated: Bool
    var warnings: [Warning]
}
