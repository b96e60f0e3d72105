import Foundation
import Testing

/// The built binary, run as people run it.
enum Command {
    /// Beside the test bundle.
    static let executable: String = {
        let bundle = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appendingPathComponent("millrace").path
    }()

    static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: self.executable) }
    static let absence: Comment =
        "no millrace beside the test bundle; build the package first"

    struct Result {
        let exitCode: Int32
        /// True when a signal ended it; `exitCode` is the signal then.
        let isSignalled: Bool
        let output: String
        let errors: String

        /// The only line of the output.
        func json() throws -> [String: Any] {
            let value = try JSONSerialization.jsonObject(with: Data(self.output.utf8))
            return try #require(value as? [String: Any])
        }

        /// Every line of the output.
        func jsonLines() throws -> [[String: Any]] {
            try self.output.split(separator: "\n").map { line in
                let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
                return try #require(value as? [String: Any])
            }
        }
    }

    /// Runs to the end.
    static func run(
        _ arguments: [String],
        input: String = "",
        environment: [String: String] = [:]
    ) throws -> Result {
        try start(arguments, input: input, environment: environment).wait()
    }

    static func start(
        _ arguments: [String],
        input: String = "",
        environment: [String: String] = [:]
    ) throws -> RunningCommand {
        try RunningCommand(arguments, input: input, environment: environment)
    }
}

/// A child process whose streams are files, so that none of them can block it.
final class RunningCommand {
    private let process = Process()
    private let folder: TemporaryFolder

    init(_ arguments: [String], input: String, environment: [String: String]) throws {
        self.folder = try TemporaryFolder()
        self.process.executableURL = URL(filePath: Command.executable)
        self.process.arguments = arguments
        self.process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        try Data(input.utf8).write(to: URL(filePath: self.folder("input")))
        self.process.standardInput = try FileHandle(
            forReadingFrom: URL(filePath: self.folder("input"))
        )
        self.process.standardOutput = try self.folder.handle("output")
        self.process.standardError = try self.folder.handle("errors")
        try self.process.run()
    }

    var processID: Int32 { self.process.processIdentifier }
    var isRunning: Bool { self.process.isRunning }

    /// What it has printed so far.
    var output: String { (try? self.folder.text("output")) ?? "" }

    func send(_ signal: Int32) { kill(self.processID, signal) }

    /// Its children, of whatever thread.
    var children: [Int32] {
        let tasks = "/proc/\(self.processID)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
        return threads.flatMap { thread -> [Int32] in
            let text = try? String(
                contentsOfFile: "\(tasks)/\(thread)/children",
                encoding: .utf8
            )
            return (text ?? "").split(separator: " ").compactMap { Int32($0) }
        }
    }

    func wait() throws -> Command.Result {
        self.process.waitUntilExit()
        return Command.Result(
            exitCode: self.process.terminationStatus,
            isSignalled: self.process.terminationReason == .uncaughtSignal,
            output: try self.folder.text("output"),
            errors: try self.folder.text("errors")
        )
    }

    /// Waits until `condition` holds; false when the process ended first.
    func waits(until condition: () -> Bool) -> Bool {
        while self.isRunning {
            if condition() { return true }
            usleep(500)
        }
        return condition()
    }
}
