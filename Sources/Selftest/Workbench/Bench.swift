internal import Foundation
internal import Operations
internal import Telemetry

/// One pipeline over one source folder into one workspace, and the runs of it.
struct Bench {
    let source: String
    let workspace: String
    let pipelineFile: String
    var shape: PipelineShape

    init(_ shape: PipelineShape, source: String, workspace: String) {
        self.shape = shape
        self.source = source
        self.workspace = workspace
        self.pipelineFile = workspace + ".yml"
    }

    func writePipeline() throws {
        let text = self.shape.yaml(source: self.source, workspace: self.workspace)
        try Data(text.utf8).write(to: URL(filePath: self.pipelineFile))
    }

    /// Runs in this process; its workers are processes, as in every run.
    @discardableResult
    func run(
        _ verb: RunVerb,
        workers: Int,
        _ change: (inout RunOptions) -> Void = { _ in }
    ) throws -> RunSummary {
        try self.writePipeline()
        var options = RunOptions()
        options.workerCount = workers
        change(&options)
        return try runPipelineFile(verb, path: self.pipelineFile, options: options)
    }

    func search(_ text: String, count: Int = 10, mode: SearchModeName = .bm25) throws
        -> [FoundChunk]
    {
        var request = SearchRequest(workspace: self.workspace, text: text, count: count)
        request.mode = mode
        return try Operations.search(request).hits
    }
}
