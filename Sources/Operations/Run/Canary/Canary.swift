internal import Bytes
internal import Dataflow
internal import Hashing
internal import Records
internal import Redact
internal import Stages
internal import Storage
internal import WorkerMessages

/// A document with known values that goes through a run beside the others: were one of its values still
/// there after redaction, those of real documents would be too.
///
/// Which of the values have to go is worked out by the policy in this process (``Route/needles(language:)``);
/// that they are gone is looked up in what the worker processes made of the document, and in a
/// segment made of that.
struct Canary: Sendable {
    /// One value of each kind that has a form everyone knows; they belong to nobody.
    static let lines = [
        "Write to canary.bird@millrace-check.net before noon.",
        "Call +44 20 7946 0958 or (201) 555-0123 after that.",
        "The card 4111 1111 1111 1111 was charged.",
        "IBAN DE89 3704 0044 0532 0130 00 was credited.",
        "SSN 536-90-4399, PESEL: 44051401359.",
        "Login from 203.0.113.77 by device a2:96:9f:7b:26:fc.",
        "The access key AKIA2OGYBAH6QLZT5MVR was revoked.",
        "Pay to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq instead.",
        "Date of birth: 1960-09-11.",
        "Dear Mr. Smith, ship it to 14 Crown Street, London.",
    ]

    /// A value that may not be found in anything made of the document.
    struct Needle: Hashable, Sendable {
        let kind: PIIKind
        let bytes: [UInt8]
    }

    /// One way through the prepare phase.
    struct Route: Sendable {
        let source: String
        let request: PrepareRequest
        /// Those of the stages on the way, in their order.
        let redactors: [PolicyRedactor]
    }

    let routes: [Route]

    /// - Throws: ``StageConstructionError`` for a key that is not there.
    init(_ plan: Plan) throws {
        let sources = Set(plan.sources.map(\.name))
        let prepare = plan.nodes(in: .prepare)
        self.routes = try prepare.filter { !$0.mediaTypes.isEmpty }.flatMap { node -> [Route] in
            let redactors = try prepare.path(from: node)
                .filter { $0.uses == redactStageName }.map(makePolicyRedactor)
            guard !redactors.isEmpty else { return [] }
            return node.mediaTypes.map { MediaType($0) }.flatMap { type -> [Route] in
                guard let bytes = sampleDocument(of: type, lines: Self.lines) else { return [] }
                return node.inputs.filter(sources.contains).map { source in
                    let uri = "canary/\(type.name)"
                    return Route(
                        source: source,
                        request: PrepareRequest(
                            raw: RawDocument(
                                id: documentID(uri: uri),
                                uri: uri,
                                mediaType: type,
                                bytes: bytes
                            ),
                            source: source
                        ),
                        redactors: redactors
                    )
                }
            }
        }
    }

    /// Holds what a worker made of a route's document to the policy.
    ///
    /// - Output: the document for the check of a segment; nil where the pipeline leaves it out.
    /// - Throws: ``OperationError`` `.gateFailed` when a value is left, or nothing was redacted.
    func check(_ outcome: PrepareOutcome, of route: Route) throws -> PreparedDocument? {
        let document: PreparedDocument
        switch outcome {
        case .excluded: return nil
        case .failed(let failure) where failure.code == .quarantined: return nil
        case .failed(let failure):
            throw Self.failure(route, "could not be prepared: \(failure.stage): \(failure.message)")
        case .prepared(let prepared): document = prepared
        }
        guard document.policy == route.redactors.last?.hash else {
            throw Self.failure(route, "did not go through the pipeline's policy")
        }
        let needles = route.needles(language: document.language)
        guard !needles.isEmpty else { return document }
        guard !document.redactions.isEmpty else {
            throw Self.failure(route, "came through without a single value redacted")
        }
        let text = try Inflater().inflate(
            document.compressedText,
            byteCount: document.textByteCount
        )
        let parts =
            [text, Array(document.title.utf8)] + document.metadata.values.map { Array($0.utf8) }
        if let needle = Self.first(of: needles, in: parts) {
            throw Self.failure(route, "still holds its \(needle.kind.rawValue) after redaction")
        }
        return document
    }

    static func first(of needles: [Needle], in parts: [[UInt8]]) -> Needle? {
        needles.first { needle in
            parts.contains { $0.firstRange(of: needle.bytes) != nil }
        }
    }

    static func failure(_ route: Route, _ what: String) -> OperationError {
        OperationError(
            .gateFailed,
            "the canary document (\(route.request.raw.mediaType.name), source '\(route.source)') "
                + "\(what); nothing is published. 'millrace policy test' and 'millrace doctor' look "
                + "for the cause; the next run tries again"
        )
    }
}
