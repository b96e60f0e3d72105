internal import Foundation
internal import Hashing
internal import Records
internal import Storage

/// A mapped file of named tensors; only the fp32 ones can be read.
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
        fileprivate let file: MappedFile
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

    /// The fp32 tensor `name` of `shape`; a nil in `shape` fits any size.
    func tensor(_ name: String, shape: [Int?]) throws(EmbeddingError) -> Tensor {
        guard let entry = self.entries[name] else {
            throw Self.damaged("there is no tensor '\(name)'")
        }
        guard entry.dtype == "F32" else {
            throw EmbeddingError(
                .unsupportedModel,
                "tensor '\(name)' is \(entry.dtype), only F32 is run"
            )
        }
        guard entry.shape.count == shape.count,
            zip(entry.shape, shape).allSatisfy({ $1 == nil || $0 == $1 })
        else {
            throw Self.damaged("tensor '\(name)' has the shape \(entry.shape)")
        }
        let values = try self.values(of: entry, named: name)
        return Tensor(shape: entry.shape, values: values, file: self.file)
    }

    /// The sizes of the tensor `name`, nil when there is none.
    func shape(of name: String) -> [Int]? { self.entries[name]?.shape }

    private func values(
        of entry: Entry,
        named name: String
    ) throws(EmbeddingError) -> UnsafeBufferPointer<Float> {
        let dataCount = self.file.byteCount - self.dataStart
        guard let range = Self.range(entry.dataOffsets, in: dataCount),
            let byteCount = Self.byteCount(entry.shape), byteCount == range.count,
            range.lowerBound.isMultiple(of: MemoryLayout<Float>.alignment)
        else {
            throw Self.damaged("tensor '\(name)' does not fit its byte range")
        }
        let start = self.dataStart + range.lowerBound
        let bytes = self.file.bytes[start..<start + byteCount]
        return UnsafeRawBufferPointer(rebasing: bytes).assumingMemoryBound(to: Float.self)
    }

    private static func range(_ offsets: [Int], in count: Int) -> Range<Int>? {
        guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= count
        else { return nil }
        return offsets[0]..<offsets[1]
    }

    private static func byteCount(_ shape: [Int]) -> Int? {
        var count = MemoryLayout<Float>.size
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
