internal import ArgumentParser
internal import Console
internal import Operations

struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Search the published snapshot.",
        usage: """
            millrace search PIPELINE QUERY … [--k N] [--mode fused|vector|bm25|sparse] [--filter lang=de]
                [--expand-groups] [--group document|none] [--expand section] [--explain] [--snapshot N]
            millrace search --workspace DIR QUERY …
            millrace search PIPELINE --batch FILE [--trec NAME]
            """,
        discussion: """
            "quoted words" must stand in an answer as they are, -word must not; title:word must be in the
            title, heading:word in a heading above it. Give the query in single quotes, so that the shell
            leaves the double ones; after -- if it begins with a sign. --plain takes everything as words.

            Answers are grouped for people: one of each document, the best. With --json, as with --batch,
            every chunk is an answer of its own; --group says otherwise. Near-duplicates that differ in
            facts give one answer unless --expand-groups is given.
            """
    )

    @Argument(
        help: "The pipeline file (unless --workspace or --pipeline is given), then the query."
    )
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions

    @Option(name: .long, help: "How many answers.")
    var k = 10

    @Option(name: .long, help: "fused (the default), vector, bm25 or sparse.")
    var mode: SearchModeName = .fused

    @Option(
        name: .long,
        parsing: .singleValue,
        help:
            "Keep answers with this property: lang=, source=, type=, uri=PREFIX, meta.KEY=, 'date>=2026-01-01' or 'date<2026-02' (quoted for the shell; changed, else published; documents without a date fit neither)."
    )
    var filter: [String] = []

    @Flag(
        name: .long,
        help: "Show every member of a group of near-duplicates, not only the best."
    )
    var expandGroups = false

    @Option(
        name: .long,
        help:
            "document: one answer a document (the default for text); none: every chunk (for JSON)."
    )
    var group: Grouping?

    @Option(name: .long, help: "section: with the text around each answer under the same headings.")
    var expand: Expansion?

    @Flag(name: .long, help: "Say why each answer has its place.")
    var explain = false

    @Flag(name: .long, help: "Take the query as words: quotation marks, - and title: mean nothing.")
    var plain = false

    @Flag(
        name: .long,
        help: "Leave the hits in the order of the index, whoever the pipeline's 'rerank' names."
    )
    var noRerank = false

    @Option(name: .long, help: "The number of a kept snapshot to search instead of the live one.")
    var snapshot: Int?

    @Option(name: .long, help: "The index to search, where a pipeline has several.")
    var index: String?

    @Option(name: .long, help: "The channel whose snapshot is searched, instead of the live one.")
    var channel: String?

    @Option(
        name: .long,
        help: "A file of JSON lines {\"id\",\"query\"}; prints one JSON line for each."
    )
    var batch: String?

    @Option(
        name: .long,
        help: "With --batch: print a TREC run of this name (query, Q0, URI, rank, score, name)."
    )
    var trec: String?

    @OptionGroup var output: OutputOptions

    enum Grouping: String, ExpressibleByArgument, CaseIterable { case document, none }
    enum Expansion: String, ExpressibleByArgument, CaseIterable { case section }

    func validate() throws {
        guard (1...10_000).contains(self.k) else { throw ValidationError("--k takes 1 to 10000") }
        guard self.trec == nil || self.batch != nil else {
            throw ValidationError(
                "--trec prints the answers to a file of queries; give --batch FILE"
            )
        }
        guard self.trec.map({ !$0.isEmpty && !$0.contains(where: \.isWhitespace) }) ?? true else {
            throw ValidationError("the name of a TREC run has no spaces")
        }
    }

    mutating func run() throws {
        self.output.bootstrap()
        let place = try self.place.place(self.words, for: .searching)
        let words = place.words
        guard words.isEmpty == (self.batch != nil) else {
            throw ValidationError(
                words.isEmpty
                    ? "what to search for? Give a query." : "--batch has its queries in the file"
            )
        }
        var request = SearchRequest(
            workspace: place.workspace,
            text: words.joined(separator: " "),
            count: self.k
        )
        request.mode = self.mode
        request.filters = self.filter
        request.expandsGroups = self.expandGroups
        request.index = self.index
        request.channel = self.channel
        request.pipeline = place.pipeline.map(absolutePath)
        request.snapshot = self.snapshot
        request.expandsSections = self.expand == .section
        request.explains = self.explain
        request.isPlain = self.plain
        request.skipsRerank = self.noRerank
        // A run of TREC ranks documents; so does a person.
        let isForPeople = !self.output.json && self.batch == nil
        let grouping = self.group ?? (isForPeople || self.trec != nil ? .document : Grouping.none)
        request.onePerDocument = grouping == .document
        if let batch = self.batch {
            try searchBatch(request, path: absolutePath(batch)) { answer in
                guard let trec = self.trec else { return try printJSON(answer, JSONForm("search")) }
                for line in trecLines(of: answer, run: trec) { printLine(line) }
            }
            return
        }
        let report = try search(request)
        if let failure = report.rerank?.failure {
            printError("warning: the hits are not ranked anew: \(failure)")
        }
        try printReport(report, JSONForm("search"), as: self.output) { text(of: report) }
    }
}

