internal import Execution
internal import Records
internal import WorkerMessages

/// Tells the parent of each document in the one that it asked about, and takes none a second time.
///
/// Each has the limits of a document of its own: an archive of scans is as many documents as it holds. What
/// is told is kept by the parent, so that one which costs this process takes none of the others with it.
final class ChildReports {
    /// What is made of one document.
    struct Answer {
        /// Without those in it.
        var payload: [UInt8]
        /// False where those in it could not be told to the end.
        var isWhole: Bool
    }

    private let known: KnownChildren
    private let limits: WorkerLimits
    private let send: (ChildNotice) -> Void
    private var latest = 0

    /// - Parameters:
    ///   - known: what earlier tries of the same document have brought.
    ///   - limits: renewed at each change from one document to another, and for the listed one.
    init(
        known: KnownChildren,
        limits: WorkerLimits,
        send: @escaping (ChildNotice) -> Void
    ) {
        self.known = known
        self.limits = limits
        self.send = send
        limits.renewForDocument()
    }

    /// Has one document taken, where no earlier try has done so.
    ///
    /// - Parameter make: takes it, and those in it by calls of this function; given a failure, it says no
    ///   more than that the document failed so.
    func take(_ make: (_ failure: StageFailure?) -> Answer) {
        self.latest += 1
        let number = self.latest
        if let last = self.known.done[number] {
            self.latest = last
            return
        }
        self.send(.begun(number: number))
        self.limits.renewForDocument()
        let answer = make(self.known.setAside[number])
        self.send(
            .done(
                number: number,
                last: self.latest,
                isWhole: answer.isWhole,
                payload: answer.payload
            )
        )
        self.limits.renewForDocument()
    }
}
