internal import Foundation
internal import Operations
internal import Segments

/// What a backfill into an empty workspace makes of the same documents.
struct FreshIndex {
    private let folder: String
    private var files: [String: FileContent] = [:]
    private var shape: PipelineShape?
    private var lastSummary: RunSummary?

    init(folder: String) { self.folder = folder }

    /// - Precondition: `bring(to:shape:)` came to its end.
    var summary: RunSummary {
        guard let summary = self.lastSummary else {
            preconditionFailure("nothing was compared yet")
        }
        return summary
    }

    /// The segments of every index.
    var indexes: [IndexSnapshot]? {
        get throws { try liveSnapshot(workspace: self.folder + "/workspace")?.indexes }
    }

    func bench(_ shape: PipelineShape) -> Bench {
        Bench(shape, source: self.folder + "/docs", workspace: self.folder + "/workspace")
    }

    /// Makes the index anew, unless it is of the same files and pipeline already.
    mutating func bring(
        to files: [(path: String, content: FileContent)],
        shape: PipelineShape
    ) throws {
        let contents = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.content) })
        if contents == self.files, shape == self.shape { return }
        let bench = self.bench(shape)
        removeTree(self.folder)
        var source = try SourceFolder(bench.source)
        for file in files { try source.write(file.path, file.content.bytes) }
        self.lastSummary = try bench.run(.backfill, workers: 1)
        self.files = contents
        self.shape = shape
    }
}
