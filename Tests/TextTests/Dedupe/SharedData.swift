import Foundation

/// The folder of shared data sets beside the repository, where there is one.
enum SharedData {
    static let folder: URL? = {
        var folder = URL(fileURLWithPath: #filePath)
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let shared = folder.appendingPathComponent("shared")
            if FileManager.default.fileExists(atPath: shared.appendingPathComponent("data").path) {
                return shared
            }
        }
        return nil
    }()

    static func exists(_ path: String) -> Bool {
        guard let folder = Self.folder else { return false }
        return FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
    }

    static func read(_ path: String) throws -> Data {
        guard let folder = Self.folder else { throw CocoaError(.fileNoSuchFile) }
        return try Data(contentsOf: folder.appendingPathComponent(path))
    }
}

/// A repeatable source of random numbers for tests.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
