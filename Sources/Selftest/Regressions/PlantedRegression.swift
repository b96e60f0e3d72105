internal import Foundation

/// What goes wrong in a night, each in a way that a gate has to see.
enum PlantedRegression: String, CaseIterable, Sendable {
    case wrongModel, noVectors, wrongPrefix
    case halfTheDocuments, sourceGone, wrongLanguages, truncatedBodies, emptyFormat, signInPages
    case swappedBodies, titlesDropped, datesLost, staleDates, labelsLost
    case policyOff, policyNarrowed, valuesAllowed
    case duplicatesBack, tinyChunks, hugeChunks

    /// Needs no files, and knows no prefixes.
    static let plainModel = "hash"

    /// Whether it can happen to an index of a model.
    func canHappen(model: String) -> Bool { self != .wrongPrefix || model != Self.plainModel }

    func plant(in bench: inout NightBench) throws {
        switch self {
        case .wrongModel where bench.pipeline.model == Self.plainModel:
            bench.pipeline.embedKeys = ", dimensions: 128"
        case .wrongModel: bench.pipeline.model = Self.plainModel
        case .noVectors: bench.pipeline.vectors = "none"
        case .wrongPrefix:
            bench.pipeline.embedKeys =
                ", query_prefix: \"search the catalogue for \", passage_prefix: \"clause of a contract \""
        case .wrongLanguages: bench.pipeline.languages = ["fr"]
        case .labelsLost: bench.pipeline.labels = nil
        case .policyOff: bench.pipeline.redactKeys = nil
        case .policyNarrowed: bench.pipeline.redactKeys = ", kinds: [EMAIL]"
        case .duplicatesBack: bench.pipeline.dedupes = false
        case .tinyChunks: bench.pipeline.chunkKeys = "maximum_tokens: 16"
        case .hugeChunks: bench.pipeline.chunkKeys = "maximum_tokens: 4096"
        case .valuesAllowed: try self.allowValues(&bench)
        case .halfTheDocuments, .sourceGone, .truncatedBodies, .emptyFormat, .signInPages,
            .swappedBodies, .titlesDropped, .datesLost, .staleDates:
            try self.changeDocuments(&bench)
        }
    }

    private func allowValues(_ bench: inout NightBench) throws {
        let path = bench.root + "/allow.yaml"
        let policy = """
            version: 1
            name: allow
            allow:
              - { kind: [EMAIL], suffixes: ["@example.org"] }

            """
        try Data(policy.utf8).write(to: URL(filePath: path))
        bench.pipeline.redactKeys = ", policy: \(path)"
    }

    private func changeDocuments(_ bench: inout NightBench) throws {
        switch self {
        case .halfTheDocuments:
            for (place, name) in bench.names.enumerated() where place.isMultiple(of: 2) {
                try bench.remove(name)
            }
        case .sourceGone:
            for name in bench.names where name.hasPrefix("desk/") { try bench.remove(name) }
        case .truncatedBodies:
            try bench.rewrite { document in
                document.sections.removeLast(document.sections.count - 1)
                document.sections[0].words.removeLast(document.sections[0].words.count / 2)
                document.sections[0].sentences = []
            }
        case .emptyFormat:
            for name in bench.names where NightBench.format(of: name) == .html {
                try bench.source.write(name, Array("<!doctype html><body></body>".utf8))
            }
        case .signInPages:
            let page =
                "<!doctype html><title>Sign in</title><main><h1>Sign in</h1>"
                + "<p>Your session has ended. Sign in to see this page.</p></main>"
            for name in bench.names where NightBench.format(of: name) == .html {
                try bench.source.write(name, Array(page.utf8))
            }
        case .swappedBodies:
            let names = bench.names
            let old = bench.documents
            for (place, name) in names.enumerated() {
                guard let other = old[names[(place + names.count / 2) % names.count]] else {
                    continue
                }
                try bench.write(name, other)
            }
        case .titlesDropped: try bench.rewrite { $0.title = "" }
        case .datesLost: try bench.rewrite { $0.modifiedDay = nil }
        case .staleDates:
            try bench.rewrite { $0.modifiedDay = $0.modifiedDay.map { max(1, $0 / 2) } }
        default: break
        }
    }
}
