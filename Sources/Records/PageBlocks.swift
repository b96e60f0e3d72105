/// What finding the blocks that the pages of a host share needs of one page: a digest of each block.
///
/// It is made from the clean text, block by block, where extraction was asked to learn what repeats.
package struct PageBlocks: Hashable, Sendable {
    package enum Entry: Hashable, Sendable {
        /// Never left out: code, and what is too short to be told from a label.
        case kept
        /// Left out only with everything under it.
        case heading(level: UInt8)
        /// Left out where enough pages have the same; a digest of the text.
        case text(UInt64)
    }

    /// A digest of the host that the page names as its own; 0 when it names none.
    package var host: UInt64
    /// One for each block of the text, in order.
    package var entries: [Entry]

    package init(host: UInt64, entries: [Entry]) {
        self.host = host
        self.entries = entries
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(fixed64: self.host)
        self.entries.encode(to: &writer)
    }

    package init(from reader: inout ByteReader) throws {
        self.host = try reader.readFixed64()
        self.entries = try [Entry](from: &reader)
    }
}

/// A byte each: 0 for what is kept, 1 to 6 for a heading's level, 7 before a digest.
extension [PageBlocks.Entry] {
    package func encode(to writer: inout ByteWriter) {
        writer.write(count: self.count)
        for entry in self {
            switch entry {
            case .kept: writer.write(UInt8(0))
            case .heading(let level): writer.write(Swift.max(1, Swift.min(level, 6)))
            case .text(let digest):
                writer.write(UInt8(7))
                writer.write(fixed64: digest)
            }
        }
    }

    package init(from reader: inout ByteReader) throws {
        let count = try reader.readCount()
        self.init()
        self.reserveCapacity(Swift.min(count, 1 << 16))
        for _ in 0..<count {
            switch try reader.readByte() {
            case 0: self.append(.kept)
            case let level where level < 7: self.append(.heading(level: level))
            case 7: self.append(.text(try reader.readFixed64()))
            case let tag:
                throw ByteReaderError(offset: reader.offset, message: "unknown block entry \(tag)")
            }
        }
    }
}
