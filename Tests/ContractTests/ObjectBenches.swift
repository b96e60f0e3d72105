import Connectors
import Dataflow
import Foundation
import LoopbackServer
import Objects
import Testing

/// A bucket of a server in this process, whose listings have pages of three.
private final class SmallPages: ContractBench {
    private let server: ObjectServer
    private var texts: [String: String] = [:]
    private var time = 1_700_000_000.0

    init() throws { self.server = try ObjectServer() }

    func put(_ documents: [String: String]) {
        self.time += 10
        for name in self.texts.keys where documents[name] == nil {
            self.server.change("docs/\(name)") { $0 = nil }
        }
        for (name, text) in documents where self.texts[name] != text {
            let bytes = Array(text.utf8)
            self.server.change("docs/\(name)") {
                $0 = .init(bytes: bytes, modified: self.time, etag: "\"\(self.time)\"")
            }
        }
        self.texts = documents
    }

    func connector() throws -> any Connector { try self.connector(of: "docs", at: self.server.url) }
}

/// A public bucket of moto, which answers as Amazon S3 does.
private final class Moto: ContractBench {
    private let bucket = "c\(UUID().uuidString.lowercased())"
    private let transport = HTTPTransport()
    private var url = ""
    private var texts: [String: String] = [:]

    func put(_ documents: [String: String]) async throws {
        if self.url.isEmpty {
            self.url = try await MotoServer.shared().url
            let place = "<LocationConstraint>eu-central-1</LocationConstraint>"
            try await self.send(
                "PUT",
                "",
                "<CreateBucketConfiguration>\(place)</CreateBucketConfiguration>"
            )
        }
        for name in self.texts.keys where documents[name] == nil {
            try await self.send("DELETE", name, "")
        }
        for (name, text) in documents where self.texts[name] != text {
            try await self.send("PUT", name, text)
        }
        self.texts = documents
    }

    private func send(_ method: String, _ key: String, _ text: String) async throws {
        var allowed = CharacterSet.urlPathAllowed
        allowed.remove("&")
        let path = key.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
        let request = HTTPRequest(
            method,
            url: "\(self.url)/\(self.bucket)/\(path)",
            // The connector reads as anybody may.
            headers: [
                (name: "authorization", value: "AWS a:b"),
                (name: "x-amz-acl", value: "public-read"),
            ],
            body: Array(text.utf8)
        )
        let status = try await self.transport.send(request).status
        try #require(status < 300, "\(method) \(key): \(status)")
    }

    func connector() throws -> any Connector { try self.connector(of: self.bucket, at: self.url) }
}

extension ContractBench {
    fileprivate func connector(of bucket: String, at url: String) throws -> any Connector {
        try self.connector(
            "s3",
            [
                "bucket": .string(bucket), "endpoint": .string(url), "addressing": .string("path"),
                "region": .string("eu-central-1"), "credentials": .string("none"),
            ],
            in: "/"
        )
    }
}

extension ConnectorContract {
    private static let listsAll = [Promise.givesDeltas: "a bucket is listed whole"]

    static let s3 = ConnectorContract(name: "s3 in small pages", exceptions: listsAll) {
        try SmallPages()
    }
    static let s3OfMoto = ConnectorContract(name: "s3 of moto", exceptions: listsAll) { Moto() }
}
