internal import Hashing
internal import Records
internal import Storage

/// SHA-256 of files that stay as they are, remembered in a file beside them: hashing the weights of a model is
/// most of what a short process does.
///
/// A line is: hash, device, inode, bytes, times of modification and change, name. It holds for a file that
/// still has all of these, and was last changed two seconds or more before the line was written, so that a
/// change in the same tick of the clock is not missed. A record that others may write to is not believed.
enum RememberedHashes {
    static let fileName = ".millrace-hashes"
    private static let settledNanoseconds: Int64 = 2_000_000_000
    private static let byteCountMax = 1 << 16

    /// The hash of a mapped file, in hexadecimal.
    static func sha256(of file: MappedFile) -> String {
        let folder = parentFolder(of: file.path)
        let name = String(file.path.split(separator: "/").last ?? "")
        let record = folder + "/" + Self.fileName
        guard let identity = FileIdentity(path: file.path), identity.byteCount == file.byteCount
        else {
            return Hashing.sha256(file.bytes).hex
        }
        let lines = Self.lines(of: record)
        let facts = Self.facts(identity, name)
        if let written = FileIdentity(path: record)?.modified,
            identity.changed <= written - Self.settledNanoseconds,
            let line = lines.first(where: { $0.hasSuffix(" " + facts) })
        {
            return String(line.prefix(64))
        }
        let hash = Hashing.sha256(file.bytes).hex
        // Mapped after it was looked at: if it was replaced meanwhile, nothing is known of its name.
        guard FileIdentity(path: file.path) == identity else { return hash }
        let others = lines.filter { !$0.hasSuffix(" " + name) }
        let bytes = Array((others + [hash + " " + facts]).map { $0 + "\n" }.joined().utf8)
        // Where this may not write, the next process hashes again.
        try? replaceFile(record, with: bytes)
        return hash
    }

    private static func facts(_ identity: FileIdentity, _ name: String) -> String {
        "\(identity.device) \(identity.inode) \(identity.byteCount) \(identity.modified) "
            + "\(identity.changed) \(name)"
    }

    /// The sound lines of a record; none of one that is not there or not to be believed.
    private static func lines(of record: String) -> [String] {
        guard FileIdentity(path: record)?.isOwn == true,
            let bytes = try? readFile(record, maximumBytes: Self.byteCountMax)
        else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init).filter
        {
            $0.split(separator: " ").count == 7 && Digest(hex: String($0.prefix(64))) != nil
        }
    }
}
