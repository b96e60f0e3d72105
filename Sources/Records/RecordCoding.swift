/// Compact codings of the records that cross the process boundary or fill a manifest column.

private let ocrMark: UInt8 = 0x80

extension [Block] {
    /// Ranges are stored as (gap, length): small numbers, so mostly one or two bytes each.
    ///
    /// The highest bit of a kind says that OCR read the block; what older programs wrote has none.
    package func encode(to writer: inout ByteWriter) {
        writer.write(count: self.count)
        var previous = 0
        for block in self {
            writer.write(block.kind.rawValue | (block.origin == .ocr ? ocrMark : 0))
            writer.write(block.level)
            writer.write(count: Int(block.page))
            writer.write(count: block.range.lowerBound - previous)
            writer.write(count: block.range.count)
            previous = block.range.upperBound
        }
    }

    package init(from reader: inout ByteReader) throws {
        let count = try reader.readCount()
        self.init()
        self.reserveCapacity(Swift.min(count, 1 << 16))
        var previous = 0
        for _ in 0..<count {
            let mark = try reader.readByte()
            let kind = Block.Kind(rawValue: mark & ~ocrMark) ?? .paragraph
            let level = try reader.readByte()
            let page = Int32(truncatingIfNeeded: try reader.readCount())
            let start = previous + (try reader.readCount())
            let end = start + (try reader.readCount())
            self.append(
                Block(
                    kind: kind,
                    level: level,
                    page: page,
                    range: start..<end,
                    origin: mark & ocrMark == 0 ? .text : .ocr
                )
            )
            previous = end
        }
    }
}

extension [Block] {
    /// Reads what ``encode(to:)`` leaves out: the blocks' places, written by themselves.
    package mutating func decodePlaces(from reader: inout ByteReader) throws {
        let places = try [PagePlace?](from: &reader, count: self.count)
        for index in self.indices { self[index].place = places[index] }
    }
}

extension PreparedDocument {
    package func encode(to writer: inout ByteWriter) {
        writer.write(fixed64: self.id.high)
        writer.write(fixed64: self.id.low)
        writer.write(self.mediaType.name)
        writer.write(self.title)
        writer.write(count: self.metadata.count)
        for (key, value) in self.metadata.sorted(by: { $0.key < $1.key }) {
            writer.write(key)
            writer.write(value)
        }
        writer.write(self.language)
        writer.write(self.languageConfidence)
        writer.write(self.compressedText)
        writer.write(count: self.textByteCount)
        writer.write(self.textHash)
        self.blocks.encode(to: &writer)
        self.blocks.map(\.place).encode(to: &writer)
        self.redactions.encode(to: &writer)
        self.redactions.encodeDecisions(to: &writer)
        writer.write(self.policy == nil ? UInt8(0) : UInt8(1))
        if let policy = self.policy { writer.write(policy) }
        writer.write(count: self.warnings.count)
        for warning in self.warnings {
            writer.write(warning.code)
            writer.write(count: warning.count)
        }
        writer.write(self.signature == nil ? UInt8(0) : UInt8(1))
        if let signature = self.signature {
            writer.write(signature.exact)
            writer.write(count: signature.bandKeys.count)
            for key in signature.bandKeys { writer.write(fixed64: key) }
            writer.write(fixed64: signature.facts)
        }
        writer.write(self.pageBlocks == nil ? UInt8(0) : UInt8(1))
        self.pageBlocks?.encode(to: &writer)
    }

    package init(from reader: inout ByteReader) throws {
        let id = DocumentID(high: try reader.readFixed64(), low: try reader.readFixed64())
        let mediaType = MediaType(try reader.readString())
        let title = try reader.readString()
        var metadata: [String: String] = [:]
        for _ in 0..<(try reader.readCount()) {
            let key = try reader.readString()
            metadata[key] = try reader.readString()
        }
        let language = try reader.readString()
        let languageConfidence = try reader.readFloat()
        let compressedText = try reader.readBytes()
        let textByteCount = try reader.readCount()
        let textHash = try reader.readDigest()
        var blocks = try [Block](from: &reader)
        try blocks.decodePlaces(from: &reader)
        var redactions = try [Redaction](from: &reader)
        try redactions.decodeDecisions(from: &reader)
        let policy = try reader.readByte() == 1 ? try reader.readDigest() : nil
        var warnings: [DocumentWarning] = []
        for _ in 0..<(try reader.readCount()) {
            let code = try reader.readString()
            warnings.append(DocumentWarning(code: code, count: try reader.readCount()))
        }
        var signature: Signature?
        if try reader.readByte() == 1 {
            let exact = try reader.readDigest()
            var bandKeys: [UInt64] = []
            for _ in 0..<(try reader.readCount()) { bandKeys.append(try reader.readFixed64()) }
            signature = Signature(
                exact: exact,
                bandKeys: bandKeys,
                facts: try reader.readFixed64()
            )
        }
        let pageBlocks = try reader.readByte() == 1 ? try PageBlocks(from: &reader) : nil
        self.init(
            id: id,
            mediaType: mediaType,
            title: title,
            metadata: metadata,
            language: language,
            languageConfidence: languageConfidence,
            compressedText: compressedText,
            textByteCount: textByteCount,
            textHash: textHash,
            blocks: blocks,
            redactions: redactions,
            policy: policy,
            warnings: warnings,
            signature: signature,
            pageBlocks: pageBlocks
        )
    }
}

extension PrepareOutcome {
    package func encode(to writer: inout ByteWriter) {
        switch self {
        case .prepared(let document):
            writer.write(UInt8(0))
            document.encode(to: &writer)
        case .failed(let failure):
            writer.write(UInt8(1))
            failure.encode(to: &writer)
        case .excluded(let stage, let reason):
            writer.write(UInt8(2))
            writer.write(stage)
            writer.write(reason)
        }
    }

    package init(from reader: inout ByteReader) throws {
        switch try reader.readByte() {
        case 0:
            self = .prepared(try PreparedDocument(from: &reader))
        case 1:
            self = .failed(try StageFailure(from: &reader))
        case 2:
            let stage = try reader.readString()
            self = .excluded(stage: stage, reason: try reader.readString())
        case let tag:
            throw ByteReaderError(offset: reader.offset, message: "unknown outcome tag \(tag)")
        }
    }
}

extension StageFailure {
    package func encode(to writer: inout ByteWriter) {
        writer.write(self.stage)
        writer.write(self.code.rawValue)
        writer.write(self.message)
    }

    package init(from reader: inout ByteReader) throws {
        let stage = try reader.readString()
        let code = Code(rawValue: try reader.readString()) ?? .internalError
        self.init(stage: stage, code: code, message: try reader.readString())
    }
}

extension PreparedChild {
    package func encode(to writer: inout ByteWriter) {
        writer.write(self.suffix)
        writer.write(count: self.byteCount)
        for word in [
            self.contentHash.word0, self.contentHash.word1, self.contentHash.word2,
            self.contentHash.word3,
        ] {
            writer.write(fixed64: word)
        }
        self.outcome.encode(to: &writer)
    }

    package init(from reader: inout ByteReader) throws {
        self.init(
            suffix: try reader.readString(),
            byteCount: try reader.readCount(),
            contentHash: Digest(
                try reader.readFixed64(),
                try reader.readFixed64(),
                try reader.readFixed64(),
                try reader.readFixed64()
            ),
            outcome: try PrepareOutcome(from: &reader)
        )
    }
}
