internal import CProcess
internal import Glibc

/// What a worker process may use.
///
/// Set by the child itself, before it reads its first document.
package struct WorkerLimits: Hashable, Sendable {
    /// Address space, not resident memory.
    package var addressSpaceBytes: Int
    /// Processor time for one document.
    package var processorSecondsPerDocument: Int
    /// Wall clock for one document, held by the parent.
    ///
    /// Generous: a loaded machine is no hang.
    package var deadlineSeconds: Double

    package init(
        addressSpaceBytes: Int = 4 << 30,
        processorSecondsPerDocument: Int = 60,
        deadlineSeconds: Double = 300
    ) {
        self.addressSpaceBytes = addressSpaceBytes
        self.processorSecondsPerDocument = processorSecondsPerDocument
        self.deadlineSeconds = deadlineSeconds
    }

    /// Applies the limits that last for the life of the process, and dies with the parent.
    package func applyToProcess() {
        cprocess_die_with_parent()
        Self.set(__rlimit_resource_t(RLIMIT_CORE.rawValue), 0)
        Self.set(__rlimit_resource_t(RLIMIT_AS.rawValue), self.addressSpaceBytes)
    }

    /// Renews the processor time for the next document: the limit counts the whole life of a process.
    package func renewForDocument() {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let used = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        let limit = used + self.processorSecondsPerDocument + 1
        var value = rlimit(rlim_cur: rlim_t(limit), rlim_max: rlim_t.max)
        setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &value)
    }

    private static func set(_ resource: __rlimit_resource_t, _ value: Int) {
        var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
        setrlimit(resource, &limit)
    }
}
