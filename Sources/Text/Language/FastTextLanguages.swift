/// A fastText model with its labels in our codes.
struct FastTextLanguages: Sendable {
    let model: FastTextModel
    /// For each label.
    let languages: [String]
    let known: Set<String>

    init(_ model: FastTextModel) {
        self.model = model
        self.languages = model.labels.map(fastTextLanguageCode)
        self.known = Set(self.languages)
    }

    func probabilities(_ text: UnsafeBufferPointer<UInt8>) -> [Float]? {
        self.model.probabilities(text)
    }
}

/// Our code of a label such as `pt`, `zh-Hant` or `por_Latn`.
func fastTextLanguageCode(_ label: String) -> String {
    let base = String(label.lowercased().prefix { $0 != "-" && $0 != "_" })
    switch base {
    case "no", "nob": return "nb"
    case "iw", "heb": return "he"
    case "in": return "id"
    case "jw": return "jv"
    case "fil": return "tl"
    default: return shortLanguageCodes[base] ?? base
    }
}

/// ISO 639-1 codes of the 639-3 codes that models with three letters use.
private let shortLanguageCodes: [String: String] = {
    let pairs = """
        afr af amh am arb ar ara ar azj az aze az bel be bul bg ben bn bos bs cat ca ces cs cym cy
        dan da deu de ell el eng en epo eo spa es est et ekk et eus eu pes fa fas fa fin fi fra fr
        fry fy gle ga glg gl guj gu hau ha heb he hin hi hrv hr hat ht hun hu hye hy ind id isl is
        ita it jpn ja kat ka kaz kk khm km kan kn kor ko kmr ku kir ky lat la ltz lb lao lo lit lt
        lvs lv lav lv plt mg mri mi mkd mk mal ml khk mn mar mr zsm ms msa ms mya my npi ne nld nl
        nno nn nya ny oci oc ory or pan pa pol pl pbt ps por pt ron ro rus ru san sa snd sd sin si
        slk sk slv sl sna sn som so als sq sqi sq srp sr sot st sun su swe sv swh sw swa sw tam ta
        tel te tgk tg tha th tuk tk tgl tl tsn tn tur tr tso ts tat tt uig ug ukr uk urd ur uzn uz
        uzb uz vie vi wol wo xho xh ydd yi yor yo cmn zh zho zh zul zu
        """.split { $0 == " " || $0 == "\n" }.map(String.init)
    return Dictionary(
        stride(from: 0, to: pairs.count - 1, by: 2).map { (pairs[$0], pairs[$0 + 1]) },
        uniquingKeysWith: { first, _ in first }
    )
}()
