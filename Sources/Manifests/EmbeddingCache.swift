internal import GRDB
internal import Hashing
package import Records
internal import Storage

/// Vectors of texts by any workspace of this machine: what a model made of a text once is not made or paid for
/// again.
///
/// Nothing depends on what is in it: a vector that is not there, or that fails its mark, is made anew. So several
/// processes may have it open; each reads at any time and writes in short transactions, one after the other.
/// No text is in it, only hashes of texts.
/// - Throws: ``ManifestError`` from every method.
package final class EmbeddingCache: Sendable {
    private let file: ManifestFile

    /// A model that is not used for so many openings by others goes before the vectors of one that is.
    static let openingsKept: Int64 = 100
    /// What a vector takes beside its components: its hash twice, its mark, and the keys of its row.
    private static let bytesBesideComponents = 128

    /// - Parameter path: of the file; with `create` made, readable by its owner alone.
    package init(path: String, mode: OpenMode) throws {
        if mode == .create { try makePrivateFile(path) }
        self.file = try ManifestFile(path: path, schema: .embeddings, mode: mode)
    }

    package var path: String { self.file.path }

    /// A model as the cache knows it.
    package struct Model: Sendable {
        fileprivate let number: Int64
        fileprivate let dimensions: Int
        /// Of what decides a vector, so that one that got under another model's number shows.
        fileprivate let fingerprint: Digest
    }

    /// Notes that the model is used, and gives it a number at its first use.
    ///
    /// - Parameter fingerprint: everything that decides a vector.
    package func use(_ fingerprint: String, dimensions: Int) throws -> Model {
        try self.file.write { database in
            try database.cachedStatement(
                sql: """
                    INSERT INTO models (fingerprint, dimensions, count, used)
                    VALUES (?, ?, 0, (SELECT ifnull(max(used), 0) + 1 FROM models))
                    ON CONFLICT (fingerprint) DO UPDATE SET used = excluded.used
                    """
            ).run([fingerprint, dimensions])
        }
        guard let model = try self.model(fingerprint, dimensions: dimensions) else {
            throw ManifestError(
                .corrupt,
                path: self.path,
                "a model is stored with other dimensions"
            )
        }
        return model
    }

    /// A model that was used before; nil for one that was not.
    package func model(_ fingerprint: String, dimensions: Int) throws -> Model? {
        try self.file.read { database in
            try database.cachedStatement(
                sql: "SELECT model FROM models WHERE fingerprint = ? AND dimensions = ?"
            ).first([fingerprint, dimensions]) { row in
                Model(
                    number: try row.integer(0),
                    dimensions: dimensions,
                    fingerprint: sha256(fingerprint)
                )
            }
        }
    }

    /// Copies the vectors of the texts at `places` in `hashes` to their places in `target`.
    ///
    /// - Parameter target: `hashes.count * dimensions` components; those not found are left alone.
    /// - Returns: the places without one, in the order given.
    package func fillVectors(
        _ model: Model,
        hashes: [Digest],
        at places: [Int],
        into target: inout [Float]
    ) throws -> [Int] {
        precondition(target.count == hashes.count * model.dimensions, "one place for each hash")
        let stride = model.dimensions * MemoryLayout<Float>.stride
        return try self.file.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT mark, components FROM vectors WHERE model = ? AND text_hash = ?"
            )
            return try target.withUnsafeMutableBytes { bytes in
                try places.filter { place in
                    let isFound = try statement.first([model.number, hashes[place]]) { row in
                        let mark = try row.bytes(0)
                        return try row.withBytes(1) { found in
                            guard found.count == stride,
                                Self.mark(of: found, hash: hashes[place], model) == mark
                            else { return false }
                            UnsafeMutableRawBufferPointer(
                                rebasing: bytes[place * stride..<(place + 1) * stride]
                            )
                            .copyMemory(from: found)
                            return true
                        }
                    }
                    return isFound != true
                }
            }
        }
    }

    /// Stores vectors; one that is there already, sound or not, is replaced.
    ///
    /// Where that is more than `byteLimit`, what goes is of models that were not used for long, then the texts
    /// with the largest hashes: of a collection that does not fit, always the same part stays, and is found.
    /// - Parameter components: `hashes.count * dimensions`.
    package func store(
        _ hashes: [Digest],
        components: [Float],
        of model: Model,
        byteLimit: Int
    ) throws {
        precondition(components.count == hashes.count * model.dimensions, "one vector a hash")
        let stride = model.dimensions * MemoryLayout<Float>.stride
        try self.file.write { database in
            var room = try CacheRoom(database, byteLimit: byteLimit)
            let find = try database.cachedStatement(
                sql: "SELECT vector FROM vectors WHERE model = ? AND text_hash = ?"
            )
            let update = try database.cachedStatement(
                sql: "UPDATE vectors SET mark = ?, components = ? WHERE vector = ?"
            )
            let insert = try database.cachedStatement(
                sql: "INSERT INTO vectors (model, text_hash, mark, components) VALUES (?, ?, ?, ?)"
            )
            try components.withUnsafeBytes { bytes in
                for (index, hash) in hashes.enumerated() {
                    let vector = UnsafeRawBufferPointer(
                        rebasing: bytes[index * stride..<(index + 1) * stride]
                    )
                    let mark = Self.mark(of: vector, hash: hash, model)
                    if let row = try find.first([model.number, hash], { try $0.integer(0) }) {
                        try update.run([mark, vector, row])
                    } else if try room.takes(hash, model.number) {
                        try insert.run([model.number, hash, mark, vector])
                        room.added(model.number)
                    }
                }
            }
            try room.settle()
        }
    }

    /// Takes out the vectors of texts, by every model, and wipes what stood in free pages and in the log.
    ///
    /// - Returns: how many there were.
    @discardableResult
    package func forget(_ hashes: [Digest]) throws -> Int {
        let count = try self.file.write { database in
            var room = try CacheRoom(database, byteLimit: .max)
            let count = try hashes.reduce(0) { try $0 + room.remove($1) }
            try room.settle()
            return count
        }
        try self.file.checkpoint()
        return count
    }

    /// What a cache holds.
    package struct Contents: Hashable, Sendable {
        package var models = 0
        package var vectors = 0
        package var bytes = 0
        /// Of the vectors that were looked at, those that do not fit their marks.
        package var damaged = 0
    }

    /// Counts what is there, and holds the first `checked` vectors of each model to their marks.
    package func contents(checking checked: Int) throws -> Contents {
        try self.file.read { database in
            var contents = Contents()
            let models = try database.cachedStatement(
                sql: "SELECT model, fingerprint, dimensions, count FROM models ORDER BY model"
            ).all { row in
                (
                    Model(
                        number: try row.integer(0),
                        dimensions: Int(try row.integer(2)),
                        fingerprint: sha256(try row.string(1))
                    ), count: Int(try row.integer(3))
                )
            }
            let sample = try database.cachedStatement(
                sql: "SELECT text_hash, mark, components FROM vectors WHERE model = ? LIMIT ?"
            )
            for (model, count) in models {
                contents.models += count > 0 ? 1 : 0
                contents.vectors += count
                contents.bytes += count * Self.byteCount(dimensions: model.dimensions)
                let isSound = try sample.all([model.number, checked]) { row in
                    let (hash, mark) = (try row.digest(0), try row.bytes(1))
                    return try row.withBytes(2) { Self.mark(of: $0, hash: hash, model) == mark }
                }
                contents.damaged += isSound.count { !$0 }
            }
            return contents
        }
    }

    /// Bytes that count for a vector.
    static func byteCount(dimensions: Int) -> Int {
        dimensions * MemoryLayout<Float>.stride + Self.bytesBesideComponents
    }

    /// The first 16 bytes of SHA-256 of the model, the text's hash and the components.
    private static func mark(
        of components: UnsafeRawBufferPointer,
        hash: Digest,
        _ model: Model
    ) -> [UInt8] {
        var hasher = StreamingSHA256()
        hasher.update(model.fingerprint.bytes)
        hasher.update(hash.bytes)
        hasher.update(components)
        return Array(hasher.finish().bytes.prefix(16))
    }
}

