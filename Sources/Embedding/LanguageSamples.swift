/// One sentence in many languages: the first article of the Universal Declaration of Human Rights.
///
/// For measuring how a tokeniser reads a language: every unknown token is text that a model is blind to.
package let languageSamples: [(language: String, text: String)] = [
    ("ar", "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق."),
    ("cs", "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv."),
    ("de", "Alle Menschen sind frei und gleich an Würde und Rechten geboren."),
    ("el", "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα."),
    ("en", "All human beings are born free and equal in dignity and rights."),
    ("es", "Todos los seres humanos nacen libres e iguales en dignidad y derechos."),
    ("fi", "Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan."),
    ("fr", "Tous les êtres humains naissent libres et égaux en dignité et en droits."),
    ("he", "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם."),
    ("hi", "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।"),
    ("it", "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti."),
    ("ja", "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。"),
    ("ko", "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다."),
    ("nl", "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren."),
    ("pl", "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw."),
    ("pt", "Todos os seres humanos nascem livres e iguais em dignidade e em direitos."),
    ("ru", "Все люди рождаются свободными и равными в своем достоинстве и правах."),
    ("sv", "Alla människor är födda fria och lika i värde och rättigheter."),
    ("tr", "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar."),
    ("uk", "Всі люди народжуються вільними і рівними у своїй гідності та правах."),
    ("zh", "人人生而自由，在尊严和权利上一律平等。"),
]

/// How a model's tokeniser reads one language.
package struct LanguageReading: Hashable, Sendable, Codable {
    package var language: String
    /// Share of the tokens that stand for text the vocabulary lacks.
    package var unknownShare: Double
    /// Tokens a character: the more, the less of the language the vocabulary was made for.
    package var tokensPerCharacter: Double
}

extension EmbeddingModel {
    /// How the model reads each language of ``languageSamples``; empty for one without a tokeniser here.
    package var languageReadings: [LanguageReading] {
        guard let tokenizer = self.textTokenizer else { return [] }
        return languageSamples.map { language, text in
            let ids = tokenizer.ids(of: Array(text.utf8))
            let unknown = ids.count { $0 == tokenizer.unknownToken }
            return LanguageReading(
                language: language,
                unknownShare: ids.isEmpty ? 1 : Double(unknown) / Double(ids.count),
                tokensPerCharacter: Double(ids.count) / Double(text.unicodeScalars.count)
            )
        }
    }

    private var textTokenizer: (any TextTokenizer)? {
        switch self {
        case let model as EncoderModel: model.text
        case let model as StaticModel: model.text
        default: self.tokenizer
        }
    }
}
