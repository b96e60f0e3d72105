internal import Hashing
internal import Objects
internal import Records
internal import Storage
package import Telemetry

package struct RemoteGarbageReport: Sendable, Codable {
    package var remote: String
    /// Of the generation that is in force.
    package var number: Int
    package var generationsKept: Int
    package var generationsRemoved: Int
    package var objectsKept: Int
    package var objectsRemoved: Int
    /// As stored.
    package var bytesRemoved: Int
    /// Whether nothing was removed, only counted.
    package var isDryRun: Bool
}

/// How long what nothing names is left alone: a push may be about to name it, and a pull to read it.
enum RemoteGrace {
    /// Choice: longer than any push takes.
    ///
    /// A push takes objects for present that are half as old at most.
    static let minimumMilliseconds: Int64 = 3_600_000
}

/// A name that no other writer makes.
func remoteName(_ parts: [String]) -> String {
    String(sha256(parts.joined(separator: "\n")).hex.prefix(32))
}

/// Removes what no generation in use names: one that is in force, came later than the grace time ago, or was in
/// force until then.
///
/// Invariant: generations go before what they name, so that one that is there can be pulled; nothing that is
/// younger than the grace time goes, so that a push that has not moved the head yet loses nothing.
/// - Throws: ``OperationError`` `.noSuchState` where nothing was pushed, `.configuration` for a grace time that
///   is too short.
package func collectRemoteGarbage(
    of store: RemoteStore,
    graceSeconds: Double,
    isDryRun: Bool = false,
    clock: WallClock = .system,
    progress: RunProgress = RunProgress()
) throws -> RemoteGarbageReport {
    let grace = Int64(graceSeconds * 1_000)
    guard grace >= RemoteGrace.minimumMilliseconds else {
        throw OperationError(
            .configuration,
            "--grace takes 1h or more: a push that is under way would lose what it sent"
        )
    }
    guard let head = try store.head()?.head else {
        throw OperationError(.noSuchState, "nothing was pushed to \(store.address) yet")
    }
    let oldest = clock.milliseconds() - grace
    let generations = try RemoteGenerations(store, head: head, oldest: oldest)
    var named: Set<String> = []
    for name in generations.kept {
        named.formUnion(try store.generation(name).objects.map(store.key))
    }
    let objects = try store.list(RemoteLayout.objects)
    let garbage = objects.filter {
        !named.contains($0.key) && ($0.modified ?? .max) / 1_000_000 < oldest
    }
    progress.begin(phase: "remove", total: generations.garbage.count + garbage.count)
    if !isDryRun {
        try store.delete(generations.garbage.map(\.key)) { progress.finish(1) }
        try store.delete(garbage.map(\.key)) { progress.finish(1) }
    }
    return RemoteGarbageReport(
        remote: store.address.description,
        number: head.number,
        generationsKept: generations.kept.count,
        generationsRemoved: generations.garbage.count,
        objectsKept: objects.count - garbage.count,
        objectsRemoved: garbage.count,
        bytesRemoved: (generations.garbage + garbage).reduce(0) { $0 + $1.size },
        isDryRun: isDryRun
    )
}

/// Which generations an address has, and which of them may go.
private struct RemoteGenerations {
    private(set) var kept: Set<String> = []
    private(set) var garbage: [S3Entry] = []

    init(_ store: RemoteStore, head: RemoteHead, oldest: Int64) throws {
        let prefix = store.key(RemoteLayout.generations).utf8.count
        var entries: [String: S3Entry] = [:]
        for entry in try store.list(RemoteLayout.generations) where entry.key.hasSuffix(".json") {
            let name = String(decoding: entry.key.utf8.dropFirst(prefix).dropLast(5), as: UTF8.self)
            if isSHA256(name) { entries[name] = entry }
        }
        func isYoung(_ name: String) -> Bool {
            (entries[name]?.modified ?? .max) / 1_000_000 >= oldest
        }
        self.kept = Set(entries.keys.filter(isYoung)).union([head.generation])
        // One was in force until the one after it came.
        var name = head.generation
        while isYoung(name), let parent = try store.generation(name).parent, entries[parent] != nil
        {
            self.kept.insert(parent)
            name = parent
        }
        self.garbage = entries.filter { !self.kept.contains($0.key) }.map(\.value)
            .sorted { $0.key < $1.key }
    }
}
