import Foundation

/// Writes the safetensors format, for tests.
enum SafetensorsWriter {
    /// - Parameter isBFloat16: whether the upper half of each value is written alone.
    static func bytes(
        _ tensors: [String: (shape: [Int], values: [Float])],
        isBFloat16: Bool = false
    ) throws -> Data {
        var header: [String: Any] = ["__metadata__": ["format": "pt"]]
        var data = Data()
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            let start = data.count
            if isBFloat16 {
                tensor.values.map { UInt16($0.bitPattern >> 16) }
                    .withUnsafeBytes { data.append(contentsOf: $0) }
            } else {
                tensor.values.withUnsafeBytes { data.append(contentsOf: $0) }
            }
            header[name] = [
                "dtype": isBFloat16 ? "BF16" : "F32", "shape": tensor.shape,
                "data_offsets": [start, data.count],
            ]
        }
        return self.bytes(
            header: try JSONSerialization.data(withJSONObject: header, options: .sortedKeys),
            data: data
        )
    }

    static func bytes(header: Data, data: Data) -> Data {
        let padded = header + Data(repeating: 0x20, count: (8 - header.count % 8) % 8)
        var bytes = withUnsafeBytes(of: UInt64(padded.count).littleEndian) { Data($0) }
        bytes += padded
        return bytes + data
    }
}
