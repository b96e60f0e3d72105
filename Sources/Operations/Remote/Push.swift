internal import Manifests
internal import Objects
internal import Segments
internal import Storage
package import Telemetry

package struct PushReport: Sendable, Codable {
    package var workspace: String
    package var remote: String
    /// The generation that is in force now, and its number.
    package var generation: String
    package var number: Int
    /// Whether the address had all of it already.
    package var wasUpToDate: Bool
    /// Nil when nothing was published yet.
    package var snapshot: Int?
    package var digest: String?
    package var files: Int
    package var byteCount: Int
    package var objectsSent: Int
    /// Before compression.
    package var bytesSent: Int
}

package struct PushOptions: Sendable {
    package var clock = WallClock.system
    package var lockWaitSeconds = 0.0
    /// Sends every piece again: mends objects that are damaged or missing.
    package var sendsAll = false
    /// Whether it ends a command that works on the address itself: what to type is then that command.
    var isPublishing = false
    var segmentPieces = SegmentPieces()

    package init() {}
}

/// Sends what a workspace has and an address does not, and puts it in force there if nobody else did so since
/// the workspace was pushed or pulled.
///
/// Invariant: the head moves last and by a conditional write, so that whatever happens before leaves the
/// address as it was.
/// - Throws: ``OperationError``: `.noSuchState` without a workspace, `.locked` while a writer is at work, here or
///   where another one was first there, `.fatal` where the address has another state.
@discardableResult
package func push(
    workspace root: String,
    to store: RemoteStore,
    options: PushOptions = PushOptions(),
    progress: RunProgress = RunProgress()
) throws -> PushReport {
    try translatingErrors {
        let reader = try WorkspaceReader(root: root)
        let lock = try acquireWriterLock(
            reader.layout,
            verb: "push",
            startedMilliseconds: options.clock.milliseconds(),
            waitSeconds: options.lockWaitSeconds
        )
        defer { withExtendedLifetime(lock) {} }
        try requireNoItems(reader.layout)
        return try PushOperation(
            store: store,
            reader: reader,
            options: options,
            progress: progress,
            writer: lock.holder
        ).run()
    }
}

/// Between its commands, a run in items is work of this machine.
func requireNoItems(_ layout: WorkspaceLayout) throws {
    guard fileExists(layout.workSession) else { return }
    throw OperationError(
        .configuration,
        "a run in items is open in \(layout.root); end it with 'millrace work done PIPELINE', or in one "
            + "process with 'millrace sync PIPELINE'"
    )
}

private struct PushOperation {
    let store: RemoteStore
    let reader: WorkspaceReader
    let options: PushOptions
    let progress: RunProgress
    let writer: LockHolder

    private var layout: WorkspaceLayout { self.reader.layout }
    private var address: String { self.store.address.description }

    func run() throws -> PushReport {
        try WorkspaceFiles(layout: self.layout).emptyLogs(shardCount: self.reader.shardCount)
        let old = try self.store.head()
        var record = RemoteRecord(self.layout)
        let base = record.base(of: self.address, head: old?.head)
        let files = try WorkspaceFiles(
            layout: self.layout,
            segmentPieces: self.options.segmentPieces
        ).contents(
            shardCount: self.reader.shardCount,
            known: self.options.sendsAll ? [] : base?.generation.files ?? [],
            progress: self.progress
        )
        if let old {
            let current =
                try base.flatMap { $0.name == old.head.generation ? $0.generation : nil }
                ?? self.store.generation(of: old.head)
            if current.files == files {
                let sent = self.options.sendsAll ? try self.send(files, except: []) : (0, 0)
                let known = RemoteRecord.Known(name: old.head.generation, generation: current)
                record.settle(known, at: self.address)
                try record.write(self.layout)
                return self.report(known, sent: sent, wasUpToDate: true)
            }
            guard base?.name == old.head.generation else {
                throw self.otherState(base, old.head, current)
            }
        }
        let sent = try self.send(
            files,
            except: self.options.sendsAll || old == nil ? [] : base?.generation.objects ?? []
        )
        let known = try self.known(files, after: old?.head)
        record.expect(known, at: self.address)
        try record.write(self.layout)
        try self.putInForce(known, old)
        record.settle(known, at: self.address)
        try record.write(self.layout)
        return self.report(known, sent: sent, wasUpToDate: false)
    }

