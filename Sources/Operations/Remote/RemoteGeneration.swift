internal import Foundation
internal import Storage

/// A run of bytes of a file: an object of its own, named by SHA-256 of the bytes.
struct RemotePiece: Codable, Hashable, Sendable {
    /// In hexadecimal.
    var sha256: String
    var byteCount: Int
    /// SHA-256 of each block of the piece, so that a range of it can be held to something; nil for a piece that
    /// is read whole.
    var blocks: [String]?
}

/// A file of a workspace as a bucket has it.
struct RemoteFile: Codable, Hashable, Sendable {
    /// Below the workspace.
    var path: String
    var byteCount: Int
    /// In the order of the file.
    var pieces: [RemotePiece]
    /// Bytes of a block, of which the last of a piece may have fewer; nil where pieces have none.
    var blockByteCount: Int?

    /// Whether ranges of it may be asked for: not of a file of one piece, which comes by one request as it is.
    var isReadInParts: Bool {
        guard let block = self.blockByteCount, self.pieces.count > 1,
            let size = self.pieces.first?.byteCount
        else { return false }
        // A block lies in one piece.
        return size.isMultiple(of: block)
            && self.pieces.dropLast().allSatisfy { $0.byteCount == size }
    }

    /// Whether the objects are compressed: all but segments and tombstones, of which a reader may want a range.
    var isDeflated: Bool { !isSegmentName(self.path) }

    /// The object of a piece, below the address.
    func object(_ piece: RemotePiece) -> String {
        "\(RemoteLayout.objects)\(piece.sha256)\(self.isDeflated ? ".z" : "")"
    }
}

/// One whole state of a workspace in a bucket: an object that is never changed, named by SHA-256 of its bytes.
///
/// The form is described in `RemoteWorkspaces.md`.
struct RemoteGeneration: Codable, Hashable, Sendable {
    static let currentForm = "millrace.generation/1"
    /// Choice: a hundred bytes a piece, so room for more than a terabyte.
    static let byteCountMax = 1 << 28

    var form = Self.currentForm
    /// The same for all that came from one first push.
    var lineage: String
    /// Counts up from 1 in a lineage.
    var number: Int
    /// The name of the one before; nil for the first.
    var parent: String?
    /// Who pushed it; makes the names of two that hold the same files differ.
    var writer: LockHolder
    var createdMilliseconds: Int64
    var pipeline: String
    var shardCount: Int
    /// Nil when nothing was published yet.
    var snapshot: Int?
    var digest: String?
    /// By ascending path.
    var files: [RemoteFile]

    var byteCount: Int { self.files.reduce(0) { $0 + $1.byteCount } }
    var objects: Set<String> {
        Set(self.files.flatMap { file in file.pieces.map { file.object($0) } })
    }

    /// Whether everything in it may be taken for what it says: what a bucket holds is not trusted.
    var isSound: Bool {
        guard (1...WorkspaceFiles.shardCountMax).contains(self.shardCount), self.number > 0 else {
            return false
        }
        var last = ""
        for file in self.files {
            guard file.path > last, WorkspaceFiles.isPart(file.path), file.isSound else {
                return false
            }
            last = file.path
        }
        return self.files.contains { $0.path == WorkspaceFiles.catalogName }
    }
}

extension RemoteFile {
    fileprivate var isSound: Bool {
        var sum = 0
        for piece in self.pieces {
            guard (1...WorkspaceFiles.pieceBytesMax).contains(piece.byteCount),
                isSHA256(piece.sha256), self.hasSoundBlocks(piece)
            else { return false }
            sum += piece.byteCount
        }
        return sum == self.byteCount
    }

    private func hasSoundBlocks(_ piece: RemotePiece) -> Bool {
        guard let size = self.blockByteCount else { return piece.blocks == nil }
        guard let blocks = piece.blocks, size > 0, blocks.allSatisfy(isSHA256) else { return false }
        return blocks.count == (piece.byteCount + size - 1) / size
    }
}

/// Which generation is in force: the one object of an address that is ever replaced.
struct RemoteHead: Codable, Hashable, Sendable {
    static let currentForm = "millrace.live/1"

    var form = Self.currentForm
    /// The name of the generation.
    var generation: String
    var lineage: String
    var number: Int
}

/// Where everything lies below an address.
enum RemoteLayout {
    static let live = "LIVE"
    static let generations = "generations/"
    static let objects = "objects/"

    static func generation(_ name: String) -> String { "\(Self.generations)\(name).json" }
}

func isSHA256(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
}

/// Bytes of a value in the form that all of the remote's own objects have.
func remoteBytes(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
}
