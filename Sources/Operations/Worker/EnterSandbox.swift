internal import Dataflow
internal import Execution
internal import Hashing
internal import Records
internal import Stages
internal import Telemetry

/// Loads what the pipeline's parsers load from files, then confines this process.
///
/// A parser that cannot open its tables may answer with less text and no error, so one small document
/// of each kind must read inside as it read outside.
func enterSandbox(
    _ pipeline: inout PreparePipeline,
    nodes: [PlanNode]
) throws -> [Sandbox.Mechanism] {
    let samples = warmUpSamples(for: nodes)
    let outside = samples.map { encodedOutcome(of: $0, with: &pipeline) }
    let mechanisms = Sandbox.enter(readableFolders: readableFolders(of: nodes))
    for (sample, expected) in zip(samples, outside)
    where encodedOutcome(of: sample, with: &pipeline) != expected {
        throw WorkerError.changedBySandbox(sample.raw.mediaType.name)
    }
    return mechanisms
}

/// poppler opens the character maps of East Asian fonts when a file names one.
private func readableFolders(of nodes: [PlanNode]) -> [String] {
    let readsPDF = nodes.contains { $0.mediaTypes.contains(MediaType.pdf.name) }
    return readsPDF ? ["/usr/share/poppler"] : []
}

private func encodedOutcome(
    of sample: PrepareRequest,
    with pipeline: inout PreparePipeline
) -> [UInt8] {
    var counters = StageCounters()
    var writer = ByteWriter()
    pipeline.prepare(sample.raw, source: sample.source, counters: &counters).encode(to: &writer)
    return writer.bytes
}

/// A document for each type that the nodes extract.
private func warmUpSamples(for nodes: [PlanNode]) -> [PrepareRequest] {
    nodes.flatMap { node in
        node.mediaTypes.compactMap { type in
            guard let source = node.inputs.first,
                let bytes = sampleDocument(of: MediaType(type), lines: [sampleSentence])
            else { return nil }
            let raw = RawDocument(
                id: documentID(uri: "sandbox/\(type)"),
                uri: "sandbox/\(type)",
                mediaType: MediaType(type),
                bytes: bytes
            )
            return PrepareRequest(raw: raw, source: source)
        }
    }
}

private let sampleSentence =
    "This sentence is read before the worker is confined, and once more after it."
