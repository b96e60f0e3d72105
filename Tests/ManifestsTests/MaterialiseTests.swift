import Hashing
import Manifests
import Records
import Storage
import Testing

@Suite struct MaterialiseTests {
    let folder: TemporaryFolder
    let manifest: ShardManifest

    init() throws {
        self.folder = try TemporaryFolder()
        self.manifest = try ShardManifest(path: self.folder("manifest.sqlite"), mode: .create)
    }

    private func chunkSet(_ item: SourceItem, _ texts: [String]) -> ChunkSet {
        ChunkSet(
            document: item.id,
            stage: "chunk",
            fingerprint: sha256("chunker"),
            chunks: texts.enumerated().map {
                chunk($0, $1, headings: Array(["A", "B", "C"].prefix($0 % 4)))
            }
        )
    }

    @Test(arguments: [1, 2, 7, 64], [1, 4 << 20])
    func pagesMeetEveryCanonicalDocumentOnce(maximumCount: Int, maximumBytes: Int) throws {
        let items = (0..<50).map { item("\($0)") }
        try self.manifest.commit(
            items.map { success($0, text: "Text of \($0.uri)") } + [failure(item("f"))],
            run: 1,
            at: 1
        )
        let duplicate = items[7].id
        try self.manifest.setResolutions([
            Resolution(id: duplicate, canonical: items[8].id, similarity: 1)
        ])
        var seen: [DocumentID] = []
        var last: DocumentID?
        while true {
            let page = try self.manifest.canonicalDocuments(
                after: last,
                maximumCount: maximumCount,
                maximumBytes: maximumBytes
            )
            #expect(page.count <= maximumCount)
            #expect(maximumBytes > 1 || page.count <= 1)
            guard let end = page.last else { break }
            last = end.id
            seen += page.map(\.id)
        }
        #expect(seen == items.map(\.id).filter { $0 != duplicate }.sorted())
        var visited: [DocumentID] = []
        try self.manifest.visitTexts { visited.append($0.id) }
        #expect(visited == items.map(\.id).sorted())
    }

    @Test func canonicalDocumentCarriesItsText() throws {
        let item = item("a")
        try self.manifest.commit([success(item, text: "Hello there.")], run: 1, at: 1)
        let document = try #require(try self.manifest.canonicalDocuments(after: nil).first)
        let text = try inflate(document.compressedText, byteCount: document.textByteCount)
        #expect(String(decoding: text, as: UTF8.self) == "Hello there.")
        #expect(document.textHash == sha256("Hello there."))
        #expect(document.metadata == ["b": "2\n", "a": "ä \\ \"x\""])
        #expect(document.blocks.count == 2)
        #expect(document.language == "en")
    }

    @Test(arguments: [0, 1, 5])
    func chunkSetComesBackAsItWas(count: Int) throws {
        let item = item("a")
        try self.manifest.commit([success(item)], run: 1, at: 1)
        let set = self.chunkSet(item, (0..<count).map { "chunk \($0)" })
        try self.manifest.storeMaterialised(chunkSets: [set], vectors: [])
        #expect(try self.manifest.chunks(of: item.id, stage: "chunk") == set)
        #expect(try self.manifest.chunks(of: item.id, stage: "other") == nil)
        let replaced = self.chunkSet(item, ["new"])
        try self.manifest.storeMaterialised(chunkSets: [replaced], vectors: [])
        #expect(try self.manifest.chunks(of: item.id, stage: "chunk") == replaced)
    }

    @Test func chunksOutliveAnEqualVersionAndNoOther() throws {
        let item = item("a")
        try self.manifest.commit([success(item, content: "one")], run: 1, at: 1)
        try self.manifest.storeMaterialised(
            chunkSets: [self.chunkSet(item, ["x"])],
            vectors: []
        )
        try self.manifest.commit([success(item, content: "two")], run: 2, at: 2)
        #expect(try self.manifest.chunks(of: item.id, stage: "chunk") != nil)
        try self.manifest.commit([failure(item)], run: 3, at: 3)
        #expect(try self.manifest.chunks(of: item.id, stage: "chunk") != nil)
        try self.manifest.commit([success(item, text: "Other text")], run: 4, at: 4)
        #expect(try self.manifest.chunks(of: item.id, stage: "chunk") == nil)
    }

    @Test func chunkStagesThatAreGoneAreDropped() throws {
        let item = item("a")
        try self.manifest.commit([success(item)], run: 1, at: 1)
        var other = self.chunkSet(item, ["x"])
        other.stage = "coarse"
        try self.manifest.storeMaterialised(
            chunkSets: [self.chunkSet(item, ["x"]), other],
            vectors: []
        )
        #expect(try self.manifest.dropChunkSets(exceptStages: ["coarse"]) == 1)
        #expect(try self.manifest.document(item.id)?.chunkSets.map(\.stage) == ["coarse"])
    }

    @Test func vectorsAreKeyedByModelAndText() throws {
        let first = try self.manifest.modelNumber(for: "model one", dimensions: 3)
        let second = try self.manifest.modelNumber(for: "model two", dimensions: 2)
        #expect(try self.manifest.modelNumber(for: "model one", dimensions: 3) == first)
        #expect(try !self.manifest.hasVectors(model: first))
        let a = sha256("a")
        let b = sha256("b")
        try self.manifest.storeMaterialised(
            chunkSets: [],
            vectors: [
                VectorSet(
                    model: first,
                    dimensions: 3,
                    hashes: [a, b],
                    components: [1, 2, 3, 4, 5, -0.0]
                ),
                VectorSet(model: second, dimensions: 2, hashes: [a], components: [9, 8]),
            ]
        )
        #expect(try self.manifest.hasVectors(model: first))
        let found = try self.manifest.vectors(model: first, hashes: [b, sha256("none"), a])
        #expect(found.count == 2)
        #expect(found[a] == [1, 2, 3])
        #expect(found[b]?.map(\.bitPattern) == [Float(4), 5, -0.0].map(\.bitPattern))
        #expect(try self.manifest.vectors(model: second, hashes: [a, b]) == [a: [9, 8]])
    }

