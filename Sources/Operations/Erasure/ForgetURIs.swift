internal import Manifests

extension Catalog {
    /// Takes the URIs of documents, and of those in them, out of what runs left as their summaries.
    func forgetURIs(_ uris: Set<String>) throws {
        func isForgotten(_ uri: String) -> Bool { uris.contains(uri) }
        for run in try self.runs(limit: Int(Int32.max)) {
            guard var summary = run.decodedSummary else { continue }
            let letters = summary.deadLetters.filter { !isForgotten($0.uri) }
            var sources = summary.sources
            for index in (sources ?? []).indices {
                sources?[index].skippedLinkURIs.removeAll(where: isForgotten)
            }
            guard letters != summary.deadLetters || sources != summary.sources else { continue }
            summary.deadLetters = letters
            summary.sources = sources
            try self.setSummary(run.id, to: try summary.encodedJSON())
        }
    }
}
