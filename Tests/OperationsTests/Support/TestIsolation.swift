import Preparation
import WorkerMessages

@testable import Operations

extension Isolation {
    /// Documents are prepared in the test's process: quick, and seen by its debugger.
    static let none = Isolation.unconfined { nodes, wantsSignature in
        try PreparePipeline(nodes: nodes, wantsSignature: wantsSignature)
    }
}
