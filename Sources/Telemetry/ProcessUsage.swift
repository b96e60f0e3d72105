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

/// Resident memory of a tree of processes, shared pages counted once (proportional set size).
package func residentBytes(ofProcesses processIDs: [Int32]) -> Int {
    processIDs.reduce(0) { $0 + proportionalSetBytes(of: $1) }
}

private func proportionalSetBytes(of processID: Int32) -> Int {
    guard let file = fopen("/proc/\(processID)/smaps_rollup", "re") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
        let text = String(
            decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
        guard text.hasPrefix("Pss:") else { continue }
        let digits = text.utf8.filter { (0x30...0x39).contains($0) }
        return (Int(String(decoding: digits, as: UTF8.self)) ?? 0) * 1024
    }
    return 0
}