    private func putInForce(
        _ known: RemoteRecord.Known,
        _ old: (head: RemoteHead, etag: String)?
    ) throws {
        if old == nil { try self.store.requireConditions(known.name, known.generation) }
        let head = RemoteHead(
            generation: known.name,
            lineage: known.generation.lineage,
            number: known.generation.number
        )
        switch try self.store.move(to: head, from: old) {
        case .moved: return
        case .lost(let now):
            let winner = now.map { "generation \($0.number)" } ?? "another state"
            throw OperationError(
                .locked,
                "\(self.address): another writer was first, \(winner) is in force there; nothing was put "
                    + "in force and nothing of the other's is lost. \(self.wayOut)"
            )
        }
    }

    /// Writes the object that names everything else.
    private func known(
        _ files: [RemoteFile],
        after old: RemoteHead?
    ) throws -> RemoteRecord.Known {
        let live = try liveSnapshot(workspace: self.layout.root)
        let generation = RemoteGeneration(
            lineage: try old?.lineage ?? self.newLineage(),
            number: (old?.number ?? 0) + 1,
            parent: old?.generation,
            writer: self.writer,
            createdMilliseconds: self.options.clock.milliseconds(),
            pipeline: try self.reader.catalog.setting(SettingKey.pipeline) ?? "",
            shardCount: self.reader.shardCount,
            snapshot: live?.number,
            digest: live?.digest,
            files: files
        )
        return RemoteRecord.Known(name: try self.store.put(generation), generation: generation)
    }

    private func newLineage() throws -> String {
        remoteName([
            self.writer.host, String(self.writer.processID), String(monotonicNanoseconds()),
            String(self.options.clock.milliseconds()), self.address,
        ])
    }

    /// Sends the pieces that are not in `present`, nor in the bucket since a push that did not end.
    private func send(
        _ files: [RemoteFile],
        except present: Set<String>
    ) throws -> (objects: Int, bytes: Int) {
        var seen = present
        var missing: [PieceAt] = []
        for file in files {
            for piece in file.piecesAt("\(self.layout.root)/\(file.path)")
            where seen.insert(piece.object).inserted { missing.append(piece) }
        }
        if !missing.isEmpty, !self.options.sendsAll {
            let recent = try self.recentObjects()
            missing.removeAll { recent.contains($0.object) }
        }
        let progress = self.progress
        progress.begin(phase: "push", total: missing.count)
        try self.store.send(missing) { bytes in
            progress.update {
                $0.done += 1
                $0.bytesRead += bytes
            }
        }
        return (missing.count, missing.reduce(0) { $0 + $1.piece.byteCount })
    }

    /// What was sent so lately that no clean-up takes it away before this push ends.
    private func recentObjects() throws -> Set<String> {
        let oldest = self.options.clock.milliseconds() - RemoteGrace.minimumMilliseconds / 2
        let start = self.store.key("").utf8.count
        return Set(
            try self.store.list(RemoteLayout.objects)
                .filter { ($0.modified ?? 0) / 1_000_000 >= oldest }
                .map { String(decoding: Array($0.key.utf8.dropFirst(start)), as: UTF8.self) }
        )
    }

    private var wayOut: String {
        if self.options.isPublishing {
            return
                "The result of this command is not published and is dropped; run the same command again: it "
                + "begins from what is in force now"
        }
        let root = self.layout.root
        return
            "Look at it with 'millrace pull \(self.address) --workspace OTHER', or replace this workspace "
            + "with it by 'millrace pull \(self.address) --workspace \(root) --discard' and run again"
    }

    private func otherState(
        _ base: RemoteRecord.Known?,
        _ head: RemoteHead,
        _ current: RemoteGeneration
    ) -> OperationError {
        let what =
            base.map {
                "has moved on from generation \($0.generation.number), which this workspace goes on from, "
                    + "to \(head.number)"
            }
            ?? "has a workspace already: generation \(head.number) of pipeline '\(current.pipeline)'"
        return OperationError(
            self.options.isPublishing ? .locked : .fatal,
            "\(self.address) \(what); two states are never merged, and nothing was pushed. \(self.wayOut)"
        )
    }

    private func report(
        _ known: RemoteRecord.Known,
        sent: (objects: Int, bytes: Int),
        wasUpToDate: Bool
    ) -> PushReport {
        PushReport(
            workspace: self.layout.root,
            remote: self.address,
            generation: known.name,
            number: known.generation.number,
            wasUpToDate: wasUpToDate,
            snapshot: known.generation.snapshot,
            digest: known.generation.digest,
            files: known.generation.files.count,
            byteCount: known.generation.byteCount,
            objectsSent: sent.objects,
            bytesSent: sent.bytes
        )
    }
}
