internal import Storage

/// Which snapshots are pinned, and which of them goes by the name of a channel: a small file for each, so that
/// a reader who may only read finds them without a database.
struct SnapshotMarks {
    static let channelNameMax = 64
    private static let reasonBytesMax = 1 << 12

    let layout: WorkspaceLayout

    /// Pinned snapshots with the reasons, by number.
    func pins() throws -> [Int: String] {
        var pins: [Int: String] = [:]
        for name in try self.names(in: self.layout.pinsFolder) {
            guard let number = Int(name) else { continue }
            let bytes = try readFile(
                "\(self.layout.pinsFolder)/\(name)",
                maximumBytes: Self.reasonBytesMax
            )
            let text = String(decoding: bytes, as: UTF8.self)
            pins[number] = text.hasSuffix("\n") ? String(text.dropLast()) : text
        }
        return pins
    }

    /// The snapshot of each channel.
    func channels() throws -> [String: Int] {
        var channels: [String: Int] = [:]
        for name in try self.names(in: self.layout.channelsFolder) {
            if let number = try self.channel(name) { channels[name] = number }
        }
        return channels
    }

    /// The snapshot of a channel; nil where there is no such channel.
    func channel(_ name: String) throws -> Int? {
        guard Self.isChannelName(name) else { return nil }
        let path = "\(self.layout.channelsFolder)/\(name)"
        guard fileExists(path) else { return nil }
        let text = String(decoding: try readFile(path, maximumBytes: 32), as: UTF8.self)
        guard text.hasSuffix("\n"), let number = Int(text.dropLast()), number > 0 else {
            throw OperationError(
                .fatal,
                "\(path): does not hold the number of a snapshot; set the channel again with "
                    + "'millrace publish PIPELINE --as \(name)'"
            )
        }
        return number
    }

    /// All that are marked in any way.
    var numbers: Set<Int> {
        get throws { Set(try self.pins().keys).union(try self.channels().values) }
    }

    func pin(_ number: Int, reason: String) throws {
        try createFolder(self.layout.pinsFolder)
        try replaceFile("\(self.layout.pinsFolder)/\(number)", with: Array("\(reason)\n".utf8))
    }

    func unpin(_ number: Int) throws { try removeFile("\(self.layout.pinsFolder)/\(number)") }

    func setChannel(_ name: String, to number: Int) throws {
        try createFolder(self.layout.channelsFolder)
        try replaceFile("\(self.layout.channelsFolder)/\(name)", with: Array("\(number)\n".utf8))
    }

    /// Removes the marks of snapshots that are gone.
    func removeStale(keeping numbers: Set<Int>) throws {
        for number in try self.pins().keys where !numbers.contains(number) {
            try self.unpin(number)
        }
        for (name, number) in try self.channels() where !numbers.contains(number) {
            try removeFile("\(self.layout.channelsFolder)/\(name)")
        }
    }

    /// Letters, digits, `-` and `_`: it is the name of a file.
    static func isChannelName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= self.channelNameMax
            && name.utf8.allSatisfy {
                0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 || $0 == 0x2D
                    || $0 == 0x5F
            }
    }

    private func names(in folder: String) throws -> [String] {
        guard fileExists(folder) else { return [] }
        return try folderEntries(folder).compactMap(\.name)
            .filter { !$0.hasPrefix(StagedFile.namePrefix) }.sorted()
    }
}
