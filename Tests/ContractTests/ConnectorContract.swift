import CProcess
import Connectors
import Dataflow
import Foundation
import Glibc
import LoopbackServer
import Testing

/// One kind of source under the suite: how documents get into it, and what it cannot do.
struct ConnectorContract: Sendable, CustomTestStringConvertible {
    /// What the suite asks of a source.
    enum Promise: Hashable {
        /// A document that goes between listing and reading is `.gone`.
        case saysGone
        /// A document that is too large is refused by the call's limit.
        case keepsLimit
        /// An unchanged document has the version it had.
        case keepsVersions
        case givesDeltas
    }

    let name: String
    /// What it does not promise, and why.
    let exceptions: [Promise: String]
    /// Documents of a listing of several pages.
    var manyCount = 1203
    let make: @Sendable () throws -> any ContractBench

    var testDescription: String { self.name }

    func promises(_ promise: Promise) -> Bool { self.exceptions[promise] == nil }

    static let all: [ConnectorContract] =
        [
            .memory, .folder, .sqlite, .sqliteWithTimes, .recordsFile, .recordsCommand, .command,
            .git, .maildir, .mailbox, .webArchive, .gzippedWebArchive, .wholeWebArchive, .s3,
        ] + (PostgresServer.isInstalled ? [.postgres] : [])
        + (RcloneBench.isInstalled ? [.rclone, .rcloneByWebDAV] : [])
        + (NginxServer.isInstalled ? [.http] : []) + (MotoServer.isInstalled ? [.s3OfMoto] : [])
}

/// A source that a test fills: its documents, and the connector that finds them.
protocol ContractBench: AnyObject {
    /// Makes these all the documents, by their places; text alone.
    func put(_ documents: [String: String]) async throws
    /// A connector as another process would make it.
    func connector() throws -> any Connector
    /// The text that was put, of the bytes that the source gives for it.
    func text(of bytes: [UInt8]) -> String
}

extension ContractBench {
    func text(of bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// The connector of a kind with these keys, as a pipeline file would give them.
    func connector(
        _ kind: String,
        _ values: [String: ConfigValue],
        in directory: String
    ) throws -> any Connector {
        let kind = try #require(sourceKind(kind))
        var whole: [String: ConfigValue] = [:]
        for spec in kind.descriptor.parameters { whole[spec.name] = spec.defaultValue ?? .null }
        whole.merge(values) { $1 }
        return try kind.make(
            SourceSettings(
                name: "s",
                values: Parameters(whole),
                directory: directory,
                workspace: "/nonexistent"
            )
        )
    }
}

/// A folder that goes with the value.
final class BenchFolder {
    let path: String
    private var dated: [String: String] = [:]
    private var time = Date(timeIntervalSince1970: 1_700_000_000)

    init() throws {
        var template = Array("/tmp/millrace-contract-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        self.path = template.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
    }

    deinit { _ = try? FileManager.default.removeItem(atPath: self.path) }

    /// As ``put(_:)``, for servers that tell whole seconds: what changes is of ten seconds later.
    func putInSteps(_ documents: [String: String]) throws {
        try self.put(documents)
        self.time += 10
        for (name, text) in documents where self.dated[name] != text {
            try FileManager.default.setAttributes(
                [.modificationDate: self.time],
                ofItemAtPath: "\(self.path)/\(name)"
            )
        }
        self.dated = documents
    }

    /// Makes these all the files but those whose names begin with a dot.
    func put(_ documents: [String: String]) throws {
        let manager = FileManager.default
        for name in try manager.contentsOfDirectory(atPath: self.path) where !name.hasPrefix(".") {
            if documents.keys.contains(where: { $0 == name || $0.hasPrefix(name + "/") }) {
                continue
            }
            try manager.removeItem(atPath: "\(self.path)/\(name)")
        }
        for (name, text) in documents {
            let file = URL(filePath: "\(self.path)/\(name)")
            try manager.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            if (try? Data(contentsOf: file)) != Data(text.utf8) {
                try Data(text.utf8).write(to: file)
            }
        }
        for name in try manager.subpathsOfDirectory(atPath: self.path)
        where !name.hasPrefix(".") && documents[name] == nil {
            var isFolder: ObjCBool = false
            let file = "\(self.path)/\(name)"
            guard manager.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue
            else { continue }
            try manager.removeItem(atPath: file)
        }
    }
}

/// Runs a program to its own end, whatever it leaves running behind it.
///
/// Foundation's `Process` waits until the last of them closes a socket that all inherit.
@discardableResult
func run(_ command: [String], in directory: String) throws -> Int32 {
    let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(nothing) }
    var arguments = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var processID: pid_t = 0
    let code = cprocess_spawn(
        &processID,
        directory,
        &arguments,
        nil,
        nothing,
        nothing,
        nothing
    )
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .ENOENT) }
    var status: Int32 = 0
    while waitpid(processID, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
}
