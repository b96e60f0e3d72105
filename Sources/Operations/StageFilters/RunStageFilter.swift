internal import Dataflow
internal import Extraction
internal import Foundation
internal import Records
internal import Stages
internal import Storage

/// Runs one stage over JSON lines from `input` to `output`.
///
/// A line that fails gives `{"id","error":{"code","message"}}`, and the rest goes on.
/// - Throws: ``OperationError`` `.configuration` before the first line is read, `.fatal` when a pipe
///   breaks.
package func runStageFilter(
    _ request: StageFilterRequest,
    input: Int32,
    output: Int32
) throws {
    let filter = try makeFilter(request)
    var reader = LineReader(input)
    var writer = LineWriter(output)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    while let line = try reader.next() {
        guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) else { continue }
        if let answer = answer(to: line, filter: filter, encoder: encoder) {
            try writer.write(answer)
        }
    }
    for answer in filter.finish(encoder) { try writer.write(answer) }
    try writer.flush()
}

/// A stage behind JSON lines.
protocol StageFilter: AnyObject {
    /// The answer to one line; nil when it comes at the end of the input.
    func process(_ line: StageInput) throws -> (any Encodable)?
    /// Answers that had to wait for the end of the input.
    func finish() -> [any Encodable]
}

extension StageFilter {
    func finish() -> [any Encodable] { [] }

    fileprivate func finish(_ encoder: JSONEncoder) -> [Data] {
        self.finish().compactMap { try? encoder.encode($0) }
    }
}

private func makeFilter(_ request: StageFilterRequest) throws -> any StageFilter {
    let nodes = try filterNodes(request)
    guard let node = nodes.first else {
        throw OperationError(.configuration, "there is no stage '\(request.name.rawValue)'")
    }
    switch request.name {
    case .extract: return try ExtractFilter(nodes)
    case .normalise: return NormaliseFilter()
    case .language: return try LanguageFilter(node)
    case .redact: return try RedactFilter(node)
    case .dedupe: return DedupeFilter(node)
    case .chunk: return try ChunkFilter(node, modelsRoot: request.modelsRoot)
    case .embed: return try EmbedFilter(node, modelsRoot: request.modelsRoot)
    }
}

private func answer(to line: [UInt8], filter: any StageFilter, encoder: JSONEncoder) -> Data? {
    let input: StageInput
    do {
        input = try JSONDecoder().decode(StageInput.self, from: Data(line))
    } catch {
        return try? encoder.encode(
            StageLineError(
                id: lineID(line),
                code: "bad_line",
                message: "not a JSON object with an id and the stage's fields"
            )
        )
    }
    do {
        return try filter.process(input).map { try encoder.encode($0) }
    } catch let error as StageLineError {
        return try? encoder.encode(
            StageLineError(id: input.id, code: error.error.code, message: error.error.message)
        )
    } catch let error as StageError {
        return try? encoder.encode(
            StageLineError(id: input.id, code: error.code.rawValue, message: error.message)
        )
    } catch {
        return try? encoder.encode(
            StageLineError(id: input.id, code: "internal", message: "\(error)")
        )
    }
}

/// The id of a line whose other fields are not as they should be.
private func lineID(_ line: [UInt8]) -> StageLineID? {
    struct OnlyID: Decodable { var id: StageLineID }
    return try? JSONDecoder().decode(OnlyID.self, from: Data(line)).id
}

extension StageInput {
    /// - Throws: ``StageLineError`` `bad_line` when the field is missing.
    func required(_ value: String?, _ name: String) throws -> String {
        guard let value else {
            throw StageLineError(code: "bad_line", message: "the line has no \"\(name)\"")
        }
        return value
    }
}
