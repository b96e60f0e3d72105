internal import Bytes
internal import Dataflow
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
    var json = JSONText()
    while let line = try reader.next() {
        guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) else { continue }
        json.removeAll()
        answer(line, with: filter, into: &json)
        if !json.bytes.isEmpty { try writer.write(json.bytes) }
    }
    for answer in try filter.finish() {
        json.removeAll()
        answer.write(to: &json)
        try writer.write(json.bytes)
    }
    try writer.flush()
}

/// A stage behind JSON lines.
protocol StageFilter: AnyObject {
    /// The answer to one line; nil when it comes at the end of the input.
    func process(_ line: StageInput) throws -> (any StageAnswer)?
    /// Answers that had to wait for the end of the input.
    func finish() throws -> [any StageAnswer]
}

extension StageFilter {
    func finish() throws -> [any StageAnswer] { [] }
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

/// Writes the answer to a line, or why there is none; nothing where it comes at the end.
private func answer(_ line: [UInt8], with filter: any StageFilter, into json: inout JSONText) {
    let input: StageInput
    do {
        input = try StageInput(line)
    } catch {
        json.refuse(
            StageLineID(ofLine: line),
            code: "bad_line",
            message: "not a JSON object with an id and the stage's fields"
        )
        return
    }
    do {
        try filter.process(input)?.write(to: &json)
    } catch let error as StageLineError {
        json.refuse(input.id, code: error.error.code, message: error.error.message)
    } catch let error as StageError {
        json.refuse(input.id, code: error.code.rawValue, message: error.message)
    } catch {
        json.refuse(input.id, code: "internal", message: "\(error)")
    }
}

extension JSONText {
    fileprivate mutating func refuse(_ id: StageLineID?, code: String, message: String) {
        self.removeAll()
        StageLineError(id: id, code: code, message: message).write(to: &self)
    }
}

extension StageInput {
    /// - Throws: ``StageLineError`` `bad_line` when the field is missing.
    func required<Value>(_ value: Value?, _ name: String) throws -> Value {
        guard let value else {
            throw StageLineError(code: "bad_line", message: "the line has no \"\(name)\"")
        }
        return value
    }
}
