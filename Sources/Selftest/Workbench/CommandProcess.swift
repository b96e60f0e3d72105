internal import Foundation
internal import Telemetry

/// A `millrace` started as people start it, its streams kept in files.
final class CommandProcess {
    private let process = Process()
    let outputPath: String
    let errorPath: String

    /// - Parameter log: the path the streams are kept at, with `.out` and `.err` added.
    init(
        _ executable: String,
        _ arguments: [String],
        log: String,
        environment: [String: String] = [:],
        currentFolder: String? = nil
    ) throws {
        self.outputPath = log + ".out"
        self.errorPath = log + ".err"
        self.process.executableURL = URL(filePath: executable)
        self.process.arguments = arguments
        self.process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let currentFolder { self.process.currentDirectoryURL = URL(filePath: currentFolder) }
        self.process.standardInput = FileHandle.nullDevice
        self.process.standardOutput = try Self.handle(self.outputPath)
        self.process.standardError = try Self.handle(self.errorPath)
        try self.process.run()
    }

    private static func handle(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil) else {
            throw SelftestError("cannot write \(path)")
        }
        return try FileHandle(forWritingTo: URL(filePath: path))
    }

    /// Waits until it ends; nil when a signal ended it.
    func wait() -> Int32? {
        self.process.waitUntilExit()
        return self.process.terminationReason == .exit ? self.process.terminationStatus : nil
    }

    /// Waits at most so long; false when it is still running then.
    func wait(atMostSeconds seconds: Double) -> Bool {
        let end = monotonicNanoseconds() + UInt64(seconds * 1e9)
        while self.process.isRunning, monotonicNanoseconds() < end { usleep(20_000) }
        return !self.process.isRunning
    }

    /// Ends it as a crash does, after `milliseconds` of running.
    func end(afterMilliseconds milliseconds: Int, signal: Int32 = SIGKILL) {
        usleep(UInt32(milliseconds) * 1_000)
        if self.process.isRunning { kill(self.process.processIdentifier, signal) }
        self.process.waitUntilExit()
    }

    var output: String {
        (try? String(contentsOfFile: self.outputPath, encoding: .utf8)) ?? ""
    }

    var errors: String { (try? String(contentsOfFile: self.errorPath, encoding: .utf8)) ?? "" }
}
