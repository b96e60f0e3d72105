internal import Dataflow
internal import Manifests
internal import Records

/// Takes the vectors of texts out of the embedding caches that a plan names, and wipes their bytes.
///
/// Those of texts that others have word for word go as well: they are made anew when they are wanted.
/// - Parameter digests: of contents, texts and chunks, in hexadecimal.
/// - Throws: ``OperationError`` `.fatal` where a cache cannot be written to.
func forgetCachedVectors(of digests: [String], _ plan: Plan) throws {
    let hashes = digests.compactMap { Digest(hex: $0) }
    guard !hashes.isEmpty else { return }
    for path in plan.embeddingCacheFiles {
        do {
            try EmbeddingCache(path: path, mode: .readWrite).forget(hashes)
        } catch let error as ManifestError {
            throw OperationError(
                .fatal,
                "\(error.message); a vector of what is forgotten may be in it: remove its folder, which holds "
                    + "nothing that cannot be made again, then the same command goes on"
            )
        }
    }
}
