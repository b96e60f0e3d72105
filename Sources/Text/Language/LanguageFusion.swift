#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The n-gram model with its columns named in our codes.
struct NgramLanguages: Sendable {
    let model: NgramModel
    /// Our languages, and for each column which of them it is.
    let languages: [String]
    let languageOfColumn: [Int]
    /// The column of text without a language.
    let junkColumn: Int?

    init(_ model: NgramModel) {
        self.model = model
        var languages: [String] = []
        self.languageOfColumn = model.labels.map { label in
            let language = ngramLanguageCode(label)
            if let known = languages.firstIndex(of: language) { return known }
            languages.append(language)
            return languages.count - 1
        }
        self.languages = languages
        self.junkColumn = model.labels.firstIndex(of: "zxx")
    }
}

/// What the n-gram model says of one piece of text.
struct NgramAnswer {
    /// By language of ``NgramLanguages``: nats below the best, by the root of the bytes; 0 or less.
    var scores: [Float]
    /// How far "no language" is above the best language.
    var junkLead: Double

    /// - Parameter limit: as many bytes of `text` are read at most.
    init?(_ text: UnsafeBufferPointer<UInt8>, _ ngrams: NgramLanguages, limit: Int) {
        let sums = NgramScores(text, model: ngrams.model, limit: limit)
        guard sums.hasFeatures else { return nil }
        var best = [Int32](repeating: .min, count: ngrams.languages.count)
        var top = Int32.min
        for (column, language) in ngrams.languageOfColumn.enumerated() {
            let sum = sums.columns[column]
            if sum > best[language] { best[language] = sum }
            if sum > top, column != ngrams.junkColumn { top = sum }
        }
        let nats = 1 / (sums.scale * Double(sums.byteCount).squareRoot())
        self.scores = best.map { Float(Double(Int($0) - Int(top)) * nats) }
        self.junkLead =
            ngrams.junkColumn.map {
                Double(Int(sums.columns[$0]) - Int(top)) * nats
            } ?? -1
        // "No language" is decided apart; here the best language is the measure.
        if let junk = ngrams.junkColumn {
            self.scores[ngrams.languageOfColumn[junk]] = -.infinity
        }
    }
}

/// A language a text may be in, with what speaks for it.
struct LanguageCandidate {
    var language: String
    /// nil when the n-gram model does not know the language.
    var ngramScore: Float?
    var isNgramBest = false
    /// Place among CLD2's languages.
    var tableRank: Int?
    var tableLanguage = Classification.Language(language: "", percent: 0, score: 0)
    var isDeclared = false
    /// The log probability by an operator's model that names the language; nil without one.
    var fastTextScore: Float?
    /// Of ``CloseLanguages``.
    var wordEvidence = 0
    /// The whole text is a common title of the language.
    var isTitle = false
}

/// Weights that all languages share; with ``LanguageTrust`` those of the fusion.
///
/// - Source: fitted together with ``LanguageTrust``.
enum CandidateWeights {
    /// The n-gram model's score, more of it the longer the text.
    static let ngram: [Float] = [0.856, 0.621, 0.146]
    /// A language the n-gram model cannot name.
    static let unknownToNgrams: [Float] = [-3.902, 4.794]
    static let tableFirst: [Float] = [0.653, 0.16, 0.091]
    static let tableSecond: [Float] = [0.624, -0.859, -1.496]
    static let tableShare: Float = 0.618
    static let tableLaterShare: Float = 1.03
    static let tableReliable: [Float] = [0.654, 0.161]
    /// CLD2's score is far from that of ordinary text of the language.
    static let tableScoreDistance: [Float] = [-0.258, -0.33]
    /// A word that parts close languages.
    static let word: Float = 0.391
    /// A whole title (``TitlePhrases``): a choice, not fitted; above all that short texts get from the
    /// models.
    static let title: Float = 6
    /// An operator's model, less of it the longer the text: a choice, not fitted, for its languages
    /// and its quality are not known.
    static let fastText: [Float] = [0.35, -0.3]
    static let fastTextFloor: Float = -5
    /// The document says it is in the language; three to one, a choice, not fitted.
    static let declared: Float = 1.1
    /// Scores below this say no more.
    static let ngramFloor: Float = -6
}

/// The candidates with the probability that each is the language, best first.
func rankedCandidates(
    _ candidates: [LanguageCandidate],
    byteCount: Int,
    isReliable: Bool
) -> [(language: String, probability: Double)] {
    let length = Float(min(log(Double(max(byteCount, 2))), 6) / 6)
    let scored = candidates.map { candidate in
        (candidate.language, Double(score(candidate, length: length, isReliable: isReliable)))
    }
    guard let top = scored.map(\.1).max() else { return [] }
    let total = scored.reduce(0) { $0 + exp($1.1 - top) }
    return scored.map { (language: $0.0, probability: exp($0.1 - top) / total) }
        .sorted {
            $0.probability != $1.probability
                ? $0.probability > $1.probability : $0.language < $1.language
        }
}

private func score(_ candidate: LanguageCandidate, length: Float, isReliable: Bool) -> Float {
    let trust = LanguageTrust.byLanguage[candidate.language] ?? LanguageTrust()
    func at(_ weights: [Float]) -> Float {
        weights.reversed().reduce(0) { $0 * length + $1 }
    }
    var sum = trust.always + trust.whenShort * (1 - length)
    if let ngram = candidate.ngramScore {
        sum += max(ngram, CandidateWeights.ngramFloor) * at(CandidateWeights.ngram)
    } else {
        sum += at(CandidateWeights.unknownToNgrams)
    }
    if candidate.isNgramBest { sum += trust.ngrams + trust.ngramsWhenShort * (1 - length) }
    if candidate.isDeclared { sum += CandidateWeights.declared }
    if let second = candidate.fastTextScore {
        sum += max(second, CandidateWeights.fastTextFloor) * at(CandidateWeights.fastText)
    }
    sum += Float(candidate.wordEvidence) * CandidateWeights.word
    if candidate.isTitle { sum += CandidateWeights.title }
    guard let rank = candidate.tableRank else { return sum }
    let share = Float(candidate.tableLanguage.percent) / 100
    guard rank == 0 else {
        if rank == 1 { sum += at(CandidateWeights.tableSecond) }
        return sum + CandidateWeights.tableLaterShare * share
    }
    let distance = min(abs(log(Float(max(candidate.tableLanguage.score, 1)) / 1000)), 3)
    sum += at(CandidateWeights.tableFirst) + CandidateWeights.tableShare * share
    sum += at(CandidateWeights.tableScoreDistance) * distance
    if isReliable { sum += at(CandidateWeights.tableReliable) }
    return sum + trust.table + trust.tableWhenShort * (1 - length)
}

/// The BCP-47 code of a label of the n-gram model; historic and regional forms join the language.
func ngramLanguageCode(_ label: String) -> String {
    switch label {
    case "no": "nb"
    case "hbo": "he"
    case "uzs": "uz"
    case "sdh": "ckb"
    case "wuu", "yue": "zh"
    default: label
    }
}
