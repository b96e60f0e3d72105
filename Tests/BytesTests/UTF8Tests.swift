import Testing

@testable import Bytes

/// The standard library is the slow reference.
@Suite struct UTF8Tests {
    @Test func everyScalarIsCodedAsTheStandardLibraryDoes() {
        var output = [UInt8](repeating: 0, count: 4)
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let wanted = Array(String(scalar).utf8)
            let count = output.withUnsafeMutableBufferPointer { buffer in
                buffer.baseAddress.map { encodeScalar(value, to: $0) } ?? 0
            }
            var appended: [UInt8] = []
            appendScalar(value, to: &appended)
            let decoded = wanted.withUnsafeBufferPointer { bytes in
                [decodeScalar(bytes, at: 0), decodeScalar(bytes, endingAt: bytes.count)]
            }
            let isRight =
                output[..<count].elementsEqual(wanted) && appended == wanted
                && decoded.allSatisfy { $0.scalar == value && $0.length == wanted.count }
            if !isRight { Issue.record("U+\(String(value, radix: 16))") }
        }
    }

    /// Leads, continuations and the bounds between them, in every order of four.
    @Test func illFormedBytesAreTheMaximalSubparts() {
        let interesting: [UInt8] = [
            0x41, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF,
            0xF0,
            0xF1, 0xF4, 0xF5, 0xFF,
        ]
        for first in interesting {
            for second in interesting {
                for third in interesting {
                    for fourth in interesting { Self.compare([first, second, third, fourth]) }
                }
            }
        }
    }

    private static func compare(_ bytes: [UInt8]) {
        let wanted = String(decoding: bytes, as: UTF8.self).unicodeScalars.map(\.value)
        let found = bytes.withUnsafeBufferPointer { buffer in
            var scalars: [UInt32] = []
            var index = 0
            while index < buffer.count {
                let (codePoint, length) = decodeUTF8(buffer, at: index)
                scalars.append(codePoint ?? 0xFFFD)
                index += length
            }
            return scalars
        }
        if found != wanted { Issue.record("\(bytes)") }
    }

    @Test func aBrokenEndReadsAsOneByte() {
        for bytes: [UInt8] in [[0x80], [0x41, 0xBF], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xFF]] {
            let end = bytes.withUnsafeBufferPointer { decodeScalar($0, endingAt: bytes.count) }
            #expect(end.scalar == 0xFFFD)
            #expect(end.length == 1)
        }
    }
}
