import Foundation
import Testing

@testable import Bytes

@Suite struct JSONReaderTests {
    /// A tree of what was read, to compare.
    private indirect enum Value: Hashable {
        case string([UInt8])
        case number(Int)
        case null
        case object([String: Value])
        case skipped
    }

    private func value(_ reader: inout JSONReader) throws(JSONFault) -> Value {
        if try reader.takesNull() { return .null }
        switch try reader.kind() {
        case .string: return .string(try reader.string())
        case .number: return .number(try reader.integer())
        case .object:
            var members: [String: Value] = [:]
            try reader.object { reader, name throws(JSONFault) in
                members[name] = try self.value(&reader)
            }
            return .object(members)
        case .array, .literal:
            try reader.skip()
            return .skipped
        }
    }

    private func read(_ text: [UInt8]) throws(JSONFault) -> [String: Value] {
        var members: [String: Value] = [:]
        try JSONReader.readObject(text) { reader, name throws(JSONFault) in
            members[name] = try self.value(&reader)
        }
        return members
    }

    private func read(_ text: String) throws(JSONFault) -> [String: Value] {
        try self.read(Array(text.utf8))
    }

    @Test func valuesAreReadByTheirKind() throws {
        let text =
            "\u{FEFF} {\"a\" : \"x\\n\\u00e9\\ud83d\\ude00\\/\",\"b\":-12,\"c\":null , \"d\":{\"e\":{}},"
            + "\"f\":[1.5,[],{\"g\":[true,false]},\"]\"],\"\":3.0,\"h\":1e2}\r\n"
        #expect(
            try self.read(text) == [
                "a": .string(Array("x\né😀/".utf8)), "b": .number(-12), "c": .null,
                "d": .object(["e": .object([:])]), "f": .skipped, "": .number(3),
                "h": .number(100),
            ]
        )
    }

    @Test(arguments: [
        "", " ", "null", "[]", "{", "{}}", "{} x", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}",
        "{\"a\":1 \"b\":2}", "{a:1}", "{\"a\":\"x}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\ud83d\"}", "{\"a\":\"\\ude00\"}", "{\"a\":\"\\ud83d\\u0041\"}", "{\"a\":01}",
        "{\"a\":-}", "{\"a\":1.}", "{\"a\":.5}", "{\"a\":1e}", "{\"a\":tru}", "{\"a\":nul}",
        "{\"a\":[1,]}", "{\"a\":[1 2]}", "{\"a\":\"line\nend\"}", "{\"a\":+1}", "{\"a\":1.5}",
        "{\"a\":99999999999999999999}", "{\"a\":\"\\", "{\"a\":\"\\u00",
    ])
    func whatIsNoSuchObjectIsRefused(_ text: String) {
        #expect(throws: JSONFault.self) { try self.read(text) }
    }

    @Test func illFormedBytesAreRefused() {
        #expect(throws: JSONFault.malformed) {
            try self.read(Array("{\"a\":\"".utf8) + [0xFF, 0x22, 0x7D])
        }
    }

    @Test func depthIsBounded() throws {
        func nested(_ depth: Int) -> String {
            "{\"a\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
                + "}"
        }
        #expect(try self.read(nested(JSONReader.depthLimit - 1)) == ["a": .skipped])
        #expect(throws: JSONFault.malformed) { try self.read(nested(JSONReader.depthLimit)) }
        #expect(throws: JSONFault.malformed) {
            try self.read("{\"a\":" + String(repeating: "[", count: 1 << 20))
        }
    }

    /// Every cut and every changed byte of a line is read or refused as `JSONDecoder` does.
    @Test func damagedLinesAreReadAsJSONDecoderReadsThem() throws {
        struct Line: Decodable, Equatable {
            var id: Int
            var text: String
        }
        let line = Array("{\"id\":17,\"text\":\"a\\u00e9\\n é\",\"x\":[1,{},[null]]}".utf8)
        func compare(_ text: [UInt8]) {
            let expected = try? JSONDecoder().decode(Line.self, from: Data(text))
            var found: Line?
            if case .some(let members) = try? self.read(text), case .number(let id) = members["id"],
                case .string(let bytes) = members["text"]
            {
                found = Line(id: id, text: String(decoding: bytes, as: UTF8.self))
            }
            #expect(found == expected, "\(String(decoding: text, as: UTF8.self).debugDescription)")
        }
        for place in line.indices {
            compare(Array(line[..<place]))
            for byte in Array("\"\\{}[],: 0nu".utf8) + [0x00, 0x80] {
                var changed = line
                changed[place] = byte
                compare(changed)
            }
        }
    }

    @Test func writtenTextIsReadBack() throws {
        var random = SplitMix64(seed: 11)
        for _ in 0..<500 {
            let scalars = (0..<Int.random(in: 0..<40, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0..<0x3000, using: &random))
            }
            let text = Array(String(String.UnicodeScalarView(scalars)).utf8)
            var json = JSONText()
            json.object { json in
                json.key("a")
                json.string(text)
            }
            #expect(try self.read(json.bytes) == ["a": .string(text)])
        }
    }
}
