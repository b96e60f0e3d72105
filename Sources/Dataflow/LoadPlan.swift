internal import Glibc

/// Reads and validates the pipeline file at `path`.
///
/// - Input: `environment` for `${NAME}`; `overrides` such as `chunk.maximum_tokens` → `128`,
///   `sources.samples.path` or `workspace`, read as if the file said so.
/// - Output: stages in topological order, every configuration whole, every path absolute.
/// - Throws: ``PipelineError`` with everything found wrong, sorted by place.
package func loadPlan(
    path: String,
    catalogue: StageCatalogue,
    environment: [String: String],
    overrides: [String: String] = [:]
) throws(PipelineError) -> Plan {
    let text = try readTextFile(path)
    return try parsePlan(
        text: text,
        file: path,
        directory: directory(of: path, workingDirectory: workingDirectory()),
        catalogue: catalogue,
        environment: environment,
        overrides: overrides
    )
}

/// Validates the text of a pipeline file.
///
/// - Input: `file` names the text in diagnostics; relative paths start from `directory`.
/// - Throws: ``PipelineError`` with everything found wrong, sorted by place.
package func parsePlan(
    text: String,
    file: String,
    directory: String = "/",
    catalogue: StageCatalogue,
    environment: [String: String] = [:],
    overrides: [String: String] = [:]
) throws(PipelineError) -> Plan {
    var tree = try readYAML(text, file: file)
    var findings = Findings()
    try checkVersion(of: tree)
    // Overrides first: what they replace may name variables that are not set.
    apply(overrides, to: &tree, findings: &findings)
    expandEnvironment(in: &tree, environment: environment, findings: &findings)
    // What a missing variable leaves behind would be reported a second time as an unfit value.
    try findings.throwIfAny()

    let declaration = readDeclaration(
        tree,
        catalogue: catalogue,
        directory: directory,
        findings: &findings
    )
    let order = validateGraph(declaration, findings: &findings)
    try findings.throwIfAny()
    return Plan(declaration, order: order, directory: directory)
}

extension Plan {
    /// Invariant: `declaration` has passed every check, so no descriptor is missing.
    fileprivate init(_ declaration: PipelineDeclaration, order: [Int], directory: String) {
        let nodes = order.compactMap { index -> PlanNode? in
            let stage = declaration.stages[index]
            guard let descriptor = stage.descriptor else { return nil }
            return PlanNode(
                id: stage.name,
                uses: descriptor.name,
                phase: descriptor.phase,
                inputs: stage.inputs.map(\.name),
                mediaTypes: stage.mediaTypes,
                configuration: stage.configuration
            )
        }
        self.init(
            name: declaration.name,
            workspace: declaration.workspace,
            remote: declaration.remote,
            directory: directory,
            shardCount: declaration.shardCount,
            sources: declaration.sources.map {
                Plan.Source(
                    name: $0.name,
                    type: $0.type,
                    priority: $0.priority,
                    configuration: $0.configuration
                )
            },
            nodes: nodes.filter { $0.phase != .export },
            exports: nodes.filter { $0.phase == .export },
            gate: declaration.gate,
            retention: declaration.retention,
            rerank: declaration.rerank
        )
    }
}

/// The text of a pipeline file or of a file it names.
func readTextFile(_ path: String) throws(PipelineError) -> String {
    func failure(_ message: String) -> PipelineError {
        PipelineError(diagnostics: [Diagnostic(file: path, line: 0, column: 0, message: message)])
    }
    guard let stream = fopen(path, "re") else {
        throw failure("cannot open the file: \(String(cString: strerror(errno)))")
    }
    defer { fclose(stream) }
    let capacity = PipelineFileLimits.byteCountMax + 1
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        count = fread(buffer.baseAddress, 1, capacity, stream)
    }
    if ferror(stream) != 0 {
        throw failure("cannot read the file: \(String(cString: strerror(errno)))")
    }
    if bytes.count == capacity {
        throw failure("such a file has at most \(PipelineFileLimits.byteCountMax) bytes")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
        throw failure("the file is not valid UTF-8")
    }
    return text
}

private func workingDirectory() -> String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
}
