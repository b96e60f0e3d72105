package import Dataflow
internal import Extraction
internal import Hashing
package import Records
internal import Stages
internal import Storage
package import Telemetry
internal import Text
package import WorkerMessages

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
    /// The most bytes that a compressed document may stand for.
    private let byteLimit: Int
    private let wantsSignature: Bool
    /// Takes what is made of documents in others; nil to have it in the answer.
    var reports: ChildReports?
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

    /// Takes one document through the phase, and every document in it.
    ///
    /// - Parameter source: the name of the source the document comes from.
    package mutating func prepare(
        _ raw: RawDocument,
        source: String,
        counters: inout StageCounters
    ) -> PreparedFile {
        self.prepare(
            raw,
            at: nil,
            of: ListedDocument(id: raw.id, uri: raw.uri, source: source),
            counters: &counters
        )
    }

    /// The listed document that others may be taken out of.
    private struct ListedDocument {
        let id: DocumentID
        let uri: String
        let source: String
    }

    /// - Parameter place: nil for the listed document itself.
    private mutating func prepare(
        _ raw: RawDocument,
        at place: ContainerPlace?,
        of root: ListedDocument,
        counters: inout StageCounters
    ) -> PreparedFile {
        let found: IdentifiedContent
        do {
            found = try identify(raw.bytes, declared: raw.mediaType, byteLimit: self.byteLimit)
        } catch {
            return .failed(StageFailure(stage: "read", code: error.code, message: error.message))
        }
        let match = extractionType(of: found.type) { type in
            self.routes.first {
                $0.inputs.contains(root.source) && $0.mediaTypes.contains(type.name)
            }
        }
        guard let (type, route) = match else {
            let error = notTaken(found, from: root.source)
            return .failed(
                StageFailure(stage: "extract", code: error.code, message: error.message)
            )
        }
        var warnings = found.disagrees ? ["media_type_disagrees"] : []
        if type != found.type { warnings.append("read_as_plain_text") }
        let text = textOfDeclaredCharset(found.bytes, raw.charset, type)
        if let text, text.replaced > 0 { warnings.append("charset_replacements") }
        let sniffed = RawDocument(
            id: raw.id,
            uri: raw.uri,
            mediaType: type,
            bytes: text?.utf8 ?? found.bytes,
            charset: raw.charset
        )
        var children: [PreparedChild] = []
        var document: Document
        do {
            // The container's stage runs while theirs do, and its time holds theirs.
            var childCounters = StageCounters()
            document = try counters.measure(route.extractID, inputBytes: sniffed.bytes.count) {
                () throws(StageError) in
                let document = try route.extract.extract(sniffed, at: place) { child, place in
                    children += self.prepare(child, at: place, in: raw, root, &childCounters)
                    return true
                }
                return (document, document.text.count)
            }
            counters.add(childCounters)
        } catch {
            return .ended(error, stage: route.extractID)
        }
        document.source = root.source
        document.describe(by: raw)
        for warning in warnings { document.warn(warning) }
        return PreparedFile(
            outcome: self.run(route, on: document, counters: &counters),
            children: children
        )
    }

    /// A document in `parent`, and behind it those in it; nothing where ``reports`` takes them.
    private mutating func prepare(
        _ child: ChildDocument,
        at place: ContainerPlace,
        in parent: RawDocument,
        _ root: ListedDocument,
        _ counters: inout StageCounters
    ) -> [PreparedChild] {
        guard let reports = self.reports else {
            let (own, inner) = self.prepared(child, at: place, in: parent, root, &counters)
            return [own] + (inner ?? [])
        }
        reports.take { failure in
            let (own, inner) = self.prepared(
                child,
                failure: failure,
                at: place,
                in: parent,
                root,
                &counters
            )
            var writer = ByteWriter()
            own.encode(to: &writer)
            return ChildReports.Answer(payload: writer.bytes, isWhole: inner != nil)
        }
        return []
    }

    /// A document in `parent`, and those in it; nil for these where they cannot be told.
    ///
    /// - Parameter failure: how it is known to fail, so that it is not tried.
    private mutating func prepared(
        _ child: ChildDocument,
        failure: StageFailure? = nil,
        at place: ContainerPlace,
        in parent: RawDocument,
        _ root: ListedDocument,
        _ counters: inout StageCounters
    ) -> (own: PreparedChild, inner: [PreparedChild]?) {
        let uri = parent.uri + child.suffix
        let bytes: [UInt8]
        let file: PreparedFile
        do throws(StageError) {
            bytes = try child.read()
            let raw = RawDocument(
                id: documentID(uri: uri, inside: root.id),
                uri: uri,
                mediaType: child.mediaType,
                bytes: bytes
            )
            if let failure {
                file = .failed(failure)
            } else {
                file = self.prepare(raw, at: place, of: root, counters: &counters)
            }
        } catch {
            bytes = []
            file = .failed(StageFailure(stage: "read", code: error.code, message: error.message))
        }
        let own = PreparedChild(
            suffix: String(decoding: uri.utf8.dropFirst(root.uri.utf8.count), as: UTF8.self),
            byteCount: bytes.count,
            contentHash: sha256(bytes),
            outcome: file.outcome
        )
        return (own, file.children)
    }

    /// The stages after extraction.
    private mutating func run(
        _ route: Route,
        on document: Document,
        counters: inout StageCounters
    ) -> PrepareOutcome {
        var stage = route.extractID
        var document = document
        do {
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
            return .ended(error, stage: stage)
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

extension Document {
    /// Takes up what the source says of the document, over what it says of itself.
    fileprivate mutating func describe(by raw: RawDocument) {
        if !raw.title.isEmpty { self.title = raw.title }
        self.metadata.merge(raw.metadata) { $1 }
    }
}

extension PreparedFile {
    fileprivate static func failed(_ failure: StageFailure) -> PreparedFile {
        PreparedFile(outcome: .failed(failure))
    }

    fileprivate static func ended(_ error: StageError, stage: String) -> PreparedFile {
        PreparedFile(outcome: .ended(error, stage: stage))
    }
}

extension PrepareOutcome {
    /// A document that a stage has ended.
    fileprivate static func ended(_ error: StageError, stage: String) -> PrepareOutcome {
        error.code == .excluded
            ? .excluded(stage: stage, reason: error.message)
            : .failed(StageFailure(stage: stage, code: error.code, message: error.message))
    }
}
