import Dataflow
import Formats
import Records
import Testing

@testable import Extraction

@Suite("Mailboxes")
struct MailboxTests {
    static let from = "From jo@mill.example Tue Apr  1 08:30:00 2031\n"

    @Test func messagesAreDocuments() throws {
        let box = try mail(
            Self.from + "Subject: One\n\nThe wheel turns.\n>From here on.\n>>From there.\n\n"
                + Self.from + "Subject: =?utf-8?q?Zw=C3=B6lf?=\n\nBye.\n"
        )
        #expect(box.suffixes == ["#1", "#2"])
        #expect(box.children.map(\.mediaType) == [.mail, .mail])
        #expect(box.text(0) == "Subject: One\n\nThe wheel turns.\nFrom here on.\n>From there.\n\n")
        #expect(box.text(1) == "Subject: =?utf-8?q?Zw=C3=B6lf?=\n\nBye.\n")
        #expect(String(decoding: box.content.markdown, as: UTF8.self) == "- One\n- Zwölf")
        #expect(box.content.metadata["messages"] == "2")
    }

    @Test func aLineInATextIsNoMessage() throws {
        let box = try mail(
            Self.from + "Subject: One\n\nFrom jo I hear at 08:30 that\nnothing turns.\n\n"
                + "From here on.\n"
        )
        #expect(box.suffixes == ["#1"])
    }

    @Test func lineEndsMayBeThoseOfDOS() throws {
        let text = (Self.from + "Subject: One\n\na\n\n" + Self.from + "Subject: Two\n\nb\n")
            .replacing("\n", with: "\r\n")
        #expect(try mail(text).suffixes == ["#1", "#2"])
    }

    @Test func messagesAreBounded() throws {
        let text = Array(repeating: Self.from + "Subject: a\n\nb\n\n", count: 20).joined()
        let box = try mail(text, limits: ChildLimits(count: 3))
        #expect(box.children.count == 3)
        #expect(box.warning("children_left_out") == 17)
    }
}
