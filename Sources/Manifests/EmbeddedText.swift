internal import Foundation
internal import GRDB
internal import Records

/// Which texts were embedded by models whose vectors are not kept: 48 bits of the hash of each.
///
/// That two texts have them in common, one time in a hundred million, costs a count of a report and nothing else:
/// such a vector is made anew whatever is known.
enum EmbeddedText {
    static let name = "embedded_text"

    static func key(_ hash: Digest) -> Int64 { Int64(hash.word0 >> 16) }

    /// For SQL, of a text hash.
    static let function = DatabaseFunction(name, argumentCount: 1, pure: true) { values in
        guard let bytes = Data.fromDatabaseValue(values[0]), bytes.count == Digest.byteCount else {
            return nil
        }
        return bytes.withUnsafeBytes { try? Digest(blob: $0) }.map(Self.key)
    }
}

extension Database {
    func insertEmbedded(model: Int64, hashes: [Digest]) throws {
        let put = try self.cachedStatement(
            sql: "INSERT OR IGNORE INTO embedded (model, text) VALUES (?, ?)"
        )
        // Ascending, so that a page is met once.
        for key in hashes.map(EmbeddedText.key).sorted() { try put.run([model, key]) }
    }

    /// Those of the places in `hashes` whose texts were embedded.
    func embedded(model: Int64, places: [Int], of hashes: [Digest]) throws -> Set<Int> {
        let find = try self.cachedStatement(
            sql: "SELECT 1 FROM embedded WHERE model = ? AND text = ?"
        )
        var found: Set<Int> = []
        for place in places {
            let key = EmbeddedText.key(hashes[place])
            if try find.first([model, key], { _ in true }) != nil { found.insert(place) }
        }
        return found
    }

    /// Drops the texts that no stored chunk has, and those of other models; returns how many.
    func dropUnusedEmbedded(models: Set<Int64>, used: Set<Digest>) throws -> Int {
        let keys = Set(used.map(EmbeddedText.key))
        let dropped = try self.cachedStatement(sql: "SELECT model, text FROM embedded")
            .all { (model: try $0.integer(0), text: try $0.integer(1)) }
            .filter { !models.contains($0.model) || !keys.contains($0.text) }
        let drop = try self.cachedStatement(
            sql: "DELETE FROM embedded WHERE model = ? AND text = ?"
        )
        for (model, text) in dropped { try drop.run([model, text]) }
        return dropped.count
    }
}
