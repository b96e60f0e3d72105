internal import GRDB

/// How the documents of one source stand; every document is in exactly one of the first five.
package struct SourceTotals: Hashable, Sendable {
    /// Served under their own name.
    package var canonical = 0
    /// Served by the document they repeat.
    package var duplicate = 0
    package var excluded = 0
    package var failed = 0
    /// No longer listed, and kept as it is until its deletion is approved.
    package var held = 0
    /// Of `canonical` and `duplicate`: those whose last update failed.
    package var stale = 0
    /// Of all but `held`: those that were taken out of a listed document.
    package var children = 0

    package init() {}

    package var documents: Int {
        self.canonical + self.duplicate + self.excluded + self.failed + self.held
    }

    package static func += (left: inout SourceTotals, right: SourceTotals) {
        left.canonical += right.canonical
        left.duplicate += right.duplicate
        left.excluded += right.excluded
        left.failed += right.failed
        left.held += right.held
        left.stale += right.stale
        left.children += right.children
    }
}

/// The counts of one shard; add them up for the workspace.
package struct ShardTotals: Hashable, Sendable {
    package var sources: [String: SourceTotals] = [:]
    /// Canonical documents by language and by media type.
    package var languages: [String: Int] = [:]
    package var mediaTypes: [String: Int] = [:]
    /// Excluded documents by why: the stage and its reason, which holds none of the text.
    package var exclusions: [String: Int] = [:]
    /// Replaced values by kind, in all documents with a version.
    package var redactions: [String: Int] = [:]
    /// Chunks of canonical documents by chunk stage.
    package var chunks: [String: Int] = [:]
    /// Tokens of those chunks by chunk stage.
    package var tokens: [String: Int] = [:]
    /// Canonical documents that are in a group of near-duplicates, and those that lead one.
    package var grouped = 0
    package var groups = 0
    /// Bytes of clean text of canonical documents, not compressed.
    package var textByteCount = 0
    package var vectorCount = 0
    package var deadLetters = 0
    /// Of `deadLetters`: those an operator accepted.
    package var ignoredDeadLetters = 0

    package init() {}

    package var documents: SourceTotals {
        self.sources.values.reduce(into: SourceTotals()) { $0 += $1 }
    }

    package static func += (left: inout ShardTotals, right: ShardTotals) {
        left.sources.merge(right.sources) {
            var sum = $0
            sum += $1
            return sum
        }
        left.languages.merge(right.languages, uniquingKeysWith: +)
        left.mediaTypes.merge(right.mediaTypes, uniquingKeysWith: +)
        left.exclusions.merge(right.exclusions, uniquingKeysWith: +)
        left.redactions.merge(right.redactions, uniquingKeysWith: +)
        left.chunks.merge(right.chunks, uniquingKeysWith: +)
        left.tokens.merge(right.tokens, uniquingKeysWith: +)
        left.grouped += right.grouped
        left.groups += right.groups
        left.textByteCount += right.textByteCount
        left.vectorCount += right.vectorCount
        left.deadLetters += right.deadLetters
        left.ignoredDeadLetters += right.ignoredDeadLetters
    }
}

extension ShardManifest {
    /// Counts everything a status prints.
    ///
    /// - Complexity: O(documents); no text is read.
    package func totals() throws -> ShardTotals {
        try self.file.read { database in
            var totals = ShardTotals()
            try database.countDocuments(into: &totals)
            if totals.documents.excluded > 0 {
                totals.exclusions = try database.counts(
                    """
                    SELECT exclusion_stage || ': ' || exclusion_reason, count(*) FROM documents d
                    WHERE exclusion_stage IS NOT NULL
                        AND NOT EXISTS (SELECT 1 FROM held h WHERE h.id = d.id)
                    GROUP BY 1
                    """
                )
            }
            totals.redactions = try database.counts(
                "SELECT kind, sum(count) FROM redaction_counts GROUP BY kind"
            )
            try database.countChunks(into: &totals)
            let grouped = try database.cachedStatement(
                sql: """
                    SELECT count(*), coalesce(sum(group_id = id), 0) FROM documents
                    WHERE group_id IS NOT NULL
                    """
            ).first([]) { (Int(try $0.integer(0)), Int(try $0.integer(1))) }
            (totals.grouped, totals.groups) = grouped ?? (0, 0)
            totals.vectorCount =
                try Int.fetchOne(
                    database,
                    sql: "SELECT (SELECT count(*) FROM vectors) + (SELECT count(*) FROM embedded)"
                ) ?? 0
            totals.deadLetters =
                try Int.fetchOne(database, sql: "SELECT count(*) FROM dead_letters") ?? 0
            totals.ignoredDeadLetters =
                try Int.fetchOne(
                    database,
                    sql: "SELECT count(*) FROM dead_letters WHERE disposition = 2"
                ) ?? 0
            return totals
        }
    }
}

extension Database {
    fileprivate func counts(_ sql: String) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        let rows = try self.cachedStatement(sql: sql).rows()
        while let row = try rows.next() { counts[try row.string(0)] = Int(try row.integer(1)) }
        return counts
    }

    fileprivate func countChunks(into totals: inout ShardTotals) throws {
        let rows = try self.cachedStatement(
            sql: """
                SELECT c.stage, sum(chunk_count), sum(token_count)
                FROM documents d CROSS JOIN chunk_sets c ON c.number = d.number
                WHERE d.canonical_id IS NULL GROUP BY c.stage
                """
        ).rows()
        while let row = try rows.next() {
            let stage = try row.string(0)
            totals.chunks[stage] = Int(try row.integer(1))
            totals.tokens[stage] = Int(try row.integer(2))
        }
    }

    fileprivate func countDocuments(into totals: inout ShardTotals) throws {
        let rows = try self.cachedStatement(
            sql: """
                SELECT source, state, canonical_id IS NOT NULL, language, media_type, count(*),
                    sum(text_bytes), h.id IS NOT NULL, count(parent)
                FROM documents d LEFT JOIN held h ON h.id = d.id GROUP BY 1, 2, 3, 4, 5, 8
                """
        ).rows()
        while let row = try rows.next() {
            let state = try DocumentState(column: try row.integer(1))
            let isDuplicate = try row.integer(2) != 0
            let count = Int(try row.integer(5))
            var source = totals.sources[try row.string(0)] ?? SourceTotals()
            let isHeld = try row.integer(7) != 0
            switch state {
            case _ where isHeld: source.held += count
            case .failed: source.failed += count
            case .excluded: source.excluded += count
            case .prepared, .stale:
                if isDuplicate { source.duplicate += count } else { source.canonical += count }
            }
            if state == .stale, !isHeld { source.stale += count }
            if !isHeld { source.children += Int(try row.integer(8)) }
            totals.sources[try row.string(0)] = source
            guard state.hasVersion, !isDuplicate else { continue }
            totals.languages[try row.string(3), default: 0] += count
            totals.mediaTypes[try row.string(4), default: 0] += count
            totals.textByteCount += Int(try row.integer(6))
        }
    }
}
