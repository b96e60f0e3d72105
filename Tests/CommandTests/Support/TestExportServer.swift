import Foundation
import Testing

/// A server of ours that answers as Qdrant and OpenSearch do; it ends with the value.
final class TestExportServer {
    let url: String
    private let process = Process()
    private let folder: TemporaryFolder

    init() throws {
        self.folder = try TemporaryFolder()
        try self.folder.write("log", "")
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let output = Pipe()
        self.process.executableURL = URL(filePath: "/usr/bin/env")
        self.process.arguments = [
            "python3", root.appending(path: "Fixtures/export-servers.py").path, self.folder("log"),
        ]
        self.process.standardOutput = output
        try self.process.run()
        var line = ""
        while !line.hasSuffix("\n") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw CocoaError(.fileReadUnknown) }
            line += String(decoding: data, as: UTF8.self)
        }
        self.url = "http://127.0.0.1:\(line.trimmingCharacters(in: .whitespacesAndNewlines))"
    }

    deinit {
        // A thread of the test may have handed on that it blocks SIGTERM.
        if self.process.isRunning { kill(self.process.processIdentifier, SIGKILL) }
        self.process.waitUntilExit()
    }

    func forgetLog() throws { try self.folder.write("log", "") }

    /// Rows that were sent to or deleted from a collection or index of that name.
    func sentRowCount(_ name: String) throws -> Int {
        try self.folder.text("log").split(separator: "\n").reduce(0) { sum, line in
            let words = line.split(separator: " ")
            guard words.count == 3 else { return sum }
            let parts = words[1].split(separator: "/")
            return parts.contains(Substring(name)) ? sum + (Int(words[2]) ?? 0) : sum
        }
    }

    /// Ids and digests of all rows that it holds.
    func rows(_ target: String) throws -> [String: String] {
        let program = """
            import json, sys, urllib.request, time
            url, target = sys.argv[1:]
            def ask(method, path, body=None):
                while True:
                    try:
                        request = urllib.request.Request(url + path, method=method, data=body and json.dumps(body).encode(),
                            headers={"api-key": "qdrant-key", "authorization": "ApiKey search-key", "content-type": "application/json"})
                        return json.load(urllib.request.urlopen(request))
                    except urllib.error.HTTPError as error:
                        if error.code != 429: raise
            rows, offset = [], None
            if target == "qdrant":
                while True:
                    page = ask("POST", "/collections/chunks/points/scroll",
                        {"limit": 1000, "offset": offset, "with_payload": ["chunk_id", "digest"]})["result"]
                    rows += [(p["payload"]["chunk_id"], p["payload"]["digest"]) for p in page["points"]]
                    offset = page["next_page_offset"]
                    if offset is None: break
            else:
                hits = ask("POST", "/chunks/_search", {"size": 100000})["hits"]["hits"]
                rows = [(h["_id"], h["_source"]["digest"]) for h in hits]
            assert len(dict(rows)) == len(rows)
            print(json.dumps(dict(rows)))
            """
        let text = try output(of: "/usr/bin/env", ["python3", "-c", program, self.url, target])
        return try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    }
}
