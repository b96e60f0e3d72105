/// The languages synthetic documents are written in, each with common words of its own.
package enum CorpusLanguage: String, CaseIterable, Hashable, Sendable {
    case english = "en"
    case german = "de"
    case french = "fr"
    case spanish = "es"
    case russian = "ru"
    case greek = "el"
    case arabic = "ar"
    case japanese = "ja"
    case chinese = "zh"

    /// Whether every word can be written with the one-byte font of a hand-written PDF.
    var isLatin: Bool { [.english, .german, .french, .spanish].contains(self) }

    var wordSeparator: String { self == .japanese || self == .chinese ? "" : " " }
    var sentenceEnd: String { self == .japanese || self == .chinese ? "。" : "." }

    var words: [String] { Self.lists[self] ?? [] }

    private static let lists: [CorpusLanguage: [String]] = Self.texts.mapValues {
        $0.split(separator: " ").map(String.init)
    }

    private static let texts: [CorpusLanguage: String] = [
        .english: """
        the mill stands beside a river where water turns the great wheel every morning and \
        people bring their grain from farms around valley to have it ground into flour while \
        children watch stones move slowly under roof of old house before winter comes again
        """,
        .german: """
        die Mühle steht am Ufer des Flusses und das Wasser dreht jeden Morgen ein großes Rad \
        wenn Bauern ihr Getreide bringen damit es gemahlen wird während Kinder zusehen wie \
        sich schwere Steine langsam unter dem alten Dach bewegen bevor der Winter kommt
        """,
        .french: """
        le moulin se trouve au bord de la rivière où une eau vive fait tourner chaque matin \
        cette grande roue quand les paysans apportent leur blé pour qu'il soit moulu pendant \
        que des enfants regardent lentement bouger pierres sous toit avant hiver
        """,
        .spanish: """
        el molino está junto al río donde cada mañana el agua mueve una gran rueda cuando los \
        campesinos traen su trigo para que sea molido mientras unos niños miran cómo las \
        piedras pesadas giran despacio bajo techo viejo antes de invierno
        """,
        .russian: """
        мельница стоит на берегу реки где вода каждое утро крутит большое колесо когда \
        крестьяне привозят зерно чтобы смолоть его а дети смотрят как тяжёлые камни медленно \
        движутся под старой крышей перед тем как снова придёт зима
        """,
        .greek: """
        ο μύλος βρίσκεται δίπλα στο ποτάμι όπου το νερό γυρίζει κάθε πρωί τον μεγάλο τροχό \
        όταν οι αγρότες φέρνουν σιτάρι για να αλεστεί ενώ τα παιδιά κοιτάζουν πώς κινούνται \
        αργά βαριές πέτρες κάτω από παλιά στέγη πριν έρθει χειμώνας
        """,
        .arabic: """
        تقع الطاحونة على ضفة النهر حيث يدير الماء كل صباح عجلة كبيرة عندما يجلب الفلاحون \
        قمحهم من المزارع القريبة لكي يطحن بينما يشاهد الأطفال كيف تتحرك الحجارة الثقيلة ببطء \
        تحت السقف القديم قبل أن يأتي الشتاء
        """,
        .japanese: """
        水車 小屋 は 川 の そば に あり 毎朝 水 が 大きな 車輪 を まわし 農家 の 人々 が 麦 を \
        運んで 粉 に して もらい 子どもたち は 重い 石 が ゆっくり 動く ところ を 古い 屋根 の \
        下 で 見て いる 冬 が 来る 前 に また
        """,
        .chinese: """
        磨坊 位于 河边 每天 早上 水流 推动 巨大 的 轮子 农民 从 附近 农场 带来 小麦 磨成 面粉 \
        孩子们 看着 沉重 石头 在 古老 屋顶 下面 慢慢 转动 冬天 到来 之前 他们 还会 再次 回来 \
        大家 一起 讲述 过去 故事
        """,
    ]
}
