internal import GRDB
package import Records

/// Vectors of one model, one for each text hash, side by side in one array.
package struct VectorSet: Sendable {
    /// From ``ShardManifest/modelNumber(for:dimensions:)``.
    package var model: Int64
    package var dimensions: Int
    package var hashes: [Digest]
    /// `hashes.count * dimensions` components; none where it is only kept in mind that there were some,
    /// of a model that makes them anew for less than it costs to read them.
    package var components: [Float]

    package init(model: Int64, dimensions: Int, hashes: [Digest], components: [Float]) {
        precondition(
            components.isEmpty || components.count == hashes.count * dimensions,
            "one vector for each hash, or none"
        )
        self.model = model
        self.dimensions = dimensions
        self.hashes = hashes
        self.components = components
    }
}

/// Of which texts a shard has no vector: indices into the texts that were asked for, ascending.
package struct VectorGaps: Hashable, Sendable {
    /// Texts that were never embedded.
    package var unknown: [Int]
    /// Texts that were embedded, by a model whose vectors are not kept.
    package var unkept: [Int]

    package init(unknown: [Int], unkept: [Int] = []) {
        self.unknown = unknown
        self.unkept = unkept
    }

    /// All of them, ascending.
    package var all: [Int] { (self.unknown + self.unkept).sorted() }
}

extension ShardManifest {
    /// The number that stands for a model in this shard, given out at its first use.
    ///
    /// - Parameter fingerprint: Everything that decides a vector: model, precision, prefix, tokeniser.
    /// - Throws: ``ManifestError`` `.corrupt` when the model was stored with other dimensions.
    package func modelNumber(for fingerprint: String, dimensions: Int) throws -> Int64 {
        let model = try self.file.write { database in
            try database.cachedStatement(
                sql: "INSERT OR IGNORE INTO models (fingerprint, dimensions) VALUES (?, ?)"
            ).run([fingerprint, dimensions])
            return try database.cachedStatement(
                sql: "SELECT model, dimensions FROM models WHERE fingerprint = ?"
            ).first([fingerprint]) { (number: try $0.integer(0), count: try $0.integer(1)) }
        }
        guard let model, model.count == dimensions else {
            throw ManifestError(
                .corrupt,
                path: self.path,
                "a model was stored with \(model?.count ?? 0) dimensions, now it has \(dimensions)"
            )
        }
        return model.number
    }

    /// The number of a model that was used in this shard before; nil when it was not.
    package func knownModelNumber(for fingerprint: String) throws -> Int64? {
        try self.file.read { database in
            try database.cachedStatement(sql: "SELECT model FROM models WHERE fingerprint = ?")
                .first([fingerprint]) { try $0.integer(0) }
        }
    }

    /// Drops the vectors of texts that no stored chunk has, and of models other than `fingerprints`.
    ///
    /// - Returns: how many were dropped.
    /// - Complexity: O(chunks + vectors).
    @discardableResult
    package func dropUnusedVectors(keepingModels fingerprints: [String]) throws -> Int {
        try self.file.write { database in
            var used: Set<Digest> = []
            let sets = try database.cachedStatement(sql: "SELECT chunks FROM chunk_sets")
                .rows()
            while let row = try sets.next() {
                for chunk in try ChunkCoding.decode(try row.bytes(0)) {
                    used.insert(chunk.textHash)
                }
            }
            let models = try database.cachedStatement(sql: "SELECT model, fingerprint FROM models")
                .all { (number: try $0.integer(0), fingerprint: try $0.string(1)) }
            let kept = Set(models.filter { fingerprints.contains($0.fingerprint) }.map(\.number))
            let dropped = try database.cachedStatement(
                sql: "SELECT vector, model, text_hash FROM vectors"
            ).all { row -> Int64? in
                let isUsed = try kept.contains(row.integer(1)) && used.contains(row.digest(2))
                return isUsed ? nil : try row.integer(0)
            }.compactMap { $0 }
            let drop = try database.cachedStatement(sql: "DELETE FROM vectors WHERE vector = ?")
            for vector in dropped { try drop.run([vector]) }
            return try dropped.count + database.dropUnusedEmbedded(models: kept, used: used)
        }
    }

