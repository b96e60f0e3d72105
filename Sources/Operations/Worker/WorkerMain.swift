internal import Execution
internal import Records
internal import Stages
internal import Telemetry

/// The life of a worker process: instructions, then documents, until the parent closes the pipe.
///
/// Frames come on `input` and go to `output`; nothing else is ever written there.
package func runWorker(input: Int32, output: Int32) throws {
    guard let hello = try Frame.read(from: input) else { return }
    let instructions = try WorkerInstructions.decode(hello)
    guard instructions.version == WorkerInstructions.currentVersion else {
        throw WorkerError.versionMismatch(instructions.version)
    }
    let limits = instructions.limits
    limits.applyToProcess()
    var pipeline = try PreparePipeline(
        nodes: instructions.nodes,
        wantsSignature: instructions.wantsSignature
    )
    try Frame.write([], to: output)
    while let message = try Frame.read(from: input) {
        let request = try PrepareRequest.decode(message)
        limits.renewForDocument()
        var counters = StageCounters()
        let outcome = pipeline.prepare(
            request.raw,
            source: request.source,
            counters: &counters
        )
        try Frame.write(
            PrepareResponse(outcome: outcome, counters: counters).encoded(),
            to: output
        )
    }
}

enum WorkerError: Error, Hashable, CustomStringConvertible {
    case versionMismatch(Int)
    case didNotStart

    var description: String {
        switch self {
        case .versionMismatch(let version):
            "the worker speaks version \(WorkerInstructions.currentVersion), the parent \(version): "
                + "the program was replaced while running; start the run again"
        case .didNotStart:
            "the worker process ended before its first document; 'millrace doctor' tells what is missing"
        }
    }
}
