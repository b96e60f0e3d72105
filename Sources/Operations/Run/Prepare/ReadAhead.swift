internal import Connectors
internal import Dispatch
internal import Manifests
internal import Objects
internal import Records
internal import Synchronization

/// Reads documents before a worker asks for them, so that no worker waits for a network.
///
/// For sources that are not on this machine's disks. Documents are read in the order they were listed in,
/// so many of a source at the same time as its `concurrency` says, and no more ahead than a limit of
/// bytes: what a worker waits for is read whatever waits already.
final class ReadAhead: Sendable {
    /// A document that is to be read, is being read, or was read.
    private final class Slot: Sendable {
        let document: PendingDocument
        /// Bytes that it counts for until it is known how many it has.
        let expectedBytes: Int
        let result = Mutex<(reading: Reading, byteCount: Int)?>(nil)
        let done = DispatchSemaphore(value: 0)

        init(_ document: PendingDocument) {
            self.document = document
            self.expectedBytes = document.listed.size ?? Slot.bytesOfUnknown
        }

        private static let bytesOfUnknown = 256 << 10
    }

    private struct State {
        var slots: [DocumentID: Slot] = [:]
        /// Slots that nobody reads yet, by source.
        var waiting: [String: ArraySlice<Slot>] = [:]
        var isStarted: Set<DocumentID> = []
        var reading: [String: Int] = [:]
        var heldBytes = 0
        var tasks: [DocumentID: Task<Void, Never>] = [:]
        var isClosed = false
    }

    private let read: @Sendable (PendingDocument) async -> Reading
    private let concurrency: [String: Int]
    private let bytesMaximum: Int
    private let state = Mutex(State())
    /// How long a wait may pass over a request to stop.
    private static let patience: DispatchTimeInterval = .milliseconds(100)

    /// - Parameter concurrency: by source.
    init(
        concurrency: [String: Int],
        bytesMaximum: Int,
        read: @escaping @Sendable (PendingDocument) async -> Reading
    ) {
        self.concurrency = concurrency
        self.bytesMaximum = bytesMaximum
        self.read = read
    }

    /// Takes documents up that workers will ask for, in this order.
    func expect(_ documents: [PendingDocument]) {
        guard !documents.isEmpty else { return }
        self.state.withLock { state in
            guard !state.isClosed else { return }
            for document in documents {
                let slot = Slot(document)
                state.slots[document.item.id] = slot
                state.waiting[document.item.source, default: []].append(slot)
            }
            self.startMore(&state)
        }
    }

    /// The document, once it is read.
    ///
    /// - Throws: ``RunStopped`` when the run ends before.
    func take(_ document: PendingDocument, stop: StopPoint) throws -> Reading {
        let slot = self.state.withLock { state in
            let slot = state.slots[document.item.id] ?? Slot(document)
            state.slots[document.item.id] = slot
            if !state.isStarted.contains(document.item.id) { self.start(slot, &state) }
            return slot
        }
        while slot.done.wait(timeout: .now() + Self.patience) == .timedOut { try stop.check() }
        self.state.withLock { state in
            let byteCount = slot.result.withLock { $0?.byteCount } ?? 0
            state.heldBytes -= byteCount
            state.slots[document.item.id] = nil
            state.isStarted.remove(document.item.id)
            state.tasks[document.item.id] = nil
            self.startMore(&state)
        }
        guard let result = slot.result.withLock({ $0 }) else { return .gone }
        return result.reading
    }

    /// Gives up what nobody will ask for.
    func close() {
        let tasks = self.state.withLock { state in
            state.isClosed = true
            state.waiting = [:]
            return state.tasks.values
        }
        for task in tasks { task.cancel() }
    }

    private func startMore(_ state: inout State) {
        for source in state.waiting.keys.sorted() {
            let limit = self.concurrency[source] ?? 1
            while !state.isClosed, state.heldBytes < self.bytesMaximum,
                state.reading[source, default: 0] < limit,
                let slot = state.waiting[source]?.popFirst()
            {
                // A worker was faster.
                guard state.slots[slot.document.item.id] === slot,
                    !state.isStarted.contains(slot.document.item.id)
                else { continue }
                self.start(slot, &state)
            }
        }
    }

    private func start(_ slot: Slot, _ state: inout State) {
        let item = slot.document.item
        state.isStarted.insert(item.id)
        state.reading[item.source, default: 0] += 1
        state.heldBytes += slot.expectedBytes
        state.tasks[item.id] = Task.detached(executorPreference: WaitedTasks.threads) { [self] in
            let reading = await self.read(slot.document)
            self.finish(slot, reading)
        }
    }

    private func finish(_ slot: Slot, _ reading: Reading) {
        var byteCount = 0
        if case .document(let read) = reading { byteCount = read.raw.bytes.count }
        slot.result.withLock { $0 = (reading, byteCount) }
        self.state.withLock { state in
            state.heldBytes += byteCount - slot.expectedBytes
            state.reading[slot.document.item.source, default: 1] -= 1
            self.startMore(&state)
        }
        slot.done.signal()
    }
}
