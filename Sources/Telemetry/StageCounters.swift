/// What each stage did: documents, bytes and time; never document text.
package struct StageCounters: Sendable, Hashable, Codable {
    package struct Row: Sendable, Hashable, Codable {
        package var documents = 0
        package var failures = 0
        package var inputBytes = 0
        package var outputBytes = 0
        package var nanoseconds: UInt64 = 0

        package init() {}

        package mutating func add(_ other: Row) {
            self.documents += other.documents
            self.failures += other.failures
            self.inputBytes += other.inputBytes
            self.outputBytes += other.outputBytes
            self.nanoseconds += other.nanoseconds
        }
    }

    /// By stage id; the order is that of the first mention.
    package private(set) var stages: [String] = []
    private var rows: [Row] = []

    package init() {}

    package subscript(stage: String) -> Row {
        self.stages.firstIndex(of: stage).map { self.rows[$0] } ?? Row()
    }

    package mutating func add(_ row: Row, to stage: String) {
        if let index = self.stages.firstIndex(of: stage) {
            self.rows[index].add(row)
        } else {
            self.stages.append(stage)
            self.rows.append(row)
        }
    }

    package mutating func add(_ other: StageCounters) {
        for (stage, row) in zip(other.stages, other.rows) { self.add(row, to: stage) }
    }
}

extension StageCounters {
    /// Runs `body`, which returns its value and the bytes it made, and counts it under `stage`.
    package mutating func measure<Value, Failure: Error>(
        _ stage: String,
        inputBytes: Int,
        _ body: () throws(Failure) -> (value: Value, outputBytes: Int)
    ) throws(Failure) -> Value {
        var row = Row()
        row.documents = 1
        row.inputBytes = inputBytes
        let start = monotonicNanoseconds()
        do {
            let result = try body()
            row.nanoseconds = monotonicNanoseconds() - start
            row.outputBytes = result.outputBytes
            self.add(row, to: stage)
            return result.value
        } catch {
            row.nanoseconds = monotonicNanoseconds() - start
            row.failures = 1
            self.add(row, to: stage)
            throw error
        }
    }
}
