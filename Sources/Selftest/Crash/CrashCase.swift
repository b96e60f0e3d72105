internal import Faults

/// What the run that is disturbed does.
package enum CrashPhase: String, Sendable, Codable, CaseIterable {
    /// Into a workspace that does not exist.
    case backfill
    /// Of a day's changes, with a published snapshot to keep readable.
    case sync
    /// The same in items, those that find out of duplicates ahead among them.
    case work
    /// To another count of shards, with a published snapshot to keep readable.
    case reshard

    /// Whether it begins with the workspace of a backfill.
    var hasWorkspace: Bool { self != .backfill }

    /// The documents whose index it leaves.
    var outcome: CrashCorpus.State { self == .reshard ? .before : .after }
}

/// One fault at one operation of one run.
struct CrashCase: Hashable, Sendable, CustomStringConvertible {
    var phase: CrashPhase
    var action: FaultPlan.Action
    /// From 1.
    var number: Int

    var description: String {
        "\(self.action.rawValue) at operation \(self.number) of a \(self.phase)"
    }

    /// Whether the run after the fault finds the documents changed once more.
    ///
    /// Both matter: going on with the same documents, and with others than the run that died had.
    var documentsChangeAgain: Bool { self.number % 2 == 0 }
}

extension FaultPlan.Action {
    /// The numbers of the operations where the fault differs from the same one elsewhere.
    ///
    /// A power cut loses what is not synced, so its outcome changes only with a sync; a disk that is full
    /// is seen by what needs space; half a write takes a write.
    func numbers(in operations: [FaultableOperation]) -> [Int] {
        operations.indices.filter { index in
            let kind = operations[index].kind
            switch self {
            case .count: return false
            case .kill, .ioError: return true
            case .tear, .shortWrite: return kind.isWrite
            case .diskFull: return kind.needsSpace
            case .powerCut: return index == 0 || operations[index - 1].kind.isSync
            }
        }.map { $0 + 1 }
    }
}
