internal import Bytes
internal import Dataflow
internal import Execution
internal import Extraction
internal import Formats
internal import Records
internal import Telemetry
internal import WorkerMessages

/// Documents of the prepare phase, as a run has them.
struct PrepareTask: WorkerTask {
    var pipeline: PreparePipeline

    mutating func answer(
        _ frame: consuming Frame,
        limits: WorkerLimits,
        memory: borrowing ResidentMemory,
        notify: @escaping (ChildNotice) -> Void
    ) throws -> Frame {
        let (request, processorSeconds, known) = try PrepareRequest.decode(frame)
        var limits = limits
        limits.processorSecondsPerDocument = processorSeconds
        if let bytes = request.memoryBytes { limits.memoryBytes = bytes }
        self.pipeline.reports = ChildReports(known: known, limits: limits, send: notify)
        defer { self.pipeline.reports = nil }
        var response = self.response(to: request.raw, source: request.source)
        response.isSpent = isSpent(memory)
        return Frame(head: response.encoded())
    }

    mutating func answer(to sample: RawDocument, source: String) -> [UInt8] {
        var writer = ByteWriter()
        self.response(to: sample, source: source).outcome.encode(to: &writer)
        return writer.bytes
    }

    private mutating func response(to raw: RawDocument, source: String) -> PrepareResponse {
        var counters = StageCounters()
        let file = self.pipeline.prepare(raw, source: source, counters: &counters)
        return PrepareResponse(outcome: file.outcome, children: file.children, counters: counters)
    }
}

/// Documents of `millrace stage extract`.
struct ExtractTask: WorkerTask {
    let router: ContentRouter
    /// Takes the lines of documents in the one that is read; nil to have them behind its own.
    private var reports: ChildReports?

    init(router: ContentRouter) { self.router = router }

    mutating func answer(
        _ frame: consuming Frame,
        limits: WorkerLimits,
        memory: borrowing ResidentMemory,
        notify: @escaping (ChildNotice) -> Void
    ) throws -> Frame {
        let (request, processorSeconds, known) = try ExtractRequest.decode(frame)
        var limits = limits
        limits.processorSecondsPerDocument = processorSeconds
        self.reports = ChildReports(known: known, limits: limits, send: notify)
        defer { self.reports = nil }
        let outcome = self.outcome(
            of: request.bytes,
            type: request.mediaType,
            name: ExtractLineName(id: request.lineID, uri: request.uri)
        )
        return ExtractResponse(outcome: outcome, isSpent: isSpent(memory)).frame()
    }

    mutating func answer(to sample: RawDocument, source: String) -> [UInt8] {
        let outcome = self.outcome(
            of: sample.bytes,
            type: sample.mediaType,
            name: ExtractLineName(id: Array("0".utf8), uri: sample.uri)
        )
        switch outcome {
        case .lines(let lines): return lines
        case .refused(let error): return Array(error.description.utf8)
        }
    }

    private func outcome(
        of bytes: [UInt8],
        type: MediaType,
        name: ExtractLineName
    ) -> ExtractResponse.Outcome {
        do {
            let lines = try self.lines(of: bytes, type: type, name: name, place: nil)
            return .lines(Array(lines.joined(separator: [.lineFeed])))
        } catch {
            return .refused(error)
        }
    }

    /// A document's own line and behind it those of the documents in it.
    ///
    /// The depth of the recursion is bounded by ``ChildLimits/depth``.
    private func lines(
        of bytes: [UInt8],
        type: MediaType,
        name: ExtractLineName,
        place: ContainerPlace?
    ) throws(StageError) -> [[UInt8]] {
        var children: [[UInt8]] = []
        let content = try self.router.content(of: bytes, declared: type, at: place) {
            child,
            place in
            let name = name.child(child.suffix)
            guard let reports = self.reports else {
                children += self.lines(of: child, name: name, place: place).lines
                return true
            }
            reports.take { failure in
                let made =
                    failure.map { self.errorLine(StageError($0.code, $0.message), name) }
                    ?? self.lines(of: child, name: name, place: place)
                let line = Array(made.lines.joined(separator: [.lineFeed]))
                return ChildReports.Answer(payload: line, isWhole: made.isWhole)
            }
            return true
        }
        var json = JSONText()
        ExtractLine(name: name, content: content).write(to: &json)
        return [json.bytes] + children
    }

    /// `isWhole` is false for a document that cannot be read.
    private typealias ChildLines = (lines: [[UInt8]], isWhole: Bool)

    private func lines(
        of child: ChildDocument,
        name: ExtractLineName,
        place: ContainerPlace
    ) -> ChildLines {
        do throws(StageError) {
            let bytes = try child.read()
            let lines = try self.lines(of: bytes, type: child.mediaType, name: name, place: place)
            return (lines, true)
        } catch {
            return self.errorLine(error, name)
        }
    }

    private func errorLine(_ error: StageError, _ name: ExtractLineName) -> ChildLines {
        var json = JSONText()
        ExtractErrorLine(name: name, error: error).write(to: &json)
        return ([json.bytes], false)
    }
}

extension ChildDocument {
    func read() throws(StageError) -> [UInt8] {
        switch self.bytes {
        case .success(let bytes): return bytes
        case .failure(let error): throw StageError(error.code, error.message)
        }
    }
}
