internal import Manifests
internal import Records
internal import Storage
internal import Text

/// What groups of documents are compared by.
protocol ComparedDocuments: AnyObject {
    /// - Parameter members: of which every one that still has the group's tokens has its shingles.
    /// - Output: empty where none has: the group is about to go.
    func shingles(ofGroup group: Int64, members: () throws -> GroupMembers) throws -> [UInt32]
    func holdsFact(_ earlier: DocumentID, _ later: DocumentID) throws -> Bool
}

/// The documents of a group, and the hash of what they have in common.
struct GroupMembers {
    var exact: Digest
    var ids: [DocumentID]
}

/// The same, read from the shards.
final class StoredDocuments: ComparedDocuments {
    private let workspace: Workspace
    private var shingles: RecentShingles
    private let inflater = Inflater()
    private var difference = FactDifference()
    private var comparedText = ComparedText()
    private var builder = SignatureBuilder()
    /// The text that was read last: a document is compared with several others in turn.
    private var last: (id: DocumentID, text: [UInt8])?

    private let isAcrossLabels: Bool

    init(workspace: Workspace, byteLimit: Int, isAcrossLabels: Bool) {
        self.workspace = workspace
        self.isAcrossLabels = isAcrossLabels
        self.shingles = RecentShingles(byteLimit: byteLimit)
    }

    func shingles(ofGroup group: Int64, members: () throws -> GroupMembers) throws -> [UInt32] {
        if let known = self.shingles[group] { return known }
        let members = try members()
        for id in members.ids {
            let shard = self.workspace.shard(of: id)
            // A document that changed has others, and is taken up later.
            let stored = try shard.comparedText(of: id) { exact, labels, metadata in
                AccessSeparation(
                    labels: labels,
                    metadata: metadata,
                    isAcross: self.isAcrossLabels
                )
                .exact(exact) == members.exact
            }
            guard let stored else { continue }
            let made = try self.read(stored).withUnsafeBufferPointer {
                self.builder.shingles(of: $0)
            }
            self.shingles[group] = made
            return made
        }
        return []
    }

    func holdsFact(_ earlier: DocumentID, _ later: DocumentID) throws -> Bool {
        let text = try self.last?.id == later ? self.last?.text ?? [] : self.text(of: later)
        self.last = (later, text)
        return self.difference.holdsFact(try self.text(of: earlier), text)
    }

    private func text(of id: DocumentID) throws -> [UInt8] {
        guard let stored = try self.workspace.shard(of: id).compressedText(of: id) else {
            return []
        }
        return try self.read(stored)
    }

    private func read(_ stored: CompressedText) throws -> [UInt8] {
        let text = try self.inflater.inflate(stored.bytes, byteCount: stored.textByteCount)
        return self.comparedText.join(title: stored.title, text)
    }
}

/// The shingles that were asked for lately, in bounded memory.
///
/// Two halves: when the younger is full it becomes the older, and what is found in the older becomes young.
private struct RecentShingles {
    private let byteLimit: Int
    private var young: [Int64: [UInt32]] = [:]
    private var old: [Int64: [UInt32]] = [:]
    private var youngByteCount = 0

    /// What an entry takes beside its shingles.
    private static let entryByteCount = 64

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    subscript(group: Int64) -> [UInt32]? {
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
