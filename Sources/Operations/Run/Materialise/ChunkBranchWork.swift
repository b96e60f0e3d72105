internal import Dataflow
internal import Embedding
internal import Manifests
internal import Records
internal import Segments
internal import Stages
internal import Telemetry

/// The work of one chunk stage and what it feeds, for one page of documents at a time.
struct ChunkBranchWork {
    private struct EmbedWork {
        let node: PlanNode
        let embedder: any EmbeddingModel
        /// Those that are fed its vectors.
        let indexes: [MaterialisePlan.IndexBranch]
        var stage: EmbedChunks
        let model: Int64
        let cache: VectorCache?
        var hasStoredVectors: Bool
        /// One vector a chunk of the page, side by side.
        var vectors: [Float] = []

        func vector(at place: Int) -> [Float] {
            let dimensions = self.stage.dimensions
            return Array(self.vectors[place * dimensions..<(place + 1) * dimensions])
        }

        /// Chunks that the model read nothing of.
        func zeroVectors(in places: Range<Int>) -> Int {
            let dimensions = self.stage.dimensions
            return places.count { place in
                self.vectors[place * dimensions..<(place + 1) * dimensions].allSatisfy { $0 == 0 }
            }
        }
    }

    private let branch: MaterialisePlan.ChunkBranch
    private let vectors: VectorSources
    private let policies: PlanPolicies
    private var stage: ChunkText
    private var terms = ChunkTermReader()
    /// Of the stages that embed, then of those that expand.
    private var embeds: [EmbedWork]
    /// By the id of its stage.
    private let expanders: [String: ExpandedTerms]
    /// The page's chunks, document by document.
    private var chunks: [[TokenizedChunk]] = []
    private(set) var newChunkSets: [ChunkSet] = []

    init(
        _ branch: MaterialisePlan.ChunkBranch,
        manifest: ShardManifest,
        vectors: VectorSources,
        caches: [String: VectorCache],
        policies: PlanPolicies
    ) throws {
        self.branch = branch
        self.policies = policies
        self.vectors = vectors
        self.stage = ChunkText(branch.node, tokenizer: branch.tokenizer)
        self.expanders = Dictionary(
            uniqueKeysWithValues: branch.expands.map { ($0.node.id, ExpandedTerms($0.model)) }
        )
        self.embeds = try branch.models.map { embed in
            let identity = embed.model.identity
            let model = try manifest.modelNumber(
                for: identity.fingerprintText,
                dimensions: identity.dimensions
            )
            return EmbedWork(
                node: embed.node,
                embedder: embed.model,
                indexes: embed.indexes,
                stage: EmbedChunks(embed.node, model: embed.model),
                model: model,
                cache: caches[embed.node.id],
                hasStoredVectors: try manifest.hasVectors(model: model)
            )
        }
    }

    /// Cuts the documents whose chunks the manifest does not have.
    mutating func chunk(
        _ page: [CanonicalDocument],
        texts: [[UInt8]],
        manifest: ShardManifest,
        counters: inout StageCounters
    ) throws {
        self.chunks.removeAll(keepingCapacity: true)
        self.newChunkSets.removeAll(keepingCapacity: true)
        for (document, text) in zip(page, texts) {
            let stored = try manifest.chunks(of: document.id, stage: self.branch.node.id)
            if let stored, stored.fingerprint == self.branch.fingerprint {
                self.chunks.append(stored.chunks.map { TokenizedChunk(chunk: $0, tokens: nil) })
                continue
            }
            let clean = CleanText(
                id: document.id,
                title: document.title,
                text: text,
                blocks: document.blocks,
                withheld: document.withheld,
                leftOut: document.leftOut
            )
            let cut = try counters.measure(self.branch.node.id, inputBytes: text.count) {
                (try self.stage.chunk(clean), 0)
            }
            self.chunks.append(cut)
            self.newChunkSets.append(
                ChunkSet(
                    document: document.id,
                    stage: self.branch.node.id,
                    fingerprint: self.branch.fingerprint,
                    chunks: cut.map(\.chunk)
                )
            )
        }
    }

