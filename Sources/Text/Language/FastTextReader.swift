/// Reads the little-endian values of a fastText file, never beside it.
struct FastTextReader {
    let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { self.offset == self.bytes.count }

    mutating func int32() throws(FastTextModel.FormatError) -> Int32 {
        Int32(littleEndian: try self.value(Int32.self))
    }

    mutating func int64() throws(FastTextModel.FormatError) -> Int64 {
        Int64(littleEndian: try self.value(Int64.self))
    }

    mutating func double() throws(FastTextModel.FormatError) -> Double {
        Double(bitPattern: UInt64(littleEndian: try self.value(UInt64.self)))
    }

    mutating func byte() throws(FastTextModel.FormatError) -> UInt8 { try self.value(UInt8.self) }

    mutating func bool() throws(FastTextModel.FormatError) -> Bool { try self.byte() != 0 }

    /// The offset of `count` items of `size` bytes, which it passes over.
    mutating func skip(
        _ count: Int,
        ofSize size: Int = 1
    ) throws(FastTextModel.FormatError) -> Int {
        let (length, overflow) = count.multipliedReportingOverflow(by: size)
        guard count >= 0, !overflow, length <= self.bytes.count - self.offset else {
            throw Self.truncated
        }
        defer { self.offset += length }
        return self.offset
    }

    /// The bytes up to the next zero, which it passes over.
    mutating func string() throws(FastTextModel.FormatError) -> Range<Int> {
        let start = self.offset
        while self.offset < self.bytes.count, self.bytes[self.offset] != 0 { self.offset += 1 }
        guard self.offset < self.bytes.count else { throw Self.truncated }
        self.offset += 1
        return start..<self.offset - 1
    }

    private static let truncated = FastTextModel.FormatError(message: "it ends too early")

    private mutating func value<T: BitwiseCopyable>(
        _ type: T.Type
    ) throws(FastTextModel.FormatError) -> T {
        let start = try self.skip(MemoryLayout<T>.size)
        return self.bytes.loadUnaligned(fromByteOffset: start, as: type)
    }
}
