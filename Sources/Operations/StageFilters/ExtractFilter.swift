internal import Bytes
internal import Dataflow
internal import Execution
internal import Records
internal import Storage
internal import WorkerMessages

/// `{"id","path"}` → text, Markdown, metadata, blocks and warnings, and a line more for each document in
/// the file.
///
/// The file is read here and extracted in a worker process, which writes the lines: the parsers see one
/// document and nothing else.
final class ExtractFilter: StageFilter {
    private static let fileBytesMaximum = 1 << 30
    private let worker: WorkerProcess

    init(_ nodes: [PlanNode]) throws {
        let limits = WorkerLimits.reading(nodes)
        self.worker = WorkerProcess(
            try WorkerProgram.find(),
            instructions: WorkerInstructions(
                version: .ofThisProgram,
                task: .extract,
                nodes: nodes,
                wantsSignature: false,
                limits: limits,
                isSandboxed: true
            ),
            limits: limits
        )
        try self.worker.start()
    }

    func process(_ line: StageInput) throws -> (any StageAnswer)? {
        let path = try line.required(line.path, "path")
        var id = JSONText()
        line.id.write(to: &id)
        let request = ExtractRequest(
            lineID: id.bytes,
            uri: path,
            mediaType: MediaType(ofPath: path),
            bytes: try self.read(path)
        )
        let result = try self.worker.ask {
            request.frame(processorSeconds: $0, known: $1)
        } decode: {
            (response: try ExtractResponse.decode($0), children: $1)
        }
        switch result {
        case .answered((let response, let children), _):
            if response.isSpent { self.worker.retire() }
            switch response.outcome {
            case .lines(var lines):
                for child in children {
                    lines.append(.lineFeed)
                    lines += child
                }
                return WrittenLines(json: lines)
            case .refused(let error): throw error
            }
        case .lost(let failure, _):
            throw StageError(failure.code, failure.message)
        }
    }

    private func read(_ path: String) throws -> [UInt8] {
        do {
            return try readFile(path, maximumBytes: Self.fileBytesMaximum)
        } catch {
            let code = error.code == .notFound ? "missing" : "unreadable"
            throw StageLineError(code: code, message: error.message)
        }
    }
}

/// Lines that a worker has written.
private struct WrittenLines: StageAnswer {
    let json: [UInt8]

    func write(to json: inout JSONText) { json.value(self.json) }
}
