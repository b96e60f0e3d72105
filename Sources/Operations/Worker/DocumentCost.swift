internal import Records

/// What the memory of both processes is expected to hold while one document is prepared.
///
/// An estimate to share a budget by; the child's limit is what holds. Measured on generated files of
/// 10 and 50 MB, all text, with extraction and signature: the child's peak above its rest of 40 MiB was
/// 5.7 bytes for each byte of HTML, 5.2 of text and 13 of PDF whose streams are not compressed. The
/// parent keeps the document for another try, and the answer, at most as long, twice while it decodes it.
/// LibreOffice, which may run beside the child for a document of Office 97, takes 200 to 300 MiB.
/// An image is unpacked whatever its size: 36 million pixels of colour, the most that are, took 330 MiB.
struct DocumentCost: Hashable, Sendable {
    let parentBytes: Int
    let childBytes: Int

    init(byteCount: Int, mediaType: MediaType) {
        let size = max(0, byteCount)
        self.parentBytes = 2 * size
        let pictureBytes = mediaType.isPicture ? 336 << 20 : 0
        let converterBytes = mediaType.isLegacyOffice ? 320 << 20 : 0
        self.childBytes =
            40 << 20 + pictureBytes + converterBytes + size * (mediaType == .pdf ? 13 : 6)
    }

    /// What to reserve of the budget before the document is read.
    var totalBytes: Int { self.parentBytes + self.childBytes }

    /// The most the child may use for the document.
    ///
    /// A worker's even share of the budget, so that a small document may need much; more where the
    /// estimate says so, which the reservation has made room for; never more than the budget leaves.
    func childBytesMaximum(budgetBytes: Int, workerCount: Int) -> Int {
        let share = budgetBytes / max(1, workerCount)
        let wanted = max(share, self.childBytes + self.childBytes / 4)
        return max(64 << 20, min(wanted, budgetBytes - self.parentBytes))
    }
}
