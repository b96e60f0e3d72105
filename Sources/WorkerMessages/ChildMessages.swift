package import Execution
package import Records

/// What a worker tells of the documents in the one it was asked about, before its answer.
///
/// They are numbered from 1 in the order in which they are begun, each before those in it. A notice is a
/// frame without a head, which no answer is.
package enum ChildNotice: Hashable, Sendable {
    /// The worker begins this document.
    case begun(number: Int)
    /// The worker is done with the document that it began last of those that are not done.
    ///
    /// - `number`: which one that is.
    /// - `last`: the number of the last document in it; its own where it holds none.
    /// - `isWhole`: false where those in it could not be told to the end, so that none of them counts.
    /// - `payload`: what the task makes of it, without those in it.
    case done(number: Int, last: Int, isWhole: Bool, payload: [UInt8])

    package var frame: Frame {
        var writer = ByteWriter(reserving: 16)
        switch self {
        case .begun(let number):
            writer.write(0 as UInt8)
            writer.write(count: number)
        case .done(let number, let last, let isWhole, let payload):
            writer.write(isWhole ? 1 : 2 as UInt8)
            writer.write(count: number)
            writer.write(count: last)
            writer.write(payload)
        }
        return Frame(head: [], body: writer.bytes)
    }

    /// nil for a frame that is no notice.
    ///
    /// - Throws: ``WorkerAnswerError`` or a `ByteReaderError` for one that cannot be read.
    package init?(_ frame: Frame) throws {
        guard frame.head.isEmpty else { return nil }
        var reader = ByteReader(frame.body)
        let kind = try reader.readByte()
        let number = try reader.readCount()
        switch kind {
        case 0: self = .begun(number: number)
        case 1, 2:
            let last = try reader.readCount()
            self = .done(
                number: number,
                last: last,
                isWhole: kind == 1,
                payload: try reader.readBytes()
            )
        default: throw WorkerAnswerError()
        }
        guard reader.isAtEnd else { throw WorkerAnswerError() }
    }
}

/// What earlier tries of a document have brought of those in it, so that no other does it again.
package struct KnownChildren: Hashable, Sendable {
    /// Documents that are done, outermost ones alone: their number, and that of the last one in them.
    package var done: [Int: Int] = [:]
    /// Documents that cost their worker, and how: they fail unread.
    package var setAside: [Int: StageFailure] = [:]

    package init() {}

    package func encode(to writer: inout ByteWriter) {
        writer.write(count: self.done.count)
        for (number, last) in self.done.sorted(by: { $0.key < $1.key }) {
            writer.write(count: number)
            writer.write(count: last)
        }
        writer.write(count: self.setAside.count)
        for (number, failure) in self.setAside.sorted(by: { $0.key < $1.key }) {
            writer.write(count: number)
            failure.encode(to: &writer)
        }
    }

    package init(from reader: inout ByteReader) throws {
        for _ in 0..<(try reader.readCount()) {
            let number = try reader.readCount()
            self.done[number] = try reader.readCount()
        }
        for _ in 0..<(try reader.readCount()) {
            let number = try reader.readCount()
            self.setAside[number] = try StageFailure(from: &reader)
        }
    }
}
