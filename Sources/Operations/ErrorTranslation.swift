internal import Embedding
internal import Manifests
internal import Search
internal import Segments
internal import Storage

/// Runs `body`; errors of the rooms below become ones with an exit code.
func translatingErrors<Value>(_ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let error as ManifestError {
        throw OperationError(
            error.code == .tooNew ? .newerVersion : .fatal,
            error.message + remedy(error)
        )
    } catch let error as EmbeddingError {
        throw OperationError(error.isConfiguration ? .configuration : .fatal, error.message)
    } catch let error as StorageError {
        throw OperationError(error.code == .locked ? .locked : .fatal, error.message)
    } catch let error as SearchError {
        throw OperationError(.configuration, error.message)
    } catch let error as SegmentError {
        throw OperationError(error.code == .tooNew ? .newerVersion : .fatal, error.description)
    }
}

extension EmbeddingError {
    /// Whether the operator has to change something before it can work.
    fileprivate var isConfiguration: Bool {
        switch self.code {
        case .missingModel, .unknownModel, .unsupportedModel, .unsupportedProcessor,
            .invalidSettings, .missingKey:
            true
        case .damagedModel, .invalidInput, .notFinite, .refused, .remote, .outage, .budgetReached:
            false
        }
    }
}

private func remedy(_ error: ManifestError) -> String {
    guard error.code == .corrupt, let healing = healing(ofFile: error.path) else { return "" }
    return ". \(healing)"
}

/// What makes a damaged state file of a workspace again; nil where that cannot be told from its name.
func healing(ofFile path: String) -> String? {
    let names = path.split(separator: "/").suffix(3)
    switch names.last {
    case "LIVE": return "'millrace sync PIPELINE' publishes again from the manifests"
    case let name? where name == "dedupe.sqlite" || name.hasSuffix(WorkspaceLayout.bandsSuffix):
        return "'millrace sync PIPELINE --rebuild dedupe' makes it again from the manifests of the "
            + "shards; nothing is lost with it"
    case "catalog.sqlite":
        return
            "'millrace sync PIPELINE --rebuild catalog' makes it again, without the history of runs"
    case "manifest.sqlite":
        guard names.first == "shards", let shard = names.dropFirst().first else { return nil }
        return "'millrace sync PIPELINE --rebuild-shard \(shard)' sets it aside and prepares its "
            + "documents again from the sources; the other shards stay as they are"
    default: return nil
    }
}
