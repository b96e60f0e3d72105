internal import Foundation

/// A folder of documents that is changed as people change one.
///
/// Every written file gets a time of its own: the clock of a file system is too coarse to tell two
/// changes within a few milliseconds apart.
struct SourceFolder {
    let root: String
    private var seconds = 1_600_000_000

    init(_ root: String) throws {
        self.root = root
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { "\(self.root)/\(name)" }

    /// Writes the bytes under a new inode, or into the file that is there.
    mutating func write(_ name: String, _ bytes: [UInt8], inPlace: Bool = false) throws {
        try self.makeParent(of: name)
        let path = self.path(name)
        let url = URL(filePath: path)
        if inPlace, let file = try? FileHandle(forWritingTo: url) {
            try file.truncate(atOffset: 0)
            try file.write(contentsOf: Data(bytes))
            try file.close()
        } else {
            // The new file must not get the inode of the old one.
            let staged = self.path(".staged")
            try Data(bytes).write(to: URL(filePath: staged))
            try self.check(Glibc.rename(staged, path), "rename to", name)
        }
        try self.touch(name)
    }

    func remove(_ name: String) throws { try self.check(unlink(self.path(name)), "remove", name) }

    func rename(_ name: String, to other: String) throws {
        try self.makeParent(of: other)
        try self.check(
            Glibc.rename(self.path(name), self.path(other)),
            "rename",
            name
        )
    }

    /// Lets two files change names.
    func exchange(_ name: String, _ other: String) throws {
        let spare = self.path(".exchanged")
        try self.check(Glibc.rename(self.path(name), spare), "rename", name)
        try self.check(Glibc.rename(self.path(other), self.path(name)), "rename", other)
        try self.check(Glibc.rename(spare, self.path(other)), "rename", name)
    }

    /// A second name of the same file.
    func link(_ name: String, as other: String) throws {
        try self.makeParent(of: other)
        try self.check(Glibc.link(self.path(name), self.path(other)), "link", name)
    }

    /// Another time and the same bytes.
    mutating func touch(_ name: String) throws {
        self.seconds += 10
        let time = timespec(tv_sec: self.seconds, tv_nsec: 0)
        let times = [time, time]
        try self.check(utimensat(AT_FDCWD, self.path(name), times, 0), "touch", name)
    }

    /// Writes the bytes into the file that is there and gives it back its time.
    func writeQuietly(_ name: String, _ bytes: [UInt8]) throws {
        let path = self.path(name)
        var status = stat()
        try self.check(stat(path, &status), "ask for", name)
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: Data(bytes))
        try file.close()
        let times = [status.st_atim, status.st_mtim]
        try self.check(utimensat(AT_FDCWD, path, times, 0), "touch", name)
    }

    /// A change of the file that is none of its content.
    func changePermissions(of name: String) throws {
        try self.check(chmod(self.path(name), 0o600), "change the permissions of", name)
    }

    private func makeParent(of name: String) throws {
        guard name.contains("/") else { return }
        let folder = URL(filePath: self.path(name)).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func check(_ status: Int32, _ action: String, _ name: String) throws {
        guard status == 0 else {
            throw SelftestError("cannot \(action) \(name): \(String(cString: strerror(errno)))")
        }
    }
}