    @Test func vectorThatIsStoredIsNeverReplaced() throws {
        let model = try self.manifest.modelNumber(for: "m", dimensions: 1)
        let hash = sha256("a")
        for value: Float in [1, 2] {
            try self.manifest.storeMaterialised(
                chunkSets: [],
                vectors: [
                    VectorSet(model: model, dimensions: 1, hashes: [hash], components: [value])
                ]
            )
        }
        #expect(try self.manifest.vectors(model: model, hashes: [hash]) == [hash: [1]])
    }

    @Test func fillPutsVectorsInPlaceAndNamesTheMissing() throws {
        let model = try self.manifest.modelNumber(for: "m", dimensions: 2)
        let hashes = (0..<6).map { sha256("\($0)") }
        try self.manifest.storeMaterialised(
            chunkSets: [],
            vectors: [
                VectorSet(
                    model: model,
                    dimensions: 2,
                    hashes: [hashes[1], hashes[4]],
                    components: [1, 1.5, 4, 4.5]
                )
            ]
        )
        var target = [Float](repeating: -1, count: 12)
        let gaps = try self.manifest.fillVectors(
            model: model,
            hashes: hashes,
            dimensions: 2,
            into: &target
        )
        #expect(gaps == VectorGaps(unknown: [0, 2, 3, 5]))
        #expect(target == [-1, -1, 1, 1.5, -1, -1, -1, -1, 4, 4.5, -1, -1])
        var wrong = [Float](repeating: 0, count: 3)
        let error = #expect(throws: ManifestError.self) {
            try self.manifest.fillVectors(
                model: model,
                hashes: [hashes[1]],
                dimensions: 3,
                into: &wrong
            )
        }
        #expect(error?.code == .corrupt)
    }

    /// Of a model that makes vectors anew, the manifest has which texts were embedded, and takes it along.
    @Test func textsAreKnownWhoseVectorsAreNotKept() throws {
        let model = try self.manifest.modelNumber(for: "m", dimensions: 2)
        let hashes = (0..<4).map { sha256("\($0)") }
        let sets = [
            VectorSet(model: model, dimensions: 2, hashes: [hashes[0], hashes[2]], components: []),
            VectorSet(model: model, dimensions: 2, hashes: [hashes[3]], components: [7, 8]),
        ]
        try self.manifest.storeMaterialised(chunkSets: [], vectors: sets)
        #expect(try self.manifest.hasVectors(model: model))
        #expect(try self.manifest.vectors(model: model, hashes: hashes) == [hashes[3]: [7, 8]])
        var target = [Float](repeating: -1, count: 8)
        let gaps = try self.manifest.fillVectors(
            model: model,
            hashes: hashes,
            dimensions: 2,
            into: &target
        )
        #expect(gaps == VectorGaps(unknown: [1], unkept: [0, 2]))
        #expect(gaps.all == [0, 1, 2])
        #expect(target == [-1, -1, -1, -1, -1, -1, 7, 8])

        // What an earlier program kept is not kept any more, of this model.
        let other = try self.manifest.modelNumber(for: "other", dimensions: 1)
        let kept = VectorSet(model: other, dimensions: 1, hashes: [hashes[0]], components: [3])
        try self.manifest.storeMaterialised(chunkSets: [], vectors: [kept])
        try self.manifest.dropKeptVectors(ofModels: ["m", "unused"])
        #expect(
            try self.manifest.fillVectors(
                model: model,
                hashes: hashes,
                dimensions: 2,
                into: &target
            ) == VectorGaps(unknown: [1], unkept: [0, 2, 3])
        )
        #expect(try self.manifest.vectors(model: other, hashes: hashes) == [hashes[0]: [3]])

        // What no chunk has goes, of every model that is left out too.
        let item = item("a")
        try self.manifest.commit([success(item)], run: 1, at: 1)
        let set = ChunkSet(
            document: item.id,
            stage: "chunk",
            fingerprint: sha256("f"),
            chunks: [chunk(0, "0"), chunk(1, "2")]
        )
        try self.manifest.storeMaterialised(chunkSets: [set], vectors: [])
        #expect(try self.manifest.totals().vectorCount == 4)
        #expect(try self.manifest.dropUnusedVectors(keepingModels: ["m"]) == 2)
        #expect(
            try self.manifest.fillVectors(
                model: model,
                hashes: hashes,
                dimensions: 2,
                into: &target
            ) == VectorGaps(unknown: [1, 3], unkept: [0, 2])
        )
    }

    @Test func modelWithOtherDimensionsIsRefused() throws {
        _ = try self.manifest.modelNumber(for: "m", dimensions: 2)
        #expect(throws: ManifestError.self) {
            try self.manifest.modelNumber(for: "m", dimensions: 3)
        }
    }

    @Test func unknownDocumentUndoesTheBatch() throws {
        let model = try self.manifest.modelNumber(for: "m", dimensions: 1)
        let error = #expect(throws: ManifestError.self) {
            try self.manifest.storeMaterialised(
                chunkSets: [self.chunkSet(item("none"), ["x"])],
                vectors: [
                    VectorSet(model: model, dimensions: 1, hashes: [sha256("a")], components: [1])
                ]
            )
        }
        #expect(error?.code == .unknownKey)
        #expect(try !self.manifest.hasVectors(model: model))
    }
}
