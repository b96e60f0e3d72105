import CKernels
import Foundation
import Testing

@testable import Bytes

/// Both forms of each kernel against the plainest code there is.
@Suite struct TextKernelsTests {
    private static let seed: UInt64 = 41

    @Test func wellFormedTextIsThatOfTheStandardLibrary() {
        var random = SplitMix64(seed: Self.seed)
        for _ in 0..<20_000 {
            let bytes = Self.text(&random)
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            bytes.withUnsafeBufferPointer { buffer in
                #expect(isValidUTF8(buffer) == isValid, "\(bytes)")
                let plain = buffer.baseAddress.map { ck_utf8_is_valid_plain($0, buffer.count) }
                #expect(plain ?? true == isValid, "\(bytes)")
            }
        }
    }

    /// Every pair of bytes, and every lead with its first two tails, at the ends of a vector and between.
    @Test func everySequenceIsJudgedAtEveryPlace() {
        let ends: [UInt8] = [0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
        for place in [0, 1, 29, 30, 31, 32, 33, 60, 61, 62, 63] {
            for lead in UInt8(0x7F)...0xFF {
                for second in ends {
                    for third in ends {
                        var bytes = [UInt8](repeating: 0x61, count: 70)
                        bytes.replaceSubrange(place..<place + 4, with: [lead, second, third, 0x80])
                        let isValid = String(validating: bytes, as: UTF8.self) != nil
                        let found = bytes.withUnsafeBufferPointer(isValidUTF8)
                        if found != isValid { Issue.record("\(bytes) at \(place)") }
                    }
                }
            }
        }
    }

    @Test func aSequenceThatTheEndCutsIsMalformed() {
        for count in [1, 31, 32, 33, 63, 64, 65, 96] {
            for tail in ["é", "水", "😀"] {
                let whole = [UInt8](repeating: 0x61, count: count) + tail.utf8
                #expect(whole.withUnsafeBufferPointer(isValidUTF8))
                for cut in 1..<tail.utf8.count {
                    #expect(!Array(whole.dropLast(cut)).withUnsafeBufferPointer(isValidUTF8))
                }
            }
        }
    }

    @Test func bothFormsAgreeOnWhatMayCompose() {
        var random = SplitMix64(seed: Self.seed)
        for _ in 0..<20_000 {
            let text = String(decoding: Self.text(&random), as: UTF8.self)
            Array(text.utf8).withUnsafeBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return }
                let plain = ck_may_compose_plain(base, bytes.count)
                #expect(mayCompose(bytes) == plain, "\(text.unicodeScalars.map(\.value))")
            }
        }
    }

    /// What is not looked at by ICU is never a text that ICU would change.
    @Test func whatComposesIsLookedAt() {
        for value in UInt32(0x80)...0x1_1FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let composed = String(scalar).precomposedStringWithCanonicalMapping
            let isPlain =
                scalar.properties.canonicalCombiningClass == .notReordered
                && composed.unicodeScalars.elementsEqual([scalar])
            let bytes = Array("ab\(scalar)cd".utf8)
            if !isPlain { #expect(bytes.withUnsafeBufferPointer(mayCompose), "U+\(value)") }
        }
        // A plain letter, and the mark behind it.
        for mark in ["\u{300}", "\u{3099}", "\u{309A}", "\u{1161}"] {
            #expect(Array(("e" + mark).utf8).withUnsafeBufferPointer(mayCompose))
        }
        #expect(!Array("Straße, 水車、カナ — “naïve” завод".utf8).withUnsafeBufferPointer(mayCompose))
    }

    @Test func jsonIsEscapedAsOneByteAtATime() {
        var random = SplitMix64(seed: Self.seed)
        for _ in 0..<5_000 {
            let text = Self.text(&random)
            var outputs: [[UInt8]] = []
            for escape in [ck_json_escape, ck_json_escape_plain] {
                outputs.append(
                    [UInt8](unsafeUninitializedCapacity: 6 * text.count + 1) { buffer, count in
                        count = text.withUnsafeBufferPointer {
                            escape($0.baseAddress, text.count, buffer.baseAddress)
                        }
                    }
                )
            }
            #expect(outputs[0] == outputs[1], "\(text)")
        }
    }

    @Test func controlsAreCounted() {
        var random = SplitMix64(seed: Self.seed)
        for length in [0, 1, 254, 255, 256, 509, 510, 511, 4_000] {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next() % 160) }
            let controls = bytes.filter { $0 < 0x20 || $0 == 0x7F }
            let counts = bytes.withUnsafeBufferPointer(ControlCounts.init)
            #expect(counts.hasNUL == bytes.contains(0))
            #expect(counts.untidy == controls.count { $0 != 0x09 && $0 != 0x0A })
            #expect(counts.strange == controls.count { !(0x08...0x0D ~= $0) && $0 != 0x1B })
        }
    }

    /// Text of many scripts, of marks, quotes and controls; every fourth with a byte that does not belong there.
    private static func text(_ random: inout SplitMix64) -> [UInt8] {
        let pieces = [
            "plain words ", "a", "é", "ß", "\u{301}", "и", "水", "か", "が", "、", "\u{3099}", "각", "—",
            "“",
            "ﬁ", "😀", "\"", "\\", "\n", "\t", "\u{1}", "\u{7F}", "|", "\u{AA00}", "\u{E0}",
            "\u{FFFD}",
        ]
        var bytes: [UInt8] = []
        for _ in 0..<random.next() % 40 {
            bytes += pieces[Int(random.next() % UInt64(pieces.count))].utf8
        }
        if random.next() % 4 == 0, !bytes.isEmpty {
            bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(
                truncatingIfNeeded: random.next()
            )
        }
        return bytes
    }
}
