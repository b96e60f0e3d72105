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
            error.message
        )
    } catch let error as StorageError {
        throw OperationError(error.code == .locked ? .locked : .fatal, error.message)
    } catch let error as SearchError {
        throw OperationError(.configuration, error.message)
    } catch let error as SegmentError {
        throw OperationError(error.code == .tooNew ? .newerVersion : .fatal, error.description)
    }
}
