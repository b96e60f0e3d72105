internal import Dataflow
internal import Hashing
internal import Records
internal import Storage
internal import Synchronization
internal import Text

/// An operator's fastText model, mapped and checked once for each path.
///
/// A file that changes counts from the next start of the process on.
struct FastTextFile: Sendable {
    let model: FastTextModel
    let sha256: String

    private static let loaded = Mutex<[String: FastTextFile]>([:])

    /// The model a language stage names by its path; nil when it names none.
    ///
    /// - Throws: ``StageConstructionError`` with the path when the file cannot be used.
    static func named(by node: PlanNode) throws(StageConstructionError) -> FastTextFile? {
        let path = node.parameters.string("fasttext_model", default: "")
        guard !path.isEmpty else { return nil }
        do {
            return try Self.loaded.withLock { loaded in
                if let known = loaded[path] { return known }
                let file = try MappedFile(path: path)
                let found = FastTextFile(
                    model: try FastTextModel(file.bytes, owner: file),
                    sha256: Hashing.sha256(file.bytes).hex
                )
                loaded[path] = found
                return found
            }
        } catch let error as FastTextModel.FormatError {
            throw StageConstructionError(
                stage: node.id,
                message: "'\(path)' cannot be used as a fastText model: \(error.message)"
            )
        } catch {
            throw StageConstructionError(
                stage: node.id,
                message: "the fastText model '\(path)' cannot be read"
            )
        }
    }
}
