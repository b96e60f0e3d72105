internal import Connectors
internal import Glibc
internal import Manifests
internal import Records

/// Reads documents, trying again where the fault may pass by itself.
struct DocumentReading {
    /// No stage takes more; the source's own limit is lower.
    private static let documentBytesMaximum = 1 << 30
    private static let attemptLimit = 3
    private static let firstPauseMicroseconds: UInt32 = 50_000

    let connectors: [String: any Connector]

    func read(_ document: PendingDocument) -> Result<[UInt8], StageFailure> {
        guard let connector = self.connectors[document.item.source] else {
            return .failure(
                StageFailure(stage: "read", code: .missing, message: "its source is gone")
            )
        }
        var attempt = 1
        while true {
            do {
                return .success(
                    try connector.read(
                        document.listed,
                        maximumBytes: Self.documentBytesMaximum
                    )
                )
            } catch {
                guard error.isTransient, attempt < Self.attemptLimit else {
                    return .failure(
                        StageFailure(
                            stage: "read",
                            code: error.failureCode ?? .unreadable,
                            message: error.message
                        )
                    )
                }
                Self.pause(beforeAttempt: attempt + 1, at: document.item.id)
                attempt += 1
            }
        }
    }

    /// Twice as long each time, and a part by the document's id on top, so that workers do not come
    /// back together.
    private static func pause(beforeAttempt attempt: Int, at id: DocumentID) {
        let pause = self.firstPauseMicroseconds << UInt32(attempt - 2)
        usleep(pause + UInt32(truncatingIfNeeded: id.low) % pause)
    }
}

extension ConnectorError {
    /// Faults of the moment; a missing or oversized file will not mend in a second.
    fileprivate var isTransient: Bool {
        if self.code == .changed { return true }
        return [EIO, EAGAIN, EINTR, EBUSY, ESTALE, ETIMEDOUT, ENFILE, EMFILE, ENOMEM]
            .contains(self.systemCode)
    }
}