/// How much of a cache is taken, and who goes when it is full; valid within one transaction.
private struct CacheRoom {
    private struct Model {
        let number: Int64
        let entryBytes: Int
        let isStale: Bool
        var count: Int
        /// The largest hash that it has; nil until it is asked for.
        var last: (vector: Int64, hash: Digest)?
    }

    private let database: Database
    private let byteLimit: Int
    private var models: [Model]
    private var changed: Set<Int64> = []
    private var bytes: Int

    init(_ database: Database, byteLimit: Int) throws {
        self.database = database
        self.byteLimit = byteLimit
        let rows = try database.cachedStatement(
            sql: "SELECT model, dimensions, count, used FROM models ORDER BY used, model"
        ).all {
            (
                number: try $0.integer(0), dimensions: Int(try $0.integer(1)),
                count: Int(try $0.integer(2)), used: try $0.integer(3)
            )
        }
        let newest = rows.last?.used ?? 0
        self.models = rows.map { row in
            Model(
                number: row.number,
                entryBytes: EmbeddingCache.byteCount(dimensions: row.dimensions),
                isStale: newest - row.used > EmbeddingCache.openingsKept,
                count: row.count
            )
        }
        self.bytes = self.models.reduce(0) { $0 + $1.count * $1.entryBytes }
    }

