import Foundation

/// What the repository itself offers to tests.
enum Repository {
    static let root: String = {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        return folder.path
    }()

    static var samples: String { self.root + "/Samples" }
}
