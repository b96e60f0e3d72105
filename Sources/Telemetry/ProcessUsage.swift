internal import Glibc

/// What this process and its finished children have used.
package struct ProcessUsage: Sendable, Hashable {
    package var processorSeconds: Double
    /// The largest resident set of this process.
    package var residentBytesMaximum: Int

    package static func now() -> ProcessUsage {
        var own = rusage()
        var children = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &own)
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &children)
        return ProcessUsage(
            processorSeconds: own.seconds + children.seconds,
            residentBytesMaximum: own.ru_maxrss * 1024
        )
    }
}

extension rusage {
    fileprivate var seconds: Double {
        Double(self.ru_utime.tv_sec + self.ru_stime.tv_sec)
            + Double(self.ru_utime.tv_usec + self.ru_stime.tv_usec) / 1e6
    }
}

/// Resident memory of a tree of processes that run the same programs: the pages that each has for itself, and
/// once those that the one with the most of them shares with files or others.
///
/// From `statm`, which costs nothing; `smaps` walks every page.
package func residentBytes(ofProcesses processIDs: [Int32]) -> Int {
    let sizes = processIDs.map(residentPages)
    let own = sizes.reduce(0) { $0 + $1.all - $1.shared }
    return (own + (sizes.map(\.shared).max() ?? 0)) * Int(getpagesize())
}

/// - Source: proc(5): the second and third numbers of `statm` are resident and shared pages.
private func residentPages(of processID: Int32) -> (all: Int, shared: Int) {
    guard let file = fopen("/proc/\(processID)/statm", "re") else { return (0, 0) }
    defer { fclose(file) }
    var numbers: (Int, Int, Int) = (0, 0, 0)
    let count = withUnsafeMutablePointer(to: &numbers) { pointer in
        pointer.withMemoryRebound(to: Int.self, capacity: 3) { numbers in
            withVaList([numbers, numbers + 1, numbers + 2]) { vfscanf(file, "%ld %ld %ld", $0) }
        }
    }
    return count == 3 ? (numbers.1, min(numbers.1, numbers.2)) : (0, 0)
}
