internal import Hashing
internal import Records
internal import Storage

/// A file that is being written and whose name is going to be the hash of its bytes; an array can hold it.
final class ContentFile {
    private var file: StagedFile
    private var hasher = StreamingSHA256()

    init(in folder: String) throws { self.file = try StagedFile(in: folder) }

    func write(_ bytes: [UInt8]) throws {
        self.hasher.update(bytes)
        try self.file.write(bytes)
    }

    func finish(path: (_ name: String) -> String) throws -> String {
        let name = self.hasher.finish().hex
        try self.file.commit(to: path(name))
        return name
    }
}