    /// Whether a new vector would not be the first to go.
    mutating func takes(_ hash: Digest, _ number: Int64) throws -> Bool {
        guard let own = self.models.first(where: { $0.number == number }) else { return false }
        guard self.bytes + own.entryBytes > self.byteLimit else { return true }
        guard let victim = try self.victim() else { return false }
        guard let last = self.models[victim].last else { return false }
        return self.models[victim].isStale
            || (hash, number) < (last.hash, self.models[victim].number)
    }

    mutating func added(_ number: Int64) {
        guard let index = self.models.firstIndex(where: { $0.number == number }) else { return }
        self.models[index].count += 1
        self.models[index].last = nil
        self.bytes += self.models[index].entryBytes
        self.changed.insert(number)
    }

    /// Takes the vectors of a text out; returns how many there were.
    mutating func remove(_ hash: Digest) throws -> Int {
        let find = try self.database.cachedStatement(
            sql: "SELECT vector FROM vectors WHERE model = ? AND text_hash = ?"
        )
        var count = 0
        for index in self.models.indices {
            guard
                let row = try find.first([self.models[index].number, hash], { try $0.integer(0) })
            else { continue }
            try self.delete(row, of: index)
            count += 1
        }
        return count
    }

    /// Takes out what is too much, and writes the counts.
    mutating func settle() throws {
        while self.bytes > self.byteLimit, let victim = try self.victim(),
            let last = self.models[victim].last
        {
            try self.delete(last.vector, of: victim)
        }
        let write = try self.database.cachedStatement(
            sql: "UPDATE models SET count = ? WHERE model = ?"
        )
        for model in self.models where self.changed.contains(model.number) {
            try write.run([model.count, model.number])
        }
    }

    /// The model whose last vector goes first; nil when there is none.
    private mutating func victim() throws -> Int? {
        for index in self.models.indices where self.models[index].last == nil {
            self.models[index].last = try self.lastVector(of: self.models[index].number)
        }
        if let stale = self.models.firstIndex(where: { $0.isStale && $0.last != nil }) {
            return stale
        }
        return self.models.indices.filter { self.models[$0].last != nil }.max { left, right in
            guard let a = self.models[left].last, let b = self.models[right].last else {
                return false
            }
            return (a.hash, self.models[left].number) < (b.hash, self.models[right].number)
        }
    }

    private func lastVector(of model: Int64) throws -> (vector: Int64, hash: Digest)? {
        try self.database.cachedStatement(
            sql: """
                SELECT vector, text_hash FROM vectors WHERE model = ?
                ORDER BY text_hash DESC LIMIT 1
                """
        ).first([model]) { (try $0.integer(0), try $0.digest(1)) }
    }

    private mutating func delete(_ vector: Int64, of index: Int) throws {
        try self.database.cachedStatement(sql: "DELETE FROM vectors WHERE vector = ?").run([vector])
        self.models[index].count -= 1
        self.models[index].last = nil
        self.bytes -= self.models[index].entryBytes
        self.changed.insert(self.models[index].number)
    }
}

extension Schema {
    /// Vectors by model and hash of the text; see `Manifests.docc/Schema.md`.
    ///
    /// Two processes may make the file at once, so that its first migration may find its tables.
    static let embeddings = Schema(
        name: "embedding cache",
        applicationID: 0x4D4C_5245,  // "MLRE"
        migrations: [
            """
            CREATE TABLE IF NOT EXISTS models (
                model INTEGER PRIMARY KEY,
                fingerprint TEXT NOT NULL UNIQUE,
                dimensions INTEGER NOT NULL,
                count INTEGER NOT NULL,
                used INTEGER NOT NULL
            );
            CREATE TABLE IF NOT EXISTS vectors (
                vector INTEGER PRIMARY KEY,
                model INTEGER NOT NULL,
                text_hash BLOB NOT NULL,
                mark BLOB NOT NULL,
                components BLOB NOT NULL
            );
            CREATE UNIQUE INDEX IF NOT EXISTS vectors_by_text ON vectors (model, text_hash);
            """
        ],
        pageByteCount: 8_192,
        cacheKibibytes: 8_192,
        syncsEveryCommit: false
    )
}
