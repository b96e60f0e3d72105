internal import Foundation

/// A name in a tree.
struct GitEntry {
    enum Kind {
        case file
        case link
        /// A repository in the repository.
        case other
    }

    let path: [UInt8]
    var kind = Kind.file
    var object = ""
    var size: Int?
}

/// The commit that changed a file last.
struct GitChange {
    let commit: String
    /// Of its author, as ISO 8601.
    let authored: String
}

/// Questions to a repository, by the `git` program: plumbing that runs no hook and no filter.
struct GitRepository: Sendable {
    let path: String

    private static let fieldBytesMaximum = 1 << 20

    static func isObjectName(_ text: String) -> Bool {
        (text.utf8.count == 40 || text.utf8.count == 64)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private func git(_ arguments: [String], takesInput: Bool = false) throws(ConnectorError)
        -> ChildProgram
    {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: self.path, isDirectory: &isFolder),
            isFolder.boolValue
        else {
            throw ConnectorError(
                .unavailable,
                path: self.path,
                "there is no repository here; clone it, and fetch before each run"
            )
        }
        // A repository must not start programs by its own configuration.
        let fixed = [
            "git", "--no-pager", "--no-replace-objects", "-c", "core.fsmonitor=false", "-c",
            "core.hooksPath=/dev/null", "-c", "protocol.allow=never",
        ]
        return try ChildProgram(fixed + arguments, directory: self.path, takesInput: takesInput)
    }

    /// The commit that a branch, a tag or a name stands for.
    func commit(of ref: String) throws(ConnectorError) -> String {
        let git = try self.git(["rev-parse", "--verify", "--end-of-options", "\(ref)^{commit}"])
        let line = try git.readLine(maximumBytes: Self.fieldBytesMaximum) ?? []
        let commit = String(decoding: line, as: UTF8.self)
        do throws(ConnectorError) {
            try git.finish()
        } catch {
            throw ConnectorError(
                .unavailable,
                path: self.path,
                "it has no '\(ref)' that could be listed (\(error.message)); 'ref' names a branch, tag or "
                    + "commit"
            )
        }
        guard Self.isObjectName(commit) else {
            throw ConnectorError(.unavailable, path: self.path, "'\(ref)' is no commit")
        }
        return commit
    }

    /// Every file of a commit.
    func tree(of commit: String) throws(ConnectorError) -> [GitEntry] {
        let git = try self.git(["ls-tree", "-r", "-z", "-l", "--full-tree", commit])
        var entries: [GitEntry] = []
        while let field = try git.readField(maximumBytes: Self.fieldBytesMaximum) {
            // MODE TYPE OBJECT SIZE TAB PATH
            guard let tab = field.firstIndex(of: UInt8(ascii: "\t")) else { continue }
            let words = String(decoding: field[..<tab], as: UTF8.self).split(separator: " ")
            guard words.count == 4 else { continue }
            var entry = GitEntry(path: Array(field[(tab + 1)...]))
            entry.object = String(words[2])
            entry.size = Int(words[3])
            entry.kind = words[1] == "blob" ? (words[0] == "120000" ? .link : .file) : .other
            entries.append(entry)
        }
        try git.finish()
        return entries
    }

    /// The paths that any commit between the two touched; nil where the older one is not on the way.
    func changes(from old: String, to new: String) throws(ConnectorError) -> Set<[UInt8]>? {
        if old == new { return [] }
        let isAncestor = try self.git(["merge-base", "--is-ancestor", old, new])
        do throws(ConnectorError) { try isAncestor.finish() } catch { return nil }
        let git = try self.git([
            "log", "-m", "--format=", "--name-only", "--no-renames", "-z", "\(old)..\(new)",
        ])
        var paths: Set<[UInt8]> = []
        while let field = try git.readField(maximumBytes: Self.fieldBytesMaximum) {
            let path = field.drop { $0 == UInt8(ascii: "\n") }
            if !path.isEmpty { paths.insert(Array(path)) }
        }
        try git.finish()
        return paths
    }

    /// For each path the last commit on the way to this one that touched it.
    func lastChanges(before commit: String) throws(ConnectorError) -> [[UInt8]: GitChange] {
        let mark: UInt8 = 0x01
        let git = try self.git([
            "log", "--first-parent", "-m", "--format=%x01%H %aI", "--name-only", "--no-renames",
            "-z",
            commit,
        ])
        var changes: [[UInt8]: GitChange] = [:]
        var current = GitChange(commit: "", authored: "")
        while let field = try git.readField(maximumBytes: Self.fieldBytesMaximum) {
            let text = field.drop { $0 == UInt8(ascii: "\n") }
            if text.first == mark {
                let words = String(decoding: text.dropFirst(), as: UTF8.self).split(separator: " ")
                guard words.count == 2 else { continue }
                current = GitChange(commit: String(words[0]), authored: String(words[1]))
            } else if !text.isEmpty, changes[Array(text)] == nil {
                changes[Array(text)] = current
            }
        }
        try git.finish()
        return changes
    }

    /// A program that answers the name of an object with its bytes.
    func blobReader() throws(ConnectorError) -> ChildProgram {
        try self.git(["cat-file", "--batch"], takesInput: true)
    }

    func blob(
        _ object: String,
        of uri: String,
        limit: Int,
        from reader: ChildProgram
    ) throws(ConnectorError) -> [UInt8] {
        try reader.write(Array("\(object)\n".utf8))
        let head = try reader.readLine(maximumBytes: Self.fieldBytesMaximum) ?? []
        let words = String(decoding: head, as: UTF8.self).split(separator: " ")
        guard words.count == 3, words[1] == "blob", let count = Int(words[2]) else {
            throw ConnectorError(.gone, path: uri, "the repository does not hold it any more")
        }
        guard count <= limit else {
            throw ConnectorError(
                .tooLarge,
                path: uri,
                "it has \(count) bytes, limit \(limit); raise 'maximum_bytes' to read it"
            )
        }
        let bytes = try reader.read(count: count + 1).dropLast()
        guard !bytes.starts(with: "version https://git-lfs.github.com/spec/".utf8) else {
            throw ConnectorError(
                .permanent,
                path: uri,
                "it is a pointer of Git LFS and not the file; list a checkout with 'type: folder' instead"
            )
        }
        return Array(bytes)
    }
}
