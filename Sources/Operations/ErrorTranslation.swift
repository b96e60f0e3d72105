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
    } catch let error as StorageError {
        throw OperationError(error.code == .locked ? .locked : .fatal, error.message)
    } catch let error as SearchError {
        throw OperationError(.configuration, error.message)
    } catch let error as SegmentError {
        throw OperationError(error.code == .tooNew ? .newerVersion : .fatal, error.description)
    }
}

/// How a damaged manifest is made again, where that can be told from its name.
private func remedy(_ error: ManifestError) -> String {
    guard error.code == .corrupt else { return "" }
    let names = error.path.split(separator: "/").suffix(3)
    if names.last == "dedupe.sqlite" {
        return ". It holds nothing that the manifests of the shards do not: remove it with its "
            + "'-wal' and '-shm' files, and the next run makes it again"
    }
    guard names.last == "manifest.sqlite", names.first == "shards",
        let shard = names.dropFirst().first
    else { return "" }
    return ". 'millrace sync PIPELINE --rebuild-shard \(shard)' sets it aside and prepares its "
        + "documents again from the sources; the other shards stay as they are"
}
