internal import Bytes
internal import Foundation
internal import Hashing
package import Objects
internal import Records
internal import Search

/// A collection of Qdrant, and a small one beside it, `NAME-millrace`, that holds the seal.
///
/// A point's id is made from its chunk's id; the payload has the fields of a row.
package struct QdrantTarget: ExportTarget {
    package let place: String
    package let replacesRows = true
    private let service: JSONService
    private let collection: String

    private static let pageRowCount = 5_000

    /// - Throws: ``ExportError`` `.badTarget`.
    package init(url: String, collection: String, key: Secret?) throws {
        guard isServerName(collection) else {
            throw ExportError(
                .badTarget,
                "'\(collection)' is no name of a collection: small letters, digits, _ and -"
            )
        }
        self.collection = collection
        self.service = try JSONService(
            url: url,
            headers: key.map { [(name: "api-key", value: $0)] } ?? []
        )
        self.place = "collection \(collection) of \(self.service.place)"
    }

    private var path: String { "/collections/\(self.collection)" }
    private var sealPath: String { "/collections/\(self.collection)-millrace" }

    package mutating func open(_ shape: ExportShape) throws -> ExportedState {
        guard shape.dimensions > 0 else {
            throw ExportError(
                .badTarget,
                "index '\(shape.index)' has no vectors, and a collection of Qdrant has them"
            )
        }
        // Scores are inner products, as in `millrace search`.
        try self.makeCollection(self.path, dimensions: shape.dimensions)
        try self.makeCollection(self.sealPath, dimensions: 1)
        let seal = try self.service.send("GET", self.sealPath + "/points/1", accepting: [404])
        let payload = (seal.object["result"] as? [String: Any])?["payload"] as? [String: Any]
        return ExportedState(
            rowCount: try self.settle(),
            sealedDigest: payload?["digest"] as? String
        )
    }

    /// One of other dimensions is of another model: its points go, all of them would change.
    private func makeCollection(_ path: String, dimensions: Int) throws {
        let found = try self.service.send("GET", path, accepting: [404])
        if found.status != 404 {
            let config = ((found.object["result"] as? [String: Any])?["config"] as? [String: Any])
            let vectors = (config?["params"] as? [String: Any])?["vectors"] as? [String: Any]
            guard (vectors?["size"] as? Int) != dimensions else { return }
            _ = try self.service.send("DELETE", path)
        }
        let body: [String: Any] = ["vectors": ["size": dimensions, "distance": "Dot"]]
        _ = try self.service.send("PUT", path, body: try jsonObjectBytes(body))
    }

    package mutating func rows() throws -> [ExportedRow] {
        var rows: [ExportedRow] = []
        var offset: Any?
        repeat {
            var body: [String: Any] = [
                "limit": Self.pageRowCount, "with_payload": ["chunk_id", "digest"],
                "with_vector": false,
            ]
            if let offset { body["offset"] = offset }
            let reply = try self.service.send(
                "POST",
                self.path + "/points/scroll",
                body: try jsonObjectBytes(body)
            )
            let result = reply.object["result"] as? [String: Any] ?? [:]
            guard let points = result["points"] as? [[String: Any]] else {
                throw ExportError(.refused, "\(self.place): the list of points has another form")
            }
            for point in points { rows.append(Self.row(point)) }
            offset = result["next_page_offset"].flatMap { $0 is NSNull ? nil : $0 }
        } while offset != nil
        return rows
    }

    /// A point of somebody else's is named by its own id, so that it is found to be none of ours.
    private static func row(_ point: [String: Any]) -> ExportedRow {
        let payload = point["payload"] as? [String: Any] ?? [:]
        let own = "\(point["id"] ?? "")"
        let id = payload["chunk_id"] as? String
        guard let id, pointID(id) == own else { return ExportedRow(id: own, digest: "") }
        return ExportedRow(id: id, digest: payload["digest"] as? String ?? "")
    }

    package mutating func unseal() throws {
        _ = try self.service.send(
            "POST",
            self.sealPath + "/points/delete?wait=true",
            body: try jsonObjectBytes(["points": [1]])
        )
    }

    package mutating func delete(_ ids: [String]) throws {
        let points: [Any] = ids.map { id -> Any in
            if let number = UInt64(id) { return number }
            return UUID(uuidString: id) != nil ? id : pointID(id)
        }
        _ = try self.service.send(
            "POST",
            self.path + "/points/delete?wait=true",
            body: try jsonObjectBytes(["points": points])
        )
    }

    package mutating func send(_ rows: [ExportRow]) throws {
        var json = JSONText()
        json.object { json in
            json.key("points")
            json.array(rows) { json, row in
                json.object { json in
                    json.key("id")
                    json.string(pointID(row.id.description))
                    json.key("payload")
                    json.object { $0.rowFields(row) }
                    json.key("vector")
                    json.array(row.vector) { $0.number($1) }
                }
            }
        }
        _ = try self.service.send("PUT", self.path + "/points?wait=true", body: json.bytes)
    }

    package mutating func settle() throws -> Int {
        let reply = try self.service.send(
            "POST",
            self.path + "/points/count",
            body: try jsonObjectBytes(["exact": true])
        )
        guard let count = (reply.object["result"] as? [String: Any])?["count"] as? Int else {
            throw ExportError(.refused, "\(self.place): the count of points has another form")
        }
        return count
    }

    package mutating func seal(_ shape: ExportShape) throws {
        let payload: [String: Any] = [
            "pipeline": shape.pipeline, "index": shape.index, "model": shape.model,
            "snapshot": shape.snapshot, "digest": shape.digest, "rows": shape.rowCount,
        ]
        let point: [String: Any] = ["id": 1, "vector": [1.0], "payload": payload]
        _ = try self.service.send(
            "PUT",
            self.sealPath + "/points?wait=true",
            body: try jsonObjectBytes(["points": [point]])
        )
    }
}

/// The point of a chunk: the first 16 bytes of SHA-256 of its id, written as a UUID (RFC 9562, version 8).
func pointID(_ chunkID: String) -> String {
    var bytes = Array(sha256(chunkID).bytes.prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = bytes.map { byte in
        let text = String(byte, radix: 16)
        return text.utf8.count == 1 ? "0" + text : text
    }
    let parts = [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }
    return parts.joined(separator: "-")
}
