package import Dataflow
internal import Extraction
internal import Hashing
package import Records
internal import Stages
internal import Storage
package import Telemetry
internal import Text
internal import WorkerMessages

/// The prepare phase of a plan for one document at a time: route, extract, and every text stage.
///
/// One worker owns a value; it keeps buffers from one document to the next, and no output depends on
/// what came before.
package struct PreparePipeline: Preparer {
    private struct Route {
        let extractID: String
        let inputs: Set<String>
        let mediaTypes: Set<String>
        let extract: ExtractDocument
        /// The stages after extraction, in order.
        let stages: [(id: String, stage: any DocumentStage)]
    }

    private let routes: [Route]
    /// The most bytes that a gzipped document may stand for.
    private let byteLimit: Int
    private let wantsSignature: Bool
    private var signatures = SignatureBuilder()
    private var comparedText = ComparedText()
    private let deflater = Deflater(level: Self.compressionLevel)

    /// Clean text is read back at every materialise: 6 costs twice the time of 3 for 4 % of size.
    private static let compressionLevel = 3

    /// - Parameter nodes: the prepare nodes of a validated plan: every path from an extraction stage
    ///   has one next stage at most.
    package init(nodes: [PlanNode], wantsSignature: Bool) throws {
        let prepare = nodes.filter { $0.phase == .prepare }
        let extractors = try prepare.filter { !$0.mediaTypes.isEmpty }
            .map { (node: $0, extract: try ExtractDocument($0)) }
        self.byteLimit = extractors.map(\.extract.byteLimit).max() ?? 0
        self.routes = try extractors.map { node, extract in
            Route(
                extractID: node.id,
                inputs: Set(node.inputs),
                mediaTypes: Set(node.mediaTypes),
                extract: extract,
                stages: try prepare.path(from: node).dropFirst().map {
                    ($0.id, try makeDocumentStage($0))
                }
            )
        }
        self.wantsSignature = wantsSignature
    }

    /// Takes one document through the phase.
    ///
    /// - Parameter source: the name of the source the document comes from.
    package mutating func prepare(
        _ raw: RawDocument,
        source: String,
        counters: inout StageCounters
    ) -> PrepareOutcome {
        let found: IdentifiedContent
        do {
            found = try identify(raw.bytes, declared: raw.mediaType, byteLimit: self.byteLimit)
        } catch {
            return .failed(StageFailure(stage: "read", code: error.code, message: error.message))
        }
        let match = extractionType(of: found.type) { type in
            self.routes.first { $0.inputs.contains(source) && $0.mediaTypes.contains(type.name) }
        }
        guard let (type, route) = match else {
            let error = notTaken(found, from: source)
            return .failed(
                StageFailure(stage: "extract", code: error.code, message: error.message)
            )
        }
        var warnings = found.disagrees ? ["media_type_disagrees"] : []
        if type != found.type { warnings.append("read_as_plain_text") }
        let sniffed = RawDocument(id: raw.id, uri: raw.uri, mediaType: type, bytes: found.bytes)
        return self.run(
            route,
            on: sniffed,
            source: source,
            warnings: warnings,
            counters: &counters
        )
    }

    private mutating func run(
        _ route: Route,
        on raw: RawDocument,
        source: String,
        warnings: [String],
        counters: inout StageCounters
    ) -> PrepareOutcome {
        var stage = route.extractID
        do {
            var document = try counters.measure(stage, inputBytes: raw.bytes.count) {
                () throws(StageError) in
                let document = try route.extract.extract(raw)
                return (document, document.text.count)
            }
            document.source = source
            for warning in warnings { document.warn(warning) }
            for next in route.stages {
                stage = next.id
                try counters.measure(stage, inputBytes: document.text.count) {
                    () throws(StageError) in
                    try next.stage.process(&document)
                    return ((), document.text.count)
                }
            }
            stage = "checkpoint"
            return .prepared(try self.finish(document, counters: &counters))
        } catch {
            if error.code == .excluded { return .excluded(stage: stage, reason: error.message) }
            return .failed(StageFailure(stage: stage, code: error.code, message: error.message))
        }
    }

    private mutating func finish(
        _ document: Document,
        counters: inout StageCounters
    ) throws(StageError) -> PreparedDocument {
        guard !document.text.isEmpty else { throw StageError(.empty, "the document has no text") }
        var signature: Signature?
        if self.wantsSignature {
            signature = counters.measure("signature", inputBytes: document.text.count) {
                let compared = self.comparedText.join(title: document.title, document.text)
                return (compared.withUnsafeBufferPointer { self.signatures.signature(of: $0) }, 0)
            }
        }
        let pageBlocks = document.host.map { host in
            document.text.withUnsafeBufferPointer {
                PageBlocks(host: host, text: $0, blocks: document.blocks)
            }
        }
        let compressed = counters.measure("compress", inputBytes: document.text.count) {
            let bytes = self.deflater.deflate(document.text)
            return (bytes, bytes.count)
        }
        return PreparedDocument(
            id: document.id,
            mediaType: document.mediaType,
            title: document.title,
            metadata: document.metadata,
            language: document.language?.language ?? LanguageResult.undetermined.language,
            languageConfidence: document.language?.confidence ?? 0,
            compressedText: compressed,
            textByteCount: document.text.count,
            textHash: sha256(document.text),
            blocks: document.blocks,
            redactions: document.redactions,
            policy: document.policy,
            warnings: document.warnings,
            signature: signature,
            pageBlocks: pageBlocks
        )
    }
}
