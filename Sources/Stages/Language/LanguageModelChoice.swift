internal import Embedding
internal import Hashing
internal import Records
internal import Storage
package import Text

/// The n-gram models a language stage may use, each fetched by `Ops/fetch-models`.
package enum LanguageModelChoice: String, CaseIterable, Sendable {
    case py3langid
    case none

    /// The mapped model, shared by the process; nil without a sound file.
    package var model: NgramModel? {
        switch self {
        case .py3langid: sharedModel?.model
        case .none: nil
        }
    }

    /// The SHA-256 of what is mapped, or a word for its absence.
    package var identity: String { self.model.flatMap { _ in sharedModel?.sha256 } ?? "cld2" }

    /// Where the model's file is, or would be.
    package static var path: String { ModelStore().folder("py3langid") + "/ngrams.bin" }

    package static let remedy = "run Ops/fetch-models py3langid"
}

// Read once: a file that comes later counts from the next start of the process on.
private let sharedModel: (model: NgramModel, sha256: String)? = {
    guard let file = try? MappedFile(path: LanguageModelChoice.path),
        let model = try? NgramModel(file.bytes, owner: file)
    else { return nil }
    let hash = sha256(file.bytes).hex
    // Most processes ask for no more than its hash.
    file.advise(.done)
    return (model, hash)
}()
