import CCLD2

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What CLD2, the n-gram model and the letters together say of one piece of text.
struct LanguageOpinion {
    /// The likeliest language with its script, and the probability that it is right.
    private(set) var best: (language: String, confidence: Float)?
    /// The probability that the text is no prose of any language.
    private(set) var junkProbability = 0.0
    private(set) var letterBytes = 0
    /// CLD2's languages with their scripts, by falling share.
    private(set) var tableLanguages: [(language: String, percent: Int)] = []

    private let isOfExcerpt: Bool

    /// - Parameters:
    ///   - excerpt: the part of a long text that names its language; all of it says whether it is prose.
    ///   - hint: a sanitised language tag.
    init(
        _ text: UnsafeBufferPointer<UInt8>,
        excerpt: UnsafeBufferPointer<UInt8>? = nil,
        ngrams: NgramLanguages?,
        fastText: FastTextLanguages?,
        hint: String?
    ) {
        let shape = TextShape(text)
        self.isOfExcerpt = excerpt != nil
        let text = excerpt ?? text
        let found = classify(text, hint: hint)
        let script = LanguageScript(text)
        self.tableLanguages = found.languages.map {
            (script.tagged(baseLanguage($0.language)), $0.percent)
        }
        guard found.isValid else { return }
        defer { self.weighLetters(text, script) }
        let answer = ngrams.flatMap { ngrams in
            let limit =
                excerpt == nil ? NgramScores.byteCountLimit : NgramScores.excerptByteCount
            return withLowered(text) { NgramAnswer($0, ngrams, limit: limit) }
        }
        self.letterBytes = min(found.letterBytes, shape.wordBytes)
        if ngrams != nil || fastText != nil {
            self.junkProbability = shape.junkProbability(
                ngramLead: ngrams.map { _ in answer?.junkLead ?? -1 }
            )
            var list = candidates(found, answer, ngrams, script, hint: hint)
            if let fastText {
                addFastText(fastText, text, script, to: &list) { language in
                    ngrams?.languages.firstIndex(of: language).flatMap { answer?.scores[$0] }
                }
            }
            addTitles(TitlePhrases.known.languages(of: text), to: &list)
            let evidence = CloseLanguages.known.evidence(text, for: list.map(\.language))
            for index in list.indices { list[index].wordEvidence = evidence[index] }
            let ranked = rankedCandidates(
                list,
                byteCount: text.count,
                isReliable: found.isReliable
            )
            if let first = ranked.first {
                let confidence = first.probability * (1 - self.junkProbability)
                self.best = (script.tagged(first.language), Float(confidence))
            }
        } else {
            self.junkProbability = shape.junkProbability(ngramLead: nil)
            if let first = found.languages.first {
                self.best = (
                    script.tagged(baseLanguage(first.language)),
                    calibratedConfidence(found, best: first)
                )
            }
        }
    }

    /// Takes back what the letters themselves speak against: a language of another script in Latin
    /// letters, and Greek letters that stand alone as signs.
    private mutating func weighLetters(
        _ text: UnsafeBufferPointer<UInt8>,
        _ script: LanguageScript
    ) {
        if let language = script.languageOfLetters {
            self.best = (language, LetterWeights.ownLetters)
            self.junkProbability = 0
            return
        }
        guard let best = self.best else { return }
        if isListOfNames(text) {
            self.best?.confidence *= LetterWeights.namesAlone
            return
        }
        if best.language == "el", !script.hasGreekWords {
            self.junkProbability = max(self.junkProbability, LetterWeights.loneLetters)
            self.best?.confidence = 1 - Float(self.junkProbability)
        }
        guard script.isMostlyLatin else { return }
        let romanised = RomanisedText(text)
        if romanised.confidence > 0 {
            self.best = (romanised.language, romanised.confidence)
            self.junkProbability *= Double(1 - romanised.confidence)
        } else if romanised.isDoubtful, best.confidence < LetterWeights.surerThanDoubt {
            self.best?.confidence *= LetterWeights.doubt
        }
    }

    /// Whether the text is worth reading in pieces: CLD2 sees a good part of it in a language that is
    /// not close to the first, or it is short enough for that to cost little.
    func mayBeMixed(byteCount: Int) -> Bool {
        if !self.isOfExcerpt, (160...1024).contains(byteCount) { return true }
        guard let first = self.tableLanguages.first else { return false }
        return self.tableLanguages.dropFirst().contains {
            $0.percent >= mixedPercent
                && !CloseLanguages.known.areClose(baseTag($0.language), baseTag(first.language))
        }
    }
}

