internal import Records
internal import Storage

/// A run that is carried out in items, between the commands that do them.
///
/// It is a file that is replaced as a whole; whoever replaces it has the workspace alone.
struct WorkSession: Sendable, Codable {
    static let currentForm = "work-session/1"

    var form = Self.currentForm
    let run: Int64
    let verb: String
    /// Of every item.
    let fingerprint: String
    let startedMilliseconds: Int64
    let isParanoid: Bool
    /// As they were given when the run was planned.
    let overrides: [String: String]
    /// What the sources list, kept under this name.
    let listing: String
    /// The documents to look at of each shard that has any, kept under these names.
    let documents: [String]

    var phase: WorkPhase
    /// Of this phase.
    var items: [WorkItem]
    /// Whether it was said already that the phase is over.
    var isOver = false
    var shardsWithVectors: [Int] = []
    /// What the items of earlier phases counted.
    var tally = RunTally()
    var gone: [GoneDocument] = []

    /// Nil where no such run is open.
    static func read(_ files: WorkFiles) throws -> WorkSession? {
        guard let session = try files.read(Self.self, from: files.layout.workSession) else {
            return nil
        }
        guard session.form == Self.currentForm else {
            throw OperationError(
                .newerVersion,
                "\(files.layout.workSession): form \(session.form); use the newer binary"
            )
        }
        return session
    }

    func write(_ files: WorkFiles) throws { try files.write(self, to: files.layout.workSession) }

    /// Those that nobody has done yet.
    func openItems(_ files: WorkFiles) -> [WorkItem] {
        self.items.filter { !fileExists(files.done($0.name)) }
    }

    /// What became of the items of this phase, all of which are done.
    func results(_ files: WorkFiles) throws -> [WorkResult] {
        try self.items.map { item in
            guard let result = try files.read(WorkResult.self, from: files.done(item.name)) else {
                throw OperationError(
                    .fatal,
                    "\(files.done(item.name)): missing; \(files.wayOut)"
                )
            }
            return result
        }
    }

    func item(_ phase: WorkPhase, part: Int = 0, inputs: [String]) -> WorkItem {
        WorkItem(
            run: self.run,
            phase: phase,
            part: part,
            inputs: inputs,
            fingerprint: self.fingerprint
        )
    }
}

/// What the sources listed, for the phases after the one that lists.
struct WorkListing: Sendable, Codable {
    var sources: [String: Listing.Source]
    var unchanged: Int
    /// Known documents that were not listed, by shard, ascending.
    var unlisted: [[DocumentID]]

    init(_ listing: Listing, known: KnownDocuments) {
        self.sources = listing.sources
        self.unchanged = listing.unchanged
        self.unlisted = listing.unlisted.map { places in places.map { known.row($0).id } }
    }

    /// The listing as a run has it, with places in `known`, which knows all of the unlisted.
    func listing(known: KnownDocuments) throws -> Listing {
        var listing = self.listing
        listing.unlisted = try self.unlisted.map { ids in
            try ids.map { id in
                guard let place = known.place(of: id) else {
                    throw OperationError(
                        .fatal,
                        "document \(id) was known when the run was planned and is not now; plan anew "
                            + "with 'millrace work plan PIPELINE --restart'"
                    )
                }
                return place
            }
        }
        return listing
    }

    /// Without what was not listed.
    var listing: Listing {
        var listing = Listing()
        listing.sources = self.sources
        listing.unchanged = self.unchanged
        return listing
    }
}
