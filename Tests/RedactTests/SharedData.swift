import Foundation

/// Development data that lies beside the repository, not in it.
enum SharedData {
    /// The file or folder at `path` in the `shared` folder nearest above this file.
    static func url(_ path: String, file: String = #filePath) -> URL? {
        var folder = URL(fileURLWithPath: file).resolvingSymlinksInPath()
            .deletingLastPathComponent()
        while folder.path != "/" {
            let candidate = folder.appendingPathComponent("shared").appendingPathComponent(path)
            if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
            folder.deleteLastPathComponent()
        }
        return nil
    }
}
