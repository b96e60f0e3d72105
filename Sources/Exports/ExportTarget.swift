/// A system that holds the rows of one index.
///
/// What was sent is known by the target alone: each row lies there with its id and digest, and a seal says which
/// snapshot they make. So an export that was cut short, at either side, is finished by the next.
package protocol ExportTarget {
    /// What and where it is, without credentials.
    var place: String { get }

    /// Whether sending a row replaces the one of the same id; else what changed is deleted first.
    var replacesRows: Bool { get }

    /// Makes what is missing to hold rows of this shape.
    ///
    /// - Returns: what is there.
    mutating func open(_ shape: ExportShape) throws -> ExportedState

    /// The ids and digests of all rows that are there.
    mutating func rows() throws -> [ExportedRow]

    /// Says that what is there is on its way to something else: from here on the seal holds no more.
    mutating func unseal() throws

    mutating func delete(_ ids: [String]) throws

    /// Sends rows, each of an id that is not there, or replaces it where ``replacesRows``.
    mutating func send(_ rows: [ExportRow]) throws

    /// Makes what was sent readable, and counts all rows.
    mutating func settle() throws -> Int

    /// Says which snapshot the rows make; durable when it returns.
    mutating func seal(_ shape: ExportShape) throws
}

/// What a target says of itself.
package struct ExportedState: Hashable, Sendable {
    package var rowCount: Int
    /// The digest of the rows that were there when the last export ended; nil where none has, or one is unfinished.
    package var sealedDigest: String?

    package init(rowCount: Int, sealedDigest: String?) {
        self.rowCount = rowCount
        self.sealedDigest = sealedDigest
    }
}

/// A row of a target: an id or digest that is none of ours is a row to be deleted or replaced.
package struct ExportedRow: Hashable, Sendable {
    package var id: String
    package var digest: String

    package init(id: String, digest: String) {
        self.id = id
        self.digest = digest
    }
}
