import Testing

@testable import Redact

/// Addresses as people and programs write them.
@Suite struct EmailFormTests {
    @Test(arguments: [
        ("mail jörg.müller@corp.de now", "jörg.müller@corp.de"),
        ("łukasz.żak@corp.pl", "łukasz.żak@corp.pl"),
        ("почта иван@пример.рф", "иван@пример.рф"), ("νίκος@corp.gr", "νίκος@corp.gr"),
        ("البريد محمد@مثال.مصر شكرا", "محمد@مثال.مصر"), ("मेल राम@उदाहरण.भारत पर", "राम@उदाहरण.भारत"),
        ("到：张三@例子.中国，谢", "张三@例子.中国"), ("邮箱zhang@corp.cn，电", "zhang@corp.cn"),
        ("メールはtaro@corp.jpまで", "taro@corp.jp"), ("메일: gil@corp.kr로 보내", "gil@corp.kr"),
        ("root@[192.0.2.44] has", "root@[192.0.2.44]"),
        ("to root@[IPv6:2001:db8::1].", "root@[IPv6:2001:db8::1]"),
        ("mail \"john doe\"@corp.io now", "\"john doe\"@corp.io"),
        ("write to ann.lee@\ncorp.io today", "ann.lee@\ncorp.io"),
        ("ann.lee AT corp DOT io", "ann.lee AT corp DOT io"),
        ("at ann dot lee at corp dot com.", "ann dot lee at corp dot com"),
        ("ann.lee <at> corp <dot> io", "ann.lee <at> corp <dot> io"),
        (#"{"m":"ann\u0040corp.io"}"#, #"ann\u0040corp.io"#),
        (#"'ann\x40corp.io'"#, #"ann\x40corp.io"#),
        ("ann=40corp.io now", "ann=40corp.io"), ("ann@co=\r\nrp.io now", "ann@co=\r\nrp.io"),
        ("?u=ann%2540corp.io&x", "ann%2540corp.io"), ("a j&ouml;rg@corp.de", "j&ouml;rg@corp.de"),
        ("ann&#00064;corp.io", "ann&#00064;corp.io"),
        (#"j\u00f6rg@corp.de"#, #"j\u00f6rg@corp.de"#),
        ("j=C3=B6rg@corp.de", "j=C3=B6rg@corp.de"), ("j%C3%B6rg%40corp.de", "j%C3%B6rg%40corp.de"),
        ("mailto:ann@corp.io?subject=x", "ann@corp.io"), ("ann@corp[.]io", "ann@corp[.]io"),
        ("ann.lee @ corp.io", "ann.lee @ corp.io"), ("to ann.lee\n@corp.io", "ann.lee\n@corp.io"),
        ("ann [ät] corp.de", "ann [ät] corp.de"), (#"ann\@corp\.io"#, #"ann\@corp\.io"#),
        (#"j\_doe@corp.io"#, #"j\_doe@corp.io"#), ("ann\u{2060}@corp.io", "ann\u{2060}@corp.io"),
        ("backup-ann@corp.io.zip", "backup-ann@corp.io"),
        ("ann (klammeraffe) corp.de", "ann (klammeraffe) corp.de"),
        ("to ann_lee_at_corp.io now", "ann_lee_at_corp.io"),
        ("ann.lee_AT_mail-1_dot_corp_dot_io", "ann.lee_AT_mail-1_dot_corp_dot_io"),
        ("ann (a) corp.io", "ann (a) corp.io"), ("ann[a]corp.io now", "ann[a]corp.io"),
        ("t YW5uLmxlZUBjb3JwLmlv e", "YW5uLmxlZUBjb3JwLmlv"),
        ("/u/YW5uLmxlZUBjb3JwLmlv/x", "YW5uLmxlZUBjb3JwLmlv"),
        ("data 616e6e2e6c656540636f72702e696f.", "616e6e2e6c656540636f72702e696f"),
        ("ann.lee@ corp.io", "ann.lee@ corp.io"), ("to ann.lee @corp.io", "ann.lee @corp.io"),
        ("ann.lee @ corp . io", "ann.lee @ corp . io"), ("ann.lee@@corp.io", "ann.lee@@corp.io"),
        ("ann.lee.@corp.io", "ann.lee.@corp.io"), ("ann@corp_x.io", "ann@corp_x.io"),
        ("ann.lee_corp.io#EXT#@t.onmicrosoft.com", "ann.lee_corp.io#EXT#@t.onmicrosoft.com"),
        (#"ann\u{40}corp.io"#, #"ann\u{40}corp.io"#), ("ann.lee﹫corp.io", "ann.lee﹫corp.io"),
        ("ann.lee@corp。io", "ann.lee@corp。io"), ("ann&amp;#64;corp.io", "ann&amp;#64;corp.io"),
        ("ann.lee -at- corp -dot- io", "ann.lee -at- corp -dot- io"),
        ("ann.lee *at* corp *dot* io", "ann.lee *at* corp *dot* io"),
        ("ann.lee at gmail.com", "ann.lee at gmail.com"),
        ("write ann.lee at outlook.com.", "ann.lee at outlook.com"),
        ("user_ann.lee@corp.io_backup.zip", "user_ann.lee@corp.io"),
        ("ann.lee<!-- x -->@corp.io", "ann.lee<!-- x -->@corp.io"),
        ("=61=6E=6E=40=63=6F=72=70=2E=69=6F", "=61=6E=6E=40=63=6F=72=70=2E=69=6F"),
    ])
    func theWholeAddressIsFound(_ text: String, _ value: String) {
        let spans = scan(text)
        #expect(spans.map(\.kind) == [.email])
        #expect(spans.map { slice(text, $0.range) } == [value])
    }

    @Test func aWordOfBase64MayHoldAnotherAndGoOverLines() {
        let twice = "Y0d4bFlYTmxJSGR5YVhSbElIUnZJR0Z1Ymk1c1pXVkFZMjl5Y0M1cGJ3PT0="
        #expect(scan("data: \(twice)").map(\.kind) == [.email])
        let lines = """
            RGVhciBhbGwsIHRoZSB3aG9sZSBsb25nIHRleHQgb2YgYSBtYWlsIGdvZXMgaGVyZSBhbmQgaGVy
            ZS4gcGxlYXNlIHdyaXRlIHRvIGFubi5sZWVAY29ycC5pbyBhYm91dCBpdCwgd2hlbiB5b3UgY2Fu
            LCBvciB0byBvdGhlcnMu
            """
        #expect(scan(lines).map { slice(lines, $0.range) } == [lines])
    }

    @Test(arguments: [
        "created_at_login", "look_at_index.html", "section 3 (a) the rule", "f(a).io",
        "x_at_y.swift",
        "dinner @ eight.", "me @ corp.io", "see\n@corp.io for more", "icon@2x.min.js",
        "thanks @bob; @Override; npm i @types/node@20.11.5", "look at the dot com bubble",
        "a @ b.T and x=40.5, y=41", "width=40px.css", "SELECT ts AT TIME ZONE utc", "\"hello\"@en",
        "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY3ODk=", #"\u0040 alone"#, "meet at noon dot",
        "iVBORw0KGgoAAAANSUhEUgAAAAUA1B2C3D4E5F6G7H8", "if x ==\nfoo.bar", "用户@例子", "a@é",
    ])
    func whatIsNoAddressIsLeft(_ text: String) {
        #expect(scan(text).map { "\($0.rule) \(slice(text, $0.range))" } == [])
    }
}
