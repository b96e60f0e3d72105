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
    }

    private static let headWordCount = 3

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
        self.write(Int(run), at: 0)
        for word in 1..<(Self.headWordCount + workerCount) { self.write(0, at: word) }
    }

    deinit { close(self.descriptor) }

    func addPending() {
        let pending = self.counts.withLock { counts in
            counts.pending += 1
            return counts.pending
        }
        // Every document would be a system call; a message may be off by a few.
        if pending.isMultiple(of: 64) { self.write(pending, at: 1) }
    }

    /// Says how many documents `worker` has in hand.
    func begin(_ count: Int, worker: Int) { self.write(count, at: Self.headWordCount + worker) }

    func finish(_ count: Int, worker: Int) {
        let (pending, done) = self.counts.withLock { counts in
            counts.done += count
            return counts
        }
        self.write(pending, at: 1)
        self.write(done, at: 2)
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
        return Reading(
            run: RunID(words[0]),
            pending: max(words[1], words[2]),
            done: words[2],
            inFlight: words[Self.headWordCount...].reduce(0, +)
        )
    }

    private func write(_ value: Int, at word: Int) {
        var bytes = Int64(value).littleEndian
        _ = withUnsafeBytes(of: &bytes) {
            pwrite(self.descriptor, $0.baseAddress, 8, off_t(word * 8))
        }
    }
}
