internal import Foundation
internal import Hashing
internal import Records
internal import Storage

/// A mapped file of named tensors: fp32 as it is, half precision and bfloat16 as fp32 copies.
///
/// - Source: huggingface/safetensors, "Format": 8 bytes of header length (little-endian), a JSON
///   header of name to dtype, shape and byte range, then the data.
final class SafetensorsFile: Sendable {
    /// The published models need 12 kB.
    private static let headerBytesMaximum = 4 << 20

    /// Keeps the mapping alive as long as any tensor of it.
    // The values are mapped read-only, so threads may share them.
    struct Tensor: @unchecked Sendable {
        let shape: [Int]
        let values: UnsafeBufferPointer<Float>
        /// The mapped file, or the copy.
        fileprivate let owner: AnyObject

        /// A copy of the values.
        var array: [Float] { self.withValues { Array($0) } }

        /// Calls `body` with the values, which outlive it: those of a tensor that nobody holds do not.
        func withValues<Result, Failure: Error>(
            _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            defer { withExtendedLifetime(self.owner) {} }
            return try body(self.values)
        }
    }

    /// Values of another format, made fp32.
    private final class Copy {
        let values: UnsafeMutableBufferPointer<Float>

        init(count: Int) {
            self.values = .allocate(capacity: count)
            self.values.initialize(repeating: 0)
        }

        deinit { self.values.deallocate() }
    }

    /// SHA-256 of the whole file, in hexadecimal.
    let sha256: String
    private let file: MappedFile
    private let entries: [String: Entry]
    private let dataStart: Int

    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let dataOffsets: [Int]

        enum CodingKeys: String, CodingKey {
            case dtype
            case shape
            case dataOffsets = "data_offsets"
        }
    }

    /// Maps the file, hashes it (once, see ``RememberedHashes``) and checks its header.
    ///
    /// - Throws: `EmbeddingError` `.damagedModel`, `StorageError`.
    init(path: String) throws {
        let file = try MappedFile(path: path)
        self.file = file
        self.sha256 = RememberedHashes.sha256(of: file)
        guard file.byteCount >= 8 else { throw Self.damaged("it has no header") }
        let length = UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self))
        guard length <= Self.headerBytesMaximum, Int(length) <= file.byteCount - 8 else {
            throw Self.damaged("a header of \(length) bytes in a file of \(file.byteCount)")
        }
        self.dataStart = 8 + Int(length)
        guard self.dataStart.isMultiple(of: MemoryLayout<Float>.alignment) else {
            throw Self.damaged("its data is not aligned")
        }
        self.entries = try Self.parseHeader(Data(file.bytes[8..<self.dataStart]))
    }

    /// The tensor `name` of `shape` in fp32; a nil in `shape` fits any size.
    func tensor(_ name: String, shape: [Int?]) throws(EmbeddingError) -> Tensor {
        guard let entry = self.entries[name] else {
            throw Self.damaged("there is no tensor '\(name)'")
        }
        guard let format = Format(rawValue: entry.dtype) else {
            throw EmbeddingError(
                .unsupportedModel,
                "tensor '\(name)' is \(entry.dtype); F32, F16 and BF16 are run"
            )
        }
        guard entry.shape.count == shape.count,
            zip(entry.shape, shape).allSatisfy({ $1 == nil || $0 == $1 })
        else {
            throw Self.damaged("tensor '\(name)' has the shape \(entry.shape)")
        }
        let bytes = try self.bytes(of: entry, named: name, size: format.size)
        if format == .float32 {
            return Tensor(
                shape: entry.shape,
                values: bytes.assumingMemoryBound(to: Float.self),
                owner: self.file
            )
        }
        let copy = Copy(count: bytes.count / format.size)
        for (place, value) in copy.values.indices.enumerated() {
            let half = UInt16(
                littleEndian: bytes.loadUnaligned(fromByteOffset: place * 2, as: UInt16.self)
            )
            copy.values[value] =
                format == .float16 ? float(ofHalf: half) : Float(bitPattern: UInt32(half) << 16)
        }
        return Tensor(
            shape: entry.shape,
            values: UnsafeBufferPointer(copy.values),
            owner: copy
        )
    }

    /// Whether some tensor is no fp32 that is read as it is.
    var holdsOtherFormats: Bool {
        self.entries.values.contains { $0.dtype == "F16" || $0.dtype == "BF16" }
    }

    /// The sizes of the tensor `name`, nil when there is none.
    func shape(of name: String) -> [Int]? { self.entries[name]?.shape }

    private enum Format: String {
        case float32 = "F32"
        case float16 = "F16"
        case bfloat16 = "BF16"

        var size: Int { self == .float32 ? 4 : 2 }
    }

    private func bytes(
        of entry: Entry,
        named name: String,
        size: Int
    ) throws(EmbeddingError) -> UnsafeRawBufferPointer {
        let dataCount = self.file.byteCount - self.dataStart
        guard let range = Self.range(entry.dataOffsets, in: dataCount),
            let byteCount = Self.byteCount(entry.shape, size: size), byteCount == range.count,
            range.lowerBound.isMultiple(of: size)
        else {
            throw Self.damaged("tensor '\(name)' does not fit its byte range")
        }
        let start = self.dataStart + range.lowerBound
        return UnsafeRawBufferPointer(rebasing: self.file.bytes[start..<start + byteCount])
    }

    private static func range(_ offsets: [Int], in count: Int) -> Range<Int>? {
        guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= count
        else { return nil }
        return offsets[0]..<offsets[1]
    }

    private static func byteCount(_ shape: [Int], size: Int) -> Int? {
        var count = size
        for size in shape {
            guard size > 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else { return nil }
            count = product
        }
        return count
    }

    private static func parseHeader(_ header: Data) throws(EmbeddingError) -> [String: Entry] {
        do {
            return try JSONDecoder().decode(Header.self, from: header).entries
        } catch {
            throw Self.damaged("its header is not the JSON the format wants")
        }
    }

    /// The header but for `__metadata__`, which describes no tensor.
    private struct Header: Decodable {
        var entries: [String: Entry] = [:]

        private struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }

            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Name.self)
            for name in values.allKeys where name.stringValue != "__metadata__" {
                self.entries[name.stringValue] = try values.decode(Entry.self, forKey: name)
            }
        }
    }

    private static func damaged(_ reason: String) -> EmbeddingError {
        EmbeddingError(.damagedModel, "model.safetensors: \(reason)")
    }
}

/// IEEE 754 binary16 as binary32.
private func float(ofHalf bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
        let magnitude = Float(fraction) * 0x1p-24
        return sign == 0 ? magnitude : -magnitude
    case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
}
