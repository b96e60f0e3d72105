/// Checks how the stages are connected, and orders them.
///
/// - Output: indices of `declaration.stages`, each after its inputs, ties in the order of the
///   file; whole only when nothing was found wrong.
func validateGraph(_ declaration: PipelineDeclaration, findings: inout Findings) -> [Int] {
    var graph = PipelineGraph(declaration, findings: findings)
    graph.resolveInputs()
    graph.checkPorts()
    graph.checkCycles()
    graph.checkReachability()
    graph.checkUse()
    graph.checkExports()
    graph.checkPreparePart()
    graph.checkBarrier()
    findings = graph.findings
    return graph.topologicalOrder()
}

private struct PipelineGraph {
    typealias Stage = PipelineDeclaration.Stage

    enum Input {
        case source(Int)
        case stage(Int)
    }

    struct Edge {
        var input: Input
        var place: Place
    }

    let sources: [PipelineDeclaration.Source]
    let stages: [Stage]
    let stagesPlace: Place
    var findings: Findings
    /// For each stage, what it reads from; unknown names are left out and already reported.
    var edges: [[Edge]]
    /// For each stage, the stages that read from it.
    var consumers: [[Int]]
    /// Stages with an unknown or missing input: what follows from that is not reported again.
    var lacksInput: [Bool]

    init(_ declaration: PipelineDeclaration, findings: Findings) {
        self.sources = declaration.sources
        self.stages = declaration.stages
        self.stagesPlace = declaration.stagesPlace
        self.findings = findings
        self.edges = Array(repeating: [], count: declaration.stages.count)
        self.consumers = Array(repeating: [], count: declaration.stages.count)
        self.lacksInput = declaration.stages.map(\.inputs.isEmpty)
    }

    mutating func resolveInputs() {
        var inputs: [String: Input] = [:]
        for (index, stage) in self.stages.enumerated() { inputs[stage.name] = .stage(index) }
        for (index, source) in self.sources.enumerated() { inputs[source.name] = .source(index) }
        for (index, stage) in self.stages.enumerated() {
            for input in stage.inputs {
                guard let found = inputs[input.name] else {
                    self.lacksInput[index] = true
                    self.findings.addUnknown(
                        input.place,
                        "stage '\(stage.name)' reads from unknown \(quoted(input.shown))",
                        name: input.shown,
                        candidates: self.stages.map(\.name) + self.sources.map(\.name),
                        listedAs: "the pipeline has"
                    )
                    continue
                }
                self.edges[index].append(Edge(input: found, place: input.place))
                if case .stage(let producer) = found { self.consumers[producer].append(index) }
            }
        }
    }

    mutating func checkPorts() {
        for (index, stage) in self.stages.enumerated() {
            guard let descriptor = stage.descriptor else { continue }
            for edge in self.edges[index] {
                guard let problem = self.portProblem(of: edge, stage: stage, descriptor) else {
                    continue
                }
                self.findings.add(edge.place, problem)
            }
        }
    }

    private func portProblem(
        of edge: Edge,
        stage: Stage,
        _ descriptor: StageDescriptor
    ) -> String? {
        let taken = descriptor.inputs.map(\.rawValue).joined(separator: " or ")
        switch edge.input {
        case .source(let index):
            if descriptor.inputs.contains(.bytes) { return nil }
            return "stage '\(stage.name)' (\(descriptor.name)) takes \(taken), but source "
                + "'\(self.sources[index].name)' gives bytes"
        case .stage(let index):
            guard let producer = self.stages[index].descriptor else { return nil }
            guard let output = producer.output else {
                return "stage '\(stage.name)' cannot read from '\(self.stages[index].name)': "
                    + "\(producer.name) is a sink and gives nothing"
            }
            if descriptor.inputs.contains(output) { return nil }
            return "stage '\(stage.name)' (\(descriptor.name)) takes \(taken), but stage "
                + "'\(self.stages[index].name)' (\(producer.name)) gives \(output.rawValue)"
        }
    }

    private func producers(of index: Int) -> [Int] {
        self.edges[index].compactMap { if case .stage(let stage) = $0.input { stage } else { nil } }
    }

    // MARK: Order

    /// Names the whole of each cycle, at the edge that closes it.
    mutating func checkCycles() {
        var isDone = Array(repeating: false, count: self.stages.count)
        for index in self.stages.indices {
            var path: [Int] = []
            self.walk(index, path: &path, isDone: &isDone)
        }
    }

