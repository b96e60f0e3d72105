internal import Objects

/// An inventory that takes the place of asking a bucket for its listing: a CSV file, also gzipped, or the
/// manifest of several.
///
/// - Source: Amazon S3 User Guide, "Amazon S3 Inventory list" and "Inventory manifest".
struct S3Inventory: Sendable {
    /// A path on this machine, or `s3://BUCKET/KEY`.
    let place: String
    private let columns: S3InventoryColumns
    private let bucket: String
    private let client: @Sendable (_ bucket: String) throws(ConnectorError) -> S3Client

    private static let chunkBytes = 1 << 20
    private static let manifestBytesMaximum = 16 << 20
    private static let objectBytesMaximum = 1 << 30

    /// - Parameter client: of a bucket with the source's endpoint and credentials.
    init(
        _ place: String,
        columns: [String],
        bucket: String,
        client: @escaping @Sendable (_ bucket: String) throws(ConnectorError) -> S3Client
    ) throws(ConnectorError) {
        guard let columns = S3InventoryColumns(columns) else {
            throw ConnectorError(
                .configuration,
                path: place,
                "'inventory_columns' names no column Key"
            )
        }
        self.place = place
        self.columns = columns
        self.bucket = bucket
        self.client = client
    }

    /// On a thread that may wait.
    func open() throws(ConnectorError) -> S3InventoryLines {
        guard self.place.hasSuffix(".json") else {
            return self.lines([self.opener(self.place)], self.columns)
        }
        let chunks = try self.opener(self.place)()
        var bytes: [UInt8] = []
        while true {
            let chunk = try chunks()
            bytes += chunk
            if chunk.isEmpty || bytes.count > Self.manifestBytesMaximum { break }
        }
        guard let manifest = JSONValue(bytes[...]), case .array(let files)? = manifest["files"]
        else {
            throw self.failure("it is no manifest of an inventory: it has no 'files'")
        }
        guard manifest["fileFormat"]?.text.map({ $0.uppercased() == "CSV" }) ?? true else {
            throw self.failure("its files are not CSV; have the inventory made as CSV")
        }
        let names = (manifest["fileSchema"]?.text ?? "").split(separator: ",").map { name in
            String(name.drop { $0 == " " })
        }
        let columns = S3InventoryColumns(names) ?? self.columns
        let keys = files.compactMap { $0["key"]?.text }
        return self.lines(keys.map { self.opener(self.place(ofFile: $0)) }, columns)
    }

    private func lines(
        _ files: [S3InventoryLines.Opener],
        _ columns: S3InventoryColumns
    ) -> S3InventoryLines {
        S3InventoryLines(files, path: self.place, bucket: self.bucket, columns: columns)
    }

    /// A file stands in the bucket of its manifest; of one on this machine, beside it.
    private func place(ofFile key: String) -> String {
        if let own = Self.object(self.place) { return "s3://\(own.bucket)/\(key)" }
        let name = key.split(separator: "/").last.map(String.init) ?? key
        let folder = self.place.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return (folder + [Substring(name)]).joined(separator: "/")
    }

    private static func object(_ place: String) -> (bucket: String, key: String)? {
        guard place.hasPrefix("s3://") else { return nil }
        let parts = place.dropFirst(5).split(separator: "/", maxSplits: 1)
        return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }

    private func opener(_ place: String) -> S3InventoryLines.Opener {
        { () throws(ConnectorError) in
            if place.hasPrefix("s3://") { return try self.chunks(ofObject: place) }
            let file: ContainerFile
            do throws(ConnectorError) {
                file = try ContainerFile(Array(place.utf8))
            } catch {
                throw self.failure("\(place): \(error.message)")
            }
            var offset = 0
            return { () throws(ConnectorError) in
                let chunk = try file.read(at: offset, count: Self.chunkBytes)
                offset += chunk.count
                return chunk
            }
        }
    }

    private func chunks(ofObject place: String) throws(ConnectorError) -> S3InventoryLines.Chunks {
        guard let (bucket, key) = Self.object(place) else {
            throw ConnectorError(
                .configuration,
                path: place,
                "it names no object; write s3://BUCKET/KEY"
            )
        }
        let client = try self.client(bucket)
        let object: S3Object
        do throws(RemoteFailure) {
            object = try blocking { () async throws(RemoteFailure) in
                try await client.get(key, maximumBytes: Self.objectBytesMaximum)
            }
        } catch {
            throw error.kind == .transient
                ? ConnectorError(error, path: place) : self.failure(error.message)
        }
        var rest = object.bytes[...]
        return { () throws(ConnectorError) in
            let chunk = Array(rest.prefix(Self.chunkBytes))
            rest = rest.dropFirst(chunk.count)
            return chunk
        }
    }

    private func failure(_ message: String) -> ConnectorError {
        ConnectorError(
            .unavailable,
            path: self.place,
            "the inventory cannot be read: \(message); check 'inventory', or leave it out to list the bucket"
        )
    }
}
