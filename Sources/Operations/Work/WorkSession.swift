internal import Records
internal import Storage

/// A run that is carried out in items, between the commands that do them.
///
/// It is a file that is replaced as a whole; whoever replaces it has the workspace alone.
struct WorkSession: Sendable, Codable {
    static let currentForm = "work-session/2"
    /// Of a run that has the phases prepare, resolve, materialise and publish.
    private static let formBefore = "work-session/1"

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
    /// What items found out of duplicates, kept under this name; nil where none did.
    var ahead: String?
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
        guard [Self.currentForm, Self.formBefore].contains(session.form) else {
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
    /// Of these, those that are left out from now on, and those that a retention takes out; nil for none.
    private var leftOut: [DocumentID]?
    private var expired: [DocumentID]?
    /// By source, how many documents are left out for each reason; nil for none.
    private var leftOutCounts: [String: [String: Int]]?

    init(_ listing: Listing, known: KnownDocuments) {
        self.sources = listing.sources
        self.unchanged = listing.unchanged
        self.unlisted = listing.unlisted.map { places in places.map { known.row($0).id } }
        self.leftOut = Self.sorted(listing.leftOutKnown)
        self.expired = Self.sorted(listing.expiredKnown)
        let counts = listing.sources.mapValues(\.leftOut).filter { !$0.value.isEmpty }
        self.leftOutCounts = counts.isEmpty ? nil : counts
    }

    private static func sorted(_ ids: Set<DocumentID>) -> [DocumentID]? {
        ids.isEmpty ? nil : ids.sorted()
    }

    /// Whether who goes on with it has to know what the manifests held when the run was planned.
    var needsKnown: Bool {
        self.sources.values.allSatisfy { $0.listed == 0 } || !self.unlisted.allSatisfy(\.isEmpty)
    }

    /// The listing as a run has it, with places in `known`; what is not there any more was deleted by a process
    /// that was lost.
    func listing(known: KnownDocuments) -> Listing {
        var listing = self.listing
        listing.unlisted = self.unlisted.map { ids in ids.compactMap { known.place(of: $0) } }
        return listing
    }

    /// Without what was not listed.
    var listing: Listing {
        var listing = Listing()
        listing.sources = self.sources
        listing.unchanged = self.unchanged
        listing.leftOutKnown = Set(self.leftOut ?? [])
        listing.expiredKnown = Set(self.expired ?? [])
        for (name, counts) in self.leftOutCounts ?? [:] { listing.sources[name]?.leftOut = counts }
        return listing
    }
}
