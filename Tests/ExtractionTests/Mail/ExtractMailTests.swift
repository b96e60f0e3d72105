import Dataflow
import Formats
import Records
import Testing

@testable import Extraction

@Suite("Mail")
struct ExtractMailTests {
    private func code(_ text: String) -> StageFailure.Code? {
        do {
            _ = try mail(text)
            return nil
        } catch {
            return (error as? ExtractionError)?.code
        }
    }

    @Test func headersBecomeMetadataAndNoText() throws {
        let message = try mail(
            """
            Received: from a by b; Tue, 1 Apr 2031 08:30:00 +0200
            From: =?utf-8?q?J=C3=B6rg_M=C3=BCller?= <jm@mill.example>
            To: Al <al@mill.example>,\r
             Bo <bo@mill.example>
            Cc: cy@mill.example
            Subject: =?utf-8?b?R3LDvMOfZQ==?=
             again
            Date: Tue, 1 Apr 2031 08:30:00 +0200
            Message-ID: <1@mill.example>
            In-Reply-To: <0@mill.example>
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: base64

            VGhlIHdoZWVsIHR1cm5zLg==
            """
        )
        #expect(message.content.title == "Grüße again")
        #expect(String(decoding: message.content.text, as: UTF8.self) == "The wheel turns.")
        let metadata = message.content.metadata
        #expect(metadata["from"] == "Jörg Müller <jm@mill.example>")
        #expect(metadata["author"] == "Jörg Müller")
        #expect(metadata["to"] == "Al <al@mill.example>, Bo <bo@mill.example>")
        #expect(metadata["cc"] == "cy@mill.example")
        #expect(metadata["date"] == "2031-04-01T08:30:00+02:00")
        #expect(metadata["published"] == metadata["date"])
        #expect(metadata["message_id"] == "<1@mill.example>")
        #expect(metadata["in_reply_to"] == "<0@mill.example>")
        #expect(message.children.isEmpty)
    }

    static let encodings: [(name: String, body: String)] = [
        ("7bit", "Grusse"), ("base64", "R3J1c3Nl"), ("quoted-printable", "Gr=75s=\nse"),
        ("BASE64", "R3J1\r\nc3Nl\r\n"), ("x-uuencode", "begin 644 a\n&1W)U<W-E\n`\nend"),
        ("binary", "Grusse"),
    ]

    @Test(arguments: encodings) func transferEncodingsAreUndone(name: String, body: String) throws {
        let message = try mail("From: a\nContent-Transfer-Encoding: \(name)\n\n\(body)\n")
        #expect(String(decoding: message.content.text, as: UTF8.self) == "Grusse")
    }

    static let charsets: [(charset: String, body: String)] = [
        ("iso-8859-1", "Gr=FC=DFe"), ("utf-8", "Gr=C3=BC=C3=9Fe"), ("utf-7", "Gr+APwA3w-e"),
        ("windows-1252", "Gr=FC=DFe"), ("cp850", "Gr=81=E1e"),
        ("utf-16le", "G=00r=00=FC=00=DF=00e=00"),
        // A charset that the bytes contradict, and one that nobody knows.
        ("us-ascii", "Gr=FC=DFe"), ("nosuch", "Gr=C3=BC=C3=9Fe"), ("\"utf-8\"", "Gr=C3=BC=C3=9Fe"),
    ]

    @Test(arguments: charsets) func charsetsAreConverted(charset: String, body: String) throws {
        let message = try mail(
            """
            From: a
            Content-Type: text/plain; charset=\(charset)
            Content-Transfer-Encoding: quoted-printable

            \(body)
            """
        )
        #expect(String(decoding: message.content.text, as: UTF8.self) == "Grüße")
    }

    static func multipart(_ subtype: String, _ parts: [String], boundary: String = "b") -> String {
        "MIME-Version: 1.0\nContent-Type: multipart/\(subtype); boundary=\"\(boundary)\"\n\n"
            + parts.map { "--\(boundary)\n\($0)\n" }.joined() + "--\(boundary)--\n"
    }

    static let plain = "Content-Type: text/plain\n\nThe wheel turns."
    static let html = "Content-Type: text/html\n\n<p>The wheel <b>turns</b>.</p>"
    static let report =
        "Content-Type: application/pdf; name=report.pdf\nContent-Disposition: attachment\n"
        + "Content-Transfer-Encoding: base64\n\nJVBERi0="