    /// Finds or makes the vector of every chunk; returns those that this shard did not have.
    mutating func embed(
        texts: [[UInt8]],
        manifest: ShardManifest,
        counters: inout StageCounters,
        tally: inout RunTally
    ) throws -> [VectorSet] {
        let hashes = self.chunks.flatMap { $0.map(\.chunk.textHash) }
        var sets: [VectorSet] = []
        for index in self.embeds.indices {
            let dimensions = self.embeds[index].stage.dimensions
            self.embeds[index].vectors = [Float](repeating: 0, count: hashes.count * dimensions)
            var gaps = VectorGaps(unknown: Array(hashes.indices))
            if self.embeds[index].hasStoredVectors {
                gaps = try manifest.fillVectors(
                    model: self.embeds[index].model,
                    hashes: hashes,
                    dimensions: dimensions,
                    into: &self.embeds[index].vectors
                )
            }
            let missing = gaps.unknown
            gaps = try self.vectors.fill(
                gaps,
                of: hashes,
                model: self.embeds[index].embedder.identity.fingerprintText,
                dimensions: dimensions,
                except: manifest,
                into: &self.embeds[index].vectors
            )
            gaps.unknown = self.fillFromCache(gaps.unknown, of: hashes, by: index, &tally)
            tally.chunksReused += hashes.count - gaps.unknown.count
            if gaps.unknown.count < missing.count {
                sets.append(self.known(missing, except: gaps.unknown, of: hashes, by: index))
            }
            guard !gaps.unknown.isEmpty || !gaps.unkept.isEmpty else { continue }
            try self.embed(gaps.all, of: hashes, texts: texts, with: index, counters: &counters)
            guard !gaps.unknown.isEmpty else { continue }
            let set = self.known(gaps.unknown, of: hashes, by: index)
            tally.chunksEmbedded += set.hashes.count
            self.embeds[index].cache?.store(set.hashes, components: set.components)
            sets.append(set)
            self.embeds[index].hasStoredVectors = true
        }
        return sets
    }

    /// Takes what another workspace of the machine had embedded; returns what is still missing.
    private mutating func fillFromCache(
        _ places: [Int],
        of hashes: [Digest],
        by index: Int,
        _ tally: inout RunTally
    ) -> [Int] {
        guard let cache = self.embeds[index].cache, !places.isEmpty else { return places }
        let rest = cache.fill(places, of: hashes, into: &self.embeds[index].vectors)
        guard rest.count < places.count else { return rest }
        let missing = Set(rest)
        let found = Set(places.filter { !missing.contains($0) }.map { hashes[$0] })
        tally.noteCached(found.count)
        return rest
    }

    /// The page's chunks of which no shard has a vector by the embed stage `id`, each text once.
    func waiting(
        for id: String,
        page: [CanonicalDocument],
        texts: [[UInt8]],
        manifest: ShardManifest
    ) throws -> [WaitingChunk] {
        guard let embed = self.embeds.first(where: { $0.node.id == id }) else { return [] }
        let hashes = self.chunks.flatMap { $0.map(\.chunk.textHash) }
        let dimensions = embed.stage.dimensions
        var found = [Float](repeating: 0, count: hashes.count * dimensions)
        let gaps = try manifest.fillVectors(
            model: embed.model,
            hashes: hashes,
            dimensions: dimensions,
            into: &found
        )
        let unknown = Set(
            try self.vectors.fill(
                gaps,
                of: hashes,
                model: embed.embedder.identity.fingerprintText,
                dimensions: dimensions,
                except: manifest,
                into: &found
            ).all
        )
        guard !unknown.isEmpty else { return [] }
        var waiting: [WaitingChunk] = []
        var place = 0
        for (document, (text, chunks)) in zip(page, zip(texts, self.chunks)) {
            for chunk in chunks.map(\.chunk) {
                if unknown.contains(place) {
                    waiting.append(
                        WaitingChunk(
                            document: document.id,
                            hash: chunk.textHash,
                            bytes: Array(chunk.text(in: text)),
                            tokens: chunk.tokenCount
                        )
                    )
                }
                place += 1
            }
        }
        return waiting
    }

    /// What this shard is to keep of the vectors at `places`, each text once: those of a cheap model are
    /// made anew when they are wanted.
    private func known(
        _ places: [Int],
        except others: [Int] = [],
        of hashes: [Digest],
        by index: Int
    ) -> VectorSet {
        let embed = self.embeds[index]
        let rest = Set(others)
        var seen: Set<Digest> = []
        let distinct = places.filter {
            !rest.contains($0) && seen.insert(hashes[$0]).inserted
        }
        return VectorSet(
            model: embed.model,
            dimensions: embed.stage.dimensions,
            hashes: distinct.map { hashes[$0] },
            components: embed.embedder.isCheap ? [] : distinct.flatMap(embed.vector)
        )
    }

