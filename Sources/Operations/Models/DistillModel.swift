internal import Embedding
internal import Foundation
internal import Storage

/// A static model that was made of an encoder.
package struct DistillationReport: Sendable, Codable {
    package var model: String
    /// Where it is.
    package var folder: String
    package var teacher: String
    package var teacherSHA256: String
    package var licence: String
    package var dimensions: Int
    /// Entries of the vocabulary with a vector.
    package var entries: Int
    package var vocabulary: Int
    /// Share of the variance of the teacher's vectors that is kept, 0...1.
    package var explainedShare: Double
    /// SHA-256 of the weights.
    package var sha256: String
    package var seconds: Double
}

/// Makes a static model of the encoder `name`.
///
/// - Parameter output: nil puts it into the store as `NAME-static-DIMENSIONS`.
/// - Throws: ``OperationError`` `.configuration` for a model that is no encoder, or dimensions it has not;
///   `.noSuchState` for one that is not there.
package func distillModel(
    _ name: String,
    dimensions: Int,
    output: String?,
    precision: String,
    root: String? = nil,
    threads: Int = ProcessInfo.processInfo.activeProcessorCount,
    progress: @escaping @Sendable (_ entries: Int, _ total: Int) -> Void
) throws -> DistillationReport {
    let store = ModelStore(at: root)
    let reference = modelReference(name)
    guard let precision = Precision(rawValue: precision) else {
        throw OperationError(.configuration, "there is no precision '\(precision)'")
    }
    // The teacher is loaded once, by what distils it.
    let teacher = statedReport(on: reference, in: store)
    guard store.hasFolder(reference) else {
        throw OperationError(.noSuchState, "model '\(name)' is not there; \(teacher.remedy)")
    }
    let short = reference.split(separator: "/").last.map(String.init) ?? name
    let folder = output.map(absolutePath) ?? store.folder("\(short)-static-\(dimensions)")
    let start = ContinuousClock.now
    let made = try storing(at: folder) {
        try store.distill(
            DistillationRequest(
                teacher: LocalReference(model: reference, precision: precision),
                origin: DistillationOrigin(
                    name: short,
                    // A path of this machine is nothing that a model should carry away.
                    source: teacher.source.hasPrefix("/") ? "" : teacher.source,
                    licence: teacher.licence,
                    languages: teacher.languages
                ),
                dimensions: dimensions,
                output: folder,
                threads: threads
            ),
            progress: progress
        )
    }
    let elapsed = start.duration(to: .now)
    return DistillationReport(
        model: output ?? folder.split(separator: "/").last.map(String.init) ?? folder,
        folder: folder,
        teacher: short,
        teacherSHA256: made.origin.sha256,
        licence: made.origin.licence,
        dimensions: dimensions,
        entries: made.entries,
        vocabulary: made.vocabulary,
        explainedShare: made.explainedShare,
        sha256: made.sha256,
        seconds: elapsed / .seconds(1)
    )
}

/// Says what to type where something is at the output already.
private func storing<Value>(at folder: String, _ body: () throws -> Value) throws -> Value {
    do {
        return try translatingErrors(body)
    } catch let error as OperationError {
        guard fileExists(folder) else { throw error }
        throw OperationError(
            .configuration,
            "there is something at \(folder) already; give another --output, or remove it"
        )
    }
}

extension DistillationOrigin {
    /// For a line of a report.
    var sourceText: String { "distilled from \(self.name), SHA-256 \(self.sha256)" }
}
