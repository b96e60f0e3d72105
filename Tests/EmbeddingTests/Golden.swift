import Foundation

@testable import Embedding

/// What Hugging Face tokenizers and transformers made of small models drawn by seed, as
/// `Tests/Golden/embedding/make.py` recorded it.
enum Golden {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "Golden/embedding")

    static func lines() throws -> [String] { try self.decode([String].self, "lines.json") }

    static func decode<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contentsOf: self.root.appending(path: name)))
    }

    /// A copy of the folder `name` with the character map, which all share, put in.
    static func folder(_ name: String, in folder: TemporaryFolder) throws -> String {
        let target = folder.url.appending(path: name)
        try FileManager.default.copyItem(at: self.root.appending(path: name), to: target)
        let map = try String(contentsOf: self.root.appending(path: "charsmap.txt"), encoding: .utf8)
        let path = target.appending(path: "tokenizer.json")
        let text = try String(contentsOf: path, encoding: .utf8)
        try Data(text.replacingOccurrences(of: "@CHARSMAP@", with: map).utf8).write(to: path)
        return target.path
    }

    /// Of ids in their order, as the maker computes it.
    static func hash(_ ids: [Int32]) -> String {
        let value = ids.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
            ($0 ^ UInt64(UInt32(bitPattern: $1))) &* 0x100_0000_01B3
        }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
