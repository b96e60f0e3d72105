import Records
import Testing

@testable import Text

/// What the letters and words of a text say beside the models: without the n-gram model here.
@Suite struct LetterEvidenceTests {
    private func language(_ text: String) -> String {
        var text = text
        return text.withUTF8 { LanguageDetector().detect($0, hint: nil).language }
    }

    private func romanised(_ text: String) -> RomanisedText {
        var text = text
        return text.withUTF8 { RomanisedText($0) }
    }

    @Test(arguments: [
        ("hi-Latn", "Mujhe nahi pata ki dukaan kitne baje khulti hai."),
        ("ur-Latn", "Mujhay aap say zaroori baat karni hay, shukriya."),
        ("ar-Latn", "Marhaba ya sadiqi, kayf haluk? Ana bikhayr, shukran."),
        ("ar-Latn", "Ana mish 3aref a3mel eh, momken tsa3edni?"),
        ("ru-Latn", "Segodnya ochen kholodno, poetomu ya nikuda ne poydu."),
        ("ja-Latn", "Sumimasen, kono densha wa doko e ikimasu ka?"),
        ("zh-Latn", "Wǒ bù zhīdào tā shénme shíhou huí jiā."),
        ("zh-Latn", "Qing ni gaosu wo zenme qu huochezhan."),
        ("el-Latn", "Den mporo na ertho avrio, exo poli douleia."),
        ("bn-Latn", "Ami ekhon bari jacchi, tumi kothay acho?"),
        ("fa-Latn", "Salam, chetori? Man emruz kheyli kar daram."),
        ("ta-Latn", "Naan naalaiku varen, neenga enga irukkinga?"),
        ("ko-Latn", "Annyeonghaseyo, jeoneun hanguk saram imnida."),
    ])
    func languagesInLatinLettersAreNamed(_ expected: String, _ text: String) {
        #expect(self.romanised(text).language == expected)
        #expect(self.language(text) == expected)
    }

    @Test(arguments: [
        "The main thing is to read the log before the server is started again.",
        "Saya tidak boleh datang kerana kereta saya rosak di pejabat.",
        "Watoto wanacheza mpira wa miguu kila siku baada ya shule.",
        "Ela não sabe se vai andar de comboio ou ficar em casa.",
        "Kochamy lato, bo wtedy są wakacje i nie ma szkoły.",
        "Potom smo išli kući, jer je već bilo kasno i hladno.",
        "def main(self): return self.ki + self.ka", "da neden bu kadar", "a andar con",
        "", "x", "12 34 56",
    ])
    func otherTextIsNotTakenForOne(_ text: String) {
        #expect(self.romanised(text).confidence == 0)
    }

    @Test(arguments: [
        ("dv", "އައްސަލާމް"), ("chr", "ᎣᏏᏲ ᏙᎯᏧ"), ("nqo", "ߒߞߏ"), ("zgh", "ⴰⵣⵓⵍ"),
        ("ii", "ꆈꌠꉙ"), ("sat", "ᱥᱟᱱᱛᱟᱲᱤ"), ("mni", "ꯃꯤꯇꯩꯂꯣꯟ"), ("iu", "ᐃᓄᒃᑎᑐᑦ"),
    ])
    func lettersOfOneLanguageNameIt(_ expected: String, _ text: String) {
        #expect(self.language(text) == expected)
    }

    @Test func wideLatinLettersAreLatin() {
        #expect(self.language("Ｔｈｉｓ　ｉｓ　ａ　ｓｅｎｔｅｎｃｅ　ｏｆ　ｗｏｒｄｓ．") == "en")
    }

    @Test(arguments: ["α β γ δ, σ² = 0.5, μ = 3", "Δx = 5, Δt = 3, ω = 2πf", "π ≈ 3.14159"])
    func greekLettersOfFormulasAreNoGreek(_ text: String) {
        #expect(["und", "zxx"].contains(self.language(text)))
    }

    @Test(arguments: [
        ("Anna Weber\nPiotr Kowalski\nLuca Rossi", true),
        ("1. Anna Weber; 2. John R. Baker; 3. Yuki Tanaka", true),
        ("Anna Weber", false), ("Getting Started\nRelease Notes", false),
        ("Anna came home\nJohn left", false), ("Иван Петров, Ольга Сидорова", true), ("", false),
    ])
    func namesAloneAreInNoLanguage(_ text: String, _ expected: Bool) {
        var copy = text
        let isList = copy.withUTF8 { isListOfNames($0) }
        #expect(isList == expected)
        if expected { #expect(self.language(text) == "und") }
    }

    @Test func aTableIsInTheLanguageOfItsWords() {
        let table =
            "# Öffnungszeiten\n\n| Tag | Von | Bis |\n|---|---|---|\n| Montag | 9:00 | 17:00 |\n"
            + "| Dienstag | 9:00 | 17:00 |\n| Sonntag | geschlossen | geschlossen |\n"
        #expect(self.language(table) == "de")
        #expect(self.language("| 11298 | 49195 |\n|---|---|\n| x1 | 0x3f |\n") != "en")
    }

    @Test func sentencesAroundCodeNameTheLanguage() {
        let code = """
            def handler(event, context):
                for r in event["Records"]:
                    key = r["s3"]["object"]["key"]
                    client.put_item(TableName="t", Item={"id": {"S": key}})
                return {"statusCode": 200}

            """
        let text =
            "Voici un exemple simple de la fonction de lecture :\n" + code + code + code
            + "\nElle renvoie toujours le code 200 au client."
        #expect(self.language(text) == "fr")
        #expect(self.language(code + code + code) == "zxx")
    }

    @Test(arguments: [
        ("es", "Aviso legal"), ("de", "Impressum"), ("en", "Privacy policy"), ("nb", "Om oss"),
        ("ru", "О нас"), ("fr", "Mentions légales"), ("vi", "Chính sách bảo mật"),
    ])
    func commonTitlesAreKnown(_ expected: String, _ text: String) {
        var copy = text
        #expect(copy.withUTF8 { TitlePhrases.known.languages(of: $0) }.contains(expected))
    }
}
