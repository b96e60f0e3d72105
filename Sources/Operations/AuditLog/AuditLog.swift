internal import Foundation
internal import Storage
internal import Telemetry

/// The audit log of a workspace: lines that are only ever added, each with the hash of the one before.
///
/// - Precondition of writing: the caller holds the workspace's lock.
struct AuditLog {
    let layout: WorkspaceLayout
    var clock = WallClock.system
    var actor = Actor.current()

    /// Adds an entry, durably.
    ///
    /// - Throws: ``OperationError`` `.fatal` where the log does not end as its head says: then someone changed
    ///   it, and it is left as it is.
    func append(_ action: AuditEntry.Action, _ details: [String: String]) throws {
        var head = try self.settledHead()
        let entry = AuditEntry(
            sequence: head.count + 1,
            time: universalTime(self.clock.milliseconds()),
            action: action,
            who: self.actor.who,
            from: self.actor.from,
            details: details.mapValues(Self.plain),
            previous: head.hash
        )
        let line = try AuditLine.bytes(of: entry)
        guard line.bytes.count <= AuditLine.byteCountMax else {
            throw OperationError(.configuration, "what would stand in the audit log is too long")
        }
        head.next = line.hash
        try head.write(self.layout)
        try writeFile(self.layout.auditLog, from: head.byteCount, line.bytes)
        head = AuditHead(
            count: head.count + 1,
            byteCount: head.byteCount + line.bytes.count,
            hash: line.hash
        )
        try head.write(self.layout)
    }

    /// A text that cannot steer the terminal of who reads it.
    private static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map {
                    $0.properties.generalCategory == .control ? " " : $0
                }
            )
        )
    }

    /// The head, with an entry that a killed writer had finished taken in, and one that it had not cut off.
    private func settledHead() throws -> AuditHead {
        let byteCount = try self.byteCount()
        guard var head = try AuditHead.read(self.layout) else {
            guard byteCount == 0 else { throw self.broken("its head is missing") }
            return AuditHead()
        }
        if byteCount == head.byteCount, head.next == nil { return head }
        guard byteCount >= head.byteCount, let next = head.next else {
            throw self.broken("it has \(byteCount) bytes, and its head says \(head.byteCount)")
        }
        let rest = try readFile(self.layout.auditLog, maximumBytes: Self.byteCountMax)
            .dropFirst(head.byteCount)
        head.next = nil
        if rest.last == 0x0A, let last = AuditLine.entry(of: rest.dropLast()), last.hash == next {
            head.count += 1
            head.byteCount = byteCount
            head.hash = next
        }
        return head
    }

    private func byteCount() throws -> Int {
        fileExists(self.layout.auditLog) ? try fileStatus(self.layout.auditLog).size : 0
    }

    private func broken(_ what: String) -> OperationError {
        OperationError(
            .fatal,
            "\(self.layout.auditLog): \(what), so it was changed by other hands and nothing was done; "
                + "'millrace audit log verify --workspace \(self.layout.root)' tells where"
        )
    }

    /// Choice: tens of millions of entries.
    static let byteCountMax = 1 << 32
}
