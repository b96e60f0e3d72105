internal import Foundation
internal import Hashing
internal import Objects
internal import Records
internal import Storage

/// Where workspaces that live on object storage are worked on: a folder of this machine for each address.
///
/// What is in it may be removed at any time when nothing is at work: it is fetched again, and what was not
/// published yet is done again.
enum RemoteCache {
    static let variable = "MILLRACE_CACHE"

    /// The folder that a run of the pipeline works in.
    static func workspace(of store: RemoteStore) throws -> String {
        "\(try self.root())/\(self.name(of: store))"
    }

    /// The folder that holds what answers queries, and no more.
    static func readers(of store: RemoteStore) throws -> String {
        "\(try self.root())/\(self.name(of: store)).readers"
    }

    /// Another server of the same bucket name is another place.
    private static func name(of store: RemoteStore) -> String {
        let place = "\(store.client.bucket.endpoint)\n\(store.address)"
        return "\(store.address.bucket)-\(sha256(place).hex.prefix(16))"
    }

    private static func root() throws -> String {
        let environment = ProcessInfo.processInfo.environment
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : absolutePath($0) }
        }
        if let root = value(self.variable) { return root }
        if let caches = value("XDG_CACHE_HOME") { return caches + "/millrace/workspaces" }
        guard let home = value("HOME") else {
            throw OperationError(
                .configuration,
                "no folder for the workspace's copy on this machine: set \(self.variable) or HOME"
            )
        }
        return home + "/.cache/millrace/workspaces"
    }
}
