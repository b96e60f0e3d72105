internal import Foundation
internal import MillraceSearch

/// The body of `POST /v1/search`, and the arguments of the tool `search`.
struct SearchBody: Decodable {
    let query: String
    let count: Int?
    let mode: SearchMode?
    let filters: [String]
    let grouping: Grouping?
    /// Whether the hits are to be ranked anew, where the server has somebody who does.
    let isRanked: Bool

    private struct Key: CodingKey, Hashable {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }

        static let query = Key(stringValue: "query")
        static let count = Key(stringValue: "k")
        static let mode = Key(stringValue: "mode")
        static let filters = Key(stringValue: "filters")
        static let grouping = Key(stringValue: "group")
        static let isRanked = Key(stringValue: "rerank")
        static let all: Set<Key> = [.query, .count, .mode, .filters, .grouping, .isRanked]
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        guard container.allKeys.allSatisfy({ Key.all.contains($0) }) else {
            throw AnswerFailure(
                .badRequest,
                "an unknown key; there are query, k, mode, filters, group and rerank"
            )
        }
        func read<Value: Decodable>(_ type: Value.Type, _ key: Key, _ what: String) throws -> Value?
        {
            do {
                return try container.decodeIfPresent(type, forKey: key)
            } catch {
                throw AnswerFailure(.badRequest, "'\(key.stringValue)' must be \(what)")
            }
        }
        guard let query = try read(String.self, .query, "a text") else {
            throw AnswerFailure(.badRequest, "'query' is missing")
        }
        self.query = query
        self.count = try read(Int.self, .count, "a whole number")
        self.mode = try read(SearchMode.self, .mode, "fused, vector, bm25 or sparse")
        self.grouping = try read(
            Grouping.self,
            .grouping,
            "duplicates, document or none"
        )
        self.isRanked = try read(Bool.self, .isRanked, "true or false") ?? true
        self.filters = try read(Filters.self, .filters, Filters.what)?.words ?? []
    }

    /// - Throws: ``AnswerFailure`` for what is past a limit.
    func request(_ limits: RequestLimits, access: Access) throws -> SearchRequest {
        guard !self.query.utf8.isEmpty else {
            throw AnswerFailure(.badRequest, "'query' is empty")
        }
        guard self.query.utf8.count <= limits.queryBytes else {
            throw AnswerFailure(.badRequest, "'query' is longer than \(limits.queryBytes) bytes")
        }
        let count = self.count ?? min(10, limits.hitCount)
        guard 1...limits.hitCount ~= count else {
            throw AnswerFailure(.badRequest, "'k' takes 1 to \(limits.hitCount)")
        }
        guard self.filters.count <= limits.filterCount else {
            throw AnswerFailure(.badRequest, "'filters' takes \(limits.filterCount) at most")
        }
        return SearchRequest(
            self.query,
            count: count,
            mode: self.mode ?? .fused,
            filters: self.filters,
            grouping: self.grouping ?? .duplicates,
            access: access
        )
    }
}

/// `["lang=de"]` as the command has it, or `{"lang": "de", "source": ["a", "b"]}`.
private struct Filters: Decodable {
    static let what = "a list of texts like \"lang=de\", or an object of texts or lists of texts"

    let words: [String]

    private enum Value: Decodable {
        case one(String)
        case many([String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let one = try? container.decode(String.self) {
                self = .one(one)
            } else {
                self = .many(try container.decode([String].self))
            }
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let words = try? container.decode([String].self) {
            self.words = words
            return
        }
        let fields = try container.decode([String: Value].self)
        self.words = fields.sorted { $0.key < $1.key }.flatMap { field, value in
            switch value {
            case .one(let text): [Self.word(field, text)]
            case .many(let texts): texts.map { Self.word(field, $0) }
            }
        }
    }

    /// Fields that are compared bring their sign along: `{"date>=": "2026-01-01"}`.
    private static func word(_ field: String, _ value: String) -> String {
        field == "date>=" || field == "date<" ? field + value : "\(field)=\(value)"
    }
}

extension SearchBody {
    /// - Throws: ``AnswerFailure`` `.badRequest`; never a part of the body.
    init(json: Data) throws {
        do {
            self = try JSONDecoder().decode(SearchBody.self, from: json)
        } catch let failure as AnswerFailure {
            throw failure
        } catch {
            throw AnswerFailure(.badRequest, "the body is not a JSON object with 'query'")
        }
    }
}
