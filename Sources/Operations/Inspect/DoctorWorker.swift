internal import Dataflow
internal import Execution
internal import Hashing
internal import Records
internal import Stages
internal import WorkerMessages

/// Starts a worker, has it tell what confines it, try to break out, and read a page.
func workerChecks() -> [DoctorReport.Check] {
    let node = PlanNode(
        id: "html",
        uses: "extract-html",
        phase: .prepare,
        inputs: ["doctor"],
        mediaTypes: [MediaType.html.name],
        configuration: [:]
    )
    do {
        let program = try WorkerProgram.find()
        let worker = try PrepareWorker(
            isolation: .process(program),
            nodes: [node],
            wantsSignature: true,
            limits: WorkerLimits(deadlineSeconds: 30)
        )
        guard let report = try worker.probe() else { return [] }
        return [try pageCheck(worker, program), parsersCheck(report)] + isolationChecks(report)
    } catch {
        return [.init(name: "worker process", isSound: false, detail: "\(error)")]
    }
}

private func pageCheck(
    _ worker: PrepareWorker,
    _ program: WorkerProgram
) throws -> DoctorReport.Check {
    let page = "<!doctype html><title>t</title><main><p>One page for the doctor to read.</p></main>"
    let raw = RawDocument(
        id: documentID(uri: "doctor/page"),
        uri: "doctor/page",
        mediaType: .html,
        bytes: Array(page.utf8)
    )
    let response = try worker.prepare(PrepareRequest(raw: raw, source: "doctor"))
    if case .failed(let failure) = response.outcome {
        return .init(name: "worker process", isSound: false, detail: failure.message)
    }
    return .init(name: "worker process", isSound: true, detail: "\(program.path) reads a page")
}

private func parsersCheck(_ report: WorkerReport) -> DoctorReport.Check {
    .init(
        name: "parsers",
        isSound: true,
        detail: report.libraries.map { "\($0.name) \($0.version)" }.joined(separator: ", ")
    )
}

/// One line a mechanism, and one for what could be done in spite of them.
///
/// A mechanism that this kernel lacks is told and is no problem: the others still hold. What a
/// mechanism claims to forbid and does not is one.
func isolationChecks(_ report: WorkerReport) -> [DoctorReport.Check] {
    let mechanisms = report.mechanisms.map {
        DoctorReport.Check(name: "isolation \($0.name.rawValue)", isSound: true, detail: $0.detail)
    }
    let possible = report.probes.filter { !$0.isRefused }.map(\.attempt)
    let isComplete = report.mechanisms.allSatisfy(\.isActive)
    return mechanisms + [
        DoctorReport.Check(
            name: "isolation probes",
            isSound: possible.isEmpty || !isComplete,
            detail: possible.isEmpty
                ? "\(report.probes.count) of \(report.probes.count) attempts to break out refused"
                : "a parser could \(possible.joined(separator: ", "))"
        )
    ]
}
