internal import Storage
internal import Synchronization

/// What a static model is made of, and where it goes.
package struct DistillationRequest: Sendable {
    package var teacher: LocalReference
    /// What is kept of the teacher beside its digest.
    package var origin: DistillationOrigin
    package var dimensions: Int
    /// Absolute path of a folder that is not there yet.
    package var output: String
    /// At least 1; the bytes do not depend on it.
    package var threads: Int

    package init(
        teacher: LocalReference,
        origin: DistillationOrigin,
        dimensions: Int,
        output: String,
        threads: Int
    ) {
        self.teacher = teacher
        self.origin = origin
        self.dimensions = dimensions
        self.output = output
        self.threads = threads
    }
}

/// How it went.
package struct Distillation: Sendable {
    /// Entries of the vocabulary with a vector; the others mark places in a sequence, or are free.
    package var entries: Int
    package var vocabulary: Int
    /// Share of the variance of the teacher's vectors that is kept, 0...1.
    package var explainedShare: Double
    package var origin: DistillationOrigin
    /// SHA-256 of the weights that were made; empty until they are.
    package var sha256 = ""
}

extension ModelStore {
    /// Makes a static model of an encoder: each entry of its vocabulary goes through it alone, the vectors
    /// are cut to their principal components and weighted by how often the entry may come.
    ///
    /// Appears at `output` as a whole or not at all. Same bytes whatever the number of threads.
    ///
    /// - Parameter progress: Entries that were encoded, of how many; from any thread.
    /// - Throws: ``EmbeddingError``; `StorageError` `.alreadyExists` when something is at the output.
    /// - Source: MinishLab, Model2Vec (2024).
    package func distill(
        _ request: DistillationRequest,
        progress: @escaping @Sendable (Int, Int) -> Void
    ) throws -> Distillation {
        // A name that is taken is told before the work, which leaves nothing behind where it is stopped.
        _ = try StagedFolder(for: request.output)
        let teacher = try self.encoder(request.teacher)
        let folder = try ModelFolder(path: self.path(of: request.teacher))
        let entries = try VocabularyEntries(of: folder, teacher.text, teacher.template)
        try request.check(width: teacher.identity.dimensions, entries: entries.ids.count)

        let threads = ParallelParts(threads: max(1, request.threads))
        let vectors = try encode(entries, by: teacher, threads.threads, progress)
        let components = PrincipalComponents(
            of: vectors,
            dimensions: request.dimensions,
            on: threads
        )
        let rows = components.project(vectors, weights: entries.weights, on: threads)
        var origin = request.origin
        origin.sha256 = teacher.identity.sha256
        origin.precision = teacher.identity.precision
        var distillation = Distillation(
            entries: entries.ids.count,
            vocabulary: teacher.text.vocabularyCount,
            explainedShare: components.explainedShare,
            origin: origin
        )
        var staged = try StagedFolder(for: request.output)
        try StaticModelFolder(path: staged.path, teacher: folder)
            .write(rows, of: entries, distillation)
        // It is held to what will be read of it.
        distillation.sha256 = try StaticModel(name: "distilled", folder: staged.path).identity
            .sha256
        try staged.commit()
        return distillation
    }

    /// The folder that a reference means, whether it is there or not.
    func path(of reference: LocalReference) -> String {
        reference.model.hasPrefix("/") ? reference.model : self.folder(reference.model)
    }

    private func encoder(_ reference: LocalReference) throws -> EncoderModel {
        var plain = reference
        // An entry of a vocabulary is neither a query nor a passage.
        (plain.queryPrefix, plain.passagePrefix, plain.dimensions) = ("", "", nil)
        guard let model = try self.load(plain) as? EncoderModel else {
            throw EmbeddingError(
                .unsupportedModel,
                "'\(reference.model)' is no encoder: it is as fast as what would be made of it; "
                    + "name it in a pipeline with 'model: \(reference.model)'"
            )
        }
        return model
    }
}

extension DistillationRequest {
    fileprivate func check(width: Int, entries: Int) throws(EmbeddingError) {
        let most = min(width, entries)
        guard self.dimensions > 0, self.dimensions <= most else {
            throw EmbeddingError(
                .invalidSettings,
                "'\(self.origin.name)' gives at most \(most) dimensions; type --dimensions \(min(256, most))"
            )
        }
    }
}

/// The teacher's vector of each entry, between the marks of a sequence.
private func encode(
    _ entries: VocabularyEntries,
    by teacher: EncoderModel,
    _ threads: Int,
    _ progress: @escaping @Sendable (Int, Int) -> Void
) throws -> FloatTable {
    let ids = entries.ids
    let batch = 256
    let table = FloatTable(count: ids.count, width: teacher.identity.dimensions)
    let next = Mutex((start: 0, done: 0))
    let failure = Mutex<(any Error)?>(nil)
    ParallelParts(threads: threads).run(threads) { _ in
        while failure.withLock({ $0 == nil }) {
            let start = next.withLock { state in
                defer { state.start += batch }
                return state.start
            }
            guard start < ids.count else { return }
            let end = min(start + batch, ids.count)
            do {
                let outputs = try teacher.embed(
                    (start..<end).map { EmbeddingInput(tokens: ids[$0...$0]) }
                )
                for (place, output) in outputs.enumerated() {
                    table.write(output.vector, at: start + place)
                }
            } catch {
                failure.withLock { $0 = error }
                return
            }
            next.withLock { state in
                state.done += end - start
                progress(state.done, ids.count)
            }
        }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return table
}
