internal import Bytes
internal import Connectors

/// A program that ranks: a line `{"query","texts"}` in, a line `{"scores"}` out, as often as it is asked.
///
/// It is started with the first question and again after one that it did not answer.
final class CommandReranker: Reranker {
    private static let lineBytesMax = 1 << 20

    private let command: [String]
    private let directory: String
    private var program: ChildProgram?

    init(_ command: [String], directory: String) {
        self.command = command
        self.directory = directory
    }

    func scores(
        query: String,
        texts: [String],
        within seconds: Double
    ) throws(RerankFailure) -> [Double] {
        let line: [UInt8]?
        do throws(ConnectorError) {
            line = try self.answer(to: question(query, texts), within: seconds)
        } catch {
            self.program = nil
            throw RerankFailure(message: "\(error)")
        }
        guard let line, let scores = JSONValue(line[...])?["scores"]?.numbers else {
            self.program = nil
            throw RerankFailure(message: "\(self.command[0]) wrote no line {\"scores\"}")
        }
        return try checkedScores(scores, count: texts.count)
    }

    private func answer(
        to question: [UInt8],
        within seconds: Double
    ) throws(ConnectorError) -> [UInt8]? {
        let program = try self.running()
        program.deadline = .now + .seconds(seconds)
        try program.write(question)
        return try program.readLine(maximumBytes: Self.lineBytesMax)
    }

    private func running() throws(ConnectorError) -> ChildProgram {
        if let program = self.program { return program }
        let program = try ChildProgram(answering: self.command, directory: self.directory)
        self.program = program
        return program
    }
}

private func question(_ query: String, _ texts: [String]) -> [UInt8] {
    var json = JSONText()
    json.object { json in
        json.key("query")
        json.string(query)
        json.key("texts")
        json.array(texts) { $0.string($1) }
    }
    return json.bytes + [UInt8(ascii: "\n")]
}

extension JSONValue {
    /// Of an array of numbers alone.
    var numbers: [Double]? {
        guard case .array(let values) = self else { return nil }
        let numbers = values.compactMap(\.number)
        return numbers.count == values.count ? numbers : nil
    }

    var number: Double? {
        if case .number(let digits) = self { Double(digits) } else { nil }
    }
}
