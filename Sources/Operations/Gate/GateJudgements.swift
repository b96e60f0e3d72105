internal import Search

/// The judgements of a gate as they hold for two snapshots: documents that moved are judged where they are now,
/// and those that nobody can serve any more are not asked for.
struct GateJudgements {
    /// Judged names by the URI of the document that they mean, where the URI itself does not tell.
    typealias Aliases = [String: [String]]

    private(set) var judgements: Judgements
    /// In the candidate, and in the live snapshot.
    private(set) var aliases: Aliases = [:]
    private(set) var liveAliases: Aliases = [:]
    private(set) var notes: [String] = []

    /// Choice: as much as a source may lose without being asked; beyond it what is gone counts as not found.
    private static let removedShareMax = 0.1

    /// By which every judgement holds as it is written.
    init(_ judgements: Judgements) { self.judgements = judgements }

    /// - Parameter served: what is served in place of the document of a URI: another one where it is a duplicate,
    ///   itself where it is known; nil where it is not known any more.
    init(
        _ judgements: Judgements,
        now: SnapshotShape,
        live: SnapshotShape,
        change: SnapshotChange,
        served: (String) throws -> String?
    ) throws {
        self.init(judgements)
        let isSmallLoss =
            Double(change.removed) <= Self.removedShareMax * Double(live.documents)
        var (gone, unknown) = (Set<String>(), Set<String>())
        for name in Set(judgements.values.flatMap(\.keys)).sorted()
        where now.places.uris(name).isEmpty {
            let old = live.places.uris(name)
            let moved = old.compactMap { change.newURIs[$0] }
            let stand = try moved.isEmpty ? old.compactMap(served) : moved
            if let uri = stand.first {
                self.aliases[uri, default: []].append(name)
            } else if !old.isEmpty {
                if isSmallLoss { gone.insert(name) }
            } else if !self.findByFile(name, now.places, live.places) {
                unknown.insert(name)
            }
        }
        self.leaveOut(gone, "of documents that were deleted")
        self.leaveOut(unknown, "that mean no document of either snapshot")
    }

    /// A document that moved in an earlier run still has its file name.
    private mutating func findByFile(
        _ name: String,
        _ now: JudgedPlaces,
        _ live: JudgedPlaces
    ) -> Bool {
        let (here, there) = (now.uriByFile(name), live.uriByFile(name))
        if let here { self.aliases[here, default: []].append(name) }
        if let there { self.liveAliases[there, default: []].append(name) }
        return here != nil || there != nil
    }

    private mutating func leaveOut(_ names: Set<String>, _ why: String) {
        guard !names.isEmpty else { return }
        for query in self.judgements.keys {
            self.judgements[query] = self.judgements[query]?.filter { !names.contains($0.key) }
        }
        self.judgements = self.judgements.filter { !$0.value.isEmpty }
        self.notes.append(
            "\(names.count) judged names \(why) are left out, first "
                + (names.min() ?? "")
        )
    }

    /// The name by which the document of a URI is judged for a query; its URI where it is not.
    static func name(of uri: String, in grades: [String: Double], _ aliases: Aliases) -> String {
        let name = judgedName(of: uri, in: grades)
        guard grades[name] == nil else { return name }
        return aliases[uri]?.first { grades[$0] != nil } ?? uri
    }
}
