import Foundation
import Testing

@testable import Bytes

@Suite struct JSONTextTests {
    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    private func written(_ write: (inout JSONText) -> Void) -> String {
        var json = JSONText()
        write(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        "", "plain", "/a/b\\c", "\"", "a\"b", "line\nline\r\n\ttab", "\u{8}\u{C}\u{0}\u{1F}\u{7F}",
        "\u{2028}\u{2029}\u{FEFF}", "e\u{301} é 😀 漢字", "1234567\"", "12345678\"", "123456789\\",
        String(repeating: "é\u{1}", count: 20),
    ])
    func aStringHasTheBytesOfJSONEncoder(_ text: String) throws {
        let expected = String(decoding: try Self.encoder.encode(text), as: UTF8.self)
        #expect(self.written { $0.string(text) } == expected)
        #expect(self.written { $0.string(Array(text.utf8)) } == expected)
        let bytes = Array("x\(text)y".utf8)
        #expect(self.written { $0.string(bytes[1..<bytes.count - 1]) } == expected)
        #expect(self.written { $0.string(1..<bytes.count - 1, ofValid: bytes) } == expected)
    }

    @Test func everyScalarAtEveryPlaceOfAWordHasTheBytesOfJSONEncoder() throws {
        let scalars =
            Array(0...0x17F) + [0x2028, 0x2029, 0xD7FF, 0xE000, 0xFFFF, 0x1_F600, 0x10_FFFF]
        for value in scalars {
            guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
            let texts = (0..<9).map { String(repeating: "a", count: $0) + String(scalar) + "zz" }
            let expected = String(decoding: try Self.encoder.encode(texts), as: UTF8.self)
            let found = self.written { $0.array(texts) { json, text in json.string(text) } }
            #expect(found == expected, "U+\(String(value, radix: 16))")
        }
    }

    @Test func randomTextsAreReadBackByJSONDecoder() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<500 {
            let scalars = (0..<Int.random(in: 0..<60, using: &random)).compactMap { _ in
                Unicode.Scalar(
                    UInt32.random(
                        in: 0..<(Bool.random(using: &random) ? 0x80 : 0x3000),
                        using: &random
                    )
                )
            }
            let text = String(String.UnicodeScalarView(scalars))
            let json = self.written { $0.array([text]) { json, text in json.string(text) } }
            let read = try JSONDecoder().decode([String].self, from: Data(json.utf8))
            #expect(read.map { Array($0.utf8) } == [Array(text.utf8)])
        }
    }

    @Test(
        arguments: [
            [0xFF], [0x41, 0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x22, 0x80, 0x0A],
        ] as [[UInt8]]
    )
    func malformedTextIsRepaired(_ bytes: [UInt8]) throws {
        let repaired = String(decoding: bytes, as: UTF8.self)
        let expected = String(decoding: try Self.encoder.encode(repaired), as: UTF8.self)
        #expect(self.written { $0.string(bytes) } == expected)
    }

    @Test(arguments: [0, 7, -7, 10, 99, 1_000_000, .max, .min])
    func aNumberHasTheBytesOfJSONEncoder(_ number: Int) throws {
        let expected = String(decoding: try Self.encoder.encode(number), as: UTF8.self)
        #expect(self.written { $0.integer(number) } == expected)
    }

    @Test func structureHasTheBytesOfJSONEncoder() throws {
        struct Inner: Encodable { var name: String, sizes: [Int] }
        struct Outer: Encodable {
            var empty: [Int], inner: [Inner], meta: [String: String], none: String?, z: Int
            enum CodingKeys: CodingKey { case empty, inner, meta, none, z }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(self.empty, forKey: .empty)
                try container.encode(self.inner, forKey: .inner)
                try container.encode(self.meta, forKey: .meta)
                try container.encodeNil(forKey: .none)
                try container.encode(self.z, forKey: .z)
            }
        }
        let value = Outer(
            empty: [],
            inner: [Inner(name: "a\n", sizes: [1, -2]), Inner(name: "", sizes: [])],
            meta: ["b\"": "1", "a": "/"],
            none: nil,
            z: 3
        )
        let expected = String(decoding: try Self.encoder.encode(value), as: UTF8.self)
        let found = self.written { json in
            json.object { json in
                json.key("empty")
                json.array(value.empty) { json, number in json.integer(number) }
                json.key("inner")
                json.array(value.inner) { json, inner in
                    json.object { json in
                        json.key("name")
                        json.string(inner.name)
                        json.key("sizes")
                        json.array(inner.sizes) { json, size in json.integer(size) }
                    }
                }
                json.key("meta")
                json.object { json in
                    for (key, text) in value.meta.sorted(by: { $0.key < $1.key }) {
                        json.key(key)
                        json.string(text)
                    }
                }
                json.key("none")
                json.null()
                json.key("z")
                json.value("3".utf8)
            }
        }
        #expect(found == expected)
    }

    @Test func anEmptiedTextBeginsAgain() {
        var json = JSONText()
        json.string("first")
        json.removeAll()
        json.array([1, 2]) { json, number in json.integer(number) }
        #expect(json.bytes == Array("[1,2]".utf8))
    }
}
