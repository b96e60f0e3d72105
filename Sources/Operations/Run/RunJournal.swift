internal import Glibc
internal import Manifests
internal import Storage
internal import Synchronization

/// Where a run stands, in a small file that outlives a killed process.
///
/// It is only told to people: nothing depends on it, so it is written without a sync, and one that
/// cannot be read is as good as none.
final class RunJournal: Sendable {
    /// What a run that died had done.
    struct Reading: Hashable, Sendable {
        var run: RunID
        /// Documents that had to be looked at, as far as they were listed.
        var pending: Int
        var done: Int
        /// Documents of the batches that were being prepared.
        var inFlight: Int
        /// Nil for a run that ended without a word.
        var cause: EndCause?
    }

    /// What ended a run before its time, where the catalog could not be told.
    enum EndCause: Int, Sendable {
        case failed = 1
        case diskFull = 2
    }

    /// First in the file; a journal of older versions begins with the run, and has no cause.
    private static let magic = 0x4D4C_4A32  // "MLJ2"
    private static let headWordCount = 5
    private static let oldHeadWordCount = 3

    private let descriptor: Int32
    private let counts = Mutex((pending: 0, done: 0))

    init(writing path: String, run: RunID, workerCount: Int) throws {
        self.descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard self.descriptor >= 0 else {
            throw OperationError(
                .fatal,
                "\(path) cannot be written: \(String(cString: strerror(errno)))"
            )
        }
        // All of it now: what is overwritten later needs no room on a full disk.
        self.write(Self.magic, at: 0)
        self.write(Int(run), at: 1)
        for word in 2..<(Self.headWordCount + workerCount) { self.write(0, at: word) }
    }

    deinit { close(self.descriptor) }

    func addPending() {
        let pending = self.counts.withLock { counts in
            counts.pending += 1
            return counts.pending
        }
        // Every document would be a system call; a message may be off by a few.
        if pending.isMultiple(of: 64) { self.write(pending, at: 2) }
    }

    /// Says why the run ends, for the case that the catalog cannot be written.
    func end(_ cause: EndCause) { self.write(cause.rawValue, at: 4) }

    /// Says how many documents `worker` has in hand.
    func begin(_ count: Int, worker: Int) { self.write(count, at: Self.headWordCount + worker) }

    func finish(_ count: Int, worker: Int) {
        let (pending, done) = self.counts.withLock { counts in
            counts.done += count
            return counts
        }
        self.write(pending, at: 2)
        self.write(done, at: 3)
        self.write(0, at: Self.headWordCount + worker)
    }

    static func read(_ path: String) -> Reading? {
        guard let bytes = try? readFile(path, maximumBytes: 1 << 20), bytes.count >= 8 * 3 else {
            return nil
        }
        let words = bytes.withUnsafeBytes { raw in
            stride(from: 0, to: raw.count / 8 * 8, by: 8).map {
                Int(Int64(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: Int64.self)))
            }
        }
        guard words.allSatisfy({ 0..<1 << 48 ~= $0 }) else { return nil }
        let isOld = words[0] != Self.magic
        let first = isOld ? 0 : 1
        let headWordCount = isOld ? Self.oldHeadWordCount : Self.headWordCount
        guard words.count >= headWordCount else { return nil }
        return Reading(
            run: RunID(words[first]),
            pending: max(words[first + 1], words[first + 2]),
            done: words[first + 2],
            inFlight: words[headWordCount...].reduce(0, +),
            cause: isOld ? nil : EndCause(rawValue: words[4])
        )
    }

    private func write(_ value: Int, at word: Int) {
        var bytes = Int64(value).littleEndian
        _ = withUnsafeBytes(of: &bytes) {
            pwrite(self.descriptor, $0.baseAddress, 8, off_t(word * 8))
        }
    }
}
