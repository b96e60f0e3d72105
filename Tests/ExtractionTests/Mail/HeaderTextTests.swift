import Testing

@testable import Extraction

@Suite("Header fields of mail")
struct HeaderTextTests {
    static let texts: [(field: String, text: String)] = [
        (" plain words ", "plain words"), ("folded\r\n  line", "folded line"),
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"), ("=?UTF-8?b?R3LDvMOfZQ==?=", "Grüße"),
        ("=?iso-8859-1?q?Gr=FC=DFe_aus_K=F6ln?=", "Grüße aus Köln"),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"), ("=?utf-8?q?a?=\r\n =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?= c =?utf-8?q?b?=", "a c b"), ("x=?utf-8?q?a?=y", "xay"),
        // A letter in two words, as programs that count bytes write it.
        ("=?utf-8?b?R3LD?= =?utf-8?b?vMOfZQ==?=", "Grüße"),
        ("=?utf-8*de?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?koi8-r?B?8NLJ18XU?=", "Привет"), ("=?iso-2022-jp?B?GyRCJDMbKEI=?=", "こ"),
        ("=?utf-7?q?+AOk-?=", "é"),
        (
            "\"=?utf-8?q?M=C3=BCller=2C_J=2E?=\" <m@x.example>",
            "\"Müller, J.\" <m@x.example>"
        ),
        // What is not closed or of no known encoding stays.
        ("=?utf-8?q?open", "=?utf-8?q?open"), ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("=?utf-8?b?!!!?=", ""), ("a ?= b", "a ?= b"), ("=?", "=?"), ("=??q?a?=", "=??q?a?="),
        ("=?nosuch?q?a=C3=BC?=", "aü"), ("tab\there", "tab here"), ("a\u{1}b", "a b"),
    ]

    @Test(arguments: texts) func wordsAreDecoded(field: String, text: String) {
        #expect(headerText(field.utf8) == text)
    }

    @Test func bytesWithoutAWordAreGuessed() {
        #expect(headerText([0x47, 0x72, 0xFC, 0xDF, 0x65]) == "Grüße")
    }

    static let parameters: [(field: String, name: String, value: String?)] = [
        ("text/plain; charset=utf-8", "charset", "utf-8"),
        ("text/plain; charset=\"utf-8\"", "charset", "utf-8"),
        ("text/plain;CHARSET=UTF-8 (a comment; b=c)", "charset", "UTF-8"),
        ("text/plain; b=1", "charset", nil), ("a/b; name=\"x; y.pdf\"", "name", "x; y.pdf"),
        ("a/b; name=\"a \\\"b\\\".pdf\"", "name", "a \"b\".pdf"),
        ("a/b; name=\"C:\\files\\a.pdf\"", "name", "C:\\files\\a.pdf"),
        ("a; filename*=utf-8''%E2%82%AC%20rates", "filename", "€ rates"),
        ("a; filename*0=\"long\"; filename*1=\"name.pdf\"", "filename", "longname.pdf"),
        ("a; filename*1=\"b\"; filename*0=\"a\"", "filename", "ab"),
        (
            "a; filename*0*=iso-8859-1'de'Gr%FC; filename*1*=%DFe; filename*2=.pdf", "filename",
            "Grüße.pdf"
        ),
        ("a; filename=old.pdf; filename*=utf-8''neu%C3%BC.pdf", "filename", "neuü.pdf"),
        ("a; name=\"=?utf-8?q?Gr=C3=BC=C3=9Fe=2Epdf?=\"", "name", "Grüße.pdf"),
        ("attachment; filename=with space.pdf", "filename", "with space.pdf"),
        (";;; =x; a=", "a", ""), ("a; filename*99999999999999999999=x", "filename", "x"),
    ]

    @Test(arguments: parameters)
    func parametersAreDecoded(field: String, name: String, value: String?) {
        #expect(HeaderParameters(field.utf8)[name] == value)
    }

    @Test func valueIsLowerCaseWithoutComments() {
        #expect(HeaderParameters("Text/Plain (of old) ; a=b".utf8).value == "text/plain")
        #expect(HeaderParameters("".utf8).value == "")
        #expect(HeaderParameters("charset=utf-8".utf8).value == "")
    }

    static let dates: [(text: String, date: String?)] = [
        ("Tue, 1 Apr 2031 08:30:00 +0200", "2031-04-01T08:30:00+02:00"),
        ("1 Apr 2031 08:30 GMT", "2031-04-01T08:30:00Z"),
        ("Tue, 01 Apr 2031 08:30:00 -0500 (EST)", "2031-04-01T08:30:00-05:00"),
        ("Tue, 01 Apr 2031 08:30:00 EDT", "2031-04-01T08:30:00-04:00"),
        ("Tue Apr  1 08:30:00 2031", "2031-04-01T08:30:00"), ("2031-04-01", "2031-04-01"),
        ("yesterday", nil), ("", nil),
    ]

    @Test(arguments: dates) func datesAreRead(text: String, date: String?) {
        #expect(mailDate(text) == date)
    }
}
