internal import Foundation
internal import Storage

/// `remotes.json`: which generation of which address the workspace is, as far as that was told.
///
/// A workspace may be pushed to several addresses; each line stands for itself.
struct RemoteRecord: Codable {
    static let currentForm = "millrace.remotes/1"

    struct Known: Codable, Hashable {
        /// Of the generation.
        var name: String
        var generation: RemoteGeneration
    }

    struct State: Codable {
        /// What the workspace was when it was last pushed or pulled.
        var base: Known?
        /// What is to be put in force, or was: a process that is killed in between does not know.
        var pending: Known?
    }

    var form = Self.currentForm
    private var states: [String: State] = [:]

    init() {}

    /// An empty one where there is none; one that cannot be read is as good as none, since the next push or pull
    /// compares the files.
    init(_ layout: WorkspaceLayout) {
        guard let bytes = try? readFile(layout.remotes, maximumBytes: 1 << 30),
            let record = try? JSONDecoder().decode(Self.self, from: Data(bytes)),
            record.form == Self.currentForm
        else { return }
        self = record
    }

    func write(_ layout: WorkspaceLayout) throws {
        try replaceFile(layout.remotes, with: try remoteBytes(self))
    }

    /// What is known of `address`, whose head is this one.
    ///
    /// A lineage of its own stands where what was pushed is gone and another workspace took its place.
    func base(of address: String, head: RemoteHead?) -> Known? {
        guard let state = self.states[address] else { return nil }
        if let head, let pending = state.pending, pending.name == head.generation { return pending }
        guard let base = state.base, let head, head.lineage == base.generation.lineage else {
            return nil
        }
        return base
    }

    mutating func expect(_ known: Known, at address: String) {
        self.states[address, default: State()].pending = known
    }

    mutating func settle(_ known: Known, at address: String) {
        self.states[address] = State(base: known)
    }
}
