internal import Dataflow
package import Execution
internal import Foundation
internal import Records
internal import Telemetry

/// What a worker process is told before its first document.
struct WorkerInstructions: Codable, Sendable {
    /// Raised when a message changes; parent and child are the same binary, so they must agree.
    static let currentVersion = 3

    var version = Self.currentVersion
    var nodes: [PlanNode]
    var wantsSignature: Bool
    var addressSpaceBytes: Int
    var memoryBytes: Int
    var processorSecondsPerDocument: Int
    var isSandboxed: Bool
    /// Whether the child is to try what the sandbox forbids; see ``Sandbox/probe()``.
    var wantsProbes = false

    init(nodes: [PlanNode], wantsSignature: Bool, limits: WorkerLimits, isSandboxed: Bool) {
        self.nodes = nodes
        self.wantsSignature = wantsSignature
        self.addressSpaceBytes = limits.addressSpaceBytes
        self.memoryBytes = limits.memoryBytes
        self.processorSecondsPerDocument = limits.processorSecondsPerDocument
        self.isSandboxed = isSandboxed
    }

    var limits: WorkerLimits {
        WorkerLimits(
            addressSpaceBytes: self.addressSpaceBytes,
            memoryBytes: self.memoryBytes,
            processorSecondsPerDocument: self.processorSecondsPerDocument
        )
    }

    func encoded() throws -> [UInt8] { try encodedJSON(self) }

    static func decode(_ bytes: [UInt8]) throws -> WorkerInstructions {
        try JSONDecoder().decode(WorkerInstructions.self, from: Data(bytes))
    }
}

/// A worker's first answer: what holds it in.
package struct WorkerReport: Codable, Hashable, Sendable {
    package var mechanisms: [Sandbox.Mechanism]
    /// Empty unless they were asked for.
    package var probes: [Sandbox.Probe]

    func encoded() throws -> [UInt8] { try encodedJSON(self) }

    static func decode(_ bytes: [UInt8]) throws -> WorkerReport {
        try JSONDecoder().decode(WorkerReport.self, from: Data(bytes))
    }
}

private func encodedJSON(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return Array(try encoder.encode(value))
}

/// One document on its way to a worker.
struct PrepareRequest {
    var raw: RawDocument
    var source: String
    /// The memory the child may have for it; nil for all that ``WorkerLimits`` allows.
    var memoryBytes: Int?

    init(raw: RawDocument, source: String, memoryBytes: Int? = nil) {
        self.raw = raw
        self.source = source
        self.memoryBytes = memoryBytes
    }

    /// The document's bytes become the body as they are.
    func frame(processorSeconds: Int) -> Frame {
        var writer = ByteWriter(reserving: 256)
        writer.write(fixed64: self.raw.id.high)
        writer.write(fixed64: self.raw.id.low)
        writer.write(self.raw.uri)
        writer.write(self.source)
        writer.write(self.raw.mediaType.name)
        writer.write(count: self.memoryBytes ?? 0)
        writer.write(count: processorSeconds)
        return Frame(head: writer.bytes, body: self.raw.bytes)
    }

    static func decode(_ frame: Frame) throws -> (PrepareRequest, processorSeconds: Int) {
        var reader = ByteReader(frame.head)
        let id = DocumentID(high: try reader.readFixed64(), low: try reader.readFixed64())
        let uri = try reader.readString()
        let source = try reader.readString()
        let mediaType = MediaType(try reader.readString())
        let memoryBytes = try reader.readCount()
        let processorSeconds = try reader.readCount()
        let raw = RawDocument(id: id, uri: uri, mediaType: mediaType, bytes: frame.body)
        let request = PrepareRequest(
            raw: raw,
            source: source,
            memoryBytes: memoryBytes == 0 ? nil : memoryBytes
        )
        return (request, processorSeconds)
    }
}

/// A worker's answer: the outcome, and what each stage did for it.
struct PrepareResponse {
    var outcome: PrepareOutcome
    var counters: StageCounters
    /// True when the child holds so much memory after this document that a new one is cheaper.
    var isSpent = false
    /// How often the document was given to a worker; not part of the message.
    var attempts = 1
    /// True when the document cost a worker each time; not part of the message.
    ///
    /// It is not to be tried again until it or the pipeline changes, or someone asks.
    var isQuarantined = false

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        self.outcome.encode(to: &writer)
        writer.write(count: self.counters.stages.count)
        for stage in self.counters.stages {
            let row = self.counters[stage]
            writer.write(stage)
            writer.write(count: row.documents)
            writer.write(count: row.failures)
            writer.write(count: row.inputBytes)
            writer.write(count: row.outputBytes)
            writer.write(varint: row.nanoseconds)
        }
        writer.write(self.isSpent ? 1 : 0 as UInt8)
        return writer.bytes
    }

    /// Throws where the bytes are not exactly one answer.
    static func decode(_ bytes: [UInt8]) throws -> PrepareResponse {
        var reader = ByteReader(bytes)
        let outcome = try PrepareOutcome(from: &reader)
        var counters = StageCounters()
        for _ in 0..<(try reader.readCount()) {
            let stage = try reader.readString()
            var row = StageCounters.Row()
            row.documents = try reader.readCount()
            row.failures = try reader.readCount()
            row.inputBytes = try reader.readCount()
            row.outputBytes = try reader.readCount()
            row.nanoseconds = try reader.readVarint()
            counters.add(row, to: stage)
        }
        let isSpent = try reader.readByte() != 0
        guard reader.isAtEnd else {
            throw WorkerAnswerError()
        }
        return PrepareResponse(outcome: outcome, counters: counters, isSpent: isSpent)
    }
}
