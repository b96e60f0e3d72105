internal import Dispatch
internal import Glibc
internal import Synchronization

/// The largest memory of this process and its children together, looked at four times a second.
// @unchecked: `timer` is set once and Dispatch objects may be used from any thread.
package final class MemorySampler: @unchecked Sendable {
    private let largest = Mutex(0)
    private let timer: any DispatchSourceTimer

    package init() {
        self.timer = DispatchSource.makeTimerSource(
            queue: DispatchQueue(label: "millrace.memory")
        )
        self.timer.schedule(deadline: .now(), repeating: .milliseconds(250))
        self.timer.setEventHandler { [weak self] in self?.sample() }
        self.timer.resume()
    }

    /// Ends the sampling.
    ///
    /// - Units: bytes, shared pages counted once.
    package func stop() -> Int {
        self.sample()
        self.timer.cancel()
        return self.largest.withLock { $0 }
    }

    private func sample() {
        let own = getpid()
        let bytes = residentBytes(ofProcesses: [own] + childProcesses(of: own))
        self.largest.withLock { $0 = max($0, bytes) }
    }
}

/// The children of the main thread and of all others.
private func childProcesses(of processID: Int32) -> [Int32] {
    guard let folder = opendir("/proc/self/task") else { return [] }
    defer { closedir(folder) }
    var children: [Int32] = []
    while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        guard Int32(name) != nil,
            let file = fopen("/proc/self/task/\(name)/children", "re")
        else { continue }
        defer { fclose(file) }
        var child: Int32 = 0
        while withUnsafeMutablePointer(to: &child, { scan(file, $0) }) { children.append(child) }
    }
    return children
}

/// Reads one decimal number; false at the end.
private func scan(_ file: UnsafeMutablePointer<FILE>, _ value: UnsafeMutablePointer<Int32>) -> Bool
{
    var number: Int32 = 0
    var hasDigit = false
    while true {
        let character = fgetc(file)
        guard character >= 0x30, character <= 0x39 else {
            if hasDigit || character == EOF { break }
            continue
        }
        hasDigit = true
        number = number &* 10 &+ (character - 0x30)
    }
    value.pointee = number
    return hasDigit
}
