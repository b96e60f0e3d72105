internal import Bytes

/// Whether bytes that should be text are binary: a NUL, or more than one control in twenty bytes.
///
/// Tabs, line ends, form feeds and escapes (terminal colours) are text.
func isBinary(_ bytes: [UInt8]) -> Bool {
    let controls = bytes.withUnsafeBufferPointer(ControlCounts.init)
    return controls.hasNUL || controls.strange * 20 > bytes.count
}

/// Text with LF line ends only and without controls other than tabs.
func withUnixLineEnds(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.withUnsafeBufferPointer(ControlCounts.init).untidy > 0 else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    bytes.withUnsafeBufferPointer { buffer in
        var index = 0
        while index < buffer.count {
            let byte = buffer[index]
            switch byte {
            case 0x0D:
                result.append(0x0A)
                if index + 1 < buffer.count, buffer[index + 1] == 0x0A { index += 1 }
            case 0x0C:
                result.append(contentsOf: [0x0A, 0x0A])
            case 0x09, 0x0A, 0x20..<0x7F, 0x80...:
                result.append(byte)
            default:
                break
            }
            index += 1
        }
    }
    return result
}
