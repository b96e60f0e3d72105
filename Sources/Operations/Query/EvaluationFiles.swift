internal import Foundation
internal import Search

/// A query to ask, with the id that judgements name it by.
struct EvaluationQuery: Decodable, Sendable {
    var id: String
    var text: String

    enum CodingKeys: String, CodingKey {
        case id = "_id"
        case text
    }
}

func readQueries(_ path: String) throws -> [EvaluationQuery] {
    try readLines(path).map { number, line in
        do {
            return try JSONDecoder().decode(EvaluationQuery.self, from: Data(line.utf8))
        } catch {
            throw OperationError(
                .configuration,
                "\(path):\(number): not a JSON object with \"_id\" and \"text\""
            )
        }
    }
}

/// Grades above 0 by document, by query: BEIR's three columns with a header, or TREC's four.
///
/// Columns are separated by tabs where a line has one, so that a URI may hold blanks; else by blanks.
func readJudgements(_ path: String) throws -> Judgements {
    var judgements: Judgements = [:]
    for (number, line) in try readLines(path) {
        let columns =
            line.contains("\t")
            ? line.split(separator: "\t").map { $0.trimmingCharacters(in: .whitespaces) }
            : line.split(separator: " ").map(String.init)
        let fields = columns.count == 4 ? [columns[0], columns[2], columns[3]] : columns
        guard fields.count == 3, let grade = Double(fields[2]) else {
            if number == 1 { continue }
            throw OperationError(
                .configuration,
                "\(path):\(number): expected query id, document and grade"
            )
        }
        if grade > 0 { judgements[fields[0], default: [:]][fields[1]] = grade }
    }
    return judgements
}

/// The name under which `uri` is judged: itself, without its source, or its file name with or without
/// the extension.
func judgedName(of uri: String, in grades: [String: Double]) -> String {
    if grades[uri] != nil { return uri }
    let path = uri.split(separator: "/", maxSplits: 1).dropFirst().first.map(String.init) ?? uri
    if grades[path] != nil { return path }
    let file = path.split(separator: "/").last.map(String.init) ?? path
    if grades[file] != nil { return file }
    let stem = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
    return grades[stem] != nil ? stem : uri
}
