import Foundation
import Testing

/// Reference data beside the repository: `../shared/data/embed`, absent on most machines.
enum SharedData {
    static let folder: String? = {
        let tests = URL(filePath: #filePath).resolvingSymlinksInPath()
        var root = tests.deletingLastPathComponent()
        while root.path != "/" {
            root.deleteLastPathComponent()
            let candidate = root.appending(path: "shared/data/embed").path
            if FileManager.default.fileExists(atPath: candidate) { return candidate }
        }
        return nil
    }()

    static var isPresent: Bool { self.folder != nil }
    static let absence = "shared/data/embed is not beside the repository"

    static func decode<Value: Decodable>(_ type: Value.Type, from name: String) throws -> Value {
        let path = try #require(self.folder) + "/" + name
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(contentsOf: URL(filePath: path)))
    }
}

/// `reference-MODEL.json`: texts with the ids and vectors of the model's own implementation.
struct ReferenceFile: Decodable {
    struct Row: Decodable {
        let text: String
        let tokenIds: [Int32]
        let fullTokenCount: Int?
        let vector: [Float]
    }

    let rows: [Row]
}

/// `tokenizer-fuzz-MODEL.json`: lines over many Unicode blocks with their ids.
struct TokenizerFuzzFile: Decodable {
    struct Row: Decodable {
        let text: String
        let ids: [Int32]

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            self.text = try values.decode(String.self)
            self.ids = try values.decode([Int32].self)
        }
    }

    let rows: [Row]
}
