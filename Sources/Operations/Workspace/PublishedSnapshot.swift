internal import Manifests
internal import Segments
internal import Storage

/// The published snapshot of the workspace at `root`, by its own files alone: no manifest is opened.
///
/// - Throws: ``OperationError`` `.noSuchState` when there is no workspace or nothing was published yet,
///   `.fatal` when `LIVE` or the descriptor is lost or damaged, naming what heals it.
func publishedSnapshot(workspace root: String) throws -> Snapshot {
    if let snapshot = try publishedSnapshotIfAny(workspace: root) { return snapshot }
    guard fileExists(WorkspaceLayout(root: root).root), try hasTraces(ofWorkspace: root) else {
        throw OperationError(
            .noSuchState,
            "there is no workspace at \(root); make one with 'millrace backfill PIPELINE'"
        )
    }
    throw OperationError(
        .noSuchState,
        "nothing is published in \(root) yet; run 'millrace backfill PIPELINE'"
    )
}

/// A snapshot by its number, live or not.
///
/// - Throws: ``OperationError`` `.noSuchState` where it is not there, or not any more.
func keptSnapshot(_ number: Int, workspace root: String) throws -> Snapshot {
    do {
        return try snapshot(number: number, workspace: root)
    } catch let error as StorageError where error.code == .notFound {
        let numbers = try snapshotNumbers(workspace: root).map(String.init)
        throw OperationError(
            .noSuchState,
            "there is no snapshot \(number) in \(root); there are: "
                + (numbers.isEmpty ? "none" : numbers.joined(separator: ", "))
        )
    }
}

/// What a search says of a snapshot that is named but whose files are collected.
func lostSnapshotSegments(_ number: Int, _ path: String) -> OperationError {
    OperationError(
        .noSuchState,
        "\(path): a segment of snapshot \(number) is not there any more; 'millrace snapshots' lists those "
            + "that are kept"
    )
}

/// As ``publishedSnapshot(workspace:)``; nil when nothing was published yet.
func publishedSnapshotIfAny(workspace root: String) throws -> Snapshot? {
    let layout = WorkspaceLayout(root: root)
    do {
        if let snapshot = try liveSnapshot(workspace: root) { return snapshot }
    } catch let error as SegmentError where error.code == .corrupt {
        throw lostSnapshot("\(error)")
    } catch let error as StorageError where error.code == .notFound {
        throw lostSnapshot("\(error.path): the descriptor of the live snapshot is missing")
    }
    // A candidate that the gate stopped before anything was ever live is no loss.
    let catalog = try? Catalog(path: layout.catalog, mode: .readOnly)
    let waiting = (try? catalog?.waitingCandidate(workspace: root)) ?? nil
    guard let last = try snapshotNumbers(workspace: root).last(where: { $0 != waiting }) else {
        return nil
    }
    throw lostSnapshot(
        "\(layout.live) is missing, and \(layout.snapshot(last)) is there: it was lost, or the first "
            + "publication was cut short"
    )
}

/// The published snapshot as a run takes it up: one that is lost or damaged is as good as none, since a
/// run publishes anew from the manifests.
func usableSnapshot(workspace root: String) throws -> Snapshot? {
    do {
        return try liveSnapshot(workspace: root)
    } catch let error as SegmentError where error.code == .corrupt {
        return nil
    } catch let error as StorageError where error.code == .notFound {
        return nil
    }
}

private func lostSnapshot(_ what: String) -> OperationError {
    OperationError(
        .fatal,
        "\(what); 'millrace sync PIPELINE' publishes it again from the manifests"
    )
}

/// Whether a run has ever been at work in the folder.
func hasTraces(ofWorkspace root: String) throws -> Bool {
    let layout = WorkspaceLayout(root: root)
    return [layout.catalog, layout.shardsFolder, layout.snapshotsFolder, layout.live]
        .contains(where: fileExists)
}
