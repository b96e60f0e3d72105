internal import Foundation
internal import Hashing
internal import Records

/// The phases of a run that is carried out in items.
package enum WorkPhase: String, Sendable, Codable, CaseIterable {
    /// Documents of one shard: read, extracted, stored.
    case prepare
    /// What the documents of one shard are compared by; of large runs, as the next two.
    case sign
    /// Who meets whom under the band keys of one bucket.
    case join
    /// Texts of one shard that meet others, read and compared.
    case verify
    /// Deletions and duplicates, over all shards: the decisions.
    case resolve
    /// Chunks, vectors and segments of one shard.
    case materialise
    case publish
}

/// One piece of a run, for any process that sees the workspace: done twice, or by two at once, it changes
/// nothing.
///
/// Its name is the hash of all else it says: equal work has equal names.
package struct WorkItem: Hashable, Sendable, Codable {
    package static let currentForm = "work-item/2"
    /// Of items whose run has the phases prepare, resolve, materialise and publish.
    private static let formBefore = "work-item/1"

    package let form: String
    package let run: Int64
    package let phase: WorkPhase
    /// The shard, or the bucket of band keys; 0 where the item is of all shards.
    package let part: Int
    /// Names of what it may read beside the manifests: files of the run by their hashes, and items before it.
    package let inputs: [String]
    /// Of the stages, the models and the formats of this binary.
    package let fingerprint: String
    package let name: String

    init(run: Int64, phase: WorkPhase, part: Int, inputs: [String], fingerprint: String) {
        self.form = Self.currentForm
        self.run = run
        self.phase = phase
        self.part = part
        self.inputs = inputs
        self.fingerprint = fingerprint
        self.name = Self.name(
            form: self.form,
            run: run,
            phase: phase,
            part: part,
            inputs: inputs,
            fingerprint: fingerprint
        )
    }

    /// - Throws: ``OperationError`` `.configuration` for what is no item, `.newerVersion` for one of a later form.
    package init(line: [UInt8], place: String) throws {
        struct Form: Decodable { var form: String }
        let data = Data(line)
        let prefix = Self.currentForm.prefix { $0 != "/" } + "/"
        guard let form = try? JSONDecoder().decode(Form.self, from: data).form,
            form.hasPrefix(prefix)
        else { throw Self.invalid(place, "is not a work item") }
        guard [Self.currentForm, Self.formBefore].contains(form) else {
            throw OperationError(
                .newerVersion,
                "\(place): form \(form), this binary knows \(Self.currentForm); use the newer binary"
            )
        }
        guard let item = try? JSONDecoder().decode(Self.self, from: data) else {
            throw Self.invalid(place, "is not a whole work item")
        }
        guard item.hasOwnName else { throw Self.invalid(place, "does not fit its name") }
        self = item
    }

    private var hasOwnName: Bool {
        self.name
            == Self.name(
                form: self.form,
                run: self.run,
                phase: self.phase,
                part: self.part,
                inputs: self.inputs,
                fingerprint: self.fingerprint
            )
    }

    private static func invalid(_ place: String, _ what: String) -> OperationError {
        OperationError(
            .configuration,
            "\(place): \(what); give one line of 'millrace work plan PIPELINE' as it was printed"
        )
    }

    private static func name(
        form: String,
        run: Int64,
        phase: WorkPhase,
        part: Int,
        inputs: [String],
        fingerprint: String
    ) -> String {
        let words = [form, "\(run)", phase.rawValue, "\(part)", fingerprint] + inputs
        return sha256(words.joined(separator: "\n")).hex
    }
}

/// What became of an item.
package struct WorkResult: Sendable, Codable {
    package struct Worker: Hashable, Sendable, Codable {
        package var host: String
        package var process: Int32
    }

    package static let currentForm = "work-result/2"

    package var form = Self.currentForm
    package var item: String
    package var run: Int64
    package var phase: WorkPhase
    package var part: Int
    /// Of all processes that do the item the same, whatever was done before: names of files, or the hash of
    /// what the manifest says.
    package var outputs: [String]
    package var documents = 0
    /// Of a resolve item, the shards to materialise; of a join item, those that have texts to read.
    package var shards: [Int]?
    /// Of a resolve item, the shards that have vectors already.
    package var shardsWithVectors: [Int]?
    package var worker: Worker
    /// What was done by this process; done again, less is.
    private(set) var tally = RunTally()
    /// Listed documents that were not there any more; nil for none.
    private(set) var gone: [GoneDocument]?

    /// Whether the item was done before and this process had nothing to do.
    package var wasDone: Bool?

    mutating func take(_ tally: RunTally) {
        self.tally = tally
        let gone = tally.gone.map { GoneDocument(id: $0.id, source: $0.source) }
        self.gone = gone.isEmpty ? nil : gone.sorted { $0.id < $1.id }
    }
}

/// A listed document that was not there any more when it was to be read.
struct GoneDocument: Hashable, Sendable, Codable {
    var id: DocumentID
    var source: String
}
