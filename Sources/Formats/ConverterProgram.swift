internal import Glibc

/// A program on this machine that takes LibreOffice's arguments and converts documents.
package struct ConverterProgram: Hashable, Sendable {
    /// Absolute, with all links followed.
    package let path: String

    /// - Parameter name: a path, or a name that is looked for in the folders of `PATH`.
    /// - Returns: nil where no such program can be run.
    package init?(named name: String) {
        let places =
            name.contains("/")
            ? [name] : Self.searchPath.map { $0 + "/" + name }
        for place in places {
            guard let resolved = realpath(place, nil) else { continue }
            defer { free(resolved) }
            let path = String(cString: resolved)
            if Self.isProgram(path) {
                self.path = path
                return
            }
        }
        return nil
    }

    /// The folder of the installation that the program belongs to, which it must be able to read.
    ///
    /// LibreOffice keeps its programs in a folder `program`; any other is taken to stand by itself.
    package var folder: String {
        let parent = Self.parent(of: self.path)
        return parent.hasSuffix("/program") ? Self.parent(of: parent) : parent
    }

    /// The files whose bytes say which converter this is, and of which version.
    package var identifyingFiles: [String] {
        [self.path, Self.parent(of: self.path) + "/versionrc"]
    }

    private static var searchPath: [String] {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        return path.isEmpty
            ? ["/usr/local/bin", "/usr/bin", "/bin"]
            : path.split(separator: ":").map { String($0) }
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            && access(path, X_OK) == 0
    }

    private static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }
}
