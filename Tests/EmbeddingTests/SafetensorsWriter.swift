import Foundation

/// Writes the safetensors format, for tests.
enum SafetensorsWriter {
    static func bytes(_ tensors: [String: (shape: [Int], values: [Float])]) throws -> Data {
        var header: [String: Any] = ["__metadata__": ["format": "pt"]]
        var data = Data()
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            let start = data.count
            tensor.values.withUnsafeBytes { data.append(contentsOf: $0) }
            header[name] = [
                "dtype": "F32", "shape": tensor.shape, "data_offsets": [start, data.count],
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
