internal import Foundation
internal import GRDB

/// What a listing was compared by before versions were opaque, as one value.
///
/// Size, time, inode and version token, 8 bytes each, the highest first: what a folder still makes of them.
enum ListingVersion {
    static let name = "listing_version"

    /// For SQL, where the migration needs it.
    static let function = DatabaseFunction(name, argumentCount: 4, pure: true) { values in
        var bytes = Data()
        for value in values {
            guard let number = Int64.fromDatabaseValue(value) else { return nil }
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// Gives a row that an older program exported the version it would have been migrated to.
    static func upgrade(_ row: StateRow) -> StateRow {
        guard row["version"] == nil, row["parent"] == nil, case .integer(let size) = row["size"],
            case .integer(let time) = row["mtime_ns"], case .integer(let inode) = row["inode"]
        else { return row }
        var token: Int64 = 0
        if case .integer(let stored) = row["version_token"] { token = stored }
        var bytes: [UInt8] = []
        for number in [size, time, inode, token] {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        var row = row
        row["version"] = .blob(bytes)
        return row
    }
}
