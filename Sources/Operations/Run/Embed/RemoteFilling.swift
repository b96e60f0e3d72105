internal import Embedding
internal import Manifests
internal import Records

/// A chunk without a vector.
struct WaitingChunk {
    let document: DocumentID
    let hash: Digest
    let bytes: [UInt8]
    /// As the chunk stage counts.
    let tokens: Int
}

/// Fills requests with chunks, keeps as many under way as the server may have, and stores what comes back.
struct RemoteFilling {
    /// A document, and why the server will not take a part of it.
    struct RefusedDocument {
        let document: DocumentID
        let shard: Int
        let refusal: EmbeddingRefusal
    }

    private struct Place: Hashable {
        let document: DocumentID
        let shard: Int
    }

    private static let waitMilliseconds = 100

    private let model: RemoteModel
    private let manifests: [ShardManifest]
    private let fingerprint: String
    private let cache: VectorCache?
    private let stop: StopPoint
    private let line: RequestLine
    private var modelNumbers: [Int: Int64] = [:]
    /// Where vectors are looked for: every shard, those of this phase too.
    private(set) var sources = VectorSources.none
    private var batch = RemoteBatch()
    /// Batches that came back for want of budget.
    private var returned: [RemoteBatch] = []
    /// Documents that wait for a text which is in a request.
    private var pending: [Digest: [Place]] = [:]
    private var refusals: [Digest: EmbeddingRefusal] = [:]
    private var refused: [Place: EmbeddingRefusal] = [:]
    private(set) var storedCount = 0
    /// Of texts whose vector was in the cache.
    private(set) var cachedCount = 0

    init(
        model: RemoteModel,
        manifests: [ShardManifest],
        fingerprint: String,
        cache: VectorCache?,
        stop: StopPoint
    ) {
        self.model = model
        self.manifests = manifests
        self.fingerprint = fingerprint
        self.cache = cache
        self.stop = stop
        self.line = RequestLine(model)
    }

    var place: String { self.model.place }

    var refusedDocuments: [RefusedDocument] {
        self.refused.map {
            RefusedDocument(document: $0.key.document, shard: $0.key.shard, refusal: $0.value)
        }
    }

    mutating func begin(shard: Int) throws {
        let manifests = self.manifests
        self.sources = try VectorSources(
            manifests.indices,
            models: [self.fingerprint],
            manifest: { manifests[$0] }
        )
    }

    /// Takes what the cache has, and sends the rest.
    mutating func add(_ chunks: [WaitingChunk], shard: Int) throws {
        let cached = try self.takeCached(chunks, shard: shard)
        for chunk in chunks where !cached.contains(chunk.hash) {
            try self.add(chunk, shard: shard)
        }
    }

    private mutating func takeCached(
        _ chunks: [WaitingChunk],
        shard: Int
    ) throws -> Set<Digest> {
        guard let cache else { return [] }
        let wanted = Set(chunks.map(\.hash)).filter { self.pending[$0] == nil }.sorted()
        let found = cache.vectors(of: wanted)
        guard !found.isEmpty else { return [] }
        let hashes = wanted.filter { found[$0] != nil }
        let set = VectorSet(
            model: try self.modelNumber(shard),
            dimensions: self.model.identity.dimensions,
            hashes: hashes,
            components: hashes.flatMap { found[$0] ?? [] }
        )
        try self.manifests[shard].storeMaterialised(chunkSets: [], vectors: [set])
        self.cachedCount += hashes.count
        return Set(hashes)
    }

    private mutating func add(_ chunk: WaitingChunk, shard: Int) throws {
        let place = Place(document: chunk.document, shard: shard)
        if let refusal = self.refusals[chunk.hash] {
            self.refused[place] = refusal
            return
        }
        if self.pending[chunk.hash] != nil {
            self.pending[chunk.hash]?.append(place)
            return
        }
        self.pending[chunk.hash] = [place]
        let text = RemoteBatch.Text(
            hash: chunk.hash,
            shard: shard,
            bytes: chunk.bytes,
            tokens: max(chunk.tokens, chunk.bytes.count / 6) + 2
        )
        let limits = self.model.limits
        let isFull =
            self.batch.texts.count >= limits.batchItems
            || !self.batch.texts.isEmpty && self.batch.tokens + text.tokens > limits.batchTokens
        if isFull { try self.dispatch() }
        self.batch.append(text)
    }

