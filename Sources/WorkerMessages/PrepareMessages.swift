package import Execution
package import Records
package import Telemetry

/// One document on its way to a worker.
package struct PrepareRequest {
    package var raw: RawDocument
    package var source: String
    /// The memory the child may have for it; nil for all that ``WorkerLimits`` allows.
    package var memoryBytes: Int?

    package init(raw: RawDocument, source: String, memoryBytes: Int? = nil) {
        self.raw = raw
        self.source = source
        self.memoryBytes = memoryBytes
    }

    /// The document's bytes become the body as they are.
    package func frame(processorSeconds: Int, known: KnownChildren) -> Frame {
        var writer = ByteWriter(reserving: 256)
        writer.write(fixed64: self.raw.id.high)
        writer.write(fixed64: self.raw.id.low)
        writer.write(self.raw.uri)
        writer.write(self.source)
        writer.write(self.raw.mediaType.name)
        writer.write(self.raw.charset)
        writer.write(self.raw.title)
        writer.write(count: self.raw.metadata.count)
        for (key, value) in self.raw.metadata.sorted(by: { $0.key < $1.key }) {
            writer.write(key)
            writer.write(value)
        }
        writer.write(count: self.memoryBytes ?? 0)
        writer.write(count: processorSeconds)
        known.encode(to: &writer)
        return Frame(head: writer.bytes, body: self.raw.bytes)
    }

    package static func decode(
        _ frame: Frame
    ) throws -> (PrepareRequest, processorSeconds: Int, known: KnownChildren) {
        var reader = ByteReader(frame.head)
        let id = DocumentID(high: try reader.readFixed64(), low: try reader.readFixed64())
        let uri = try reader.readString()
        let source = try reader.readString()
        let mediaType = MediaType(try reader.readString())
        let charset = try reader.readString()
        let title = try reader.readString()
        var metadata: [String: String] = [:]
        for _ in 0..<(try reader.readCount()) {
            let key = try reader.readString()
            metadata[key] = try reader.readString()
        }
        let memoryBytes = try reader.readCount()
        let processorSeconds = try reader.readCount()
        let known = try KnownChildren(from: &reader)
        let raw = RawDocument(
            id: id,
            uri: uri,
            mediaType: mediaType,
            bytes: frame.body,
            charset: charset,
            title: title,
            metadata: metadata
        )
        let request = PrepareRequest(
            raw: raw,
            source: source,
            memoryBytes: memoryBytes == 0 ? nil : memoryBytes
        )
        return (request, processorSeconds, known)
    }
}

/// A worker's answer: the outcome, and what each stage did for it.
package struct PrepareResponse {
    package var outcome: PrepareOutcome
    /// See ``PreparedFile/children``; in the message only whether they could be told: they came as notices.
    package var children: [PreparedChild]?
    package var counters: StageCounters
    /// True when the child holds so much memory after this document that a new one is cheaper.
    package var isSpent = false
    /// How often the document was given to a worker; not part of the message.
    package var attempts = 1
    /// True when the document cost a worker each time; not part of the message.
    ///
    /// It is not to be tried again until it or the pipeline changes, or someone asks.
    package var isQuarantined = false

    package init(
        outcome: PrepareOutcome,
        children: [PreparedChild]? = nil,
        counters: StageCounters,
        isSpent: Bool = false,
        attempts: Int = 1,
        isQuarantined: Bool = false
    ) {
        self.outcome = outcome
        self.children = children
        self.counters = counters
        self.isSpent = isSpent
        self.attempts = attempts
        self.isQuarantined = isQuarantined
    }

    package func encoded() -> [UInt8] {
        var writer = ByteWriter()
        self.outcome.encode(to: &writer)
        writer.write(self.children == nil ? 0 : 1 as UInt8)
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
    package static func decode(_ bytes: [UInt8]) throws -> PrepareResponse {
        var reader = ByteReader(bytes)
        let outcome = try PrepareOutcome(from: &reader)
        let children: [PreparedChild]? = try reader.readByte() != 0 ? [] : nil
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
        return PrepareResponse(
            outcome: outcome,
            children: children,
            counters: counters,
            isSpent: isSpent
        )
    }
}

/// An answer that is about another document, or more than one answer.
package struct WorkerAnswerError: Error {
    package init() {}
}