    /// Drops vectors that an earlier program kept of models whose vectors are made anew; which texts were
    /// embedded stays known.
    package func dropKeptVectors(ofModels fingerprints: [String]) throws {
        try self.file.write { database in
            for fingerprint in fingerprints {
                let model = try database.cachedStatement(
                    sql: "SELECT model FROM models WHERE fingerprint = ?"
                ).first([fingerprint]) { try $0.integer(0) }
                guard let model else { continue }
                let hashes = try database.cachedStatement(
                    sql: "SELECT text_hash FROM vectors WHERE model = ?"
                ).all([model]) { try $0.digest(0) }
                try database.insertEmbedded(model: model, hashes: hashes)
                try database.cachedStatement(sql: "DELETE FROM vectors WHERE model = ?").run([model]
                )
            }
        }
    }

    /// The stored vectors of those texts that have one kept.
    package func vectors(model: Int64, hashes: [Digest]) throws -> [Digest: [Float]] {
        var found: [Digest: [Float]] = [:]
        try self.visitVectors(model: model, hashes: hashes) { index, components in
            found[hashes[index]] = [Float](unsafeUninitializedCapacity: components.count / 4) {
                UnsafeMutableRawBufferPointer($0).copyMemory(from: components)
                $1 = components.count / 4
            }
        }
        return found
    }

    /// Copies the stored vectors of `hashes` to their places in `target`, without an array for each.
    ///
    /// - Parameter target: `hashes.count * dimensions` components; those not found are left alone.
    package func fillVectors(
        model: Int64,
        hashes: [Digest],
        dimensions: Int,
        into target: inout [Float]
    ) throws -> VectorGaps {
        precondition(target.count == hashes.count * dimensions, "one place for each hash")
        var gaps = VectorGaps(unknown: [])
        var next = 0
        try target.withUnsafeMutableBytes { bytes in
            let stride = dimensions * MemoryLayout<Float>.stride
            try self.visitVectors(model: model, hashes: hashes) { index, components in
                gaps.unknown.append(contentsOf: next..<index)
                next = index + 1
                guard components.count == stride else { throw BadColumn() }
                UnsafeMutableRawBufferPointer(
                    rebasing: bytes[index * stride..<(index + 1) * stride]
                )
                .copyMemory(from: components)
            }
        }
        gaps.unknown.append(contentsOf: next..<hashes.count)
        guard !gaps.unknown.isEmpty else { return gaps }
        let embedded = try self.file.read {
            try $0.embedded(model: model, places: gaps.unknown, of: hashes)
        }
        guard !embedded.isEmpty else { return gaps }
        gaps.unkept = gaps.unknown.filter(embedded.contains)
        gaps.unknown.removeAll(where: embedded.contains)
        return gaps
    }

    /// Whether any text is stored as embedded by the model.
    package func hasVectors(model: Int64) throws -> Bool {
        try self.file.read { database in
            try ["embedded", "vectors"].contains { try database.has(model, in: $0) }
        }
    }

    /// Calls `body` with the index of each text whose vector is kept, in order, and its little-endian
    /// components.
    private func visitVectors(
        model: Int64,
        hashes: [Digest],
        _ body: (Int, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try self.file.read { database in
            // Of a model whose vectors are made anew there are none.
            guard try database.has(model, in: "vectors") else { return }
            let statement = try database.cachedStatement(
                sql: "SELECT components FROM vectors WHERE model = ? AND text_hash = ?"
            )
            for (index, hash) in hashes.enumerated() {
                _ = try statement.first([model, hash]) { row in
                    try row.withBytes(0) { bytes in
                        guard bytes.count.isMultiple(of: 4) else { throw BadColumn() }
                        try body(index, bytes)
                    }
                }
            }
        }
    }
}

extension Database {
    /// Whether any text is said to be embedded by the model in a table.
    fileprivate func has(_ model: Int64, in table: String) throws -> Bool {
        try self.cachedStatement(sql: "SELECT 1 FROM \(table) WHERE model = ? LIMIT 1")
            .first([model]) { _ in true } ?? false
    }

    /// Adds the vectors whose text has none; a text has one vector for each model, for good.
    func insert(_ set: VectorSet) throws {
        guard !set.components.isEmpty else {
            return try self.insertEmbedded(model: set.model, hashes: set.hashes)
        }
        let statement = try self.cachedStatement(
            sql: "INSERT OR IGNORE INTO vectors (model, text_hash, components) VALUES (?, ?, ?)"
        )
        let stride = set.dimensions * MemoryLayout<Float>.stride
        try set.components.withUnsafeBytes { bytes in
            for (index, hash) in set.hashes.enumerated() {
                let components = UnsafeRawBufferPointer(
                    rebasing: bytes[index * stride..<(index + 1) * stride]
                )
                try statement.run([set.model, hash, components])
            }
        }
    }
}