    @Test func attachmentsAreNumberedAsIMAPDoes() throws {
        let flat = try mail(Self.multipart("mixed", [Self.plain, Self.report]))
        #expect(flat.suffixes == ["#2/report.pdf"])
        #expect(flat.text(0) == "%PDF-")
        #expect(flat.children[0].mediaType == .pdf)
        let inner = Self.multipart("alternative", [Self.plain, Self.html], boundary: "c")
        let nested = try mail(
            Self.multipart(
                "mixed",
                [Self.multipart("mixed", [Self.plain, Self.report], boundary: "d"), inner]
            )
        )
        #expect(nested.suffixes == ["#1.2/report.pdf"])
    }

    @Test func namesAreDecodedAndHoldNoFolders() throws {
        let message = try mail(
            Self.multipart(
                "mixed",
                [
                    Self.plain,
                    "Content-Disposition: attachment; filename*=utf-8''a%2Fb%5C%C3%BC.txt\n\nx",
                    "Content-Type: image/png\nContent-Disposition: attachment\n\nx",
                    "Content-Disposition: attachment; filename=\"../../etc/passwd\"\n\nx",
                ]
            )
        )
        #expect(message.suffixes == ["#2/a_b_ü.txt", "#3", "#4/.._.._etc_passwd"])
    }

    @Test func plainWinsOverTheSameInHTML() throws {
        let message = try mail(Self.multipart("alternative", [Self.plain, Self.html]))
        #expect(String(decoding: message.content.markdown, as: UTF8.self) == "The wheel turns.")
        #expect(message.children.isEmpty)
    }

    @Test func htmlWinsWhereItSaysMore() throws {
        let stub = "Content-Type: text/plain\n\nHTML only."
        let long = "Content-Type: text/html\n\n<h1>Mill</h1><p>The wheel turns all day.</p>"
        let message = try mail(Self.multipart("alternative", [stub, long]))
        #expect(String(decoding: message.content.markdown, as: UTF8.self).hasPrefix("# Mill"))
        let table =
            "Content-Type: text/html\n\n<table><tr><th>a</th><th>b</th></tr>"
            + "<tr><td>1</td><td>2</td></tr></table>"
        let words = "Content-Type: text/plain\n\na b one two three four five six 1 2"
        let sheet = try mail(Self.multipart("alternative", [words, table]))
        #expect(blocks(sheet.content).map(\.kind) == [.table])
    }

    @Test func inlineTextsAreOneText() throws {
        let message = try mail(
            Self.multipart("mixed", [Self.plain, Self.report, "Content-Type: text/plain\n\nBye."])
        )
        #expect(blocks(message.content).map(\.text) == ["The wheel turns.", "Bye."])
    }

    @Test func picturesOfThePageAreNoDocuments() throws {
        let image = "Content-Type: image/png\nContent-ID: <a>\n\nx"
        let message = try mail(Self.multipart("related", [Self.html, image, Self.report]))
        #expect(message.warning("embedded_parts") == 1)
        #expect(message.suffixes == ["#3/report.pdf"])
    }

    @Test func savedPagesAreReadByTheirPage() throws {
        let css = "Content-Type: text/css\nContent-Location: https://mill.example/a.css\n\np{}"
        let text =
            "From: <Saved by Blink>\nSnapshot-Content-Location: https://mill.example/\n"
            + "Subject: Mill\n" + Self.multipart("related", [Self.html, css])
        let page = try mail(text)
        #expect(page.content.metadata["canonical"] == "https://mill.example/")
        #expect(String(decoding: page.content.text, as: UTF8.self) == "The wheel turns.")
        #expect(page.children.isEmpty)
        #expect(sniffMediaType(Array(text.utf8), declared: .savedWebPage) == (.savedWebPage, false))
    }

    @Test func messagesInMessagesAreDocuments() throws {
        let inner =
            "From: b@mill.example\nSubject: Inner\n"
            + Self.multipart(
                "mixed",
                [Self.plain, Self.report],
                boundary: "c"
            )
        let message = try mail(
            Self.multipart("mixed", [Self.plain, "Content-Type: message/rfc822\n\n\(inner)"])
        )
        #expect(message.suffixes == ["#2"])
        #expect(message.children[0].mediaType == .mail)
        let child = try TakenChildren(
            MailOptions(Parameters([:])),
            try #require(try? message.children[0].bytes.get())
        )
        #expect(child.content.title == "Inner")
        #expect(child.suffixes == ["#2/report.pdf"])
    }

    @Test func signaturesOfMessagesAreNoDocuments() throws {
        let message = try mail(
            Self.multipart(
                "signed",
                [Self.plain, "Content-Type: application/pgp-signature; name=a.asc\n\nx"]
            )
        )
        #expect(message.children.isEmpty)
        #expect(message.content.blocks.count == 1)
    }

