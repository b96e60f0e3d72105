internal import Execution
internal import Records
internal import WorkerMessages

/// What the workers of one document have told of the documents in it, over all tries.
struct ChildProgress {
    /// More than any limit on the documents in a file lets through.
    private static let countMaximum = 1 << 20

    private(set) var known = KnownChildren()
    private var payloads: [Int: [UInt8]] = [:]
    private var byteCount = 0
    private let byteCountMaximum: Int
    /// The numbers of documents that are begun and not done, innermost last.
    private var open: [Int] = []
    /// The highest number of this try: none comes twice, so that notices come to an end.
    private var latest = 0
    private var losses: [Int: Int] = [:]

    /// - Parameter byteCountMaximum: of what all documents in one are made into.
    init(byteCountMaximum: Int) { self.byteCountMaximum = byteCountMaximum }

    /// Whether a document in the listed one was ever begun.
    var hasBegun: Bool { self.latest > 0 || !self.known.done.isEmpty }

    /// What was made of each, in the order of their numbers.
    var inOrder: [[UInt8]] { self.payloads.sorted { $0.key < $1.key }.map(\.value) }

    /// A worker begins the document anew.
    mutating func beginTry() {
        self.open = []
        self.latest = 0
    }

    /// - Returns: false for a frame that is no notice.
    /// - Throws: `.malformed` for a notice that cannot be; `.tooLarge` where all together are too much.
    mutating func take(_ frame: Frame) throws(FrameError) -> Bool {
        let notice: ChildNotice?
        do { notice = try ChildNotice(frame) } catch { throw .malformed }
        switch notice {
        case nil: return false
        case .begun(let number):
            guard number > self.latest, number <= Self.countMaximum else { throw .malformed }
            self.latest = number
            self.open.append(number)
        case .done(let number, let last, let isWhole, let payload):
            guard self.open.popLast() == number, (number...Self.countMaximum).contains(last) else {
                throw .malformed
            }
            self.latest = max(self.latest, last)
            self.finish(number, last, isWhole: isWhole)
            self.byteCount += payload.count
            guard self.byteCount <= self.byteCountMaximum else { throw .tooLarge(self.byteCount) }
            self.payloads[number] = payload
        }
        return true
    }

    /// A document that is done stands for those in it.
    private mutating func finish(_ number: Int, _ last: Int, isWhole: Bool) {
        if last > number {
            for inner in number + 1...last {
                self.known.done[inner] = nil
                if !isWhole { self.drop(inner) }
            }
        }
        self.known.done[number] = last
    }

    private mutating func drop(_ number: Int) {
        self.byteCount -= self.payloads.removeValue(forKey: number)?.count ?? 0
    }

    /// Notes that a worker was lost at the innermost document that is open.
    ///
    /// A document that takes too long has had all the time that it gets: it is not tried again.
    /// - Returns: false where that is the listed document itself, or one that is no more tried.
    mutating func note(_ loss: WorkerLoss, attemptLimit: Int) -> Bool {
        guard loss.failure.code != .limitExceeded, let number = self.open.last,
            self.known.setAside[number] == nil
        else { return false }
        self.losses[number, default: 0] += 1
        let isTriedAgain =
            loss.isWorthAnotherTry && loss.failure.code != .timedOut
            && self.losses[number, default: 0] < attemptLimit
        if !isTriedAgain {
            self.known.setAside[number] = loss.failure
            // What it holds has the numbers of those behind it from now on.
            for inner in self.known.done.keys where inner > number { self.known.done[inner] = nil }
            for inner in self.payloads.keys where inner > number { self.drop(inner) }
        }
        return true
    }
}
