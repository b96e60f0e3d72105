package import Dataflow

/// Everything this program knows of one kind of source.
///
/// Its key in the pipeline file, its other keys with their defaults, how a connector is made of them, and
/// what `doctor` looks at: a new source is one such value in ``sourceKinds``, and no other place names it.
package struct SourceKind: Sendable {
    /// What the pipeline file may say.
    package let descriptor: SourceDescriptor
    /// Asks nobody yet: what is wrong with the keys alone is `.configuration`.
    package let make: @Sendable (SourceSettings) throws(ConnectorError) -> any Connector
    /// Whether a listing could begin now.
    package let check: @Sendable (SourceSettings) async throws(ConnectorError) -> String

    /// - Parameters:
    ///   - keys: beside those that every source has.
    ///   - isLocal: whether a ``LocalConnector`` is made, which the workers themselves list and read.
    ///   - check: what was found, for people, or what is wrong; without it the first page is asked for.
    package init(
        _ name: String,
        summary: String,
        keys: [ParameterSpec],
        isLocal: Bool = false,
        check: (@Sendable (SourceSettings) async throws(ConnectorError) -> String)? = nil,
        make: @escaping @Sendable (SourceSettings) throws(ConnectorError) -> any Connector
    ) {
        self.descriptor = SourceDescriptor(
            name: name,
            summary: summary,
            parameters: keys + CommonSourceKeys.all(isLocal: isLocal)
        )
        self.make = make
        if let check {
            self.check = check
        } else {
            self.check = { (settings) async throws(ConnectorError) in
                let page = try await make(settings).page(after: nil)
                let more = page.next == nil ? "" : " at least"
                return "it lists\(more) \(page.items.count) documents"
            }
        }
    }

    package var name: String { self.descriptor.name }
}

/// One source of a pipeline: validation has filled in defaults and checked the kinds.
package struct SourceSettings: Sendable {
    /// The name that the pipeline file gives it.
    package let name: String
    package let values: Parameters
    /// Absolute: the folder of the pipeline file, where relative paths start and commands run.
    package let directory: String
    /// Absolute: the folder that no source may list.
    package let workspace: String

    package init(name: String, values: Parameters, directory: String, workspace: String) {
        self.name = name
        self.values = values
        self.directory = directory
        self.workspace = workspace
    }

    package var maximumBytes: Int {
        self.values.int(
            CommonSourceKeys.maximumBytes.name,
            default: CommonSourceKeys.bytesByDefault
        )
    }

    /// An error about one of the source's keys.
    package func failure(_ key: String, _ message: String) -> ConnectorError {
        ConnectorError(.configuration, path: "sources.\(self.name).\(key)", message)
    }

    /// `path` against the folder of the pipeline file.
    package func absolutePath(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(self.directory)/\(path)"
    }
}
