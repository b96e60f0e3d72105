internal import Foundation
internal import Storage

/// A way in which documents go from where they were listed without anybody having deleted them.
enum Disaster: String, CaseIterable, Sendable {
    /// The folder has another name.
    case missing
    /// An empty folder is in its place, as where a disk is not mounted.
    case unmounted
    /// A folder below it cannot be listed to its end, and the rest of the listing is short.
    case unlistable
    /// A folder below it may not be read; only for users whom that stops.
    case unreadable
    /// A folder below it is a link that leads nowhere.
    case danglingLink
    /// Half of the documents are gone.
    case halved
    /// All are there and have no bytes.
    case emptied

    /// What a sync has to answer.
    var exitCode: Int32 {
        switch self {
        case .missing: 1
        case .emptied: 3
        case .unmounted, .unlistable, .unreadable, .danglingLink, .halved: 4
        }
    }

    /// Root may read everything, so it cannot meet an unreadable folder.
    var canHappen: Bool { self != .unreadable || geteuid() != 0 }

    /// Brings it about in `source`, and returns what undoes it.
    ///
    /// - Parameter folder: the name of a folder below the source that holds near half of the files.
    func strike(_ source: SourceFolder, folder: String, spare: String) throws -> () throws -> Void {
        let root = source.root
        let path = source.path(folder)
        switch self {
        case .missing:
            return try moved(root, to: spare)
        case .unmounted:
            let undo = try moved(root, to: spare)
            try createFolder(root)
            return {
                removeTree(root)
                try undo()
            }
        case .unlistable:
            let undo = try moved(path, to: spare)
            let deep = source.path("deep")
            try makeDeepFolder(deep)
            return {
                removeTree(deep)
                try undo()
            }
        case .unreadable:
            chmod(path, 0)
            return { chmod(path, 0o755) }
        case .danglingLink:
            let undo = try moved(path, to: spare)
            symlink(spare + "-nowhere", path)
            return {
                unlink(path)
                try undo()
            }
        case .halved:
            return try moved(path, to: spare)
        case .emptied:
            let undo = try moved(root, to: spare)
            try makeEmptyTwin(of: spare, at: root)
            return {
                removeTree(root)
                try undo()
            }
        }
    }
}

private func moved(_ path: String, to other: String) throws -> () throws -> Void {
    func move(_ path: String, _ other: String) throws {
        guard rename(path, other) == 0 else {
            throw SelftestError("cannot move \(path): \(String(cString: strerror(errno)))")
        }
    }
    try move(path, other)
    return { try move(other, path) }
}

/// Deeper than any listing walks.
private func makeDeepFolder(_ path: String) throws {
    try createFolder(path + String(repeating: "/d", count: 200))
    try Data("Never reached.\n".utf8).write(
        to: URL(filePath: path + String(repeating: "/d", count: 200) + "/file.txt")
    )
}

private func makeEmptyTwin(of root: String, at twin: String) throws {
    for file in regularFiles(below: root) {
        let path = twin + file.dropFirst(root.count)
        try createFolder(parentFolder(of: path))
        try Data().write(to: URL(filePath: path))
    }
}
