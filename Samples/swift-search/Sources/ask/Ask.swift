import MillraceSearch

/// Prints the best chunks for some words, each with what is needed to cite it.
@main struct Ask {
    static func main() async throws {
        let words = CommandLine.arguments.dropFirst()
        guard let workspace = words.first, words.count > 1 else {
            print("usage: ask WORKSPACE WORDS…")
            return
        }
        // Open for as long as the program runs: it follows what is published by itself.
        let index = try await SearchIndex.open(workspace: workspace)
        defer { index.close() }
        let question = words.dropFirst().joined(separator: " ")
        let answer = try await index.search(SearchRequest(question, count: 3))
        for hit in answer.hits {
            let page = hit.page > 0 ? ", page \(hit.pageLabel ?? String(hit.page))" : ""
            print("\(hit.title) (\(hit.uri)\(page))\n    \(hit.snippet)")
        }
        // A chunk is fetched again by its id, as long as its document, place and text are.
        if let first = answer.hits.first, let chunk = try await index.chunk(first.id) {
            print(
                "\nsnapshot \(answer.snapshot), chunk \(chunk.id): \(chunk.text.utf8.count) bytes"
            )
        }
    }
}
