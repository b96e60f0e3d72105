import Connectors
import Dataflow
import Foundation
import Hashing
import Records
import Storage
import Testing

extension ConnectorContract {
    /// Each message alone in a file, in `new` of the folder of its name.
    private final class MaildirFolder: ContractBench {
        let folder: BenchFolder

        init() throws {
            self.folder = try BenchFolder()
            try self.put([:])
        }

        func put(_ documents: [String: String]) throws {
            var files: [String: String] = [:]
            for (place, text) in documents {
                var parts = place.split(separator: "/").map(String.init)
                parts.insert("cur", at: parts.count - 1)
                // A message that was read, and has been answered.
                files[parts.joined(separator: "/") + ":2,RS"] = text
            }
            try self.folder.put(files)
            try FileManager.default.createDirectory(
                atPath: "\(self.folder.path)/cur",
                withIntermediateDirectories: true
            )
        }

        func connector() throws -> any Connector {
            try self.connector(
                "maildir",
                ["path": .string(self.folder.path)],
                in: self.folder.path
            )
        }
    }

    private final class Mailbox: ContractBench {
        let folder: BenchFolder

        init() throws {
            self.folder = try BenchFolder()
            try self.put([:])
        }

        var file: String { "\(self.folder.path)/box[1].mbox" }

        func put(_ documents: [String: String]) throws {
            var box = ""
            for (id, text) in documents.sorted(by: { $0.key > $1.key }) {
                box += "From x@h Mon Jan  1 00:00:00 2024\nMessage-ID: <\(id)>\n\n\(text)\n\n"
            }
            try Data(box.utf8).write(to: URL(filePath: self.file))
        }

        func connector() throws -> any Connector {
            try self.connector("mbox", ["path": .string(self.file)], in: self.folder.path)
        }

        func text(of bytes: [UInt8]) -> String {
            let text = String(decoding: bytes, as: UTF8.self)
            return text.components(separatedBy: "\n\n").dropFirst().joined(separator: "\n\n")
                .trimmingCharacters(in: .newlines)
        }
    }

    private final class WebArchive: ContractBench {
        let folder: BenchFolder
        let packing: Packing

        /// What is in a gzip of its own.
        enum Packing { case nothing, record, file }

        init(_ packing: Packing) throws {
            self.folder = try BenchFolder()
            self.packing = packing
            try self.put([:])
        }

        func put(_ documents: [String: String]) throws {
            var records = [Self.record("warcinfo", "", "application/warc-fields", "a: b\r\n")]
            for (place, text) in documents.sorted(by: { $0.key < $1.key }) {
                let url = "http://h/" + PlaceURL.escaped(place)
                let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                let chunked = String(text.utf8.count, radix: 16) + "\r\n\(text)\r\n0\r\n\r\n"
                let answer =
                    place.hasPrefix("d")
                    ? head + "Transfer-Encoding: chunked\r\n\r\n" + chunked : head + "\r\n\(text)"
                records.append(
                    Self.record("response", url, "application/http; msgtype=response", answer)
                )
                records.append(
                    Self.record("request", url, "application/http; msgtype=request", "GET / -")
                )
            }
            let name = "pages.warc" + (self.packing == .nothing ? "" : ".gz")
            var whole = records.reduce(Data()) { $0 + (self.packing == .record ? gzipped($1) : $1) }
            if self.packing == .file { whole = gzipped(whole) }
            try whole.write(to: URL(filePath: "\(self.folder.path)/\(name)"))
        }

        private static func record(
            _ type: String,
            _ url: String,
            _ contentType: String,
            _ block: String
        ) -> Data {
            let id = sha256(url + type + block).hex
            return Data(
                """
                WARC/1.0\r\nWARC-Type: \(type)\r\nWARC-Target-URI: \(url)\r\n\
                WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:x:\(id)>\r\n\
                Content-Type: \(contentType)\r\nContent-Length: \(block.utf8.count)\r\n\r\n\
                \(block)\r\n\r\n
                """.utf8
            )
        }

        func connector() throws -> any Connector {
            try self.connector(
                "warc",
                ["path": .string(self.folder.path), "scope": .list([.string("http://h/")])],
                in: self.folder.path
            )
        }
    }

    static let maildir = ConnectorContract(
        name: "maildir",
        exceptions: [.givesDeltas: "a folder keeps no log of changes"]
    ) { try MaildirFolder() }
    static let mailbox = ConnectorContract(
        name: "mbox",
        exceptions: [
            .givesDeltas: "a file keeps no log of changes",
            .keepsLimit: "a message is more than its text",
        ]
    ) { try Mailbox() }
    static let webArchive = ConnectorContract(
        name: "warc",
        exceptions: [.givesDeltas: "a file keeps no log of changes"]
    ) { try WebArchive(.nothing) }
    static let gzippedWebArchive = ConnectorContract(
        name: "warc.gz",
        exceptions: [.givesDeltas: "a file keeps no log of changes"]
    ) { try WebArchive(.record) }
    static let wholeWebArchive = ConnectorContract(
        name: "warc in one gzip",
        exceptions: [.givesDeltas: "a file keeps no log of changes"]
    ) { try WebArchive(.file) }
}

