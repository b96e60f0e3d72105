internal import Foundation
internal import Storage

/// What a run would do, and why; a run can be held to it.
package struct RunPlan: Codable, Sendable, Hashable {
    package static let currentFormatVersion = 1

    /// Documents that have to be looked at for the same reason.
    package struct Group: Codable, Sendable, Hashable {
        package enum Cause: String, Codable, Sendable, CaseIterable {
            /// Not known before, and no known document has its bytes.
            case added
            /// Not known before; has the bytes of a document that is not listed any more.
            case renamed
            /// Not known before; has the bytes of another document.
            case copied
            /// Other bytes than at the last attempt.
            case content
            /// The same bytes; a prepare stage was configured otherwise.
            case configuration
            /// The same bytes; a prepare stage has another revision.
            case revision
            /// The same bytes; a model or file behind a stage changed.
            case model
            /// The same bytes; the stages are connected otherwise.
            case graph
            /// Could not be read last time, or a retry was asked for.
            case retry
        }

        package var cause: Cause
        /// The stage and key, or the revisions; empty where the cause says it all.
        package var detail: String
        package var documents: Int
        package var bytes: Int
    }

    /// A stage after the prepare phase that does all its work again.
    package struct StageRedo: Codable, Sendable, Hashable {
        package var stage: String
        package var cause: Group.Cause
        package var detail: String
        package var documents: Int
    }

    /// What a server would be asked to embed, against the stage's limits.
    package struct EmbeddingEstimate: Codable, Sendable, Hashable {
        package var stage: String
        package var provider: String
        package var model: String
        package var tokens: Int
        /// Beside those: tokens of stored chunks whose vector is in the stage's `cache`; nil without one.
        package var cachedTokens: Int?
        package var cost: Double
        /// Spent by the runs of this calendar month.
        package var monthTokens: Int
        package var monthCost: Double
        /// Tokens that a run may spend now; nil without a limit.
        package var tokensAllowed: Int?
        /// The key of the limit that a run would stop at (exit 6); nil where it comes to its end.
        package var stopsAt: String?
        /// Whether no stage redacts what is sent.
        package var isUnredacted: Bool
    }

    package struct Estimate: Codable, Sendable, Hashable {
        /// Bytes to read.
        package var bytes = 0
        /// Tokens to embed, from what the workspace has seen of a document of so many bytes.
        package var tokens = 0
        /// Beside those: tokens of stored chunks whose vector is in the `cache` of an embed stage; nil without one.
        package var cachedTokens: Int?
        /// Seconds of work, from the rate of earlier runs; nil where there was none.
        package var seconds: Double?
        /// Images to read by OCR; a plan of an older binary does not say.
        package var images: Int?
        /// Seconds of processor time that these take.
        package var imageSeconds: Double?
        /// In the currency of `cost_per_million_tokens`.
        package var money = 0.0
        /// By embed stage with a server; nil where there is none.
        package var embedding: [EmbeddingEstimate]?
    }

    package var formatVersion = Self.currentFormatVersion
    package var pipeline: String
    /// Of the pipeline and its models, in hexadecimal.
    package var fingerprint: String
    package var listed = 0
    package var unchanged = 0
    /// Of `unchanged`: listed anew with the bytes of before.
    package var touched = 0
    package var added = 0
    package var changed = 0
    /// Of `added` and `changed`: taken over from a document with the same bytes.
    package var copied = 0
    package var renamed = 0
    package var removed = 0
    package var held = 0
    /// Documents that go through the prepare stages.
    package var extracted = 0
    package var groups: [Group] = []
    package var redone: [StageRedo] = []
    package var heldReasons: [String] = []
    /// Tables and models that stages ask for and would do without.
    package var absences: [String] = []
    package var estimate = Estimate()
    /// Of the documents the workspace holds; a plan of an older binary does not say.
    package var unreadLanguages: [UnreadLanguages]?

    package init(pipeline: String, fingerprint: String) {
        self.pipeline = pipeline
        self.fingerprint = fingerprint
    }

    /// Whether a run has anything to do.
    package var isEmpty: Bool {
        self.added + self.changed + self.touched + self.removed == 0 && self.redone.isEmpty
    }
}

extension RunPlan {
    /// Compares what a run did up to publishing with the plan.
    ///
    /// - Throws: ``PlanDifference`` naming every figure that differs.
    func check(against tally: RunTally) throws {
        let figures: [(name: String, planned: Int, done: Int)] = [
            ("listed", self.listed, tally.listing?.listed ?? 0),
            ("unchanged", self.unchanged, (tally.listing?.unchanged ?? 0) + tally.touched),
            ("touched", self.touched, tally.touched),
            ("added", self.added, tally.added),
            ("changed", self.changed, tally.changed),
            ("removed", self.removed, tally.deletions?.removedCount ?? 0),
            ("held", self.held, tally.deletions?.heldCount ?? 0),
            // A copy whose model changes in the same run is extracted when it comes too late.
            (
                "extracted or copied", self.extracted + self.copied,
                tally.extracted + tally.copiedFrom.count
            ),
        ]
        let differences = figures.filter { $0.planned != $0.done }
            .map { "\($0.name): planned \($0.planned), done \($0.done)" }
        guard !differences.isEmpty else { return }
        throw PlanDifference(figures: differences.joined(separator: "; "))
    }
}

/// A run did something else than its plan said.
struct PlanDifference: Error {
    let figures: String

    var asOperationError: OperationError {
        OperationError(
            .fatal,
            "the run differs from its plan (\(self.figures)); nothing was published. Make a new plan "
                + "with 'millrace plan' and look at it"
        )
    }
}

/// Reads a plan that `millrace plan --json` printed.
///
/// - Throws: ``OperationError`` `.configuration` for a file that is none, `.newerVersion` for one of a
///   later format.
package func readPlan(path: String) throws -> RunPlan {
    let bytes: [UInt8]
    do {
        bytes = try readFile(path, maximumBytes: planByteCountMax)
    } catch {
        throw OperationError(.configuration, error.message)
    }
    guard let plan = try? JSONDecoder().decode(RunPlan.self, from: Data(bytes)) else {
        throw OperationError(
            .configuration,
            "\(path) is not a plan; write one with 'millrace plan PIPELINE --json > \(path)'"
        )
    }
    guard plan.formatVersion <= RunPlan.currentFormatVersion else {
        throw OperationError(
            .newerVersion,
            "\(path): plan format \(plan.formatVersion), this binary knows up to "
                + "\(RunPlan.currentFormatVersion); use the newer binary"
        )
    }
    return plan
}

/// A plan has a few lines a changed key; this is a thousand times more.
private let planByteCountMax = 16 << 20
