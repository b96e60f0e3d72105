/// What was found of a row of words that may be a person's name.
struct PersonEvidence: OptionSet, Sendable {
    let rawValue: UInt32
    /// The first word is a first name: one that is no other word or among the most frequent names.
    static let sureFirst = PersonEvidence(rawValue: 1)
    /// The first word is a first name among other things.
    static let maybeFirst = PersonEvidence(rawValue: 2)
    /// The first word is a last name and nothing else.
    static let lastFirst = PersonEvidence(rawValue: 4)
    static let initialFirst = PersonEvidence(rawValue: 8)
    static let unknownFirst = PersonEvidence(rawValue: 16)
    /// The first word is a place as well.
    static let place = PersonEvidence(rawValue: 32)
    /// A later word is a last name, a first name, or unknown.
    static let last = PersonEvidence(rawValue: 64)
    static let laterFirst = PersonEvidence(rawValue: 128)
    static let laterUnknown = PersonEvidence(rawValue: 256)
    /// The last word ends as surnames do.
    static let surnameEnding = PersonEvidence(rawValue: 512)
    /// A later word is an ordinary word; more than one is.
    static let ordinary = PersonEvidence(rawValue: 1024)
    static let twoOrdinary = PersonEvidence(rawValue: 2048)
    /// Every word is an ordinary word, and none a frequent name.
    static let allOrdinary = PersonEvidence(rawValue: 4096)
    /// An initial stands between two words.
    static let initialInside = PersonEvidence(rawValue: 8192)
    /// Words before say that a name comes.
    static let trigger = PersonEvidence(rawValue: 16384)
    /// A verb of what persons do comes after.
    static let verb = PersonEvidence(rawValue: 32768)
    /// A Chinese surname and two syllables of Pinyin.
    static let pinyin = PersonEvidence(rawValue: 65536)
    /// A surname of Vietnam with its signs; and two words or more after it.
    static let vietnamese = PersonEvidence(rawValue: 262_144)
    static let middle = PersonEvidence(rawValue: 524_288)
    /// All words but the first are in capitals.
    static let loud = PersonEvidence(rawValue: 131_072)
    /// The last word is a few capitals that are no name, or the first one begins a phrase of the language.
    static let abbreviation = PersonEvidence(rawValue: 1_048_576)
}

/// A row of the table of names of two words or more.
struct PersonRule: Sendable {
    let needs: PersonEvidence
    var lacks: PersonEvidence = []
    let score: Float

    /// The score of the first row that fits, with what else speaks for or against the name.
    static func score(_ evidence: PersonEvidence) -> Float {
        let row = Self.rules.first {
            evidence.isSuperset(of: $0.needs) && evidence.isDisjoint(with: $0.lacks)
        }
        guard let row else { return 0 }
        return Self.changes.reduce(row.score) { score, change in
            let isMet =
                evidence.isSuperset(of: change.needs) && evidence.isDisjoint(with: change.lacks)
            return isMet ? score + change.score : score
        }
    }

    /// The first row that fits counts.
    ///
    /// - Source: chosen on the development sets so that a row is above the default threshold where most
    ///   of what it finds there is right; the order of the scores is that of their shares of right finds.
    private static let rules: [PersonRule] = [
        PersonRule(needs: [.sureFirst, .last], score: 0.85),
        PersonRule(needs: [.sureFirst, .laterFirst], score: 0.75),
        PersonRule(needs: [.pinyin], score: 0.65),
        PersonRule(needs: [.vietnamese, .middle], score: 0.65),
        PersonRule(needs: [.sureFirst, .laterUnknown], score: 0.65),
        PersonRule(needs: [.maybeFirst, .last], score: 0.6),
        PersonRule(needs: [.lastFirst, .laterFirst], score: 0.6),
        PersonRule(needs: [.initialFirst, .last], score: 0.6),
        PersonRule(
            needs: [.initialInside],
            lacks: [.ordinary, .initialFirst, .maybeFirst],
            score: 0.55
        ),
        PersonRule(needs: [.unknownFirst, .surnameEnding], lacks: [.ordinary], score: 0.5),
        PersonRule(needs: [.lastFirst, .last], score: 0.45),
        PersonRule(needs: [.unknownFirst, .last], lacks: [.ordinary], score: 0.4),
        PersonRule(needs: [.unknownFirst, .laterFirst], lacks: [.ordinary], score: 0.4),
        PersonRule(needs: [.sureFirst], score: 0.3),
        PersonRule(needs: [.maybeFirst], score: 0.3),
        PersonRule(needs: [.initialFirst], score: 0.3),
        PersonRule(needs: [.vietnamese], score: 0.4),
        PersonRule(needs: [.lastFirst], score: 0.2),
        PersonRule(needs: [], score: 0),
    ]

