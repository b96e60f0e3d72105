import Dataflow
import Embedding
import Foundation
import Hashing
import Records
import Stages

/// What the repository itself offers to tests.
enum Repository {
    static let root: String = {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        return folder.path
    }()

    static func sample(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "\(self.root)/Samples/documents/\(name)")))
    }
}

/// The default model, when `Ops/fetch-models` has put it on this machine.
enum DefaultModel {
    static let name = "potion-base-8M"
    static let absence = "\(name) is not here; Ops/fetch-models fetches it"

    static var isPresent: Bool {
        FileManager.default.fileExists(
            atPath: "\(ModelStore.defaultRoot)/\(self.name)/model.safetensors"
        )
    }
}

struct NoSuchStage: Error {}

/// A node of stage kind `kind` as validation would make it.
func node(
    _ kind: String,
    id: String? = nil,
    from inputs: [String] = [],
    _ overrides: [String: String] = [:]
) throws -> PlanNode {
    guard let descriptor = stageDescriptors.first(where: { $0.name == kind }) else {
        throw NoSuchStage()
    }
    return PlanNode(
        id: id ?? kind,
        uses: kind,
        phase: descriptor.phase,
        inputs: inputs,
        mediaTypes: descriptor.mediaTypes.map(\.name),
        configuration: try stageConfiguration(descriptor: descriptor, overrides: overrides)
    )
}

func raw(_ uri: String, _ type: MediaType, _ text: String) -> RawDocument {
    raw(uri, type, Array(text.utf8))
}

func raw(_ uri: String, _ type: MediaType, _ bytes: [UInt8]) -> RawDocument {
    RawDocument(id: documentID(uri: uri), uri: uri, mediaType: type, bytes: bytes)
}