    /// Embeds each distinct missing text once and copies its vector to every chunk that has it.
    private mutating func embed(
        _ missing: [Int],
        of hashes: [Digest],
        texts: [[UInt8]],
        with index: Int,
        counters: inout StageCounters
    ) throws {
        var firstPlaces: [Digest: Int] = [:]
        var distinct: [Int] = []
        for place in missing where firstPlaces[hashes[place]] == nil {
            firstPlaces[hashes[place]] = distinct.count
            distinct.append(place)
        }
        let inputs = self.inputs(
            at: distinct,
            texts: texts,
            tokenizer: self.embeds[index].stage.tokenizerIdentity
        )
        let byteCount = inputs.reduce(0) { $0 + $1.text.count }
        let node = self.embeds[index].node.id
        let results = try counters.measure(node, inputBytes: byteCount) {
            (try self.embeds[index].stage.embed(inputs), 0)
        }
        let dimensions = self.embeds[index].stage.dimensions
        for place in missing {
            guard let source = firstPlaces[hashes[place]] else { continue }
            self.embeds[index].vectors.replaceSubrange(
                place * dimensions..<(place + 1) * dimensions,
                with: results[source].vector
            )
        }
    }

    private func inputs(
        at places: [Int],
        texts: [[UInt8]],
        tokenizer: String
    ) -> [EmbedInput] {
        let sharesTokens = tokenizer == self.stage.tokenizerIdentity
        var inputs: [EmbedInput] = []
        inputs.reserveCapacity(places.count)
        var document = 0
        var before = 0
        for place in places {
            while place - before >= self.chunks[document].count {
                before += self.chunks[document].count
                document += 1
            }
            let chunk = self.chunks[document][place - before]
            inputs.append(
                EmbedInput(
                    text: chunk.chunk.text(in: texts[document]),
                    tokens: sharesTokens ? chunk.tokens : nil
                )
            )
        }
        return inputs
    }

    /// Adds the page's documents to every index of the branch.
    mutating func write(
        _ page: [CanonicalDocument],
        texts: [[UInt8]],
        to writers: inout SegmentWriters,
        counters: inout StageCounters,
        tally: inout RunTally
    ) throws {
        var before = 0
        for (document, text) in zip(page.indices, texts) {
            let row = SegmentDocument(page[document], policies: self.policies)
            let chunks = self.chunks[document].map(\.chunk)
            let terms = counters.measure("terms", inputBytes: text.count) {
                let terms = chunks.map {
                    self.terms.terms(
                        of: $0.text(in: text),
                        title: page[document].title,
                        headings: $0.headings,
                        language: page[document].language
                    )
                }
                return (terms, 0)
            }
            let places = before..<before + chunks.count
            let expansions = self.expansions(at: places, counters: &counters, bytes: text.count)
            func add(_ index: MaterialisePlan.IndexBranch, vectorsOf embed: EmbedWork?) throws {
                let expansion = index.expander.flatMap { expansions[$0.stage] }
                let hasVectors = index.configuration.dimensions > 0
                let rows = chunks.indices.map { ordinal in
                    SegmentChunk(
                        chunk: chunks[ordinal],
                        text: chunks[ordinal].text(in: text),
                        vector: hasVectors ? embed?.vector(at: before + ordinal) ?? [] : [],
                        terms: terms[ordinal],
                        expansion: expansion?[ordinal] ?? .none
                    )
                }
                try counters.measure(index.node.id, inputBytes: text.count) {
                    (try writers.add(row, chunks: rows, to: index.node.id), 0)
                }
            }
            for embed in self.embeds {
                for index in embed.indexes {
                    if index.configuration.dimensions > 0 {
                        tally.chunksWithoutVector += embed.zeroVectors(in: places)
                    }
                    try add(index, vectorsOf: embed)
                }
            }
            for index in self.branch.lexicalIndexes { try add(index, vectorsOf: nil) }
            before += chunks.count
        }
    }

    /// The terms that each expand stage gives to the chunks at `places`, by its id.
    private func expansions(
        at places: Range<Int>,
        counters: inout StageCounters,
        bytes: Int
    ) -> [String: [SegmentTerms]] {
        guard !self.expanders.isEmpty else { return [:] }
        return counters.measure("terms", inputBytes: bytes) {
            var expansions: [String: [SegmentTerms]] = [:]
            for embed in self.embeds {
                guard let expander = self.expanders[embed.node.id] else { continue }
                expansions[embed.node.id] = places.map {
                    expander.terms(of: embed.vector(at: $0)[...])
                }
            }
            return (expansions, 0)
        }
    }
}

extension SegmentDocument {
    init(_ document: CanonicalDocument, policies: PlanPolicies) {
        var metadata = document.metadata
        // Whatever a document calls so itself: search collapses by it.
        metadata[Self.groupKey] = document.group?.hex
        metadata[Self.labelsKey] =
            document.labels.isEmpty ? nil : document.labels.joined(separator: "\n")
        self.init(
            id: document.id,
            uri: policies.shownURI(
                document.uri,
                source: document.source,
                language: document.language
            ),
            title: document.title,
            source: document.source,
            language: document.language,
            mediaType: document.mediaType.name,
            metadata: metadata
        )
    }
}
