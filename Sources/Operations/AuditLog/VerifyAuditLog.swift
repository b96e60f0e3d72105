internal import Manifests
internal import Storage

/// The entries of an audit log, the newest first.
package struct AuditLogReport: Sendable, Codable {
    package var workspace: String
    /// All there are.
    package var count: Int
    package var entries: [AuditEntry]
}

/// What holding an audit log to its own hashes came to.
package struct AuditLogVerification: Sendable, Codable {
    package var workspace: String
    package var entries: Int
    /// The hash of the last entry: kept elsewhere, it shows a log that was written anew as a whole.
    package var head: String
    package var isSound: Bool
    /// What is wrong, each with the line; empty for a sound one.
    package var problems: [String]
}

/// The entries of the audit log, the newest first; those that cannot be read are left out, and `verify` tells them.
///
/// - Throws: ``OperationError`` `.noSuchState` where there is no workspace.
package func auditLog(workspace root: String, limit: Int) throws -> AuditLogReport {
    try translatingErrors {
        let layout = try WorkspaceReader(root: root).layout
        let entries = try auditLines(layout).compactMap { AuditLine.entry(of: $0)?.entry }
        return AuditLogReport(
            workspace: root,
            count: entries.count,
            entries: Array(entries.reversed().prefix(limit))
        )
    }
}

/// Holds every entry of the audit log to its hash and to the one before, and the end to the head beside it.
///
/// - Parameter expectedHead: the hash of an entry that has to be there, which was noted elsewhere.
/// - Throws: ``OperationError`` `.noSuchState` where there is no workspace.
package func verifyAuditLog(
    workspace root: String,
    expectedHead: String? = nil
) throws -> AuditLogVerification {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        var check = AuditChainCheck()
        let lines = try auditLines(reader.layout)
        for line in lines { check.add(line) }
        var problems = check.problems
        problems += try endProblems(reader.layout, check, lineCount: lines.count)
        if let noted = try reader.catalog.setting(AuditLog.settingKey),
            !check.hashes.contains(noted)
        {
            problems.append(
                "the catalog knows an entry of hash \(noted.prefix(12)) that is not there: entries were cut "
                    + "off, or the log was written anew"
            )
        }
        if let expectedHead, !check.hashes.contains(expectedHead) {
            problems.append("there is no entry of hash \(expectedHead)")
        }
        return AuditLogVerification(
            workspace: root,
            entries: lines.count,
            head: check.last,
            isSound: problems.isEmpty,
            problems: problems
        )
    }
}

extension AuditLog {
    /// The hash of an entry that the catalog saw, so that a log and a head that were both replaced show.
    static let settingKey = "audit_head"
}

/// The lines without their line feeds; what a killed writer had begun and not finished is no line.
private func auditLines(_ layout: WorkspaceLayout) throws -> [ArraySlice<UInt8>] {
    guard fileExists(layout.auditLog) else { return [] }
    var bytes = try readFile(layout.auditLog, maximumBytes: AuditLog.byteCountMax)[...]
    if let head = try? AuditHead.read(layout), let next = head.next {
        let rest = bytes.dropFirst(head.byteCount)
        let isFinished = rest.last == 0x0A && AuditLine.entry(of: rest.dropLast())?.hash == next
        if !isFinished { bytes = bytes.prefix(head.byteCount) }
    }
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines
}

/// Follows the chain line by line.
private struct AuditChainCheck {
    private(set) var problems: [String] = []
    private(set) var hashes: Set<String> = []
    private(set) var last = AuditLine.noHash
    private var number = 0

    /// More of them tell nothing new.
    private static let problemLimit = 20

    mutating func add(_ line: ArraySlice<UInt8>) {
        self.number += 1
        guard let (entry, hash) = AuditLine.entry(of: line) else {
            self.note("its bytes are not those that were hashed: it was changed, or cut short")
            return
        }
        if entry.previous != self.last {
            self.note(
                "it follows an entry of hash \(entry.previous.prefix(12)), and the one before has "
                    + "\(self.last.prefix(12)): entries were changed, removed or put in between"
            )
        } else if entry.sequence != self.number {
            self.note("it says that it is entry \(entry.sequence)")
        }
        self.last = hash
        self.hashes.insert(hash)
    }

    private mutating func note(_ what: String) {
        guard self.problems.count < Self.problemLimit else { return }
        self.problems.append("line \(self.number): \(what)")
    }
}

/// What is wrong with where the log ends.
private func endProblems(
    _ layout: WorkspaceLayout,
    _ check: AuditChainCheck,
    lineCount: Int
) throws -> [String] {
    guard let head = try AuditHead.read(layout) else {
        return lineCount == 0
            ? [] : ["\(layout.auditHead) is missing: nothing says where the log ends"]
    }
    let byteCount = fileExists(layout.auditLog) ? try fileStatus(layout.auditLog).size : 0
    let isAtEnd =
        lineCount == head.count && check.last == head.hash
        && (byteCount == head.byteCount || head.next != nil)
    // A writer that was killed after the entry, before it said so.
    let isAhead = lineCount == head.count + 1 && head.next != nil && check.last == head.next
    if isAtEnd || isAhead { return [] }
    if lineCount < head.count {
        return ["the log has \(lineCount) entries, its head says \(head.count): it was cut off"]
    }
    if lineCount > head.count {
        return ["the log has \(lineCount) entries, its head says \(head.count): some were added"]
    }
    return [
        "the last entry has hash \(check.last.prefix(12)), the head says \(head.hash.prefix(12)): one "
            + "of them was changed"
    ]
}
