/// A value that redaction replaced: what an audit may know of it, never the value.
///
/// - Units: `range` is in UTF-8 bytes of the redacted text, around what stands there now.
package struct Redaction: Hashable, Sendable {
    /// What was done with the value.
    package enum Action: UInt8, Sendable, CaseIterable {
        case placeholder = 0
        case mask = 1
        case pseudonym = 2
        case generalise = 3
        /// Replaced, and the chunks that hold the place are not kept.
        case dropChunk = 4

        /// As a policy file names it.
        package var name: String {
            switch self {
            case .placeholder: "placeholder"
            case .mask: "mask"
            case .pseudonym: "pseudonym"
            case .generalise: "generalise"
            case .dropChunk: "drop_chunk"
            }
        }
    }

    package var kind: String
    /// The rule that found it, such as `phone.national.fr`.
    package var rule: String
    package var range: Range<Int>
    package var action: Action
    /// How sure the rule was, from 0 to 1.
    package var score: Float
    /// The first eight bytes of the value's keyed digest; nil without a key.
    package var digest: UInt64?

    package init(
        kind: String,
        rule: String,
        range: Range<Int>,
        action: Action = .placeholder,
        score: Float = 1,
        digest: UInt64? = nil
    ) {
        self.kind = kind
        self.rule = rule
        self.range = range
        self.action = action
        self.score = score
        self.digest = digest
    }
}

extension [Redaction] {
    /// The places whose chunks are not kept.
    package var withheldRanges: [Range<Int>] {
        self.filter { $0.action == .dropChunk }.map(\.range)
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(count: self.count)
        for redaction in self {
            writer.write(redaction.kind)
            writer.write(redaction.rule)
            writer.write(count: redaction.range.lowerBound)
            writer.write(count: redaction.range.count)
        }
    }

    package init(from reader: inout ByteReader) throws {
        let count = try reader.readCount()
        self.init()
        for _ in 0..<count {
            let kind = try reader.readString()
            let rule = try reader.readString()
            let start = try reader.readCount()
            let length = try reader.readCount()
            self.append(Redaction(kind: kind, rule: rule, range: start..<start + length))
        }
    }

    /// What ``encode(to:)`` leaves out: action, score in thousandths and digest of each entry.
    package func encodeDecisions(to writer: inout ByteWriter) {
        for redaction in self {
            let hasDigest: UInt8 = redaction.digest == nil ? 0 : 0x80
            writer.write(redaction.action.rawValue | hasDigest)
            writer.write(count: Int((redaction.score.clamped * 1_000).rounded()))
            if let digest = redaction.digest { writer.write(fixed64: digest) }
        }
    }

    /// Reads what ``encodeDecisions(to:)`` wrote of the same entries.
    package mutating func decodeDecisions(from reader: inout ByteReader) throws {
        for index in self.indices {
            let tag = try reader.readByte()
            guard let action = Redaction.Action(rawValue: tag & 0x7F) else {
                throw ByteReaderError(offset: reader.offset, message: "unknown action \(tag)")
            }
            self[index].action = action
            self[index].score = Float(try reader.readCount()) / 1_000
            self[index].digest = tag & 0x80 == 0 ? nil : try reader.readFixed64()
        }
    }
}

extension Float {
    fileprivate var clamped: Float { self > 0 ? min(self, 1) : 0 }
}
