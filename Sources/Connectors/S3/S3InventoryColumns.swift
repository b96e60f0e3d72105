internal import Objects

/// What the columns of an inventory are, by the names that Amazon S3 gives them.
///
/// - Source: Amazon S3 User Guide, "Amazon S3 Inventory list": no header; keys as in URLs.
struct S3InventoryColumns: Sendable {
    static let byDefault = ["Bucket", "Key", "Size", "LastModifiedDate", "ETag"]

    private var numbers: [String: Int] = [:]

    /// Nil without a column of keys.
    init?(_ names: [String]) {
        for (number, name) in names.enumerated() { self.numbers[name.lowercased()] = number }
        guard self.numbers["key"] != nil else { return nil }
    }

    /// Whether a row is a header.
    static func isHeader(_ row: [String]) -> Bool {
        let names = row.map { $0.lowercased() }
        return names.contains("bucket") && names.contains("key")
    }

    func value(_ name: String, in row: [String]) -> String? {
        guard let number = self.numbers[name], row.indices.contains(number) else { return nil }
        return row[number]
    }

    /// The object that a row names; nil for one of another bucket, and for what is not its last version.
    func entry(_ row: [String], of bucket: String) -> S3Entry? {
        guard let coded = self.value("key", in: row), !coded.isEmpty,
            self.value("bucket", in: row).map({ $0 == bucket }) ?? true,
            self.value("islatest", in: row) != "false",
            self.value("isdeletemarker", in: row) != "true"
        else { return nil }
        let etag = self.value("etag", in: row) ?? ""
        let time = self.value("lastmodifieddate", in: row) ?? ""
        return S3Entry(
            key: String(
                decoding: PercentCoding.decoded(coded, plusIsBlank: true),
                as: UTF8.self
            ),
            // As a listing has it, so that one may take the place of the other.
            etag: etag.isEmpty || etag.hasPrefix("\"") ? etag : "\"\(etag)\"",
            size: Int(self.value("size", in: row) ?? "") ?? 0,
            modified: InternetTime.nanoseconds(ofISODate: time),
            storageClass: ""
        )
    }

    /// The fields of a row; a quote in a quoted field is written twice.
    ///
    /// - Source: RFC 4180, without line breaks in fields.
    static func fields(_ line: [UInt8]) -> [String] {
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var index = 0
        while index < line.count {
            let byte = line[index]
            if byte == UInt8(ascii: "\"") {
                let isEscaped =
                    isQuoted && index + 1 < line.count && line[index + 1] == UInt8(ascii: "\"")
                if isEscaped {
                    field.append(byte)
                    index += 1
                } else {
                    isQuoted.toggle()
                }
            } else if byte == UInt8(ascii: ","), !isQuoted {
                fields.append(String(decoding: field, as: UTF8.self))
                field = []
            } else {
                field.append(byte)
            }
            index += 1
        }
        return fields + [String(decoding: field, as: UTF8.self)]
    }
}
