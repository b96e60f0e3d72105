internal import CProcess
internal import Execution
internal import Records
internal import Stages
internal import Telemetry

/// The life of a worker process: instructions, then documents, until the parent closes the pipe.
///
/// Frames come on `input` and go to `output`; nothing else is ever written there.
package func runWorker(input: Int32, output: Int32) throws {
    guard let hello = try Frame.read(from: input) else { return }
    let instructions = try WorkerInstructions.decode(hello.head)
    guard instructions.version == WorkerInstructions.currentVersion else {
        throw WorkerError.versionMismatch(instructions.version)
    }
    let limits = instructions.limits
    var report = WorkerReport(
        mechanisms: [
            .init(name: .limits, isActive: true, detail: limits.applyToProcess()),
            .init(name: .descriptors, isActive: true, detail: "none but the two of the frames"),
        ],
        probes: []
    )
    var pipeline = try PreparePipeline(
        nodes: instructions.nodes,
        wantsSignature: instructions.wantsSignature
    )
    let memory = ResidentMemory()
    if instructions.isSandboxed {
        report.mechanisms =
            try enterSandbox(&pipeline, nodes: instructions.nodes) + report.mechanisms
    }
    if instructions.wantsProbes { report.probes = Sandbox.probe() }
    try Frame(head: report.encoded()).write(to: output)
    while let frame = try Frame.read(from: input) {
        var response = try prepare(frame, with: &pipeline, limits: limits)
        var answer = Frame(head: response.encoded())
        if memory.isOverRestingSize {
            cprocess_return_memory()
            response.isSpent = memory.isOverRestingSize
            answer.head = response.encoded()
        }
        try answer.write(to: output)
    }
}

private func prepare(
    _ frame: consuming Frame,
    with pipeline: inout PreparePipeline,
    limits: WorkerLimits
) throws -> PrepareResponse {
    let (request, processorSeconds) = try PrepareRequest.decode(frame)
    var limits = limits
    limits.processorSecondsPerDocument = processorSeconds
    if let bytes = request.memoryBytes { limits.memoryBytes = bytes }
    limits.renewForDocument()
    var counters = StageCounters()
    let outcome = pipeline.prepare(request.raw, source: request.source, counters: &counters)
    return PrepareResponse(outcome: outcome, counters: counters)
}

enum WorkerError: Error, Hashable, CustomStringConvertible {
    case versionMismatch(Int)
    case didNotStart
    case changedBySandbox(String)

    var description: String {
        switch self {
        case .versionMismatch(let version):
            "the worker speaks version \(WorkerInstructions.currentVersion), the parent \(version): "
                + "the program was replaced while running; start the run again"
        case .didNotStart:
            "the worker process ended before its first document; 'millrace doctor' tells what is missing"
        case .changedBySandbox(let type):
            "\(type) reads otherwise inside the sandbox: a file it needs is not allowed there"
        }
    }
}
