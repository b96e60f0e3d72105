internal import Foundation

/// The answer to one query of a file.
package struct BatchAnswer: Sendable, Encodable {
    package var id: String
    package var report: SearchReport

    private enum CodingKeys: String, CodingKey { case id }

    /// The report's own keys, and `id`.
    package func encode(to encoder: any Encoder) throws {
        try self.report.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id, forKey: .id)
    }
}

/// A line of a file of queries; `_id` is how BEIR writes it.
private struct BatchQuery: Decodable {
    let id: String
    let query: String

    private enum CodingKeys: String, CodingKey {
        case id, query
        case beirID = "_id"
        case beirText = "text"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id =
            try container.decodeIfPresent(String.self, forKey: .id)
            ?? container.decode(String.self, forKey: .beirID)
        self.query =
            try container.decodeIfPresent(String.self, forKey: .query)
            ?? container.decode(String.self, forKey: .beirText)
    }
}

/// Asks every query of a file, all of the same snapshot, in the order of the file.
///
/// - Parameters:
///   - request: how each is asked; its text is not looked at.
///   - path: JSON lines `{"id","query"}`, or BEIR's `{"_id","text"}`; blank lines are passed over.
///   - body: told of each answer as it is found.
/// - Throws: ``OperationError`` `.configuration` that names the first line that is no query, before
///   anything is asked; else as ``search(_:)``.
package func searchBatch(
    _ request: SearchRequest,
    path: String,
    _ body: (BatchAnswer) throws -> Void
) throws {
    try translatingErrors {
        let queries = try readLines(path).map { number, line in
            do {
                return try JSONDecoder().decode(BatchQuery.self, from: Data(line.utf8))
            } catch {
                throw OperationError(
                    .configuration,
                    "\(path):\(number): not a JSON object with \"id\" and \"query\", both texts"
                )
            }
        }
        let session = try SearchSession(request)
        for query in queries {
            try body(
                BatchAnswer(id: query.id, report: session.answer(request, text: query.query))
            )
        }
    }
}
