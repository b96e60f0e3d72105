/// What a file of a collection holds.
enum FileContent: Hashable, Sendable {
    case document(SyntheticDocument, SyntheticDocument.Format)
    case broken(BrokenFile, seed: UInt64)

    var bytes: [UInt8] {
        switch self {
        case .document(let document, let format): document.bytes(format)
        case .broken(let kind, let seed): kind.bytes(seed: seed)
        }
    }

    var isBroken: Bool {
        if case .broken = self { return true }
        return false
    }
}

/// A file of a collection; its number stays when it is renamed.
struct CollectionFile: Hashable, Sendable {
    var path: String
    var content: FileContent
    /// What it held before it was broken.
    var intact: FileContent?
    /// Shares its inode with another name, so that it must not be written in place.
    var isLinked = false
}
