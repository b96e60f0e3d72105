import Dataflow
import Records

@testable import Connectors

/// The settings of a source as validation hands them over, defaults filled in.
func settings(
    _ kind: SourceKind,
    _ values: [String: ConfigValue],
    name: String = "web"
) -> SourceSettings {
    var all: [String: ConfigValue] = [:]
    for parameter in kind.descriptor.parameters { all[parameter.name] = parameter.defaultValue }
    return SourceSettings(
        name: name,
        values: Parameters(all.merging(values) { $1 }),
        directory: "/tmp",
        workspace: "/tmp/none"
    )
}

func texts(_ values: String...) -> ConfigValue { .list(values.map { .string($0) }) }

/// What a whole listing came to.
struct WholeListing {
    var documents: [String: SourceDocument] = [:]
    var items: [ListedItem] = []
    var deleted: [DocumentID] = []
    var problems: [String] = []
    var skipped: [String] = []
    var unmatched = 0
    var isDelta = false
    var checkpoint: ListingCursor?

    var uris: [String] { self.documents.keys.sorted() }

    func text(_ uri: String) -> String? {
        self.documents[uri].map { String(decoding: $0.bytes, as: UTF8.self) }
    }
}

/// Lists all pages and reads all documents; a connector of its own for each page where `anew` makes one.
func list(
    _ connector: any Connector,
    from checkpoint: ListingCursor? = nil,
    anew: (() throws -> any Connector)? = nil
) async throws -> WholeListing {
    var listing = WholeListing()
    var cursor = checkpoint
    repeat {
        let connector = try anew?() ?? connector
        let page = try await connector.page(after: cursor)
        for item in page.items {
            if let content = item.content {
                listing.documents[item.uri] = content
            } else {
                listing.documents[item.uri] = try await connector.read(item, maximumBytes: 1 << 28)
            }
        }
        listing.items += page.items
        listing.deleted += page.deleted
        listing.problems += page.report.errors.map(\.description)
        listing.skipped += page.report.skippedLinks
        listing.unmatched += page.report.unmatchedCount
        listing.isDelta = page.isDelta
        listing.checkpoint = page.checkpoint
        cursor = page.next
    } while cursor != nil
    return listing
}
