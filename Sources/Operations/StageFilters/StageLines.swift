internal import Foundation

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

struct StageLineError: Encodable, Error {
    struct Body: Encodable, Sendable {
        var code: String
        var message: String
    }

    @ExplicitNull var id: StageLineID?
    var error: Body

    init(id: StageLineID? = nil, code: String, message: String) {
        self.id = id
        self.error = Body(code: code, message: message)
    }
}

struct ExtractLine: Encodable {
    struct BlockLine: Encodable {
        var type: String
        var level: Int
        var text: String
        @ExplicitNull var page: Int?
        /// The page's printed number, and left, top, right, bottom in points; only with pages.
        @ExplicitNull var pageLabel: String?
        @ExplicitNull var box: [Int]?
        var start: Int
        var end: Int
    }

    struct WarningLine: Encodable {
        var code: String
        var count: Int
    }

    var id: StageLineID
    var title: String
    var text: String
    var markdown: String
    var metadata: [String: String]
    var blocks: [BlockLine]
    var warnings: [WarningLine]
}

struct TextLine: Encodable {
    var id: StageLineID
    var text: String
}

struct LanguageLine: Encodable {
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

struct RedactLine: Encodable {
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

struct DedupeLine: Encodable {
    var id: StageLineID
    var kept: Bool
    var canonical: StageLineID
    var similarity: Double
}

struct ChunkLine: Encodable {
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

struct EmbedLine: Encodable {
    var id: StageLineID
    var vector: [Float]
    var tokens: Int
    var truncated: Bool
}
