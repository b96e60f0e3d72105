@testable import Extraction

/// A compound file with storages and streams, all of them in whole sectors of 512 bytes.
struct TinyCompound {
    indirect enum Node: Sendable {
        case stream(String, [UInt8])
        case storage(String, [Node])
    }

    var nodes: [Node]

    init(_ nodes: [Node]) { self.nodes = nodes }

    private struct Entry {
        var name: String
        var type: UInt8
        var right = UInt32.max
        var child = UInt32.max
        var start = UInt32(0xFFFF_FFFE)
        var byteCount = 0
    }

    func bytes() -> [UInt8] {
        var entries = [Entry(name: "Root Entry", type: 5)]
        var contents: [(entry: Int, bytes: [UInt8])] = []
        entries[0].child = add(self.nodes, &entries, &contents)
        // The limit of small streams is 0, so every stream has sectors of its own.
        var sectors: [UInt8] = []
        var table: [UInt32] = []
        func append(_ bytes: [UInt8]) -> UInt32 {
            let count = (bytes.count + 511) / 512
            guard count > 0 else { return 0xFFFF_FFFE }
            let start = UInt32(table.count)
            for index in 1...count {
                table.append(index == count ? 0xFFFF_FFFE : start + UInt32(index))
            }
            sectors += bytes + Array(repeating: 0, count: count * 512 - bytes.count)
            return start
        }
        for (entry, bytes) in contents {
            entries[entry].start = append(bytes)
            entries[entry].byteCount = bytes.count
        }
        let directory = append(entries.flatMap { self.record($0) })
        let tableCount = (table.count + 128) / 128 + 1
        let tableStart = UInt32(table.count)
        table += Array(repeating: 0xFFFF_FFFD, count: tableCount)
        while table.count < tableCount * 128 { table.append(.max) }
        var head = compoundSignature + Array(repeating: 0, count: 16) + little(0x3E, 2)
        head += little(3, 2) + little(0xFFFE, 2) + little(9, 2) + little(6, 2)
        head += Array(repeating: 0, count: 10) + little(UInt32(tableCount), 4)
        head += little(directory, 4) + little(0, 4) + little(0, 4) + little(0xFFFF_FFFE, 4)
        head += little(0, 4) + little(0xFFFF_FFFE, 4) + little(0, 4)
        for index in 0..<109 {
            head += little(index < tableCount ? tableStart + UInt32(index) : .max, 4)
        }
        let tables = table.flatMap { little($0, 4) }
        return head + sectors + tables.prefix(tableCount * 512)
    }

    /// Siblings hang to the right of each other.
    private func add(
        _ nodes: [Node],
        _ entries: inout [Entry],
        _ contents: inout [(entry: Int, bytes: [UInt8])]
    ) -> UInt32 {
        var first = UInt32.max
        var last: Int?
        for node in nodes {
            let index = entries.count
            switch node {
            case .stream(let name, let bytes):
                entries.append(Entry(name: name, type: 2))
                contents.append((index, bytes))
            case .storage(let name, let inner):
                entries.append(Entry(name: name, type: 1))
                entries[index].child = self.add(inner, &entries, &contents)
            }
            if let last { entries[last].right = UInt32(index) } else { first = UInt32(index) }
            last = index
        }
        return first
    }

    private func record(_ entry: Entry) -> [UInt8] {
        var name: [UInt8] = entry.name.utf16.flatMap { unit in little(UInt32(unit), 2) }
        name += [0, 0]
        var record = name
        record += [UInt8](repeating: 0, count: 64 - name.count)
        record += little(UInt32(name.count), 2)
        record += [entry.type, 1]
        record += little(.max, 4)
        record += little(entry.right, 4)
        record += little(entry.child, 4)
        record += [UInt8](repeating: 0, count: 36)
        record += little(entry.start, 4)
        record += little(UInt32(entry.byteCount), 4)
        record += little(0, 4)
        return record
    }
}

/// A text property of an Outlook message.
func outlookText(_ number: String, _ text: String) -> TinyCompound.Node {
    .stream("__substg1.0_\(number)001F", text.utf16.flatMap { little(UInt32($0), 2) })
}
