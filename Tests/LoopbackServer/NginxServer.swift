import Foundation
import Glibc
import Synchronization

/// Debian's nginx in front of a folder of a test's own, with what the test adds to its settings.
package final class NginxServer: Sendable {
    private static let program = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    package static let isInstalled: Bool = program != nil
    package static let absence: String = "nginx is not installed; Ops/install-packages --tests"

    package let port: Int
    private var site: URL { self.folder.appending(path: "site") }
    private let folder: URL
    private let process: Mutex<Process?>

    package var url: String { "http://127.0.0.1:\(self.port)" }

    /// - Parameters:
    ///   - http: directives of the block `http`.
    ///   - server: directives of the block `server`.
    package init(http: String = "", server: String = "") throws {
        self.folder = FileManager.default.temporaryDirectory
            .appending(path: "millrace-nginx-\(UUID().uuidString)")
        self.process = Mutex(nil)
        self.port = try Self.freePort()
        try FileManager.default.createDirectory(at: self.site, withIntermediateDirectories: true)
        try Data(self.settings(http, server).utf8).write(to: self.folder.appending(path: "conf"))
        try self.start()
    }

    deinit {
        self.kill()
        _ = try? FileManager.default.removeItem(at: self.folder)
    }

    /// Writes a file below the site.
    package func put(_ path: String, _ bytes: some Sequence<UInt8>) throws {
        let file = self.site.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: file)
    }

    package func remove(_ path: String) throws {
        try FileManager.default.removeItem(at: self.site.appending(path: path))
    }

    package func put(_ path: String, _ text: String) throws { try self.put(path, text.utf8) }

    /// One line a request: the status and the target.
    package func requests() throws -> [String] {
        try String(contentsOf: self.folder.appending(path: "log"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
    }

    /// Ends it as a crash would: answers that are on their way are cut.
    package func kill() {
        self.process.withLock { process in
            guard let ended = process else { return }
            if ended.isRunning { Glibc.kill(ended.processIdentifier, SIGKILL) }
            ended.waitUntilExit()
            process = nil
        }
    }

    /// Starts it, at first and again; returns when it takes connections.
    package func start() throws {
        let process = Process()
        process.executableURL = Self.program.map { URL(filePath: $0) }
        let folder = self.folder.path
        process.arguments = ["-p", folder, "-e", "\(folder)/errors", "-c", "\(folder)/conf"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        while !Self.takesConnections(self.port) {
            guard process.isRunning else {
                let said = try? String(contentsOfFile: "\(folder)/errors", encoding: .utf8)
                let information = [NSDebugDescriptionErrorKey: said ?? ""]
                throw CocoaError(.executableLoad, userInfo: information)
            }
            usleep(10_000)
        }
        self.process.withLock { $0 = process }
    }

    /// One process, which the test can end whole; everything that it writes lies in the folder.
    private func settings(_ http: String, _ server: String) -> String {
        let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "\($0)_temp_path \(self.folder.path)/\($0);" }.joined(separator: "\n")
        return """
            daemon off;
            master_process off;
            pid \(self.folder.path)/pid;
            events {}
            http {
            log_format short '$status $request_method $request_uri';
            access_log \(self.folder.path)/log short;
            \(folders)
            types { text/html html; text/plain txt; text/markdown md; application/pdf pdf; application/xml xml; }
            default_type application/octet-stream;
            \(http)
            server {
            listen 127.0.0.1:\(self.port);
            root \(self.site.path);
            \(server)
            }
            }
            """
    }

    private static func takesConnections(_ port: Int) -> Bool {
        self.withSocket(port) { descriptor, address, length in
            connect(descriptor, address, length) == 0 ? true : nil
        } ?? false
    }

    /// A port that nobody listens at now.
    private static func freePort() throws -> Int {
        let port: Int? = self.withSocket(0) { descriptor, address, length in
            var bound = sockaddr_in()
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            guard bind(descriptor, address, length) == 0 else { return nil }
            let status = withUnsafeMutablePointer(to: &bound) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    getsockname(descriptor, $0, &size)
                }
            }
            return status == 0 ? Int(UInt16(bigEndian: bound.sin_port)) : nil
        }
        guard let port else { throw CocoaError(.executableLoad) }
        return port
    }

    private static func withSocket<Value>(
        _ port: Int,
        _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Value?
    ) -> Value? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
