internal import Connectors
internal import Dataflow
internal import Manifests
internal import Stages

/// The documents that policies are compared on.
struct PolicyCorpus {
    let connectors: [String: any Connector]
    private(set) var documents: [PendingDocument] = []
    /// What could not be listed, for people; documents may be missing then.
    private(set) var problems: [String] = []

    /// Lists every source of the plan, in the order of names.
    ///
    /// - Throws: ``OperationError`` `.fatal` for a source that cannot be listed at all.
    init(of plan: Plan) throws {
        self.connectors = try makeConnectors(plan)
        for (name, connector) in self.connectors.sorted(by: { $0.key < $1.key }) {
            do {
                let outcome = try visitListing(of: connector) { self.add($0, source: name) }
                var source = Listing.Source(name: name)
                source.take(outcome)
                guard let problem = source.problem else { continue }
                self.problems.append("source '\(name)' \(problem)")
            } catch {
                throw OperationError(.fatal, "source '\(name)' cannot be listed: \(error)")
            }
        }
    }

    private mutating func add(_ listed: ListedItem, source: String) {
        let item = SourceItem(listed, source: source, priority: 0)
        self.documents.append(PendingDocument(item: item, listed: listed, isKnown: false))
    }
}

/// The plan of the pipeline that was named, or one of the usual stages over the folder.
///
/// - Throws: ``OperationError`` `.configuration`.
func corpusPlan(_ request: PolicyDiffRequest) throws -> Plan {
    if let pipeline = request.pipeline {
        let plan = try loadPipeline(path: pipeline)
        guard plan.nodes.contains(where: { $0.uses == redactStageName }) else {
            throw OperationError(.configuration, "\(pipeline) has no stage that redacts")
        }
        return plan
    }
    guard let corpus = request.corpus else {
        throw OperationError(
            .configuration,
            "name the documents to compare: a folder with --corpus, or --pipeline"
        )
    }
    do {
        return try parsePlan(
            text: usualPipeline,
            file: "--corpus",
            catalogue: pipelineCatalogue,
            overrides: ["sources.corpus.path": absolutePath(corpus)]
        )
    } catch {
        throw OperationError(.configuration, "\(error)")
    }
}

private let usualPipeline = """
    version: 1
    name: policy-diff
    workspace: /nonexistent
    shards: 1
    sources:
      corpus: { type: folder, path: /nonexistent }
    stages:
      html:      { uses: extract-html, from: corpus }
      pdf:       { uses: extract-pdf, from: corpus }
      markdown:  { uses: extract-markdown, from: corpus }
      text:      { uses: extract-text, from: corpus }
      epub:      { uses: extract-epub, from: corpus }
      docx:      { uses: extract-docx, from: corpus }
      csv:       { uses: extract-csv, from: corpus }
      json:      { uses: extract-json, from: corpus }
      xml:       { uses: extract-xml, from: corpus }
      subtitles: { uses: extract-subtitles, from: corpus }
      markup:    { uses: extract-markup, from: corpus }
      code:      { uses: extract-code, from: corpus }
      excel:     { uses: extract-xlsx, from: corpus }
      slides:    { uses: extract-pptx, from: corpus }
      libre:     { uses: extract-opendocument, from: corpus }
      rtf:       { uses: extract-rtf, from: corpus }
      normalise:
        uses: normalise
        from:
          [html, pdf, markdown, text, epub, docx, csv, json, xml, subtitles, markup, code, excel, slides, libre, rtf]
      language:  { uses: detect-language, from: normalise }
      redact:    { uses: redact-pii, from: language }
      chunk:     { uses: chunk, from: redact, tokenizer: words }
      index:     { uses: index, from: chunk, vectors: none }
    """
