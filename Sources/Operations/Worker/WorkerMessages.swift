internal import Dataflow
internal import Execution
internal import Foundation
internal import Records
internal import Telemetry

/// What a worker process is told before its first document.
struct WorkerInstructions: Codable, Sendable {
    /// Raised when a message changes; parent and child are the same binary, so they must agree.
    static let currentVersion = 1

    var version = Self.currentVersion
    var nodes: [PlanNode]
    var wantsSignature: Bool
    var addressSpaceBytes: Int
    var processorSecondsPerDocument: Int

    init(nodes: [PlanNode], wantsSignature: Bool, limits: WorkerLimits) {
        self.nodes = nodes
        self.wantsSignature = wantsSignature
        self.addressSpaceBytes = limits.addressSpaceBytes
        self.processorSecondsPerDocument = limits.processorSecondsPerDocument
    }

    var limits: WorkerLimits {
        WorkerLimits(
            addressSpaceBytes: self.addressSpaceBytes,
            processorSecondsPerDocument: self.processorSecondsPerDocument
        )
    }

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Array(try encoder.encode(self))
    }

    static func decode(_ bytes: [UInt8]) throws -> WorkerInstructions {
        try JSONDecoder().decode(WorkerInstructions.self, from: Data(bytes))
    }
}

/// One document on its way to a worker.
struct PrepareRequest {
    var raw: RawDocument
    var source: String

    func encoded() -> [UInt8] {
        var writer = ByteWriter(reserving: self.raw.bytes.count + 512)
        writer.write(fixed64: self.raw.id.high)
        writer.write(fixed64: self.raw.id.low)
        writer.write(self.raw.uri)
        writer.write(self.source)
        writer.write(self.raw.mediaType.name)
        writer.write(self.raw.bytes)
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws -> PrepareRequest {
        var reader = ByteReader(bytes)
        let id = DocumentID(high: try reader.readFixed64(), low: try reader.readFixed64())
        let uri = try reader.readString()
        let source = try reader.readString()
        let mediaType = MediaType(try reader.readString())
        let raw = RawDocument(
            id: id,
            uri: uri,
            mediaType: mediaType,
            bytes: try reader.readBytes()
        )
        return PrepareRequest(raw: raw, source: source)
    }
}

/// A worker's answer: the outcome, and what each stage did for it.
struct PrepareResponse {
    var outcome: PrepareOutcome
    var counters: StageCounters

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
        return writer.bytes
    }

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
        return PrepareResponse(outcome: outcome, counters: counters)
    }
}
