internal import Bytes
internal import Execution
internal import Records
internal import Telemetry
internal import WorkerMessages

/// Documents of the prepare phase, as a run has them.
struct PrepareTask: WorkerTask {
    var pipeline: PreparePipeline

    mutating func answer(
        _ frame: consuming Frame,
        limits: WorkerLimits,
        memory: borrowing ResidentMemory
    ) throws -> Frame {
        let (request, processorSeconds) = try PrepareRequest.decode(frame)
        var limits = limits
        limits.processorSecondsPerDocument = processorSeconds
        if let bytes = request.memoryBytes { limits.memoryBytes = bytes }
        limits.renewForDocument()
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
        let outcome = self.pipeline.prepare(raw, source: source, counters: &counters)
        return PrepareResponse(outcome: outcome, counters: counters)
    }
}

/// Documents of `millrace stage extract`.
struct ExtractTask: WorkerTask {
    let router: ContentRouter
    private var json = JSONText()

    init(router: ContentRouter) { self.router = router }

    mutating func answer(
        _ frame: consuming Frame,
        limits: WorkerLimits,
        memory: borrowing ResidentMemory
    ) throws -> Frame {
        let (request, processorSeconds) = try ExtractRequest.decode(frame)
        var limits = limits
        limits.processorSecondsPerDocument = processorSeconds
        limits.renewForDocument()
        let outcome = self.outcome(
            of: request.bytes,
            type: request.mediaType,
            lineID: request.lineID
        )
        return ExtractResponse(outcome: outcome, isSpent: isSpent(memory)).frame()
    }

    mutating func answer(to sample: RawDocument, source: String) -> [UInt8] {
        let outcome = self.outcome(
            of: sample.bytes,
            type: sample.mediaType,
            lineID: Array("0".utf8)
        )
        switch outcome {
        case .line(let line): return line
        case .refused(let error): return Array(error.description.utf8)
        }
    }

    private mutating func outcome(
        of bytes: [UInt8],
        type: MediaType,
        lineID: [UInt8]
    ) -> ExtractResponse.Outcome {
        do {
            let content = try self.router.content(of: bytes, declared: type)
            self.json.removeAll()
            ExtractLine(id: lineID, content: content).write(to: &self.json)
            return .line(self.json.bytes)
        } catch {
            return .refused(error)
        }
    }
}