/// In gzip's format, made with the compressor of `Storage`.
private func gzipped(_ data: Data) -> Data {
    func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    let bytes = [UInt8](data)
    let tail = little(crc32(bytes)) + little(UInt32(bytes.count))
    return Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] + deflate(bytes) + tail)
}

/// A path in a URL.
private enum PlaceURL {
    static func escaped(_ place: String) -> String {
        place.utf8.map { byte in
            let isPlain =
                byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter || byte == 0x2F
                || byte == 0x2E
            return isPlain
                ? String(UnicodeScalar(byte))
                : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}

/// What a file of many documents may hold beside what the contract asks.
@Suite struct ContainerTests {
    private let folder: BenchFolder

    init() throws { self.folder = try BenchFolder() }

    private final class Given: ContractBench {
        let kind: String
        let path: String
        init(_ kind: String, _ path: String) {
            self.kind = kind
            self.path = path
        }
        func put(_ documents: [String: String]) {}
        func connector() throws -> any Connector {
            try self.connector(self.kind, ["path": .string(self.path)], in: "/")
        }
    }

    private func listed(
        _ kind: String,
        _ name: String = ""
    ) throws -> (places: [String], items: [ListedItem], report: ListingReport) {
        let connector = try Given(kind, self.folder.path + name).connector()
        var items: [ListedItem] = []
        let local = try #require(connector as? any LocalConnector)
        let report = try local.list { items.append($0) }
        return (items.map { String($0.uri.dropFirst(2)) }, items, report)
    }

    private static func message(_ id: String, _ body: String) -> String {
        "From a Mon Jan  1 10:00:00 2024\n" + (id.isEmpty ? "" : "Message-Id:\n <\(id)>\n")
            + "Subject: s\n\n\(body)\n\n"
    }

    @Test func messagesAreNamedByTheirIDs() throws {
        try self.folder.put([
            "b/box": Self.message("1@h", "From here\n>From there 1:2")
                + Self.message("1@h", "again")
                + Self.message("1@h", "again") + Self.message("", "no id"),
            "note.txt": "no mailbox", "empty": "",
        ])
        let (places, items, report) = try self.listed("mbox")
        #expect(places.count == 3)
        #expect(places.contains("b/box/1@h"))
        #expect(places.contains { $0.hasPrefix("b/box/1@h~") })
        #expect(places.contains { $0.hasPrefix("b/box/sha256-") })
        #expect(report.unmatchedCount == 1 && report.isComplete)
        let connector = try Given("mbox", self.folder.path).connector()
        let local = try #require(connector as? any LocalConnector)
        let first = try #require(items.first { $0.uri == "s/b/box/1@h" })
        let text = String(
            decoding: try local.readNow(first, maximumBytes: 999).bytes,
            as: UTF8.self
        )
        #expect(text.contains("\nFrom here\nFrom there 1:2\n"))
    }

    /// A line may be longer than what is in memory at a time.
    @Test func largeMessagesAreOneEach() throws {
        let long = String(repeating: "x", count: 3 << 20)
        try self.folder.put([
            "box": Self.message("1", long) + Self.message("2", "y\n\(long)\nz")
                + Self.message("3", "")
        ])
        let (places, items, _) = try self.listed("mbox", "/box")
        #expect(places == ["1", "2", "3"])
        #expect(items[1].size == Self.message("2", "y\n\(long)\nz").utf8.count - 33)
    }

    @Test func fileThatIsNoMailboxIsSaid() throws {
        try self.folder.put(["note.txt": "no mailbox"])
        let error = #expect(throws: ConnectorError.self) { try self.listed("mbox", "/note.txt") }
        #expect(error?.code == .unavailable)
        let missing = #expect(throws: ConnectorError.self) { try self.listed("mbox", "/none") }
        #expect(missing?.code == .unavailable)
        let maildir = #expect(throws: ConnectorError.self) { try self.listed("maildir") }
        #expect(maildir?.message.contains("no Maildir") == true)
    }

    /// Neither being read nor a flag makes another document of a message.
    @Test func messageKeepsItsPlaceWhenItIsRead() throws {
        try self.folder.put([
            "new/12.h": "one", "cur/13.h:2,S": "two", ".Sent/cur/14.h:2,": "three",
        ])
        try self.folder.put(
            ["tmp/15.h": "half"].merging([
                "new/12.h": "one", "cur/13.h:2,S": "two", ".Sent/cur/14.h:2,": "three",
            ]) { $1 }
        )
        let (places, items, _) = try self.listed("maildir")
        #expect(places == [".Sent/14.h", "12.h", "13.h"])
        try FileManager.default.moveItem(
            atPath: "\(self.folder.path)/new/12.h",
            toPath: "\(self.folder.path)/cur/12.h:2,S"
        )
        let connector = try Given("maildir", self.folder.path).connector()
        let local = try #require(connector as? any LocalConnector)
        #expect(try local.readNow(items[1], maximumBytes: 9).bytes == Array("one".utf8))
        #expect(try self.listed("maildir").places == places)
    }

    private static func record(_ url: String, _ date: String, _ answer: String) -> String {
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: \(url)\r\nWARC-Date: \(date)\r\n"
            + "Content-Type: application/http;msgtype=response\r\n"
            + "WARC-Record-ID: <urn:\(sha256(url + date).hex)>\r\n"
            + "Content-Length: \(answer.utf8.count)\r\n\r\n\(answer)\r\n\r\n"
    }

    /// Records in gzips of any cut, one record in two of them also, far into a large one too.
    @Test func recordsAreFoundHoweverTheyAreGzipped() throws {
        func body(_ number: Int) -> String {
            (0..<30_000).map { String(($0 &* 7_919 &+ number &* 104_729) % 9_973) }.joined(
                separator: " "
            )
        }
        let records = (0..<24).map { number in
            Data(
                Self.record("http://h/\(number)", "2024-01-02T00:00:00Z", Self.page + body(number))
                    .utf8
            )
        }
        let whole = records.reduce(Data(), +)
        let cut = records[0].count + 1_000
        for (name, parts) in [
            ("one", [whole]), ("each", records),
            ("cut", [Data(whole.prefix(cut)), Data(whole.dropFirst(cut))]),
            ("pairs", stride(from: 0, to: 24, by: 2).map { records[$0] + records[$0 + 1] }),
        ] {
            let folder = try BenchFolder()
            try parts.reduce(Data()) { $0 + gzipped($1) }
                .write(to: URL(filePath: "\(folder.path)/p.warc.gz"))
            let connector = try Given("warc", folder.path).connector()
            let local = try #require(connector as? any LocalConnector)
            var items: [ListedItem] = []
            let report = try local.list { items.append($0) }
            #expect(report.isComplete, "\(name): \(report.errors)")
            #expect(items.count == 24, "\(name)")
            // By another one, as another process would; the last first.
            let other = try #require(
                try Given("warc", folder.path).connector() as? any LocalConnector
            )
            for item in items.reversed() {
                let number = try #require(item.uri.split(separator: "/").last.flatMap { Int($0) })
                for reader in [local, other] {
                    let read = try reader.readNow(item, maximumBytes: 1 << 20)
                    #expect(read.bytes == Array(body(number).utf8), "\(name) \(number)")
                }
            }
        }
    }

    private static let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=latin1\r\n\r\n"

    @Test func latestPageOfAnAddressCounts() throws {
        let pages =
            Self.record("http://h/a?x=1", "2024-01-02T00:00:00Z", Self.page + "new")
            + Self.record("http://h/a?x=1", "2024-01-01T00:00:00Z", Self.page + "old")
            + Self.record("http://h/gone", "2024-01-01T00:00:00Z", "HTTP/1.1 404 No\r\n\r\nno")
        try self.folder.put(["p.warc": pages, "readme.txt": "x"])
        let (places, items, report) = try self.listed("warc")
        #expect(places == ["h/a?x=1"])
        #expect(report.isComplete)
        #expect(items[0].metadata == ["url": "http://h/a?x=1", "date": "2024-01-02T00:00:00Z"])
        let connector = try Given("warc", self.folder.path).connector()
        let local = try #require(connector as? any LocalConnector)
        let read = try local.readNow(items[0], maximumBytes: 99)
        #expect(read.bytes == Array("new".utf8))
        #expect(read.mediaType == .html && read.charset == "latin1")
    }

    @Test(arguments: [
        "Content-Length: 99999999999999999999", "Content-Length: 1125899906842624",
        "Content-Length: -5", "Content-Length: 4000", "",
    ])
    func archiveThatIsDamagedIsNoWholeListing(_ field: String) throws {
        let good = Self.record("http://h/a", "2024-01-02T00:00:00Z", Self.page + "a")
        let bad = good.replacing("/a\r", with: "/b\r")
            .replacing("Content-Length: \((Self.page + "a").utf8.count)", with: field)
        try self.folder.put(["p.warc": good + bad])
        let (places, _, report) = try self.listed("warc")
        #expect(places.first == "h/a")
        #expect(!report.isComplete)
    }
}