private enum LetterWeights {
    static let ownLetters: Float = 0.95
    /// What is left of a confidence where nothing but names speaks for a language.
    static let namesAlone: Float = 0.2
    /// That a text whose Greek letters are in no word is no prose.
    static let loneLetters = 0.9
    /// What is left of a confidence where words of a romanised language are in the text: below the
    /// threshold of the stage for all that the models are not sure of.
    static let doubt: Float = 0.25
    /// Models that are surer than this are right on the development set, whatever such words say.
    static let surerThanDoubt: Float = 0.95
}

/// CLD2 gives a few percent of a text in one language to others.
private let mixedPercent = 10

private func baseTag(_ language: String) -> String { String(language.prefix { $0 != "-" }) }

/// How many of the n-gram model's best languages are weighed with CLD2's.
private let ngramCandidateCount = 6

private func candidates(
    _ found: Classification,
    _ answer: NgramAnswer?,
    _ ngrams: NgramLanguages?,
    _ script: LanguageScript,
    hint: String?
) -> [LanguageCandidate] {
    var list: [LanguageCandidate] = []
    if let ngrams, var scores = answer?.scores {
        let isArabic = script.isMostlyArabic
        for place in 0..<ngramCandidateCount {
            guard let index = scores.indices.max(by: { scores[$0] < scores[$1] }),
                scores[index] > -.infinity
            else { break }
            var candidate = LanguageCandidate(
                language: sorani(ngrams.languages[index], isArabic: isArabic),
                ngramScore: scores[index]
            )
            candidate.isNgramBest = place == 0
            scores[index] = -.infinity
            if !list.contains(where: { $0.language == candidate.language }) {
                list.append(candidate)
            }
        }
    }
    for (rank, language) in found.languages.enumerated() {
        let name = sorani(baseLanguage(language.language), isArabic: script.isMostlyArabic)
        if !list.contains(where: { $0.language == name }) {
            let index = ngrams?.languages.firstIndex(of: name)
            list.append(
                LanguageCandidate(
                    language: name,
                    ngramScore: index.flatMap { answer?.scores[$0] }
                )
            )
        }
        for index in list.indices
        where list[index].language == name && list[index].tableRank == nil {
            list[index].tableRank = rank
            list[index].tableLanguage = language
        }
    }
    addSorbian(script, to: &list)
    if let declared = hint?.prefix(while: { $0 != "-" && $0 != "," }) {
        for index in list.indices where list[index].language == declared {
            list[index].isDeclared = true
        }
    }
    return list
}

/// Adds the best languages of an operator's model, and what it says of each candidate it knows.
private func addFastText(
    _ model: FastTextLanguages,
    _ text: UnsafeBufferPointer<UInt8>,
    _ script: LanguageScript,
    to list: inout [LanguageCandidate],
    ngramScore: (String) -> Float?
) {
    guard let probabilities = model.probabilities(text) else { return }
    func name(_ index: Int) -> String {
        sorani(model.languages[index], isArabic: script.isMostlyArabic)
    }
    let best = probabilities.indices.sorted {
        probabilities[$0] != probabilities[$1] ? probabilities[$0] > probabilities[$1] : $0 < $1
    }.prefix(3)
    for index in best where probabilities[index] > 0.05 {
        let language = name(index)
        if !list.contains(where: { $0.language == language }) {
            list.append(
                LanguageCandidate(language: language, ngramScore: ngramScore(language))
            )
        }
    }
    // A language it does not know may be what it is not sure of.
    let rest = 1 - (best.first.map { probabilities[$0] } ?? 0)
    for index in list.indices where !model.known.contains(list[index].language) {
        list[index].fastTextScore = log(max(rest, 0.05))
    }
    for index in probabilities.indices {
        for place in list.indices where list[place].language == name(index) {
            list[place].fastTextScore = max(
                list[place].fastTextScore ?? -.infinity,
                log(max(probabilities[index], 1e-6))
            )
        }
    }
}

/// Adds the languages in which the text is a common title, and marks them.
private func addTitles(_ languages: [String], to list: inout [LanguageCandidate]) {
    for language in languages {
        if !list.contains(where: { $0.language == language }) {
            list.append(LanguageCandidate(language: language))
        }
        for index in list.indices where list[index].language == language {
            list[index].isTitle = true
        }
    }
}

/// Letters that only Sorbian has together stand above every model that does not know it.
private func addSorbian(_ script: LanguageScript, to list: inout [LanguageCandidate]) {
    guard let sorbian = script.sorbian else { return }
    for index in list.indices {
        list[index].ngramScore = list[index].ngramScore.map { $0 - 1 }
        list[index].isNgramBest = false
    }
    list.insert(
        LanguageCandidate(language: sorbian, ngramScore: 0, isNgramBest: true),
        at: 0
    )
}

/// Kurdish in Arabic letters is Sorani.
private func sorani(_ language: String, isArabic: Bool) -> String {
    language == "ku" && isArabic ? "ckb" : language
}

private func baseLanguage(_ code: String) -> String { code.hasPrefix("zh") ? "zh" : code }