    private mutating func walk(_ index: Int, path: inout [Int], isDone: inout [Bool]) {
        if isDone[index] { return }
        path.append(index)
        for edge in self.edges[index] {
            guard case .stage(let producer) = edge.input else { continue }
            if let start = path.firstIndex(of: producer) {
                let cycle =
                    path[start...].map { self.stages[$0].name } + [self.stages[producer].name]
                // The walk goes against the data, the message with it.
                let names = cycle.reversed().joined(separator: " → ")
                self.findings.add(edge.place, "the stages form a cycle: \(names)")
            } else {
                self.walk(producer, path: &path, isDone: &isDone)
            }
        }
        path.removeLast()
        isDone[index] = true
    }

    /// Each time the first stage of the file whose inputs are all placed.
    func topologicalOrder() -> [Int] {
        var order: [Int] = []
        var isPlaced = Array(repeating: false, count: self.stages.count)
        while let next = self.stages.indices.first(where: { index in
            !isPlaced[index] && self.producers(of: index).allSatisfy { isPlaced[$0] }
        }) {
            isPlaced[next] = true
            order.append(next)
        }
        return order
    }

    // MARK: Reach

    mutating func checkReachability() {
        let fed = self.stages.indices.filter { index in
            self.lacksInput[index]
                || self.edges[index].contains { if case .source = $0.input { true } else { false } }
        }
        let reached = self.closure(of: fed) { self.consumers[$0] }
        for (index, stage) in self.stages.enumerated() where !reached[index] {
            // A stage that waits for itself is named by its cycle.
            let downstream = self.closure(of: self.consumers[index]) { self.consumers[$0] }
            if downstream[index] { continue }
            self.findings.add(
                stage.place,
                "stage '\(stage.name)' is unreachable: no source feeds it"
            )
        }
    }

    private func closure(of start: [Int], next: (Int) -> [Int]) -> [Bool] {
        var isReached = Array(repeating: false, count: self.stages.count)
        var open = start
        while let index = open.popLast() {
            if isReached[index] { continue }
            isReached[index] = true
            open += next(index)
        }
        return isReached
    }

    mutating func checkUse() {
        let hasSink = self.stages.contains {
            $0.descriptor.map { $0.output == nil && $0.phase != .export } ?? true
        }
        if !hasSink {
            self.findings.add(
                self.stagesPlace,
                "the pipeline has no index stage, so nothing could be searched"
            )
        }
        // An input that was not understood may be the one that would have read it.
        if self.lacksInput.contains(true) { return }
        var readSources: Set<Int> = []
        for edge in self.edges.joined() {
            if case .source(let index) = edge.input { readSources.insert(index) }
        }
        for (index, source) in self.sources.enumerated() where !readSources.contains(index) {
            self.findings.add(source.place, "no stage reads from source '\(source.name)'")
        }
        for (index, stage) in self.stages.enumerated() where self.consumers[index].isEmpty {
            guard let output = stage.descriptor?.output else { continue }
            self.findings.add(
                stage.place,
                "no stage reads from '\(stage.name)', whose output is \(output.rawValue); "
                    + "remove it, or let a stage read from it"
            )
        }
    }

    /// What is exported is what an index publishes.
    mutating func checkExports() {
        for (index, stage) in self.stages.enumerated() where self.phase(index) == .export {
            for case .stage(let producer) in self.edges[index].map(\.input) {
                let isIndexed = self.consumers[producer].contains {
                    self.stages[$0].descriptor?.output == nil && self.phase($0) == .materialise
                }
                if isIndexed || self.stages[producer].descriptor?.output == nil { continue }
                let name = self.stages[producer].name
                self.findings.add(
                    stage.place,
                    "stage '\(stage.name)' exports what an index publishes, but no index stage reads from "
                        + "'\(name)'; add one: index: { uses: index, from: \(name) }"
                )
            }
        }
    }

    // MARK: Phases

    private func phase(_ index: Int) -> Phase? { self.stages[index].descriptor?.phase }

