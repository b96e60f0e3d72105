internal import Dispatch
internal import Embedding
internal import Foundation
internal import Segments
internal import Synchronization

/// The model that embeds an index's queries, loaded once.
///
/// A static model embeds a query in microseconds, each for itself. A transformer reads all its weights for
/// one query or for sixteen: what is asked while it is at work is embedded together next. A query's vector
/// has the same bits either way.
final class QueryEmbedder: Sendable {
    private struct Waiting {
        let text: String
        let continuation: CheckedContinuation<[Float], any Error>
    }

    private struct State {
        var isAtWork = false
        var waiting: [Waiting] = []
    }

    /// Choice: at sixteen short queries the weights are read as often as one long passage needs.
    private static let batchMax = 16

    let fingerprint: String
    private let model: any EmbeddingModel
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "millrace.embed")

    /// - Throws: ``SearchFailure`` `.modelUnavailable` when the model here is not the index's.
    init(of index: IndexSnapshot, modelsRoot: String?) throws {
        let model = try Self.load(index, modelsRoot)
        guard model.identity.fingerprintText == index.modelFingerprint else {
            throw SearchFailure(
                .modelUnavailable,
                "index '\(index.name)' was made with another '\(index.modelName)' than the one here; "
                    + "run the pipeline again, or put the model back"
            )
        }
        self.model = model
        self.fingerprint = index.modelFingerprint
    }

    /// As the index says how its embedder is made; a server is asked with little patience, since somebody waits.
    private static func load(
        _ index: IndexSnapshot,
        _ modelsRoot: String?
    ) throws -> any EmbeddingModel {
        let reference =
            index.embedder.flatMap {
                try? JSONDecoder().decode(EmbedderReference.self, from: Data($0.utf8))
            } ?? .named(index.modelName)
        switch reference {
        case .local(let local):
            let store = modelsRoot.map { ModelStore(root: $0) } ?? ModelStore()
            return try store.load(local)
        case .remote(let settings):
            var limits = RemoteLimits()
            limits.patience = .seconds(10)
            return try RemoteModel(settings, limits: limits)
        }
    }

    /// Whether a query costs so little that it is embedded where it is searched.
    var isCheap: Bool { self.model.isCheap }

    func vector(_ text: String) throws -> [Float] {
        try self.model.embed(EmbeddingInput(text: text, role: .query)).vector
    }

    /// As ``vector(_:)``, together with what others ask meanwhile.
    func batchedVector(_ text: String) async throws -> [Float] {
        try await withCheckedThrowingContinuation { continuation in
            let starts = self.state.withLock { state in
                state.waiting.append(Waiting(text: text, continuation: continuation))
                defer { state.isAtWork = true }
                return !state.isAtWork
            }
            if starts { self.queue.async { self.work() } }
        }
    }

    private func work() {
        while true {
            let batch = self.state.withLock { state -> [Waiting] in
                let batch = Array(state.waiting.prefix(Self.batchMax))
                state.waiting.removeFirst(batch.count)
                state.isAtWork = !batch.isEmpty
                return batch
            }
            guard !batch.isEmpty else { return }
            self.embed(batch)
        }
    }

    private func embed(_ batch: [Waiting]) {
        let inputs = batch.map { EmbeddingInput(text: $0.text, role: .query) }
        if let outputs = try? self.model.embed(inputs), outputs.count == batch.count {
            for (waiting, output) in zip(batch, outputs) {
                waiting.continuation.resume(returning: output.vector)
            }
            return
        }
        // One that cannot be embedded is no fault of the others.
        for waiting in batch {
            waiting.continuation.resume(with: Result { try self.vector(waiting.text) })
        }
    }
}
