internal import Dataflow
internal import Foundation
internal import Manifests
internal import Objects
internal import Storage
internal import Synchronization
package import Telemetry

/// The workspaces on object storage that this process has begun to work on: brought up to date once, when their
/// pipeline is first read, and published by ``publishRemoteWorkspaces(progress:)``.
private let entered = Mutex<[String: EnteredWorkspace]>([:])
private let told = Mutex<(@Sendable (String) -> Void)?>(nil)

private struct EnteredWorkspace {
    let store: RemoteStore
    /// What the files were when they were last published or brought up to date.
    var state: [String: FileStatus]
}

/// Has `tell` called with what people should know of the workspaces on object storage.
package func tellOfRemoteWorkspaces(_ tell: @escaping @Sendable (String) -> Void) {
    told.withLock { $0 = tell }
}

private func tell(_ text: String) { told.withLock { $0 }?(text) }

/// The plan with the folder of this machine for its workspace, where the workspace is on object storage.
func locatingWorkspace(_ plan: Plan) throws -> Plan {
    guard let remote = plan.remote else { return plan }
    var plan = plan
    plan.workspace = try RemoteCache.workspace(of: RemoteStore(remote))
    return plan
}

/// Brings the folder of a workspace on object storage to what is in force there; does nothing for others, and
/// nothing a second time in one process.
///
/// What a run here did not publish is kept while nothing newer is in force, and dropped otherwise: the two are
/// never merged, and what was dropped is done again from the sources.
func enterWorkspace(of plan: Plan) throws {
    guard let remote = plan.remote else { return }
    try enterRemote(RemoteStore(remote), folder: plan.workspace)
}

/// The folder that `--workspace` names; one for an address on object storage is brought up to date.
package func placedWorkspace(_ text: String) throws -> String {
    guard text.hasPrefix("s3://") else { return absolutePath(text) }
    let store = try RemoteStore(text)
    let folder = try RemoteCache.workspace(of: store)
    try enterRemote(store, folder: folder)
    return folder
}

private func enterRemote(_ store: RemoteStore, folder: String) throws {
    guard entered.withLock({ $0[folder] == nil }) else { return }
    let layout = WorkspaceLayout(root: folder)
    if !fileExists(layout.workSession) { try bringUpToDate(layout, store) }
    let state = try stateFiles(layout)
    entered.withLock { $0[folder] = EnteredWorkspace(store: store, state: state) }
}

private func bringUpToDate(_ layout: WorkspaceLayout, _ store: RemoteStore) throws {
    guard let head = try store.head()?.head else { return }
    let base = RemoteRecord(layout).base(of: store.address.description, head: head)
    let isThere = try hasTraces(ofWorkspace: layout.root)
    if isThere, base?.name == head.generation { return }
    var options = PullOptions()
    options.discards = true
    let report: PullReport
    do {
        report = try pull(from: store, to: layout.root, options: options)
    } catch let error as OperationError {
        // A run of this machine is at work: what it works on is read, and what it does is compared when it ends.
        guard error.status == .locked, isThere else { throw error }
        return
    }
    guard report.hasDiscarded else { return }
    tell(
        "\(store.address): generation \(report.number) was published elsewhere; what a run here had done "
            + "since generation \(base.map { "\($0.generation.number)" } ?? "none") and not published is "
            + "dropped and done again"
    )
}

/// Publishes what this process changed in workspaces on object storage.
///
/// A run in items is published when it has ended.
/// - Returns: what was put in force.
/// - Throws: ``OperationError`` `.locked` where another writer was first: the same command then begins from
///   what that one published.
@discardableResult
package func publishRemoteWorkspaces(progress: RunProgress = RunProgress()) throws -> [PushReport] {
    let all = entered.withLock { $0 }
    var reports: [PushReport] = []
    for (folder, workspace) in all.sorted(by: { $0.key < $1.key }) {
        let layout = WorkspaceLayout(root: folder)
        let state = try stateFiles(layout)
        guard fileExists(layout.catalog), !fileExists(layout.workSession), state != workspace.state
        else { continue }
        reports.append(try publish(workspace.store, folder, progress))
        let published = try stateFiles(layout)
        entered.withLock { $0[folder]?.state = published }
    }
    return reports
}

private func publish(
    _ store: RemoteStore,
    _ folder: String,
    _ progress: RunProgress
) throws -> PushReport {
    var options = PushOptions()
    // Choice: longer than a reader of this machine that brings itself up to date holds the lock.
    options.lockWaitSeconds = 60
    options.isPublishing = true
    return try push(workspace: folder, to: store, options: options, progress: progress)
}

/// What the files of a workspace are, as far as their names and times tell.
private func stateFiles(_ layout: WorkspaceLayout) throws -> [String: FileStatus] {
    guard fileExists(layout.root) else { return [:] }
    let shardCount = try layout.shardCountOnDisk() ?? 0
    var state: [String: FileStatus] = [:]
    for path in try WorkspaceFiles(layout: layout).paths(shardCount: shardCount) {
        state[path] = try? fileStatus("\(layout.root)/\(path)")
    }
    return state
}
