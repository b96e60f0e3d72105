internal import Bytes
internal import Glibc

/// Lines of a descriptor, without their ends, read in large pieces.
struct LineReader {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The next line; nil at the end.
    mutating func next() throws -> [UInt8]? {
        var searched = self.start
        while true {
            let end = self.buffer.withUnsafeBufferPointer {
                firstIndex(of: 0x0A, in: $0, from: searched)
            }
            if let end {
                defer { self.start = end + 1 }
                return Array(self.buffer[self.start..<end])
            }
            searched = self.buffer.count
            if self.isAtEnd {
                guard self.start < self.buffer.count else { return nil }
                defer { self.start = self.buffer.count }
                return Array(self.buffer[self.start...])
            }
            let dropped = self.start
            try self.fill()
            searched -= dropped
        }
    }

    private mutating func fill() throws {
        self.buffer.removeFirst(self.start)
        self.start = 0
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var count = 0
        repeat {
            count = piece.withUnsafeMutableBytes {
                read(self.descriptor, $0.baseAddress, $0.count)
            }
        } while count < 0 && errno == EINTR
        guard count >= 0 else { throw OperationError(.fatal, "reading standard input failed") }
        self.isAtEnd = count == 0
        self.buffer.append(contentsOf: piece[..<count])
    }
}

/// Writes lines to a descriptor in large pieces.
struct LineWriter {
    private static let pieceBytes = 1 << 16
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    mutating func write(_ line: some Sequence<UInt8>) throws {
        self.buffer.append(contentsOf: line)
        self.buffer.append(0x0A)
        if self.buffer.count >= Self.pieceBytes { try self.flush() }
    }

    mutating func flush() throws {
        var offset = 0
        while offset < self.buffer.count {
            let count = self.buffer.withUnsafeBytes {
                Glibc.write(
                    self.descriptor,
                    $0.baseAddress?.advanced(by: offset),
                    $0.count - offset
                )
            }
            if count > 0 {
                offset += count
            } else if errno != EINTR {
                throw OperationError(.fatal, "writing standard output failed")
            }
        }
        self.buffer.removeAll(keepingCapacity: true)
    }
}