    /// All that fit are added.
    private static let changes: [PersonRule] = [
        PersonRule(needs: [.sureFirst, .place], score: -0.2),
        PersonRule(needs: [.twoOrdinary], score: -0.2),
        PersonRule(needs: [.allOrdinary], score: -0.25),
        // `TEXT PRIMARY KEY`, `N. See also`
        PersonRule(needs: [.loud, .ordinary], lacks: [.trigger], score: -0.25),
        PersonRule(needs: [.initialFirst, .ordinary], lacks: [.trigger], score: -0.2),
        // `Travis CI`, `See WAL`
        PersonRule(needs: [.abbreviation], lacks: [.trigger, .last], score: -0.25),
        PersonRule(needs: [.trigger, .last], score: 0.3),
        PersonRule(needs: [.trigger, .laterFirst], lacks: [.last], score: 0.3),
        PersonRule(needs: [.trigger, .sureFirst], lacks: [.last, .laterFirst], score: 0.3),
        PersonRule(needs: [.trigger, .maybeFirst], lacks: [.last, .laterFirst], score: 0.3),
        PersonRule(
            needs: [.trigger],
            lacks: [.last, .laterFirst, .sureFirst, .maybeFirst],
            score: 0.25
        ),
        PersonRule(needs: [.verb], lacks: [.allOrdinary], score: 0.15),
    ]
}

/// Scores of names that are found in one way only.
///
/// - Source: as ``PersonRule``.
enum PersonScores {
    static let titled: Float = 0.85
    static let unspacedTrigger: Float = 0.7
    static let honorific: Float = 0.7
    /// Two names in lower case after a word such as `contact`.
    static let small: Float = 0.6

    static let triggeredName: Float = 0.7
    static let triggeredWord: Float = 0.4
    /// A frequent first name, or one that someone is called by: `Leif, can …`.
    static let frequentFirst: Float = 0.6
    static let rareFirst: Float = 0.45
    /// A frequent first name that is another word too, within a sentence.
    static let ordinaryFirst: Float = 0.5
    static let frequentLast: Float = 0.5
    static let rareLast: Float = 0.4
    static let ordinary: Float = 0.2
    /// A last name, a comma and a first name: `Smith, John`.
    static let inverted: Float = 0.55
    /// A name that is a place as well, where nothing says that a person is meant.
    static let placeAlone: Float = 0.35
    /// Added where a verb of what persons do, or a possessive, comes after.
    static let acting: Float = 0.15
}

/// Places that are better known than the persons who have their names.
let knownPlaces = WordSet(
    """
    paris florence victoria sydney madison austin charlotte savannah jackson houston dallas lincoln carolina \
    georgia virginia alexandria santiago adelaide geneva vienna verona siena chelsea brooklyn kingston lima \
    jordan chad india china israel orlando denver phoenix aurora cordoba valencia lourdes milan troy salem \
    cleveland raleigh regina windsor preston lancaster chester bristol york wellington nelson hamilton \
    melbourne perth darwin washington montgomery columbus arlington hudson malta cuba berlin london rome roma \
    madrid lisbon dublin oxford cambridge bath reading lyon nice tours nancy orleans berkeley stanford \
    princeton memphis boston dakota nevada montana arizona alaska kenya asia africa europe america pascal \
    kelvin newton world julian holland ireland france
    """
)

/// Countries that the table has as names as well: `name="Austria"` is none.
let countryNames = WordSet(
    """
    austria australia germany italy spain greece portugal poland norway sweden denmark finland belgium \
    switzerland hungary romania bulgaria ukraine russia turkey egypt morocco nigeria kenya ghana brazil \
    argentina mexico canada japan korea singapore malaysia liechtenstein panama colombia france ireland
    """
)

/// The surnames of nine in ten people of Vietnam that have signs no other language gives them.
let vietnameseSurnames = WordSet(
    "nguyễn trần lê phạm hoàng huỳnh võ vũ đặng bùi đỗ hồ ngô dương lý đinh trịnh"
)

/// What only persons do, as it stands after a name.
let personVerbs = WordSet(
    """
    said says asked asks called calls wrote writes told tells replied answered lives lived works worked went \
    came thinks thought wants wanted likes liked joined married died spoke visited met phoned emailed mailed \
    signed left arrived sagte sagt rief schreibt schrieb wohnt arbeitet aradı dedi söyledi geldi dijo dice \
    llamó escribió vive trabaja disse ha telefonato scrive scrisse lavora habite écrit écrivit répond \
    sunat spus zadzwonił zadzwoniła powiedział powiedziała napisał mieszka zei belde schreef woont \
    позвонил позвонила сказал сказала написал написала живёт живет работает
    """
)

/// Words after which two names may stand in lower case.
let smallTriggers = WordSet(
    "contact contacting name named called dear attn ask email phone from by meet cc hi hello"
)
