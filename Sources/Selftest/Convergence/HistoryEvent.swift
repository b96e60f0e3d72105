/// One thing that happens to a collection of documents or to its index.
///
/// Files are named by numbers that last, and an event about a file that is gone does nothing, so any
/// events may be left out of a history.
enum HistoryEvent: Hashable, Sendable {
    case add(Int, path: String, FileContent)
    case edit(Int, words: Int, seed: UInt64, inPlace: Bool)
    case editInvisibly(Int)
    case rename(Int, to: String)
    case exchange(Int, Int)
    case copy(Int, as: Int, path: String, isLink: Bool)
    case touch(Int)
    case delete(Int)
    case damage(Int, BrokenFile, seed: UInt64)
    case mend(Int)
    case configure(PipelineSetting)
    /// A sync to its end, after which everything is compared with a fresh backfill.
    case sync(workers: Int, isParanoid: Bool)
    /// A sync that is asked to stop when it reads its clock for this many times.
    case stop(reading: Int, workers: Int)
    /// A sync that may look at so many documents only.
    case limit(documents: Int, workers: Int)
    /// A sync in a process of its own that is killed.
    case kill(milliseconds: Int, workers: Int)
    case compact(workers: Int)

    /// Whether it leaves an index of all that is there, when it followed one that did.
    var isWhole: Bool {
        switch self {
        case .sync, .compact: true
        default: false
        }
    }

    /// One word for events that are counted together.
    var kind: String {
        switch self {
        case .add: "add"
        case .edit: "edit"
        case .editInvisibly: "edit of markup"
        case .rename: "rename"
        case .exchange: "exchange"
        case .copy: "copy"
        case .touch: "touch"
        case .delete: "delete"
        case .damage: "damage"
        case .mend: "mend"
        case .configure: "configure"
        case .sync: "sync"
        case .stop: "stop"
        case .limit: "limit"
        case .kill: "kill"
        case .compact: "compact"
        }
    }
}

/// One key of the pipeline set to another value.
enum PipelineSetting: Hashable, Sendable, CustomStringConvertible {
    case maximumTokens(Int)
    case overlapTokens(Int)
    case threshold(Double?)
    case near(String)
    case prefer([String]?)
    case redactKinds([String]?)
    case minimumScore(Double)
    case allowedLanguages([String])
    case content(String)
    case boilerplate(String)
    case vectors(String)
    case hasVectors(Bool)

    static func apply(_ setting: PipelineSetting, to shape: inout PipelineShape, model: String) {
        switch setting {
        case .maximumTokens(let count): shape.maximumTokens = count
        case .overlapTokens(let count): shape.overlapTokens = count
        case .threshold(let value): shape.threshold = value
        case .near(let policy): shape.near = policy
        case .prefer(let order): shape.prefer = order
        case .redactKinds(let kinds): shape.redactKinds = kinds
        case .minimumScore(let score): shape.minimumScore = score
        case .allowedLanguages(let languages): shape.allowedLanguages = languages
        case .content(let content): shape.content = content
        case .boilerplate(let boilerplate): shape.boilerplate = boilerplate
        case .vectors(let encoding): shape.vectors = encoding
        case .hasVectors(let hasVectors): shape.model = hasVectors ? model : nil
        }
    }

    var description: String {
        switch self {
        case .maximumTokens(let count): "chunk.maximum_tokens to \(count)"
        case .overlapTokens(let count): "chunk.overlap_tokens to \(count)"
        case .threshold(let value): value.map { "dedupe.threshold to \($0)" } ?? "no dedupe stage"
        case .near(let policy): "dedupe.near to \(policy)"
        case .prefer(let order):
            "dedupe.prefer to \(order?.joined(separator: ",") ?? "the default")"
        case .redactKinds(let kinds): "redact.kinds to \(kinds?.joined(separator: ",") ?? "all")"
        case .minimumScore(let score): "redact.minimum_score to \(score)"
        case .allowedLanguages(let list):
            "language.allow to \(list.isEmpty ? "all" : list.joined(separator: ","))"
        case .content(let content): "html.content to \(content)"
        case .boilerplate(let boilerplate): "html.boilerplate to \(boilerplate)"
        case .vectors(let encoding): "index.vectors to \(encoding)"
        case .hasVectors(let hasVectors): hasVectors ? "an embed stage" : "no embed stage"
        }
    }
}

extension HistoryEvent: CustomStringConvertible {
    var description: String {
        switch self {
        case .add(let file, let path, let content): "add #\(file) \(path) (\(content))"
        case .edit(let file, let words, _, let inPlace):
            "edit \(words) words of #\(file)\(inPlace ? " in place" : "")"
        case .editInvisibly(let file): "edit the markup of #\(file)"
        case .rename(let file, let path): "rename #\(file) to \(path)"
        case .exchange(let file, let other): "let #\(file) and #\(other) change names"
        case .copy(let file, let copy, let path, let isLink):
            "\(isLink ? "link" : "copy") #\(file) as #\(copy) \(path)"
        case .touch(let file): "touch #\(file)"
        case .delete(let file): "delete #\(file)"
        case .damage(let file, let kind, _): "damage #\(file) (\(kind.rawValue))"
        case .mend(let file): "mend #\(file)"
        case .configure(let setting): "set \(setting)"
        case .sync(let workers, let isParanoid):
            "sync with \(workers) workers"
                + (isParanoid ? ", reading everything" : "")
        case .stop(let reading, let workers):
            "sync with \(workers) workers, stopped at clock reading \(reading)"
        case .limit(let documents, let workers):
            "sync with \(workers) workers, of \(documents) documents at most"
        case .kill(let milliseconds, let workers):
            "sync with \(workers) workers, killed after \(milliseconds) ms"
        case .compact(let workers): "compact with \(workers) workers"
        }
    }
}

extension FileContent: CustomStringConvertible {
    var description: String {
        switch self {
        case .document(let document, let format):
            "\(document.language.rawValue) \(format.rawValue), \(document.sections.count) sections"
        case .broken(let kind, _): kind.rawValue
        }
    }
}
