import Dataflow
import Formats
import Records
import Testing

@testable import Extraction

@Suite("Outlook messages")
struct OutlookMessageTests {
    /// 1 April 2031, 08:30 UTC, in 100 ns since 1601.
    static let time: [UInt8] = {
        let ticks = UInt64(1_932_798_600 + 11_644_473_600) * 10_000_000
        return little(UInt32(truncatingIfNeeded: ticks), 4) + little(UInt32(ticks >> 32), 4)
    }()

    static let inner: [TinyCompound.Node] = [
        .stream("__properties_version1.0", Array(repeating: 0, count: 24)),
        outlookText("0037", "Inner"), outlookText("1000", "It turns."),
    ]

    static let nodes: [TinyCompound.Node] = [
        .stream(
            "__properties_version1.0",
            Array(repeating: 0, count: 32) + little(0x0039_0040, 4) + little(6, 4) + time
        ),
        outlookText("0037", "Grüße"), outlookText("1000", "The wheel turns.\r\n\r\n-- \r\nJo"),
        outlookText("0C1A", "Jo Miller"), outlookText("5D01", "jo@mill.example"),
        outlookText("0E04", "Al; Bo"), outlookText("1035", "<1@mill.example>"),
        .storage(
            "__attach_version1.0_#00000000",
            [
                outlookText("3707", "a.txt"),
                .stream("__substg1.0_37010102", Array("one".utf8)),
            ]
        ),
        .storage(
            "__attach_version1.0_#00000001",
            [outlookText("3001", "Inner"), .storage("__substg1.0_3701000D", inner)]
        ),
        // A Word document's own stream name does not make the message one.
        .storage(
            "__attach_version1.0_#00000002",
            [
                outlookText("3707", "b.doc"),
                .stream(
                    "__substg1.0_37010102",
                    "WordDocument".utf16.flatMap { little(UInt32($0), 2) }
                ),
            ]
        ),
    ]

    @Test func textHeaderAndAttachmentsAreRead() throws {
        let bytes = TinyCompound(Self.nodes).bytes()
        #expect(sniffMediaType(bytes, declared: .unknown).type == .outlookMessage)
        let message = try TakenChildren(MailOptions(Parameters([:])), bytes)
        #expect(message.content.title == "Grüße")
        #expect(blocks(message.content).map(\.kind) == [.paragraph, .signature])
        #expect(message.content.metadata["from"] == "Jo Miller <jo@mill.example>")
        #expect(message.content.metadata["to"] == "Al; Bo")
        #expect(message.content.metadata["date"] == "2031-04-01T08:30:00Z")
        #expect(message.suffixes == ["#1/a.txt", "#2/Inner", "#3/b.doc"])
        #expect(message.text(0) == "one")
        #expect(message.children[1].mediaType == .outlookMessage)
        let inner = try TakenChildren(
            MailOptions(Parameters([:])),
            try #require(try? message.children[1].bytes.get())
        )
        #expect(inner.content.title == "Inner")
        #expect(String(decoding: inner.content.text, as: UTF8.self) == "It turns.")
        #expect(inner.children.isEmpty)
    }

    @Test func everyCutIsReadOrRefused() {
        let bytes = TinyCompound(Self.nodes).bytes()
        for end in stride(from: 0, to: bytes.count, by: 97) {
            _ = try? TakenChildren(MailOptions(Parameters([:])), Array(bytes[..<end]))
        }
    }

    @Test func treesThatComeBackAreCut() throws {
        var bytes = TinyCompound(Self.nodes).bytes()
        // Every entry's siblings and child become the root and the entry after it.
        let file = try CompoundFile(bytes)
        #expect(file.members(of: 0).count == Self.nodes.count)
        let directory = Int(bytes[48]) | Int(bytes[49]) << 8
        for entry in 0..<4 {
            let at = (directory + 1) * 512 + entry * 128
            bytes.replaceSubrange(
                at + 68..<at + 80,
                with: little(1, 4) + little(0, 4) + little(1, 4)
            )
        }
        let cyclic = try CompoundFile(bytes)
        #expect(cyclic.members(of: 0).count <= 2)
    }

    @Test func chainsThatComeBackAreRefused() {
        var bytes = TinyCompound(Self.nodes).bytes()
        let table = Int(bytes[76]) | Int(bytes[77]) << 8
        let at = (table + 1) * 512
        for sector in 0..<100 {
            bytes.replaceSubrange(at + sector * 4..<at + sector * 4 + 4, with: little(0, 4))
        }
        _ = try? TakenChildren(MailOptions(Parameters([:])), bytes)
        #expect(throws: ExtractionError.self) { try CompoundFile(bytes) }
    }

    @Test func timesAreOfTheGregorianCalendar() {
        #expect(isoTime(secondsSince1601: 0) == "1601-01-01T00:00:00Z")
        #expect(isoTime(secondsSince1601: 11_644_473_600) == "1970-01-01T00:00:00Z")
        #expect(isoTime(secondsSince1601: 11_644_473_600 + 951_782_400) == "2000-02-29T00:00:00Z")
        #expect(isoTime(secondsSince1601: .max / 2) == nil)
    }
}
