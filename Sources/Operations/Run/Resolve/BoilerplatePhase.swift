internal import Manifests
internal import Records
internal import Text

/// Decides which blocks of each page belong to its host, from all pages that repeat no other.
///
/// The decision is a function of the set of pages, as dedupe's is: it is made again whenever the set
/// changed, and only the documents for which it came out otherwise are chunked again.
struct BoilerplatePhase {
    /// Blocks counted in one pass over the pages; one takes about 40 bytes.
    private static let blocksPerPass = 4 << 20

    let shards: [ShardManifest]
    let stop: StopPoint

    /// Invariant: a shard says that its pages are decided only when those of all shards are.
    func run() throws {
        let revision = Int64(SharedBlocks.revision)
        let decided = try self.shards.map { try $0.pageBlocksRevision() }
        // A shard that says nothing beside one that does was made anew: its pages were others.
        guard decided.contains(where: { $0 != nil }), decided.contains(where: { $0 != revision })
        else { return }
        let shared = try self.sharedBlocks()
        for shard in self.shards { try self.apply(shared, to: shard) }
        for shard in self.shards { try shard.setPageBlocksRevision(SharedBlocks.revision) }
    }

    private func sharedBlocks() throws -> SharedBlocks {
        var pagesOfHost: [UInt64: Int] = [:]
        try self.visit { pagesOfHost[$0.host, default: 0] += 1 }
        let blockCount = try self.shards.reduce(0) { try $0 + $1.pageBlockCount() }
        let passCount = 1 + blockCount / Self.blocksPerPass
        var keys: [UInt64] = []
        for pass in 0..<passCount {
            var counter = SharedBlockCounter(part: pass, of: passCount)
            try self.visit { counter.add($0.blocks, host: $0.host) }
            keys += counter.shared(pagesOfHost: pagesOfHost)
        }
        return SharedBlocks(keys)
    }

    private func visit(_ body: (StoredPage) -> Void) throws {
        for shard in self.shards {
            try shard.visitPages { pages in
                try self.stop.check()
                pages.forEach(body)
            }
        }
    }

    private func apply(_ shared: SharedBlocks, to shard: ShardManifest) throws {
        try shard.visitPages { pages in
            try self.stop.check()
            let changes = pages.compactMap { page in
                let leftOut = shared.leftOut(of: page.blocks, host: page.host)
                return leftOut == page.leftOut ? nil : (id: page.id, blocks: leftOut)
            }
            if !changes.isEmpty { try shard.setLeftOut(changes) }
        }
    }
}

extension StoredPage {
    /// The host it is compared under: its own, or else its source.
    fileprivate var host: UInt64 {
        self.blocks.host == 0 ? hostDigest(ofSource: self.source) : self.blocks.host
    }
}
