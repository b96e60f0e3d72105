/// The parts of a cursor or token, each after its byte count: what goes in comes out, whatever it holds.
struct CursorFields {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ field: [UInt8]) {
        self.bytes += Array("\(field.count):".utf8) + field
    }

    mutating func add(_ field: String) { self.add(Array(field.utf8)) }

    /// Nil for bytes that are no such list.
    static func parse(_ bytes: [UInt8]) -> [[UInt8]]? {
        var fields: [[UInt8]] = []
        var index = 0
        while index < bytes.count {
            guard let colon = bytes[index...].firstIndex(of: UInt8(ascii: ":")),
                let count = Int(String(decoding: bytes[index..<colon], as: UTF8.self)), count >= 0,
                count <= bytes.count - colon - 1
            else { return nil }
            fields.append(Array(bytes[(colon + 1)..<(colon + 1 + count)]))
            index = colon + 1 + count
        }
        return fields
    }
}
