import Records
import Testing

@testable import Text

@Suite struct ProseAmongCodeTests {
    private static let python = """
        from shop.models import Basket, Order
        class BasketTests(TestCase):
            def setUp(self):
                self.basket = Basket.objects.create(owner=None, lines=[])
                self.order = Order(basket=self.basket, total_cents=0)
            def test_total(self):
                self.assertEqual(self.order.total_cents, sum(l.cents for l in self.basket.lines))
        >>> b.lines[0].cents
        1250
        >>> Order.objects.filter(total_cents__gte=10).exclude(basket=None)[:5]
        <QuerySet [<Order: 3>, <Order: 8>]>

        """
    private static let english = """
        A basket belongs to one visitor until it is paid for.
        The total is computed from the lines each time it is asked for, so it cannot be stale.

        """
    private static let german = """
        Ein Warenkorb gehört bis zur Bezahlung genau einem Besucher.
        Die Summe wird bei jeder Abfrage aus den Zeilen berechnet und ist deshalb nie veraltet.

        """
    private static let japanese = "買い物かごは支払いが終わるまで一人の訪問者のものです。合計は毎回明細から計算されるので、古くなることはありません。\n"
    private static let license = """
        # Permission is granted to copy this file as long as this notice stays in it.
        # There is no warranty of any kind, not even that it is of any use to anybody.

        """
    private static let table = (0..<40).map { "\($0)\t0x\($0 * 7919)\t\($0 * 31).50\tOK\n" }
        .joined()
    private static let names = """
        TOKEN_PLUS
        TOKEN_MINUS
        BasketError.lineTotal()
        BasketError.with_lines(value, *, key=None)
        Basket.setUp()

        """

    @Test(arguments: [
        ("en", [python, english, python]), ("de", [python, german, python]),
        ("ja", [python, japanese, python]), ("en", [names, english, names, names]),
        ("en", [table, english]), ("de", [german, python, python, python]),
        ("zxx", [python]), ("zxx", [python, python, python]), ("zxx", [license, python, python]),
        ("zxx", [table]), ("zxx", [python, table, names]),
        ("zxx", [english] + Array(repeating: python, count: 40)),
    ])
    func theProseOfADocumentNamesItsLanguage(_ language: String, _ parts: [String]) {
        var text = parts.joined()
        let result = text.withUTF8 { LanguageDetector().detect($0, hint: nil) }
        #expect(result.language == language)
    }

    @Test func whatIsLookedAtIsBounded() throws {
        let text = Array(
            (String(repeating: Self.python, count: 200) + Self.english + Self.japanese).utf8
        )
        let prose = text.withUnsafeBufferPointer { ProseLines($0, maximumByteCount: 60) }
        #expect((prose?.bytes.count ?? 0) <= 180)
    }
}
