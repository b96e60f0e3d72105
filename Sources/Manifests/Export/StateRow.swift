internal import Foundation
internal import GRDB
internal import Records

/// One value of a manifest's column, in a form that is the same on every machine.
package enum StateValue: Hashable, Sendable, Codable {
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    private enum CodingKeys: String, CodingKey {
        case integer = "i"
        case real = "r"
        case text = "t"
        case blob = "b"
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let integer = try values.decodeIfPresent(Int64.self, forKey: .integer) {
            self = .integer(integer)
        } else if let real = try values.decodeIfPresent(Double.self, forKey: .real) {
            self = .real(real)
        } else if let text = try values.decodeIfPresent(String.self, forKey: .text) {
            self = .text(text)
        } else {
            self = .blob([UInt8](try values.decode(Data.self, forKey: .blob)))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .integer(let integer): try values.encode(integer, forKey: .integer)
        case .real(let real): try values.encode(real, forKey: .real)
        case .text(let text): try values.encode(text, forKey: .text)
        case .blob(let bytes): try values.encode(Data(bytes), forKey: .blob)
        }
    }
}

/// The columns of one row that are not NULL, by name.
package typealias StateRow = [String: StateValue]

/// The columns of a table that leave a workspace: not the numbers that depend on its history.
struct StateTable {
    let name: String
    let columns: [String]

    private var list: String { self.columns.joined(separator: ", ") }

    /// - Parameter condition: Everything after the table's name.
    func rows(
        _ database: Database,
        _ condition: String,
        _ values: [(any Parameter)?] = []
    ) throws -> [StateRow] {
        try database.cachedStatement(sql: "SELECT \(self.list) FROM \(self.name) \(condition)")
            .all(values) { row in
                var result: StateRow = [:]
                for (index, column) in self.columns.enumerated() {
                    result[column] = try row.value(index)
                }
                return result
            }
    }

    /// - Parameter number: The value of the column `number`, in tables that have it.
    func insert(_ row: StateRow, into database: Database, number: Int64? = nil) throws {
        // A column the row does not have is NULL, or what the schema gives to what an older program wrote.
        let present = self.columns.filter { row[$0] != nil }
        let columns = present + (number == nil ? [] : ["number"])
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        var values = present.map { column -> (any Parameter)? in
            switch row[column] {
            case nil: nil
            case .integer(let integer): integer
            case .real(let real): real
            case .text(let text): text
            case .blob(let bytes): bytes
            }
        }
        if let number { values.append(number) }
        try database.cachedStatement(
            sql: """
                INSERT INTO \(self.name) (\(columns.joined(separator: ", "))) VALUES (\(marks))
                """
        ).run(values)
    }
}
