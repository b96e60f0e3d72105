internal import Hashing
internal import Objects
internal import Records
internal import Storage
internal import Synchronization

/// A segment in a bucket of which this machine has the blocks that were read.
///
/// Each block is held to its SHA-256 before it is read, also what an earlier process or another one left in the
/// file: so nothing is noted of what is there, and a crash leaves nothing wrong.
final class PartialSegment: AbsentBytes {
    /// What the file with holes is called, behind the segment's own name.
    static let suffix = ".part"

    private struct State {
        /// By block: whether it was held to its hash by this process.
        var isHere: [Bool]
        var missingCount: Int
        var failures = 0
        var cause: (any Error)?
    }

    /// Blocks that follow each other in one piece, in numbers of the file.
    private struct Run: Sendable {
        let piece: Int
        var blocks: Range<Int>
    }

    let path: String
    private let store: RemoteStore
    private let file: RemoteFile
    private let blockByteCount: Int
    private let blocksPerPiece: Int
    private let blockCount: Int
    private let sparse: SparseFile
    private let mapped: MappedFile
    private let state: Mutex<State>
    /// Held by the one who fetches; the others may read what is here meanwhile.
    private let fetching = Mutex(())

    /// Nil for a file that is not read in parts.
    ///
    /// - Throws: ``StorageError``.
    init?(_ file: RemoteFile, at path: String, of store: RemoteStore) throws {
        guard file.isReadInParts, let block = file.blockByteCount,
            let size = file.pieces.first?.byteCount
        else { return nil }
        self.path = path
        self.store = store
        self.file = file
        self.blockByteCount = block
        self.blocksPerPiece = size / block
        self.blockCount = (file.byteCount + block - 1) / block
        self.sparse = try SparseFile(path: path, byteCount: file.byteCount)
        self.mapped = try MappedFile(path: path)
        self.state = Mutex(
            State(
                isHere: [Bool](repeating: false, count: self.blockCount),
                missingCount: self.blockCount
            )
        )
    }

    var failure: (count: Int, cause: (any Error)?) {
        self.state.withLock { ($0.failures, $0.cause) }
    }

    func bring(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        let blocks =
            range.lowerBound / self.blockByteCount..<(range.upperBound - 1) / self.blockByteCount
            + 1
        guard self.lacks(blocks) else { return }
        do {
            try self.fetching.withLock { _ in try self.fetch(blocks) }
        } catch {
            self.state.withLock { state in
                state.failures += 1
                state.cause = error
            }
        }
    }

    private func lacks(_ blocks: Range<Int>) -> Bool {
        self.state.withLock { state in
            state.missingCount > 0 && blocks.contains { !state.isHere[$0] }
        }
    }

    // MARK: Fetching

    private func fetch(_ blocks: Range<Int>) throws {
        let unchecked = self.state.withLock { state in blocks.filter { !state.isHere[$0] } }
        var missing: [Int] = []
        for block in unchecked {
            if self.isSound(block) { self.note(block) } else { missing.append(block) }
        }
        let runs = self.runs(missing)
        guard !runs.isEmpty else { return }
        try asking { () async throws(RemoteFailure) in
            _ = try await inParallel(runs, limit: RemoteStore.concurrency) {
                run async throws(RemoteFailure) in
                try await self.fetch(run)
            }
        }
    }

    private func fetch(_ run: Run) async throws(RemoteFailure) {
        let start = self.range(of: run.blocks.lowerBound).lowerBound
        let end = self.range(of: run.blocks.upperBound - 1).upperBound
        let bytes = try await self.store.fetch(
            PieceAt(
                piece: self.file.pieces[run.piece],
                object: self.file.object(self.file.pieces[run.piece]),
                isDeflated: false,
                path: self.path,
                offset: run.piece * self.blocksPerPiece * self.blockByteCount
            ),
            range: start..<end,
            isSound: { bytes in
                run.blocks.allSatisfy { block in
                    let range = self.range(of: block)
                    let part = bytes[range.lowerBound - start..<range.upperBound - start]
                    return sha256(Array(part)).hex == self.hash(of: block)
                }
            }
        )
        do throws(StorageError) {
            try self.sparse.write(bytes, at: start)
        } catch {
            throw RemoteFailure(.permanent, error.message)
        }
        for block in run.blocks { self.note(block) }
    }

    /// The blocks as few requests as may be: neighbours of one piece come together.
    private func runs(_ blocks: [Int]) -> [Run] {
        var runs: [Run] = []
        for block in blocks {
            let piece = block / self.blocksPerPiece
            if let last = runs.last, last.piece == piece, last.blocks.upperBound == block {
                runs[runs.count - 1].blocks = last.blocks.lowerBound..<block + 1
            } else {
                runs.append(Run(piece: piece, blocks: block..<block + 1))
            }
        }
        return runs
    }

    private func range(of block: Int) -> Range<Int> {
        let start = block * self.blockByteCount
        return start..<min(start + self.blockByteCount, self.file.byteCount)
    }

    private func hash(of block: Int) -> String? {
        let piece = block / self.blocksPerPiece
        return self.file.pieces[piece].blocks?[block - piece * self.blocksPerPiece]
    }

    private func isSound(_ block: Int) -> Bool {
        self.mapped.withBytes { bytes in
            sha256(UnsafeRawBufferPointer(rebasing: bytes[self.range(of: block)])).hex
                == self.hash(of: block)
        }
    }

    private func note(_ block: Int) {
        self.state.withLock { state in
            guard !state.isHere[block] else { return }
            state.isHere[block] = true
            state.missingCount -= 1
        }
    }
}
