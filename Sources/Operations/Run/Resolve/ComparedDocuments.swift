internal import Foundation
internal import Manifests
internal import Records
internal import Synchronization
internal import Text

/// What groups of documents are compared by.
protocol ComparedDocuments: AnyObject {
    /// - Parameter members: of which every one that still has the group's tokens has its shingles.
    /// - Output: empty where none has: the group is about to go.
    func shingles(ofGroup group: Int64, members: () throws -> GroupMembers) throws -> [UInt32]
    func holdsFact(_ earlier: DocumentID, _ later: DocumentID) throws -> Bool
    /// Whether the shingles of a group are at hand.
    func knows(_ group: Int64) -> Bool
    /// Says whose shingles will be asked for, so that they are read together; it changes no answer.
    func readAhead(_ groups: [GroupMembers]) throws
}

/// The documents of a group, and the hash of what they have in common.
struct GroupMembers: Sendable {
    var exact: Digest
    var ids: [DocumentID]
}

/// The same, read from the shards.
final class StoredDocuments: ComparedDocuments {
    /// Choice: so many that threads seldom wait for each other, in little memory.
    private static let groupsPerRound = 128

    private let workspace: Workspace
    private let workerCount: Int
    private let aheadByteLimit: Int
    private let isAcrossLabels: Bool
    private let reader: ComparedReader
    /// Nil where nobody read or compared any before.
    private let found: ResolveAhead?
    private var shingles: RecentShingles<Int64>
    private var ahead: [Digest: [UInt32]] = [:]
    private var difference = FactDifference()
    /// The text that was read last: a document is compared with several others in turn.
    private var last: (id: DocumentID, text: [UInt8])?

    init(
        workspace: Workspace,
        byteLimit: Int,
        workerCount: Int,
        isAcrossLabels: Bool,
        found: ResolveAhead?
    ) {
        self.workspace = workspace
        self.found = found
        self.workerCount = workerCount
        self.isAcrossLabels = isAcrossLabels
        self.aheadByteLimit = byteLimit / 4
        self.shingles = RecentShingles(byteLimit: byteLimit - byteLimit / 4)
        self.reader = Self.reader(workspace, isAcrossLabels: isAcrossLabels)
    }

    private static func reader(_ workspace: Workspace, isAcrossLabels: Bool) -> ComparedReader {
        ComparedReader(isAcrossLabels: isAcrossLabels) { workspace.shard(of: $0) }
    }

    func shingles(ofGroup group: Int64, members: () throws -> GroupMembers) throws -> [UInt32] {
        if let known = self.shingles[group] { return known }
        let members = try members()
        let made = try self.read(members)
        if !made.isEmpty { self.shingles[group] = made }
        return made
    }

    private func read(_ members: GroupMembers) throws -> [UInt32] {
        if let known = self.ahead.removeValue(forKey: members.exact) { return known }
        return try self.found?.shingles(of: members) ?? self.reader.shingles(of: members)
    }

    func holdsFact(_ earlier: DocumentID, _ later: DocumentID) throws -> Bool {
        if let known = self.found?.holdsFact(ComparedPair(earlier, later)) { return known }
        let text =
            try self.last?.id == later ? self.last?.text ?? [] : self.reader.text(of: later)
        self.last = (later, text)
        return self.difference.holdsFact(try self.reader.text(of: earlier), text)
    }

    func knows(_ group: Int64) -> Bool { self.shingles[group] != nil }

    func readAhead(_ groups: [GroupMembers]) throws {
        self.ahead.removeAll(keepingCapacity: true)
        guard self.workerCount > 1 else { return }
        let groups = try groups.filter { try self.found?.shingles(of: $0) == nil }
        var byteCount = 0
        for start in stride(from: 0, to: groups.count, by: Self.groupsPerRound) {
            guard byteCount < self.aheadByteLimit else { return }
            let end = min(start + Self.groupsPerRound, groups.count)
            for (members, made) in try self.read(Array(groups[start..<end])) where !made.isEmpty {
                byteCount += 4 * made.count
                self.ahead[members.exact] = made
            }
        }
    }

    /// On all workers; each text of a round by one of them.
    private func read(_ groups: [GroupMembers]) throws -> [(GroupMembers, [UInt32])] {
        let results = Mutex([Result<[UInt32], any Error>?](repeating: nil, count: groups.count))
        let workers = min(self.workerCount, groups.count)
        let (workspace, isAcrossLabels) = (self.workspace, self.isAcrossLabels)
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            let reader = Self.reader(workspace, isAcrossLabels: isAcrossLabels)
            for place in stride(from: worker, to: groups.count, by: workers) {
                let result = Result { try reader.shingles(of: groups[place]) }
                results.withLock { $0[place] = result }
            }
        }
        let made = results.withLock { $0 }
        return try zip(groups, made).map { ($0, try $1?.get() ?? []) }
    }
}

/// The shingles that were asked for lately, in bounded memory.
///
/// Two halves: when the younger is full it becomes the older, and what is found in the older becomes young.
struct RecentShingles<Key: Hashable> {
    private let byteLimit: Int
    private var young: [Key: [UInt32]] = [:]
    private var old: [Key: [UInt32]] = [:]
    private var youngByteCount = 0

    /// What an entry takes beside its shingles.
    private static var entryByteCount: Int { 64 }

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    subscript(group: Key) -> [UInt32]? {
        mutating get {
            if let found = self.young[group] { return found }
            guard let found = self.old[group] else { return nil }
            self[group] = found
            return found
        }
        set {
            guard let newValue else { return }
            self.young[group] = newValue
            self.youngByteCount += 4 * newValue.count + Self.entryByteCount
            guard self.youngByteCount > self.byteLimit / 2 else { return }
            self.old = self.young
            self.young = [:]
            self.youngByteCount = 0
        }
    }
}
