import Foundation
import Synchronization

@testable import Embedding

/// The published models, when `Ops/fetch-models` has put them on this machine.
enum ModelFiles {
    static func folder(_ name: String) -> String { ModelStore.defaultRoot + "/" + name }

    static func isPresent(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: self.folder(name) + "/model.safetensors")
    }
}

/// Counts from any thread.
final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { self.count.load(ordering: .relaxed) }
    func add() { self.count.add(1, ordering: .relaxed) }
}