    static let locked = [
        "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIAG",
        multipart("encrypted", ["Content-Type: application/pgp-encrypted\n\nVersion: 1", "\n\nx"]),
        "From: a\n\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----",
    ]

    @Test(arguments: locked) func encryptedMessagesSaySo(text: String) {
        #expect(self.code("From: a\n" + text) == .encrypted)
    }

    @Test func aMessageOfAttachmentsListsThem() throws {
        let message = try mail("Subject: Files\n" + Self.multipart("mixed", [Self.report]))
        #expect(String(decoding: message.content.markdown, as: UTF8.self) == "- report.pdf")
        #expect(message.suffixes == ["#1/report.pdf"])
        let single = try mail("From: a\n" + Self.report)
        #expect(single.suffixes == ["#1/report.pdf"])
    }

    @Test func nothingIsEmpty() {
        #expect(self.code("From: a\n\n") == .empty)
        #expect(self.code("From: a\n" + Self.multipart("mixed", [])) == .empty)
    }

    @Test func charsetOfAnAttachedTextIsKnown() throws {
        let message = try mail(
            Self.multipart(
                "mixed",
                [
                    Self.plain,
                    "Content-Type: text/plain; charset=koi8-r; name=a.txt\n"
                        + "Content-Transfer-Encoding: base64\n\n8NLJ18XU",
                ]
            )
        )
        #expect(message.text(0) == "Привет")
    }

    @Test func htmlRepliesAreQuotes() throws {
        let message = try mail(
            "From: a\nContent-Type: text/html\n\n<p>Yes.</p><p>-- <br>Jo</p>"
                + "<blockquote><p>The wheel?</p></blockquote>"
        )
        #expect(blocks(message.content).map(\.kind) == [.paragraph, .signature, .quote])
        let outlook = try mail(
            "From: a\nContent-Type: text/html\n\n<p>Yes.</p><p>Von: Jo<br>Gesendet: Montag<br>"
                + "An: Al<br>Betreff: Rad</p><p>Dreht es sich?</p>"
        )
        #expect(blocks(outlook.content).map(\.kind) == [.paragraph, .quote, .quote])
    }

    @Test func countsAreBounded() throws {
        let parts = Array(repeating: Self.report, count: 12)
        let message = try mail(
            Self.multipart("mixed", [Self.plain] + parts),
            limits: ChildLimits(count: 5)
        )
        #expect(message.children.count == 5)
        #expect(message.warning("children_left_out") == 7)
        let small = try mail(
            Self.multipart("mixed", [Self.plain] + parts),
            limits: ChildLimits(byteCount: 12)
        )
        let codes = (0..<12).map { small.code($0) }
        #expect(codes.prefix(2).allSatisfy { $0 == nil })
        #expect(codes.dropFirst(2).allSatisfy { $0 == .limitExceeded })
    }

    static let sniffed: [(text: String, declared: MediaType, type: MediaType)] = [
        ("From: a@b\nSubject: c\nDate: d\n\nx", .unknown, .mail),
        ("Return-Path: <a@b>\nFrom: a@b\n\nx", .unknown, .mail),
        ("From: a@b\nTo: b\nMIME-Version: 1.0\n\nx", .plain, .mail),
        // A memo is text, and so is what only begins like a header.
        ("From: the board\nTo: all\nSubject: tea\n\nMore of it.", .plain, .plain),
        ("Note: this\n\nx", .unknown, .plain), ("Subject: x\nand on it goes", .unknown, .plain),
        ("Subject: c\n\nx", .mail, .mail), ("Content-Type: text/plain\n\nx", .mail, .mail),
        ("words alone", .mail, .plain),
        ("From a@b Tue Apr  1 08:30:00 2031\nFrom: a\n\nx", .unknown, .mailbox),
        ("From a@b Tue Apr  1 08:30:00 2031\nFrom: a\n\nx", .mail, .mailbox),
        ("From here on it turns.\nNote: x", .plain, .plain),
        ("\u{FEFF}From: a\nSubject: b\nDate: c\n\nx", .unknown, .mail),
        ("From: a\r\nSubject: b\r\nDate: c\r\n\r\nx", .unknown, .mail),
        ("<p>From: a</p>", .html, .html),
    ]

    @Test(arguments: sniffed)
    func headersTellAMail(text: String, declared: MediaType, type: MediaType) {
        #expect(sniffMediaType(Array(text.utf8), declared: declared).type == type)
    }
}
