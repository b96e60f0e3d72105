import Extraction
import Testing

/// Raised text and formulas: what is read must not run together.
@Suite struct FormulaTests {
    @Test(arguments: [
        ("10<sup>6</sup> litres", "10^6 litres"),
        ("10<sup>&minus;3</sup>", "10^−3"),
        ("H<sub>2</sub>O", "H_2O"),
        ("x<sup>n</sup>", "x^n"),
        ("x<sup>n+1</sup>!", "x^(n+1)!"),
        ("5 m<sup>2</sup>", "5 m^2"),
        ("Ca<sup>2+</sup>", "Ca^(2+)"),
        ("5<sup>1</sup>/<sub>2</sub> inches", "5 1/2 inches"),
        ("5<sup>1</sup>&frasl;<sub>2</sub> inches", "5 1⁄2 inches"),
        ("the 1<sup>st</sup> of May", "the 1st of May"),
        ("le XX<sup>e</sup> siècle", "le XXe siècle"),
        ("n<sup>o</sup> 4", "no 4"),
        ("Pump<sup>TM</sup>", "PumpTM"),
        ("10<span style='vertical-align: super; font-size:70%'>6</span> litres", "10^6 litres"),
        ("H<span style=vertical-align:sub>2</span>O", "H_2O"),
        ("a <sup>small remark that is no exponent at all</sup>", "a small remark"),
    ])
    func raisedTextKeepsApart(source: String, expected: String) throws {
        let text = try markdown("<article>\(article)<p>It is \(source)</p>\(article)</article>")
        #expect(text.contains("It is \(expected)"))
    }

    @Test(arguments: [
        ("<mfrac><mi>V</mi><mi>t</mi></mfrac>", #"\frac{V}{t}"#),
        ("<msup><mi>x</mi><mn>2</mn></msup>", "x^2"),
        ("<msup><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow><mn>12</mn></msup>", "{x+1}^{12}"),
        ("<msub><mi>a</mi><mi>i</mi></msub>", "a_i"),
        ("<msubsup><mo>∑</mo><mi>i</mi><mi>n</mi></msubsup>", "∑_i^n"),
        ("<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover>", "∑_i^n"),
        ("<msqrt><mn>2</mn></msqrt>", #"\sqrt{2}"#),
        ("<mroot><mn>2</mn><mn>3</mn></mroot>", #"\sqrt[3]{2}"#),
        ("<mi>sin</mi><mi>x</mi>", #"\sin x"#),
        ("<mi>kg</mi>", #"\mathrm{kg}"#),
        ("<mover><mi>x</mi><mo>¯</mo></mover>", #"\overline{x}"#),
        ("<mtext>if 5% off</mtext>", #"\text{if 5\% off}"#),
        (
            "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>",
            #"\begin{matrix} 1 & 2 \end{matrix}"#
        ),
        (
            "<semantics><mrow><mi>Q</mi></mrow><annotation encoding='application/x-tex'>"
                + #"{\displaystyle \frac{V}{t}}</annotation></semantics>"#,
            #"\frac{V}{t}"#
        ),
        ("<semantics><mi>Q</mi><annotation encoding='text/plain'>no</annotation></semantics>", "Q"),
        ("<m:mfrac><m:mi>V</m:mi><m:mi>t</m:mi></m:mfrac>", #"\frac{V}{t}"#),
        ("<mfrac><mi>V</mi></mfrac>", "V"),
        ("<mo>&#x2061;</mo><mi>y</mi>", "y"),
    ])
    func mathMLIsLaTeX(source: String, expected: String) throws {
        let text = try markdown("<article>\(article)<p>So <math>\(source)</math> is.</p></article>")
        #expect(text.contains("So $\(expected)$ is."), "\(text.suffix(120))")
    }

    @Test func aFormulaBesideItsPictureIsRead() throws {
        let text = try markdown(
            "<article>\(article)<p>So <span style='display: none'><math><mi>x</mi></math></span>"
                + "<img alt=x> is.</p></article>"
        )
        #expect(text.contains("So $x$ is."))
    }

    @Test(arguments: [
        ("これは二行に\n分かれた文章です。", "これは二行に分かれた文章です。"),
        ("日本、\n<b>語</b>です", "日本、語です"),
        ("two\nlines", "two lines"),
        ("한국어\n문장", "한국어 문장"),
        ("日本 語", "日本 語"),
    ])
    func aLineEndBetweenWideCharactersIsNoBlank(source: String, expected: String) throws {
        let text = try markdown("<article>\(article)<p>\(source)</p>\(article)</article>")
        #expect(text.contains(expected))
    }

    @Test func tasksHaveTheirState() throws {
        let text = try markdown(
            "<article>\(article)<p>Do this now, please:</p><ul><li><input type=checkbox disabled> grease"
                + "<li><input type=checkbox checked disabled> order</ul>\(article)</article>"
        )
        #expect(text.contains("- [ ] grease\n- [x] order"))
    }
}
