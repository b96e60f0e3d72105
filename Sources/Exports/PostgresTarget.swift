internal import Bytes
package import Objects
internal import Records
internal import Search

/// A table of PostgreSQL, with pgvector's type for the vectors where the server has it, else `real[]`.
///
/// The whole export is one transaction: who reads the table sees the old snapshot or the new one, and an export
/// that is cut short leaves nothing.
package struct PostgresTarget: ExportTarget {
    package let place: String
    package let replacesRows = false
    private let connection: PostgresConnection
    private let table: String
    private var vectorType = VectorType.real
    private var isCopying = false
    private var copy = BinaryCopy()
    /// That of the last row's document: those that come next mostly have it too.
    private var metadata: (document: DocumentID, json: [UInt8])?

    private enum VectorType: String { case none, real, vector }

    private static let columns = [
        ("chunk_id", "text COLLATE \"C\" PRIMARY KEY"), ("document_id", "text NOT NULL"),
        ("uri", "text NOT NULL"), ("title", "text NOT NULL"), ("source", "text NOT NULL"),
        ("language", "text NOT NULL"), ("media_type", "text NOT NULL"),
        ("labels", "text[] NOT NULL"), ("metadata", "jsonb NOT NULL"),
        ("ordinal", "integer NOT NULL"), ("start_byte", "integer NOT NULL"),
        ("end_byte", "integer NOT NULL"), ("page", "integer NOT NULL"), ("page_label", "text"),
        ("headings", "text[] NOT NULL"), ("text", "text NOT NULL"), ("digest", "text NOT NULL"),
    ]

    /// - Parameters:
    ///   - dsn: As libpq takes it: `postgresql://…` or `host=… dbname=…`.
    ///   - table: `NAME` or `SCHEMA.NAME`, lower case.
    /// - Throws: ``ExportError`` `.badTarget`.
    package init(dsn: Secret, table: String) throws {
        try Self.check(table: table)
        self.table = table
        self.connection = try PostgresConnection(dsn)
        self.place = "table \(table) of \(self.connection.place)"
    }

    /// Whether `table` can name one; asks nobody.
    ///
    /// - Throws: ``ExportError`` `.badTarget`.
    package static func check(table: String) throws(ExportError) {
        let parts = table.split(separator: ".", omittingEmptySubsequences: false)
        guard 1...2 ~= parts.count, parts.allSatisfy(Self.isName) else {
            throw ExportError(
                .badTarget,
                "'\(table)' is no name of a table: small letters, digits and _, as in chunks or app.chunks"
            )
        }
    }

    private static func isName(_ part: Substring) -> Bool {
        1...48 ~= part.utf8.count && !(part.first?.isNumber ?? true)
            && part.utf8.allSatisfy { 0x61...0x7A ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x5F }
    }

    /// Holds one row a table that is exported to.
    private static let seals = "millrace_exports"

    package mutating func open(_ shape: ExportShape) throws -> ExportedState {
        try self.connection.run("BEGIN")
        // One export at a time; the lock goes with the transaction.
        try self.connection.query(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
            ["millrace " + self.table]
        )
        try self.connection.run(
            "CREATE TABLE IF NOT EXISTS \(Self.seals) (target text PRIMARY KEY, pipeline text, "
                + "index_name text, model text, snapshot bigint, digest text, rows bigint)"
        )
        self.vectorType = shape.dimensions == 0 ? .none : try self.hasVectorType() ? .vector : .real
        try self.makeTable(shape.dimensions)
        let count = try self.count()
        let seal = try self.connection.query(
            "SELECT digest FROM \(Self.seals) WHERE target = $1",
            [self.table]
        )
        return ExportedState(rowCount: count, sealedDigest: seal.first?.first ?? nil)
    }

    /// Whether the server has pgvector, made usable in this database.
    private func hasVectorType() throws -> Bool {
        let found = try self.connection.query(
            "SELECT installed_version IS NOT NULL FROM pg_available_extensions WHERE name = 'vector'"
        )
        guard let row = found.first else { return false }
        if row.first != "t" { try self.connection.run("CREATE EXTENSION vector") }
        return true
    }

    private func makeTable(_ dimensions: Int) throws {
        let columns = Self.columns.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        try self.connection.run("CREATE TABLE IF NOT EXISTS \(self.table) (\(columns))")
        let wanted: String? =
            switch self.vectorType {
            case .none: nil
            case .real: "real[]"
            case .vector: "vector(\(dimensions))"
            }
        let found = try self.connection.query(
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = $1::regclass "
                + "AND attname = 'embedding' AND NOT attisdropped",
            [self.table]
        )
        let present = found.first?.first ?? nil
        guard wanted != present else { return }
        // Another model: every row changes anyway, and what else hangs on the table stays.
        if present != nil {
            try self.connection.run("ALTER TABLE \(self.table) DROP COLUMN embedding")
            try self.connection.run("DELETE FROM \(self.table)")
        }
        if let wanted {
            try self.connection.run("ALTER TABLE \(self.table) ADD COLUMN embedding \(wanted)")
        }
    }

    private func count() throws -> Int {
        let rows = try self.connection.query("SELECT count(*) FROM \(self.table)")
        return rows.first?.first.flatMap { $0 }.flatMap { Int($0) } ?? 0
    }

    package mutating func rows() throws -> [ExportedRow] {
        var rows: [ExportedRow] = []
        try self.connection.copyOut("COPY \(self.table) (chunk_id, digest) TO STDOUT") { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            rows.append(
                ExportedRow(
                    id: fields.first.map(String.init) ?? "",
                    digest: fields.count > 1 ? String(fields[1]) : ""
                )
            )
        }
        return rows
    }

    // Nobody sees what is not committed.
    package mutating func unseal() throws {}

    package mutating func delete(_ ids: [String]) throws {
        let list = "{" + ids.map(quoted).joined(separator: ",") + "}"
        try self.connection.query(
            "DELETE FROM \(self.table) WHERE chunk_id = ANY($1::text[])",
            [list]
        )
    }

    package mutating func send(_ rows: [ExportRow]) throws {
        self.copy.removeAll()
        if !self.isCopying {
            var names = Self.columns.map(\.0)
            if self.vectorType != .none { names.append("embedding") }
            try self.connection.beginCopyIn(
                "COPY \(self.table) (\(names.joined(separator: ", "))) FROM STDIN (FORMAT binary)"
            )
            self.isCopying = true
            try self.connection.copy(BinaryCopy.header)
        }
        for row in rows {
            self.append(row)
            if self.copy.bytes.count >= Self.pieceByteCount { try self.sendPiece() }
        }
        try self.sendPiece()
    }

    /// Choice: small enough that the server has the one piece to read while the next is written.
    private static let pieceByteCount = 32 << 10

    private mutating func sendPiece() throws {
        try self.connection.copy(self.copy.bytes)
        self.copy.removeAll()
    }

    private mutating func append(_ row: ExportRow) {
        let hasVector = self.vectorType != .none
        self.copy.row(fieldCount: Self.columns.count + (hasVector ? 1 : 0))
        for text in [
            row.id.description, row.documentID, row.uri, row.title, row.source, row.language,
            row.mediaType,
        ] {
            self.copy.text(text)
        }
        self.copy.texts(row.labels)
        self.copy.json(self.metadata(of: row))
        for number in [row.ordinal, row.range.lowerBound, row.range.upperBound, row.page] {
            self.copy.integer(number)
        }
        if let label = row.place?.label { self.copy.text(label) } else { self.copy.null() }
        self.copy.texts(row.headings)
        self.copy.text(row.text)
        self.copy.text(row.digest.hex)
        switch self.vectorType {
        case .none: break
        case .real: self.copy.reals(row.vector)
        case .vector: self.copy.vector(row.vector)
        }
    }

    private mutating func metadata(of row: ExportRow) -> [UInt8] {
        if let metadata = self.metadata, metadata.document == row.id.document {
            return metadata.json
        }
        var json = JSONText()
        json.texts(row.metadata.mapValues(storable))
        self.metadata = (row.id.document, json.bytes)
        return json.bytes
    }

    package mutating func settle() throws -> Int {
        if self.isCopying {
            try self.connection.copy(BinaryCopy.trailer)
            try self.connection.endCopyIn()
            self.isCopying = false
        }
        return try self.count()
    }

    package mutating func seal(_ shape: ExportShape) throws {
        try self.connection.query(
            "INSERT INTO \(Self.seals) VALUES ($1, $2, $3, $4, $5::bigint, $6, $7::bigint) "
                + "ON CONFLICT (target) DO UPDATE SET pipeline = excluded.pipeline, "
                + "index_name = excluded.index_name, model = excluded.model, "
                + "snapshot = excluded.snapshot, digest = excluded.digest, rows = excluded.rows",
            [
                self.table, shape.pipeline, shape.index, shape.model, String(shape.snapshot),
                shape.digest, String(shape.rowCount),
            ]
        )
        try self.connection.run("COMMIT")
    }
}

/// An element of an array literal.
private func quoted(_ text: String) -> String {
    "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
}

extension JSONText {
    /// An object of texts, by ascending key.
    mutating func texts(_ values: [String: String]) {
        self.object { json in
            for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                json.key(storable(key))
                json.string(value)
            }
        }
    }
}