    /// Sends what is left and waits for all answers.
    mutating func finish() throws {
        if !self.batch.texts.isEmpty { try self.dispatch() }
        while self.line.count > 0 || !self.returned.isEmpty {
            try self.resend()
            if self.line.count > 0 { try self.takeAnswer() }
        }
    }

    /// Stores the answers that still come when the phase ends early.
    mutating func drain(graceMilliseconds: Int) {
        var waited = 0
        while self.line.count > 0, waited < graceMilliseconds {
            if let (batch, result) = self.line.receive(waiting: Self.waitMilliseconds) {
                if case .success(let outcomes) = result { try? self.store(batch, outcomes) }
            } else {
                waited += Self.waitMilliseconds
            }
        }
        self.line.cancel()
        while self.line.count > 0 {
            guard let (batch, result) = self.line.receive(waiting: Self.waitMilliseconds) else {
                continue
            }
            if case .success(let outcomes) = result { try? self.store(batch, outcomes) }
        }
    }

    // MARK: Requests

    /// The first request goes alone: what is wrong with the server shows before more is sent.
    private var mayUnderWay: Int { self.model.hasAnswered ? self.model.limits.concurrency : 1 }

    private mutating func dispatch() throws {
        let batch = self.batch
        self.batch = RemoteBatch()
        while true {
            try self.resend()
            if self.returned.isEmpty, self.line.count < self.mayUnderWay { break }
            if self.line.count > 0 { try self.takeAnswer() }
        }
        self.line.send(batch)
    }

    /// Sends again what came back for want of budget: once nothing is under way, since answers may have
    /// cost less than was set aside; then in halves.
    private mutating func resend() throws {
        guard !self.returned.isEmpty, self.line.count == 0 else { return }
        self.line.send(self.returned.removeLast())
    }

    private mutating func takeAnswer() throws {
        while true {
            try self.stop.check()
            guard let (batch, result) = self.line.receive(waiting: Self.waitMilliseconds) else {
                continue
            }
            switch result {
            case .success(let outcomes): try self.store(batch, outcomes)
            case .failure(let error) where error.code == .budgetReached:
                try self.takeBack(batch, error)
            case .failure(let error) where error.code == .outage:
                throw EmbeddingStopped(reason: error.message)
            case .failure(let error): throw error
            }
            return
        }
    }

    private mutating func takeBack(_ batch: RemoteBatch, _ error: EmbeddingError) throws {
        // Others under way may give back what they do not use.
        if self.line.count > 0 {
            self.returned.append(batch)
        } else if batch.texts.count > 1 {
            self.returned += batch.halves
        } else {
            throw EmbeddingStopped(reason: error.message)
        }
    }

    // MARK: Answers

    private mutating func store(_ batch: RemoteBatch, _ outcomes: [RemoteOutcome]) throws {
        var hashes: [Int: [Digest]] = [:]
        var components: [Int: [Float]] = [:]
        for (text, outcome) in zip(batch.texts, outcomes) {
            let places = self.pending.removeValue(forKey: text.hash) ?? []
            switch outcome {
            case .vector(let vector):
                hashes[text.shard, default: []].append(text.hash)
                components[text.shard, default: []] += vector
            case .refused(let refusal):
                self.refusals[text.hash] = refusal
                for place in places { self.refused[place] = refusal }
            }
        }
        for (shard, hashes) in hashes.sorted(by: { $0.key < $1.key }) {
            let set = VectorSet(
                model: try self.modelNumber(shard),
                dimensions: self.model.identity.dimensions,
                hashes: hashes,
                components: components[shard] ?? []
            )
            try self.manifests[shard].storeMaterialised(chunkSets: [], vectors: [set])
            self.cache?.store(set.hashes, components: set.components)
            self.storedCount += hashes.count
        }
    }

    private mutating func modelNumber(_ shard: Int) throws -> Int64 {
        if let number = self.modelNumbers[shard] { return number }
        let number = try self.manifests[shard].modelNumber(
            for: self.fingerprint,
            dimensions: self.model.identity.dimensions
        )
        self.modelNumbers[shard] = number
        return number
    }
}
