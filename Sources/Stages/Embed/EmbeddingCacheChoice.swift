package import Dataflow

/// Where an embed stage keeps vectors for all workspaces of the machine, and how many bytes of them.
package struct EmbeddingCacheChoice: Hashable, Sendable {
    package let folder: String
    package let byteLimit: Int
}

/// The cache that an embed stage names; nil for none.
package func embeddingCache(_ node: PlanNode) -> EmbeddingCacheChoice? {
    node.parameters.optionalString("cache").map { folder in
        EmbeddingCacheChoice(
            folder: folder,
            byteLimit: node.parameters.int("cache_bytes", default: cacheBytesByDefault)
        )
    }
}

/// About 2.5 million vectors of 384 dimensions.
let cacheBytesByDefault = 4 << 30
