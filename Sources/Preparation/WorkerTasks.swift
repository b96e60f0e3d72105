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
        let file = self.pipeline.prepare(raw, source: source, counters: &counters)
        return PrepareResponse(outcome: file.outcome, children: file.children, counters: counters)
    }
}

/// Documents of `millrace stage extract`.
struct ExtractTask: WorkerTask {
    let router: ContentRouter

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
            children += self.lines(of: $0, name: name.child($0.suffix), place: $1)
            return true
        }
        var json = JSONText()
        ExtractLine(name: name, content: content).write(to: &json)
        return [json.bytes] + children
    }

    private func lines(
        of child: ChildDocument,
        name: ExtractLineName,
        place: ContainerPlace
    ) -> [[UInt8]] {
        do throws(StageError) {
            let bytes = try child.read()
            return try self.lines(of: bytes, type: child.mediaType, name: name, place: place)
        } catch {
            var json = JSONText()
            ExtractErrorLine(name: name, error: error).write(to: &json)
            return [json.bytes]
        }
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
