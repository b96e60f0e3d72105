import Dispatch
import Foundation
import Synchronization

/// A server that answers as Amazon S3 and STS do: moto, from PyPI, where it is installed.
package final class MotoServer: Sendable {
    /// Why no such server can be started here; nil where one can.
    package static let absence: String? = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ['moto', 'flask', 'flask_cors'])))",
        ]
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return "python3 is not installed" }
        process.waitUntilExit()
        return process.terminationStatus == 0 ? nil : "install it with: pip install 'moto[server]'"
    }()

    package static var isInstalled: Bool { self.absence == nil }

    /// One for all tests of a process: each has a bucket of its own.
    package static func shared() async throws -> MotoServer { try await SharedMoto.server.value }

    package let url: String
    private let process: Mutex<Process>
    /// The server ends when nobody holds the other end: also with a process that crashes.
    private let input: Pipe

    /// - Parameter environment: added to that of this process.
    package static func start(environment: [String: String] = [:]) async throws -> MotoServer {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try MotoServer(environment) })
            }
        }
    }

    private init(_ environment: [String: String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-u", "-c",
            """
            import os, sys, threading
            threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
            from moto.server import main
            main(["-H", "127.0.0.1", "-p", "0"])
            """,
        ]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardError = output
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        var text = ""
        var url: String?
        while url == nil {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            text += String(decoding: data, as: UTF8.self)
            if let start = text.range(of: "Running on "),
                let end = text[start.upperBound...].firstIndex(of: "\n")
            {
                url = String(text[start.upperBound..<end])
            }
        }
        // What it goes on to say of each request must not fill the pipe.
        output.fileHandleForReading.readabilityHandler = { handle in
            if handle.availableData.isEmpty { handle.readabilityHandler = nil }
        }
        guard let url else {
            end(process)
            throw CocoaError(.executableLoad, userInfo: [NSDebugDescriptionErrorKey: text])
        }
        self.url = url
        self.input = input
        self.process = Mutex(process)
    }

    deinit { self.process.withLock { end($0) } }
}

private enum SharedMoto {
    static let server = Task { try await MotoServer.start() }
}

/// A thread of the test may have handed on that it blocks SIGTERM.
private func end(_ process: Process) {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
}
