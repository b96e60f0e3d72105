internal import Bytes
internal import Foundation
package import Objects
internal import Search

/// An index of OpenSearch or Elasticsearch; the seal lies in the `_meta` of its mapping.
package struct OpenSearchTarget: ExportTarget {
    package let place: String
    package let replacesRows = true
    private let service: JSONService
    private let index: String
    private var isOpenSearch = true

    private static let pageRowCount = 5_000

    /// - Throws: ``ExportError`` `.badTarget`.
    package init(url: String, index: String, authorization: Secret?) throws {
        guard isServerName(index) else {
            throw ExportError(
                .badTarget,
                "'\(index)' is no name of an index: small letters, digits, _ and -"
            )
        }
        self.index = index
        self.service = try JSONService(
            url: url,
            headers: authorization.map { [(name: "authorization", value: $0)] } ?? []
        )
        self.place = "index \(index) of \(self.service.place)"
    }

    package mutating func open(_ shape: ExportShape) throws -> ExportedState {
        let version = try self.service.send("GET", "/").object["version"] as? [String: Any]
        self.isOpenSearch = version?["distribution"] as? String == "opensearch"
        let found = try self.service.send("GET", "/\(self.index)/_mapping", accepting: [404])
        guard found.status != 404 else {
            try self.make(shape)
            return ExportedState(rowCount: 0, sealedDigest: nil)
        }
        let mappings = (found.object[self.index] as? [String: Any])?["mappings"] as? [String: Any]
        let seal = (mappings?["_meta"] as? [String: Any])?["millrace"] as? [String: Any]
        guard seal?["dimensions"] as? Int == shape.dimensions else {
            // Of another model, and the type of a field cannot be changed: all rows would change.
            guard seal != nil else {
                throw ExportError(
                    .badTarget,
                    "\(self.place) is there and was not made by an export; name another"
                )
            }
            _ = try self.service.send("DELETE", "/\(self.index)")
            try self.make(shape)
            return ExportedState(rowCount: 0, sealedDigest: nil)
        }
        return ExportedState(rowCount: try self.settle(), sealedDigest: seal?["digest"] as? String)
    }

    private func make(_ shape: ExportShape) throws {
        let keyword = ["type": "keyword"]
        let text = ["type": "text"]
        let integer = ["type": "integer"]
        var properties: [String: Any] = [
            "chunk_id": keyword, "document_id": keyword, "uri": keyword, "source": keyword,
            "language": keyword, "media_type": keyword, "labels": keyword, "page_label": keyword,
            "digest": ["type": "keyword", "index": false] as [String: Any],
            "title": text, "text": text, "headings": text,
            "ordinal": integer, "start": integer, "end": integer, "page": integer,
            "box": ["type": "integer", "index": false] as [String: Any],
            "metadata": ["type": self.isOpenSearch ? "flat_object" : "flattened"],
        ]
        var settings: [String: Any] = [:]
        if shape.dimensions > 0 {
            if self.isOpenSearch { settings["index.knn"] = true }
            properties["embedding"] = self.vectorField(shape.dimensions)
        }
        let mappings: [String: Any] = [
            "dynamic": "strict", "properties": properties,
            "_meta": ["millrace": ["dimensions": shape.dimensions]],
        ]
        _ = try self.service.send(
            "PUT",
            "/\(self.index)",
            body: try jsonObjectBytes(["settings": settings, "mappings": mappings])
        )
    }

    /// By inner product, as `millrace search` has it.
    private func vectorField(_ dimensions: Int) -> [String: Any] {
        guard self.isOpenSearch else {
            return [
                "type": "dense_vector", "dims": dimensions, "index": true,
                "similarity": "max_inner_product",
            ]
        }
        return [
            "type": "knn_vector", "dimension": dimensions,
            "method": ["name": "hnsw", "engine": "faiss", "space_type": "innerproduct"],
        ]
    }

    package mutating func rows() throws -> [ExportedRow] {
        var rows: [ExportedRow] = []
        var after: [Any]?
        while true {
            var body: [String: Any] = [
                "size": Self.pageRowCount, "_source": ["digest"], "sort": [["chunk_id": "asc"]],
                "query": ["match_all": [String: Any]()],
            ]
            if let after { body["search_after"] = after }
            let reply = try self.service.send(
                "POST",
                "/\(self.index)/_search",
                body: try jsonObjectBytes(body)
            )
            let outer = reply.object["hits"] as? [String: Any]
            guard let hits = outer?["hits"] as? [[String: Any]] else {
                throw ExportError(.refused, "\(self.place): the list of rows has another form")
            }
            for hit in hits {
                let source = hit["_source"] as? [String: Any]
                rows.append(
                    ExportedRow(
                        id: hit["_id"] as? String ?? "",
                        digest: source?["digest"] as? String ?? ""
                    )
                )
            }
            guard hits.count == Self.pageRowCount, let last = hits.last?["sort"] as? [Any] else {
                return rows
            }
            after = last
        }
    }

    package mutating func unseal() throws { try self.putSeal([:]) }

    package mutating func delete(_ ids: [String]) throws {
        try self.bulk(
            ids.map { id in
                var json = JSONText()
                json.object { json in
                    json.key("delete")
                    json.object { json in
                        json.key("_id")
                        json.string(id)
                    }
                }
                return [json.bytes]
            }
        )
    }

    package mutating func send(_ rows: [ExportRow]) throws {
        try self.bulk(
            rows.map { row in
                var head = JSONText()
                head.object { json in
                    json.key("index")
                    json.object { json in
                        json.key("_id")
                        json.string(row.id.description)
                    }
                }
                // A vector of zeros has no direction, and the server takes none.
                let hasVector = row.vector.contains { $0 != 0 }
                var body = JSONText()
                body.object { $0.rowFields(row, vector: hasVector ? row.vector : nil) }
                return [head.bytes, body.bytes]
            }
        )
    }

    /// Sends actions; those that the server was too busy for are sent again.
    private func bulk(_ actions: [[[UInt8]]]) throws {
        var rest = actions
        for attempt in 0..<Self.bulkAttempts where !rest.isEmpty {
            if attempt > 0 { Thread.sleep(forTimeInterval: 0.2 * Double(1 << attempt)) }
            var body: [UInt8] = []
            for line in rest.joined() {
                body += line
                body.append(UInt8(ascii: "\n"))
            }
            let reply = try self.service.send(
                "POST",
                "/\(self.index)/_bulk",
                body: body,
                contentType: "application/x-ndjson"
            )
            rest = try self.refused(reply, of: rest)
        }
        guard rest.isEmpty else {
            throw ExportError(.refused, "\(self.place) is too busy; run the same command again")
        }
    }

    private static let bulkAttempts = 6

    /// The actions that may succeed later.
    private func refused(_ reply: JSONService.Reply, of actions: [[[UInt8]]]) throws -> [[[UInt8]]]
    {
        guard let items = reply.object["items"] as? [[String: Any]], items.count == actions.count
        else { throw ExportError(.refused, "\(self.place): the answer to _bulk has another form") }
        var again: [[[UInt8]]] = []
        for (item, action) in zip(items, actions) {
            let result = item.values.first as? [String: Any]
            let status = result?["status"] as? Int ?? 500
            let isDelete = item.keys.first == "delete"
            if 200..<300 ~= status || isDelete && status == 404 { continue }
            if status == 429 || status == 503 {
                again.append(action)
                continue
            }
            // The reason may quote the row.
            let kind = (result?["error"] as? [String: Any])?["type"] as? String ?? "unknown"
            throw ExportError(.refused, "\(self.place): a row was refused with \(status) (\(kind))")
        }
        return again
    }

    package mutating func settle() throws -> Int {
        _ = try self.service.send("POST", "/\(self.index)/_refresh")
        let reply = try self.service.send("GET", "/\(self.index)/_count")
        guard let count = reply.object["count"] as? Int else {
            throw ExportError(.refused, "\(self.place): the count of rows has another form")
        }
        return count
    }

    package mutating func seal(_ shape: ExportShape) throws {
        try self.putSeal([
            "pipeline": shape.pipeline, "index": shape.index, "model": shape.model,
            "snapshot": shape.snapshot, "digest": shape.digest, "rows": shape.rowCount,
            "dimensions": shape.dimensions,
        ])
    }

    private func putSeal(_ seal: [String: Any]) throws {
        var seal = seal
        if seal["dimensions"] == nil { seal["dimensions"] = try self.sealedDimensions() }
        _ = try self.service.send(
            "PUT",
            "/\(self.index)/_mapping",
            body: try jsonObjectBytes(["_meta": ["millrace": seal]])
        )
    }

    private func sealedDimensions() throws -> Int {
        let found = try self.service.send("GET", "/\(self.index)/_mapping")
        let mappings = (found.object[self.index] as? [String: Any])?["mappings"] as? [String: Any]
        let seal = (mappings?["_meta"] as? [String: Any])?["millrace"] as? [String: Any]
        return seal?["dimensions"] as? Int ?? 0
    }
}
