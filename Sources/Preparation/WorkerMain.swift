internal import CProcess
internal import Execution
internal import Extraction
internal import Records
internal import Stages
internal import Telemetry
internal import WorkerMessages

/// The life of a worker process: instructions, then documents, until the parent closes the pipe.
///
/// Frames come on `input` and go to `output`; nothing else is ever written there.
func runWorker(input: Int32, output: Int32) throws {
    guard let hello = try Frame.read(from: input) else { return }
    func refuse(_ reason: String) throws {
        let report = WorkerReport(version: .ofThisProgram, refusal: reason)
        try Frame(head: report.encoded()).write(to: output)
    }
    let wanted = versionNamed(in: hello.head)
    guard wanted == .ofThisProgram else {
        return try refuse("this worker is of another version than the program that started it")
    }
    let instructions = try WorkerInstructions.decode(hello.head)
    let limits = instructions.limits
    // Before the limits, which the process beside this one that runs a converter must not have.
    var task: any WorkerTask
    do {
        task = try makeTask(instructions)
    } catch {
        return try refuse("\(error)")
    }
    var report = WorkerReport(
        version: .ofThisProgram,
        libraries: extractionLibraries(
            withOCR: instructions.wantsProbes || instructions.nodes.contains(where: readsPictures)
        ).map { .init(name: $0.name, version: $0.version) },
        mechanisms: [
            .init(name: .limits, isActive: true, detail: limits.applyToProcess()),
            .init(name: .descriptors, isActive: true, detail: "none but the two of the frames"),
        ]
    )
    let memory = ResidentMemory()
    do {
        if instructions.isSandboxed {
            report.mechanisms =
                try enterSandbox(&task, nodes: instructions.nodes) + report.mechanisms
        }
    } catch {
        return try refuse("\(error)")
    }
    if instructions.wantsProbes { report.probes = Sandbox.probe() }
    try Frame(head: report.encoded()).write(to: output)
    while let frame = try Frame.read(from: input) {
        // A notice that cannot be written is of a parent that is gone, and so will be the answer.
        let answer = try task.answer(frame, limits: limits, memory: memory) { notice in
            try? notice.frame.write(to: output)
        }
        try answer.write(to: output)
    }
}

/// What a worker makes of each document.
protocol WorkerTask {
    /// - Parameter notify: tells the parent of the documents in it.
    mutating func answer(
        _ frame: consuming Frame,
        limits: WorkerLimits,
        memory: borrowing ResidentMemory,
        notify: @escaping (ChildNotice) -> Void
    ) throws -> Frame

    /// The answer for a document that this program made, whole, for comparing two of them.
    mutating func answer(to sample: RawDocument, source: String) -> [UInt8]
}

private func makeTask(_ instructions: WorkerInstructions) throws -> any WorkerTask {
    switch instructions.task {
    case .prepare:
        return PrepareTask(
            pipeline: try PreparePipeline(
                nodes: instructions.nodes,
                wantsSignature: instructions.wantsSignature
            )
        )
    case .extract:
        return ExtractTask(router: try ContentRouter(nodes: instructions.nodes))
    }
}

/// Gives memory back after a large document; true when so much is held that a new process is cheaper.
func isSpent(_ memory: borrowing ResidentMemory) -> Bool {
    guard memory.isOverRestingSize else { return false }
    cprocess_return_memory()
    return memory.isOverRestingSize
}

enum WorkerRefusal: Error, Hashable, CustomStringConvertible {
    case changedBySandbox(String)

    var description: String {
        switch self {
        case .changedBySandbox(let type):
            "\(type) reads otherwise inside the sandbox: a file it needs is not allowed there"
        }
    }
}
