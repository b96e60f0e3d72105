internal import GRDB

/// What one embed stage of one run had a server do.
package struct SpendRecord: Hashable, Sendable {
    package var run: RunID
    package var stage: String
    /// `2026-11`: the calendar month, in UTC, that the run began in.
    package var month: String
    /// Tokens that count as spent: never less than what the server may have counted.
    package var tokens: Int
    /// What they cost at the price of the run.
    package var money: Double
    package var requests: Int

    package init(
        run: RunID,
        stage: String,
        month: String,
        tokens: Int,
        money: Double,
        requests: Int
    ) {
        self.run = run
        self.stage = stage
        self.month = month
        self.tokens = tokens
        self.money = money
        self.requests = requests
    }
}

extension Catalog {
    /// Replaces what is recorded of a stage of a run; on the disk before the call returns.
    package func recordSpend(_ record: SpendRecord) throws {
        try self.file.write { database in
            try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO spend (run, stage, month, tokens, money, requests)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """
            ).run([
                record.run, record.stage, record.month, record.tokens, record.money,
                record.requests,
            ])
        }
    }

    /// What a stage spent in a month, all runs but `run` together.
    package func spend(
        month: String,
        stage: String,
        exceptRun run: RunID? = nil
    ) throws -> (tokens: Int, money: Double) {
        try self.file.read { database in
            try database.cachedStatement(
                sql: """
                    SELECT coalesce(sum(tokens), 0), coalesce(sum(money), 0.0) FROM spend
                    WHERE month = ? AND stage = ? AND run <> ?
                    """
            ).first([month, stage, run ?? -1]) { row in
                (Int(try row.integer(0)), row[1] as Double? ?? 0)
            } ?? (0, 0)
        }
    }
}

/// `2026-11` for a time in milliseconds since 1970, in UTC.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
package func calendarMonth(_ milliseconds: Int64) -> String {
    let days = Int((Double(milliseconds) / 86_400_000).rounded(.down)) + 719_468
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra =
        (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(year)-\(month < 10 ? "0" : "")\(month)"
}
