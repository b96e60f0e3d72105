internal import Hashing
internal import Records
internal import Segments

/// Keeps documents apart in the search for duplicates that other people see.
///
/// A copy is left out for one that says the same; were that one seen by others, those who see the copy would be left
/// without it, and a group would tell of a document that its reader may not see. So documents are compared with those
/// of the same labels, and with no others. What has no label is compared as if there were none.
struct AccessSeparation {
    /// Nil where there are no labels, or documents are compared whatever theirs.
    private let mark: Digest?

    /// - Parameters:
    ///   - labels: those that its source or the pipeline gives it.
    ///   - metadata: which may hold its own where it was given none.
    ///   - isAcross: whether the pipeline asks for duplicates across labels.
    init(labels: [String], metadata: [String: String], isAcross: Bool) {
        guard !isAcross else {
            self.mark = nil
            return
        }
        let own = labels.isEmpty ? SegmentDocument.labels(in: metadata) : labels
        self.mark =
            own.isEmpty ? nil : sha256("labels\n" + Set(own).sorted().joined(separator: "\n"))
    }

    /// Equal for documents of the same tokens and the same labels.
    func exact(_ exact: Digest) -> Digest {
        self.mark.map { sha256(exact.bytes + $0.bytes) } ?? exact
    }

    /// - Parameter key: as ``BandKey`` stores it, and so is what is returned.
    func bandKey(_ key: UInt64) -> UInt64 {
        self.mark.map { key ^ $0.word0 >> UInt64(UInt64.bitWidth - BandKey.bitCount) } ?? key
    }
}
