internal import CProcess
internal import Glibc

/// What a worker process may use.
///
/// Set by the child itself, before it reads its first document; the parent holds the wall clock and
/// the size of an answer.
package struct WorkerLimits: Hashable, Sendable {
    /// The exit status of a child that ran out of memory.
    package static let outOfMemoryStatus: Int32 = 86

    /// Address space, not resident memory: far above ``memoryBytes``, for what is mapped and never touched.
    package var addressSpaceBytes: Int
    /// Memory that the child may write to: heap, stacks and private maps.
    package var memoryBytes: Int
    /// Processor time for one document.
    package var processorSecondsPerDocument: Int
    /// Wall clock for one document, held by the parent.
    ///
    /// Generous: a loaded machine is no hang.
    package var deadlineSeconds: Double
    /// The largest answer the parent takes: compressed text, blocks and counters of one document.
    package var answerBytesMaximum: Int

    package init(
        addressSpaceBytes: Int = 8 << 30,
        memoryBytes: Int = 2 << 30,
        processorSecondsPerDocument: Int = 60,
        deadlineSeconds: Double = 300,
        answerBytesMaximum: Int = 256 << 20
    ) {
        self.addressSpaceBytes = addressSpaceBytes
        self.memoryBytes = memoryBytes
        self.processorSecondsPerDocument = processorSecondsPerDocument
        self.deadlineSeconds = deadlineSeconds
        self.answerBytesMaximum = answerBytesMaximum
    }

    /// The limits of a try after one that ran into a limit of time.
    ///
    /// A hang is most often one again: a tenth of the time tells a hang from an accident, and three
    /// tries cost little more than one.
    package var afterTimeout: WorkerLimits {
        var limits = self
        limits.deadlineSeconds = max(self.deadlineSeconds / 10, min(10, self.deadlineSeconds))
        limits.processorSecondsPerDocument =
            max(self.processorSecondsPerDocument / 10, min(5, self.processorSecondsPerDocument))
        return limits
    }

    /// Applies the limits that last for the life of the process.
    ///
    /// - Output: a sentence on what is set.
    package func applyToProcess() -> String {
        Self.set(RLIMIT_CORE, soft: 0, hard: 0)
        Self.set(RLIMIT_FSIZE, soft: 0, hard: 0)
        Self.set(RLIMIT_NOFILE, soft: Self.openFilesMaximum, hard: Self.openFilesMaximum)
        Self.set(RLIMIT_AS, soft: self.addressSpaceBytes, hard: self.addressSpaceBytes)
        Self.set(RLIMIT_DATA, soft: self.memoryBytes, hard: self.memoryBytes)
        cprocess_note_memory_limit(self.memoryBytes)
        cprocess_exit_when_out_of_memory(Self.outOfMemoryStatus)
        return "\(self.memoryBytes >> 20) MiB, \(self.processorSecondsPerDocument) s of processor "
            + "time a document, \(Self.openFilesMaximum) open files, no file output, no core"
    }

    /// Renews what one document may use: the system's limits count the whole life of a process.
    package func renewForDocument() {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let used = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        Self.set(RLIMIT_CPU, soft: used + self.processorSecondsPerDocument + 1, hard: nil)
        Self.set(RLIMIT_DATA, soft: self.memoryBytes, hard: nil)
        cprocess_note_memory_limit(self.memoryBytes)
    }

    private static let openFilesMaximum = 32

    /// A nil `hard` leaves it as it is; a soft limit above it becomes it.
    private static func set(_ name: __rlimit_resource, soft: Int, hard: Int?) {
        let resource = __rlimit_resource_t(name.rawValue)
        var limit = rlimit()
        getrlimit(resource, &limit)
        if let hard { limit.rlim_max = min(limit.rlim_max, rlim_t(hard)) }
        limit.rlim_cur = min(rlim_t(soft), limit.rlim_max)
        setrlimit(resource, &limit)
    }
}
