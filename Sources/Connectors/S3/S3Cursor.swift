internal import Objects
internal import Records

/// Where a listing of a bucket stands.
///
/// First come the keys directly below the prefix and the names of the folders there; then, unless they
/// are too many, the folders one after the other, several asked for at the same time. The pages do not
/// depend on the order in which a server lists, which not all do by the bytes of keys.
enum S3Cursor: Hashable, Sendable {
    /// The first level: its page after `token`.
    case level(token: String)
    /// All keys below the prefix, in one go.
    case flat(token: String)
    /// The keys below `folders[index]`, from `token` on; empty begins.
    case folder(index: Int, token: String, folders: [String])

    /// Folders are listed each for itself when there are so many: of more, most would be small, and
    /// each costs a request at least.
    static let folderRange = 2...100

    private static let formatVersion: UInt8 = 1

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(Self.formatVersion)
        switch self {
        case .level(let token):
            writer.write(UInt8(1))
            writer.write(token)
        case .flat(let token):
            writer.write(UInt8(2))
            writer.write(token)
        case .folder(let index, let token, let folders):
            writer.write(UInt8(3))
            writer.write(count: index)
            writer.write(token)
            writer.write(count: folders.count)
            for folder in folders { writer.write(folder) }
        }
        return writer.bytes
    }

    /// Nil for what another version wrote.
    init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        do {
            guard try reader.readByte() == Self.formatVersion else { return nil }
            switch try reader.readByte() {
            case 1: self = .level(token: try reader.readString())
            case 2: self = .flat(token: try reader.readString())
            case 3:
                let index = try reader.readCount()
                let token = try reader.readString()
                var folders: [String] = []
                for _ in 0..<(try reader.readCount()) { folders.append(try reader.readString()) }
                guard folders.indices.contains(index) else { return nil }
                self = .folder(index: index, token: token, folders: folders)
            default: return nil
            }
        } catch {
            return nil
        }
    }

    /// What is asked for: the prefix, the delimiter and the token.
    func request(below prefix: String) -> (prefix: String, delimiter: String?, token: String?) {
        switch self {
        case .level(let token): (prefix, "/", token.isEmpty ? nil : token)
        case .flat(let token): (prefix, nil, token.isEmpty ? nil : token)
        case .folder(let index, let token, let folders):
            (folders[index], nil, token.isEmpty ? nil : token)
        }
    }

    /// Where the page after `page` begins; nil on the last one.
    func next(after page: S3Page) -> S3Cursor? {
        switch self {
        case .level:
            guard Self.folderRange.contains(page.prefixes.count), page.next == nil else {
                return nil
            }
            return .folder(index: 0, token: "", folders: page.prefixes)
        case .flat: return page.next.map { .flat(token: $0) }
        case .folder(let index, _, let folders):
            if let token = page.next {
                return .folder(index: index, token: token, folders: folders)
            }
            return index + 1 < folders.count
                ? .folder(index: index + 1, token: "", folders: folders) : nil
        }
    }
}