    /// Before the barrier each document takes one path, chosen by its source and media type.
    mutating func checkPreparePart() {
        self.checkMediaTypesAreDisjoint()
        let prepare = self.stages.indices.filter { self.phase($0) == .prepare }
        for index in prepare {
            let next = self.consumers[index].filter { self.phase($0) == .prepare }
            if next.count > 1 {
                self.findings.add(
                    self.stages[next[1]].place,
                    "stages \(self.names(next)) both read from '\(self.stages[index].name)', but "
                        + "before dedupe a document takes one path; only extraction branches"
                )
            }
        }
        let outputs = prepare.filter { index in
            self.consumers[index].contains { self.phase($0).map { $0 != .prepare } ?? false }
        }
        for index in outputs {
            guard let next = self.consumers[index].first(where: { self.phase($0) == .prepare })
            else { continue }
            self.findings.add(
                self.stages[next].place,
                "stage '\(self.stages[index].name)' feeds both '\(self.stages[next].name)' and a "
                    + "stage of a later phase, but before dedupe a document takes one path"
            )
        }
        if outputs.count > 1 {
            self.findings.add(
                self.stages[outputs[1]].place,
                "stages \(self.names(outputs)) all feed later phases; join them in one stage, "
                    + "such as normalise, before dedupe or chunk"
            )
        }
    }

    private mutating func checkMediaTypesAreDisjoint() {
        for source in self.sources.indices {
            var owners: [String: Int] = [:]
            for (index, stage) in self.stages.enumerated() {
                let isRead = self.edges[index].contains {
                    if case .source(source) = $0.input { true } else { false }
                }
                guard isRead else { continue }
                for type in stage.mediaTypes {
                    if let owner = owners[type] {
                        self.findings.add(
                            stage.place,
                            "stages '\(self.stages[owner].name)' and '\(stage.name)' both take "
                                + "\(type) from source '\(self.sources[source].name)'; "
                                + "narrow one with 'media'"
                        )
                    } else {
                        owners[type] = index
                    }
                }
            }
        }
    }

    /// One dedupe, nothing around it, nothing back across it; after it, one input each.
    mutating func checkBarrier() {
        let barriers = self.stages.indices.filter { self.phase($0) == .resolve }
        for index in barriers.dropFirst() {
            self.findings.add(
                self.stages[index].place,
                "stage '\(self.stages[index].name)' is a second dedupe beside "
                    + "'\(self.stages[barriers[0]].name)'; a document is kept or removed once"
            )
        }
        for (index, stage) in self.stages.enumerated() {
            guard let phase = stage.descriptor?.phase else { continue }
            for edge in self.edges[index] {
                guard case .stage(let producer) = edge.input, let earlier = self.phase(producer)
                else { continue }
                self.checkStep(from: producer, earlier, to: index, phase, edge, barriers.first)
            }
            if phase != .prepare, self.edges[index].count > 1 { self.checkJoin(index, stage) }
        }
    }

    /// Expansions stand beside the vectors of the same chunks, or beside these; nothing else is joined.
    private mutating func checkJoin(_ index: Int, _ stage: Stage) {
        let edges = self.edges[index]
        let producers = self.producers(of: index)
        let isExpanded = producers.map { self.stages[$0].descriptor?.output == .expansions }
        guard edges.count == 2, isExpanded.count == 2, isExpanded[0] != isExpanded[1] else {
            self.findings.add(
                edges[1].place,
                "stage '\(stage.name)' (\(stage.descriptor?.name ?? "")) takes one input; "
                    + "give each input a stage of its own"
            )
            return
        }
        let chunks = producers.map { producer in
            self.stages[producer].descriptor?.output == .chunks
                ? [producer] : self.producers(of: producer)
        }
        guard chunks[0] != chunks[1] else { return }
        self.findings.add(
            edges[1].place,
            "stage '\(stage.name)' reads from stages \(self.names(producers)), which take other chunks; let both "
                + "read from one chunk stage"
        )
    }

    private mutating func checkStep(
        from producer: Int,
        _ earlier: Phase,
        to index: Int,
        _ phase: Phase,
        _ edge: Edge,
        _ barrier: Int?
    ) {
        if phase == .prepare, earlier != .prepare {
            self.findings.add(
                edge.place,
                "stage '\(self.stages[index].name)' works before dedupe and cannot read from "
                    + "'\(self.stages[producer].name)', which works after"
            )
        }
        if phase == .materialise, earlier == .prepare, let barrier {
            self.findings.add(
                edge.place,
                "stage '\(self.stages[index].name)' reads past the dedupe; "
                    + "let it read from '\(self.stages[barrier].name)'"
            )
        }
    }

    private func names(_ indices: [Int]) -> String {
        indices.map { "'\(self.stages[$0].name)'" }.joined(separator: " and ")
    }
}
