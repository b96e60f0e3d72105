internal import Foundation
internal import Manifests

/// One line of a state file: JSON with exactly one of these.
///
/// A file is a header; models; runs, their accounts and snapshots; documents by ascending id; a trailer.
struct StateLine: Codable {
    struct Header: Codable {
        var formatVersion = StateLine.currentFormatVersion
        /// The shard schema whose columns the documents have.
        var schemaVersion = ManifestKind.shard.currentVersion
        /// Of the catalog, without the shard count.
        var settings: [String: String]
        /// What every shard keeps beside its documents.
        var numbers: [String: Int64]
    }

    struct CatalogRow: Codable {
        var table: CatalogTable
        var values: StateRow
    }

    struct Trailer: Codable {
        var documents: Int
        /// Of all bytes before this line, in hexadecimal.
        var sha256: String
    }

    static let currentFormatVersion = 1

    var header: Header?
    var model: ExportedModel?
    var row: CatalogRow?
    var document: ExportedDocument?
    var trailer: Trailer?

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    init() {}

    init(_ bytes: UnsafeRawBufferPointer) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(bytes))
    }
}
