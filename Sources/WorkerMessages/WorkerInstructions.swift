package import Dataflow
package import Execution
internal import Foundation

/// What a worker process is told before its first document.
package struct WorkerInstructions: Codable, Sendable {
    /// What the worker makes of each document.
    package enum Task: String, Codable, Sendable {
        /// A document of the prepare phase, as a binary record.
        case prepare
        /// Its content, as a line of JSON.
        case extract
    }

    /// Decoded alone first: all else of a message of another version may look otherwise.
    package var version: WorkerVersion
    package var task: Task
    package var nodes: [PlanNode]
    package var wantsSignature: Bool
    package var addressSpaceBytes: Int
    package var memoryBytes: Int
    package var processorSecondsPerDocument: Int
    package var isSandboxed: Bool
    /// Whether the child is to try what the sandbox forbids; see ``Sandbox/probe()``.
    package var wantsProbes = false

    package init(
        version: WorkerVersion,
        task: Task,
        nodes: [PlanNode],
        wantsSignature: Bool,
        limits: WorkerLimits,
        isSandboxed: Bool
    ) {
        self.version = version
        self.task = task
        self.nodes = nodes
        self.wantsSignature = wantsSignature
        self.addressSpaceBytes = limits.addressSpaceBytes
        self.memoryBytes = limits.memoryBytes
        self.processorSecondsPerDocument = limits.processorSecondsPerDocument
        self.isSandboxed = isSandboxed
    }

    package var limits: WorkerLimits {
        WorkerLimits(
            addressSpaceBytes: self.addressSpaceBytes,
            memoryBytes: self.memoryBytes,
            processorSecondsPerDocument: self.processorSecondsPerDocument
        )
    }

    package func encoded() throws -> [UInt8] { try encodedJSON(self) }

    package static func decode(_ bytes: [UInt8]) throws -> WorkerInstructions {
        try JSONDecoder().decode(WorkerInstructions.self, from: Data(bytes))
    }
}

/// A worker's first answer: what it is, and what holds it in.
package struct WorkerReport: Codable, Hashable, Sendable {
    /// A library that parses documents.
    package struct Library: Codable, Hashable, Sendable {
        package var name: String
        package var version: String

        package init(name: String, version: String) {
            self.name = name
            self.version = version
        }
    }

    package var version: WorkerVersion
    package var libraries: [Library]
    package var mechanisms: [Sandbox.Mechanism]
    /// Empty unless they were asked for.
    package var probes: [Sandbox.Probe]
    /// Why the worker ends instead of taking documents.
    package var refusal: String?

    package init(
        version: WorkerVersion,
        libraries: [Library] = [],
        mechanisms: [Sandbox.Mechanism] = [],
        probes: [Sandbox.Probe] = [],
        refusal: String? = nil
    ) {
        self.version = version
        self.libraries = libraries
        self.mechanisms = mechanisms
        self.probes = probes
        self.refusal = refusal
    }

    package func encoded() throws -> [UInt8] { try encodedJSON(self) }

    package static func decode(_ bytes: [UInt8]) throws -> WorkerReport {
        try JSONDecoder().decode(WorkerReport.self, from: Data(bytes))
    }
}

/// The version that a first message of any version names; nil where it names none.
package func versionNamed(in message: [UInt8]) -> WorkerVersion? {
    struct Named: Decodable { var version: WorkerVersion }
    return try? JSONDecoder().decode(Named.self, from: Data(message)).version
}

private func encodedJSON(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return Array(try encoder.encode(value))
}
