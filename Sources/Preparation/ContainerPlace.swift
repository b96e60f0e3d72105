internal import Dataflow
package import Extraction
internal import Formats
internal import Records

/// Where a document stands that was taken out of another one.
package struct ContainerPlace {
    /// How many containers are around it.
    let depth: Int
    /// What may still be taken out of the outermost of them.
    let budget: ChildBudget

    /// The place of the documents in a file that stands at `place`; nil where it holds none.
    ///
    /// - Parameters:
    ///   - limits: of the file's format.
    ///   - place: nil for a file that was taken out of nothing.
    /// - Throws: `.limitExceeded` in too many containers.
    init?(inside place: ContainerPlace?, limits: ChildLimits?, byteCount: Int) throws(StageError) {
        guard let limits else { return nil }
        guard let place else {
            self.depth = 1
            self.budget = ChildBudget(limits, of: byteCount)
            return
        }
        guard place.depth < place.budget.depth else {
            throw StageError(
                .limitExceeded,
                "a container in \(place.depth) others is not opened; raise maximum_depth to open it"
            )
        }
        self.depth = place.depth + 1
        self.budget = place.budget
    }
}

/// Is given each document in a file, with its place; false ends it.
package typealias TakeChild = (ChildDocument, ContainerPlace) -> Bool