extension SearchModeName: ExpressibleByArgument {}

/// One answer a paragraph: title, place, URI, score, snippet.
private func text(of report: SearchReport) -> String {
    guard !report.hits.isEmpty else { return "no answers" }
    return report.hits.enumerated().map { index, hit in
        var place: [String] = []
        if hit.page > 0 { place.append("p. \(hit.pageLabel ?? String(hit.page))") }
        if hit.origin != nil { place.append("read by OCR") }
        if let heading = hit.headings.last, heading != hit.title { place.append("§ \(heading)") }
        let title = hit.title.isEmpty ? hit.uri : hit.title
        let head = ([title] + place).joined(separator: " · ")
        var lines = [
            "\(index + 1). \(head)",
            "   \(hit.uri)  \(hit.language)  score \(fixed(hit.score, decimals: 4))",
            "   \(marked(hit.snippet, hit.highlights))",
        ]
        if let section = hit.section {
            lines += section.text.split(separator: "\n", omittingEmptySubsequences: false).map {
                "   | \($0)"
            }
        }
        if let explanation = hit.explanation { lines += text(of: explanation).map { "   " + $0 } }
        return lines.joined(separator: "\n")
    }
    .joined(separator: "\n")
}

/// The snippet with the words of the query in bold, where a terminal shows it.
private func marked(_ snippet: String, _ highlights: [[Int]]) -> String {
    guard isTerminalOutput else { return snippet }
    let bytes = Array(snippet.utf8)
    var output: [UInt8] = []
    var end = 0
    for mark in highlights where mark.count == 2 && end <= mark[0] && mark[1] <= bytes.count {
        output += bytes[end..<mark[0]] + Array("\u{1B}[1m".utf8)
        output += bytes[mark[0]..<mark[1]] + Array("\u{1B}[0m".utf8)
        end = mark[1]
    }
    return String(decoding: output + bytes[end...], as: UTF8.self)
}

private func text(of explanation: FoundChunk.Explanation) -> [String] {
    let terms = explanation.terms.map { term in
        "\(term.term) \(fixed(term.share, decimals: 3))"
            + (term.share > 0 ? " (rarity \(fixed(term.rarity, decimals: 2)))" : "")
    }
    var lines = [
        "words: \(fixed(explanation.bm25, decimals: 3)) = " + terms.joined(separator: " + ")
    ]
    if let similarity = explanation.similarity {
        lines.append("vector: \(fixed(similarity, decimals: 4))")
    }
    if let expansion = explanation.expansion {
        let shares = expansion.map { "\($0.term) \(fixed($0.share, decimals: 3))" }
        let sum = expansion.reduce(0) { $0 + $1.share }
        lines.append("sparse: \(fixed(sum, decimals: 3)) = " + shares.joined(separator: " + "))
    }
    if let bm25 = explanation.bm25Weight, let vector = explanation.vectorWeight {
        let sparse = explanation.sparseWeight.map { " + \(fixed($0, decimals: 2)) x sparse" } ?? ""
        lines.append(
            "fused: \(fixed(bm25, decimals: 2)) x words + \(fixed(vector, decimals: 2)) x vector\(sparse), each "
                + "from 0 to 1 over its best 200"
        )
    }
    return lines
}

/// One line an answer; what would part a URI in two is written as in URLs.
private func trecLines(of answer: BatchAnswer, run: String) -> [String] {
    func word(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            scalar.properties.isWhitespace
                ? Array(String(scalar).utf8).map { "%" + String($0, radix: 16, uppercase: true) }
                    .joined() : String(scalar)
        }
        .joined()
    }
    return answer.report.hits.enumerated().map { index, hit in
        "\(word(answer.id)) Q0 \(word(hit.uri)) \(index + 1) \(hit.score) \(run)"
    }
}
