package import Execution
package import Records

/// One document on its way to a worker that extracts.
package struct ExtractRequest {
    /// The id of the line it comes from, as JSON.
    package var lineID: [UInt8]
    /// What the documents in it are named after.
    package var uri: String
    package var mediaType: MediaType
    package var bytes: [UInt8]

    package init(lineID: [UInt8], uri: String, mediaType: MediaType, bytes: [UInt8]) {
        self.lineID = lineID
        self.uri = uri
        self.mediaType = mediaType
        self.bytes = bytes
    }

    package func frame(processorSeconds: Int, known: KnownChildren) -> Frame {
        var writer = ByteWriter(reserving: 64)
        writer.write(count: processorSeconds)
        known.encode(to: &writer)
        writer.write(self.mediaType.name)
        writer.write(String(decoding: self.lineID, as: UTF8.self))
        writer.write(self.uri)
        return Frame(head: writer.bytes, body: self.bytes)
    }

    package static func decode(
        _ frame: Frame
    ) throws -> (ExtractRequest, processorSeconds: Int, known: KnownChildren) {
        var reader = ByteReader(frame.head)
        let processorSeconds = try reader.readCount()
        let known = try KnownChildren(from: &reader)
        let mediaType = MediaType(try reader.readString())
        let lineID = Array(try reader.readString().utf8)
        let uri = try reader.readString()
        let request = ExtractRequest(
            lineID: lineID,
            uri: uri,
            mediaType: mediaType,
            bytes: frame.body
        )
        return (request, processorSeconds, known)
    }
}

/// A worker's answer to it.
package struct ExtractResponse {
    package enum Outcome {
        /// The line of JSON that the filter writes; those of the documents in it came as notices.
        case lines([UInt8])
        case refused(StageError)
    }

    package var outcome: Outcome
    /// See ``PrepareResponse/isSpent``.
    package var isSpent = false

    package init(outcome: Outcome, isSpent: Bool = false) {
        self.outcome = outcome
        self.isSpent = isSpent
    }

    package func frame() -> Frame {
        var writer = ByteWriter()
        writer.write(self.isSpent ? 1 : 0 as UInt8)
        switch self.outcome {
        case .lines(let lines):
            return Frame(head: writer.bytes, body: lines)
        case .refused(let error):
            writer.write(error.code.rawValue)
            writer.write(error.message)
            return Frame(head: writer.bytes)
        }
    }

    /// Throws where the frame is not exactly one answer.
    package static func decode(_ frame: Frame) throws -> ExtractResponse {
        var reader = ByteReader(frame.head)
        let isSpent = try reader.readByte() != 0
        guard !reader.isAtEnd else {
            return ExtractResponse(outcome: .lines(frame.body), isSpent: isSpent)
        }
        let code = StageFailure.Code(rawValue: try reader.readString())
        let message = try reader.readString()
        guard let code, reader.isAtEnd, frame.body.isEmpty else { throw WorkerAnswerError() }
        return ExtractResponse(outcome: .refused(StageError(code, message)), isSpent: isSpent)
    }
}
