internal import Dataflow
internal import Objects
internal import Records

/// What the keys of an `s3` source say, checked; nobody is asked for it.
struct S3SourceOptions: Sendable {
    let name: String
    let bucket: S3Bucket
    let prefix: String
    let patterns: PlacePatterns
    let origin: AWSCredentialOrigin
    /// Whether tags become metadata.
    let keepsTags: Bool
    let labelTag: String?
    let concurrency: Int
    /// Another bucket of the same server.
    private let bucketNamed: @Sendable (String) throws(S3ConfigurationError) -> S3Bucket
    private let inventoryPlace: String?
    private let inventoryColumns: [String]

    init(_ settings: SourceSettings, _ context: AWSContext) throws(ConnectorError) {
        let values = settings.values
        self.name = settings.name
        self.prefix = values.string("prefix", default: "")
        self.patterns = try PlacePatterns(
            include: values.strings("include"),
            exclude: values.strings("exclude"),
            of: settings.name
        )
        self.origin =
            AWSCredentialOrigin(rawValue: values.string("credentials", default: "chain")) ?? .chain
        self.labelTag = values.text("label_tag")
        self.keepsTags = values.bool("tags")
        let place = values.text("inventory")
        self.inventoryPlace = place.map {
            $0.hasPrefix("s3://") ? $0 : settings.absolutePath($0)
        }
        self.inventoryColumns = values.strings("inventory_columns")
        self.concurrency = values.int("concurrency", default: CommonSourceKeys.concurrencyByDefault)
        let endpoint = values.text("endpoint") ?? context.endpoint
        let region = values.text("region") ?? context.region
        let addressing = S3Bucket.Addressing(
            rawValue: values.string("addressing", default: "auto")
        )
        self.bucketNamed = { (name) throws(S3ConfigurationError) in
            try S3Bucket(name, endpoint: endpoint, region: region, addressing: addressing ?? .auto)
        }
        do throws(S3ConfigurationError) {
            self.bucket = try self.bucketNamed(values.string("bucket", default: ""))
        } catch {
            throw settings.failure(error.key, error.message)
        }
    }

    var readsTags: Bool { self.keepsTags || self.labelTag != nil }

    /// Nil where the bucket is asked for its listing.
    func inventory(
        _ client: @escaping @Sendable (S3Bucket) -> S3Client
    ) throws(ConnectorError) -> LineListing? {
        guard let place = self.inventoryPlace else { return nil }
        let bucketNamed = self.bucketNamed
        let inventory = try S3Inventory(
            place,
            columns: self.inventoryColumns,
            bucket: self.bucket.name
        ) { (name) throws(ConnectorError) in
            do throws(S3ConfigurationError) {
                return client(try bucketNamed(name))
            } catch {
                throw ConnectorError(.configuration, path: place, error.message)
            }
        }
        return LineListing(
            source: self.name,
            interpreter: S3InventoryInterpreter(options: self),
            lineBytesMaximum: 64 << 10
        ) { (_) throws(ConnectorError) in try inventory.open() }
    }

    /// Nil for an object that the prefix or the patterns leave out.
    func item(_ entry: S3Entry) -> ListedItem? {
        guard entry.key.hasPrefix(self.prefix), entry.key.utf8.count > self.prefix.utf8.count,
            self.patterns.lists(Array(self.place(of: entry.key).utf8))
        else { return nil }
        return ListedItem(
            source: self.name,
            place: self.place(of: entry.key),
            token: Array(entry.key.utf8),
            version: ItemVersion(of: "\(entry.etag) \(entry.size) \(entry.modified ?? 0)"),
            size: entry.size,
            modificationNanoseconds: entry.modified,
            labels: self.labelTag == nil ? [] : nil
        )
    }

    /// The place of a key in its source.
    func place(of key: String) -> String { String(key.dropFirstBytes(self.prefix.utf8.count)) }
}

extension S3Entry {
    /// What stands for a folder in programs that show buckets as disks.
    var isFolderMark: Bool { self.size == 0 && self.key.utf8.last == UInt8(ascii: "/") }
}

extension String {
    fileprivate func dropFirstBytes(_ count: Int) -> Substring {
        self[
            (self.utf8.index(self.startIndex, offsetBy: count, limitedBy: self.endIndex)
                ?? self.endIndex)...
        ]
    }
}
