internal import Connectors
internal import Foundation
internal import Manifests
internal import Objects
internal import Records

/// What came of reading a listed document.
enum Reading: Sendable {
    case document(ReadDocument)
    /// It is not there any more: that is no failure.
    case gone
    case failed(StageFailure)
}

/// Reads documents, trying again where the fault may pass by itself.
struct DocumentReading: Sendable {
    /// No stage takes more; the source's own limit is lower.
    private static let documentBytesMaximum = 1 << 30
    private static let attemptLimit = 3
    private static let firstPauseSeconds = 0.05

    let connectors: [String: any Connector]

    /// Whether reading a document of this source costs more than comparing it.
    func isRemote(_ source: String) -> Bool {
        self.connectors[source]?.capabilities.readsRemotely ?? false
    }

    /// Whether a document came with its listing, or is read by the thread that asks.
    func isAtHand(_ document: PendingDocument) -> Bool {
        document.listed.content != nil
            || self.connectors[document.item.source] is any LocalConnector
    }

    /// On a thread that may wait.
    func read(_ document: PendingDocument) -> Reading {
        if let content = document.listed.content { return document.reading(content) }
        if let local = self.connectors[document.item.source] as? any LocalConnector {
            do throws(ConnectorError) {
                return document.reading(try self.readLocally(document, local))
            } catch {
                return .ended(by: error)
            }
        }
        return blocking { await self.readFar(document) }
    }

    /// Of a source that is not on this machine's disks.
    @Sendable func readFar(_ document: PendingDocument) async -> Reading {
        guard let connector = self.connectors[document.item.source] else {
            return .failed(
                StageFailure(stage: "read", code: .missing, message: "its source is gone")
            )
        }
        do throws(ConnectorError) {
            return document.reading(
                try await connector.read(
                    document.listed,
                    maximumBytes: Self.documentBytesMaximum
                )
            )
        } catch {
            return .ended(by: error)
        }
    }

    private func readLocally(
        _ document: PendingDocument,
        _ connector: any LocalConnector
    ) throws(ConnectorError) -> SourceDocument {
        var attempt = 1
        while true {
            do throws(ConnectorError) {
                return try connector.readNow(
                    document.listed,
                    maximumBytes: Self.documentBytesMaximum
                )
            } catch {
                guard error.isRetryable, attempt < Self.attemptLimit else { throw error }
                Self.pause(beforeAttempt: attempt + 1, at: document.item.id)
                attempt += 1
            }
        }
    }

    /// Twice as long each time, and a part by the document's id on top, so that workers do not come
    /// back together.
    private static func pause(beforeAttempt attempt: Int, at id: DocumentID) {
        let pause = self.firstPauseSeconds * Double(1 << (attempt - 2))
        Thread.sleep(forTimeInterval: pause * (1 + Double(id.low % 1024) / 1024))
    }
}

extension Reading {
    static func ended(by error: ConnectorError) -> Reading {
        guard error.code != .gone else { return .gone }
        return .failed(
            StageFailure(
                stage: "read",
                code: error.failureCode ?? .unreadable,
                message: error.message
            )
        )
    }
}

extension PendingDocument {
    fileprivate func reading(_ document: SourceDocument) -> Reading {
        do throws(StageError) {
            return .document(try ReadDocument(self, document))
        } catch {
            return .failed(
                StageFailure(stage: "read", code: error.code, message: error.message)
            )
        }
    }
}
