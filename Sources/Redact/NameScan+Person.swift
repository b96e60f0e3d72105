/// Which rows of words are persons' names.
extension NameScan {
    /// Looks for persons among the words of the run.
    mutating func judgeRun() {
        var index = 0
        while index < self.run.count {
            guard let found = self.person(at: index) else {
                index += 1
                continue
            }
            let range =
                self.run[found.words.lowerBound].range
                .lowerBound..<self.run[found.words.upperBound - 1].range.upperBound
            self.add(.person, range, found.rule, found.score)
            index = found.words.upperBound
        }
    }

    /// The person whose name starts with word `index` of the run.
    private func person(
        at index: Int
    ) -> (words: Range<Int>, rule: String, score: Float)? {
        let word = self.run[index]
        if word.role == .title { return self.titled(at: index) }
        guard self.mayBeName(word), word.role != .particle else { return nil }
        let end = self.nameEnd(from: index)
        guard !self.isOrganisation(after: end) else { return nil }
        let isAfterTrigger = self.hasTrigger(before: word.range.lowerBound)
        if end - index > 1 {
            let score = self.fullNameScore(index..<end, isAfterTrigger: isAfterTrigger)
            if score >= self.minimumScore { return (index..<end, "person.full", score) }
        }
        let isLone = end - index == 1
        guard isLone, index == 0 || self.run[index - 1].role != .none else { return nil }
        // `San Marino`
        if index > 0, self.run[index - 1].role == .particle, self.run[index - 1].isCapital {
            return nil
        }
        let score = self.singleNameScore(word, isAfterTrigger: isAfterTrigger)
        return score >= self.minimumScore ? (index..<end, "person.single", score) : nil
    }

    private func titled(at index: Int) -> (words: Range<Int>, rule: String, score: Float)? {
        var start = index + 1
        while start < self.run.count, self.run[start].role == .title { start += 1 }
        guard start < self.run.count, self.run[start].isCapital,
            self.run[start].role == .none || self.run[start].isInitial
                || self.run[start].role == .common && self.run[start].uses.contains(.last)
        else { return nil }
        // `MS Access` is no lady.
        let isLoud =
            self.run[start - 1].isAllCapitals
            && self.text[self.run[start].range.lowerBound - 2] != .fullStop
        guard !isLoud || !self.run[start].uses.isDisjoint(with: [.first, .last]) else { return nil }
        let end = self.nameEnd(from: start)
        guard !self.isOrganisation(after: end),
            self.run[start..<end].contains(where: { !$0.isInitial && $0.isCapital })
        else { return nil }
        return (start..<end, "person.title", PersonScores.titled)
    }

    private func mayBeName(_ word: NameWord) -> Bool {
        guard word.isCapital else { return false }
        switch word.role {
        case .none: return true
        case .common: return !word.uses.intersection([.first, .last]).isEmpty
        default: return false
        }
    }

    /// After the last word that may belong to the name: at most five words.
    private func nameEnd(from start: Int) -> Int {
        let isVietnamese = self.isVietnamese(self.run[start])
        var end = start + 1
        var last = end
        while end < self.run.count, end - start < 6 {
            let word = self.run[end]
            if word.role == .particle, !word.isCapital {
                end += 1
                continue
            }
            let isPart =
                word.isInitial || isVietnamese && word.isCapital
                || word.isCapital
                    && (word.role == .none || word.role == .particle
                        || word.role == .common && word.uses.contains(.last))
            guard isPart else { break }
            end += 1
            last = end
        }
        return last
    }

    private func isOrganisation(after end: Int) -> Bool {
        guard end < self.run.count else { return self.isFirm(self.run[end - 1].range) }
        return [.organisation, .street].contains(self.run[end].role)
    }

    /// Whether `& Associates` or the like follows.
    private func isFirm(_ name: Range<Int>) -> Bool {
        let next = name.upperBound + 3
        guard next < self.text.count, self.text[name.upperBound..<next].elementsEqual(" & ".utf8),
            isNameLetter(self.text[next])
        else { return false }
        return self.role(hash: nameWord(self.text, at: next).hash) == .organisation
    }

    private func fullNameScore(_ words: Range<Int>, isAfterTrigger: Bool) -> Float {
        var evidence = self.evidence(of: self.run[words.lowerBound])
        evidence.formUnion(self.laterEvidence(words))
        let first = self.run[words.lowerBound]
        if isAfterTrigger { evidence.insert(.trigger) }
        let last = self.run[words.upperBound - 1]
        if last.uses == [.last, .place] { evidence.insert(.surnameEnding) }
        if words.count == 2, last.uses.isEmpty, last.role == .none,
            readsAsPinyin(self.text, last.range),
            pinyinSurnames.contains(nameWord(self.text, at: first.range.lowerBound).hash)
        {
            evidence.insert(.pinyin)
        }
        if self.isActing(after: last.range.upperBound) { evidence.insert(.verb) }
        if self.run[words].dropFirst().allSatisfy(\.isAllCapitals) { evidence.insert(.loud) }
        if self.isAbbreviation(last), !first.isAllCapitals { evidence.insert(.abbreviation) }
        if functionWords.contains(nameWord(self.text, at: first.range.lowerBound).hash),
            last.isAllCapitals || self.isOrdinary(last) || last.uses.isEmpty
        {
            evidence.insert(.abbreviation)
            evidence.remove(.last)
        }
        if self.isVietnamese(first) {
            evidence.insert(words.count > 2 ? [.vietnamese, .middle] : .vietnamese)
        }
        return PersonRule.score(evidence)
    }

    /// Whether the word is a few capitals that are no name: `Travis CI`.
    private func isAbbreviation(_ word: NameWord) -> Bool {
        word.isAllCapitals && !word.isInitial && word.range.count <= 4 && word.uses.isEmpty
    }

    /// Whether the word is a surname of Vietnam with its signs, which comes first.
    private func isVietnamese(_ word: NameWord) -> Bool {
        word.isCapital
            && vietnameseSurnames.contains(nameWord(self.text, at: word.range.lowerBound).hash)
    }

    /// What the first word says.
    private func evidence(of first: NameWord) -> PersonEvidence {
        let isOther = first.uses.contains(.word) && !first.uses.contains(.frequent)
        let isPlace = first.uses.contains(.place) && !first.uses.contains(.frequent)
        var evidence: PersonEvidence = isPlace ? [.place] : []
        if first.uses.contains(.first) {
            evidence.insert(isOther || first.role == .common ? .maybeFirst : .sureFirst)
        } else if first.uses.contains(.last), !first.uses.contains(.word), !isPlace {
            evidence.insert(.lastFirst)
        } else if first.isInitial {
            evidence.insert(.initialFirst)
        } else if first.uses.isEmpty {
            evidence.insert(.unknownFirst)
        }
        return evidence
    }

    /// What the other words say.
    private func laterEvidence(_ words: Range<Int>) -> PersonEvidence {
        var evidence: PersonEvidence = []
        var ordinary = 0
        var isOrdinary = self.isOrdinary(self.run[words.lowerBound])
        for index in words.dropFirst() {
            let word = self.run[index]
            if word.isInitial {
                let isInside = index < words.upperBound - 1
                if isInside, !self.run[words.upperBound - 1].isInitial {
                    evidence.insert(.initialInside)
                }
                continue
            }
            if word.role == .particle { continue }
            if word.uses.contains(.last) { evidence.insert(.last) }
            if word.uses.contains(.first) { evidence.insert(.laterFirst) }
            if word.uses.isDisjoint(with: [.first, .last]) {
                if word.uses.isEmpty { evidence.insert(.laterUnknown) } else { ordinary += 1 }
            }
            if self.isOrdinary(word) { ordinary += 1 } else { isOrdinary = false }
        }
        if ordinary > 0 { evidence.insert(.ordinary) }
        if ordinary > 1 { evidence.insert(.twoOrdinary) }
        if isOrdinary { evidence.insert(.allOrdinary) }
        return evidence
    }

    private func isOrdinary(_ word: NameWord) -> Bool {
        word.uses.contains(.word) && !word.uses.contains(.frequent)
    }

    private func singleNameScore(_ word: NameWord, isAfterTrigger: Bool) -> Float {
        guard word.role == .none, !word.isInitial, !word.isAllCapitals else { return 0 }
        let isName = !word.uses.isDisjoint(with: [.first, .last])
        if isAfterTrigger {
            if countryNames.contains(nameWord(self.text, at: word.range.lowerBound).hash) {
                return PersonScores.placeAlone
            }
            let isPerson = isName && (!self.isOrdinary(word) || word.uses.contains(.first))
            return isPerson ? PersonScores.triggeredName : PersonScores.triggeredWord
        }
        // Scripts without capitals have ordinary words among their names.
        guard self.text[word.range.lowerBound] < 0xD7, isName, !self.isInCode(word.range) else {
            return 0
        }
        guard !self.isNamedThing(word.range) else { return PersonScores.ordinary }
        let acts = self.isActing(after: word.range.upperBound) || self.isPossessive(word.range)
        if self.isInverted(word), !self.isLanguage(word.range) { return PersonScores.inverted }
        let score = self.loneScore(word, isAddressed: self.isAddressed(word.range))
        if !acts, isKnownPlace(self.text, word.range) || self.isListedTerm(word.range) {
            return min(score, PersonScores.placeAlone)
        }
        return acts && score > PersonScores.ordinary ? score + PersonScores.acting : score
    }

    /// Whether a last name is followed by a comma and a frequent first name: `Smith, John`.
    private func isInverted(_ word: NameWord) -> Bool {
        let next = word.range.upperBound + 2
        guard word.uses.contains(.last), next < self.text.count,
            self.text[word.range.upperBound] == .comma, self.text[next - 1] == .space,
            isNameLetter(self.text[next]), isUpperLetter(self.text, at: next)
        else { return false }
        let (hash, _) = nameWord(self.text, at: next)
        let uses = self.uses(hash: hash)
        return uses.isSuperset(of: [.first, .frequent]) && !isKnownPlace(self.text, word.range)
            && !knownPlaces.contains(hash) && self.role(hash: hash) == .none
    }

    /// The score of one word that is a name, whatever comes after.
    private func loneScore(_ word: NameWord, isAddressed: Bool) -> Float {
        let isFrequent = word.uses.contains(.frequent)
        guard word.uses.contains(.first) else {
            if word.uses.contains(.word) { return PersonScores.ordinary }
            return isFrequent ? PersonScores.frequentLast : PersonScores.rareLast
        }
        if word.uses.contains(.word) {
            let isStart = self.startsSentence(word.range.lowerBound)
            return isFrequent && !isStart ? PersonScores.ordinaryFirst : PersonScores.ordinary
        }
        return isFrequent || isAddressed ? PersonScores.frequentFirst : PersonScores.rareFirst
    }

    /// Whether signs of code touch the word: `Parker(`, `Shape.CIRCLE`, `name_John`.
    private func isInCode(_ range: Range<Int>) -> Bool {
        let before = range.lowerBound > 0 ? self.text[range.lowerBound - 1] : .space
        let after = range.upperBound < self.text.count ? self.text[range.upperBound] : .space
        let next = range.upperBound + 1 < self.text.count ? self.text[range.upperBound + 1] : .space
        return codeBefore.contains(before) || codeAfter.contains(after)
            || after == .fullStop && isNameLetter(next)
    }

    /// Whether a verb of what persons do comes next: `Ayşe Yılmaz aradı`, `Wang Xiaoming called`.
    private func isActing(after end: Int) -> Bool {
        guard end + 3 < self.text.count, self.text[end] == .space, isNameLetter(self.text[end + 1]),
            !isUpperLetter(self.text, at: end + 1)
        else { return false }
        let (hash, wordEnd) = nameWord(self.text, at: end + 1)
        if wordEnd == end + 2, wordEnd + 1 < self.text.count, self.text[wordEnd] == .space {
            return personVerbs.contains(nameWord(self.text, at: wordEnd + 1).hash)
        }
        return personVerbs.contains(hash)
    }

    private func isPossessive(_ range: Range<Int>) -> Bool {
        range.upperBound + 1 < self.text.count && self.text[range.upperBound] == .apostrophe
            && self.text[range.upperBound + 1] | 0x20 == UInt8(ascii: "s")
    }

    /// Whether nothing, or the end of another sentence, is before `start`.
    private func startsSentence(_ start: Int) -> Bool {
        guard start >= 2, self.text[start - 1] == .space else { return start == 0 }
        return ".!?".utf8.contains(self.text[start - 2])
    }

    /// Whether the word is followed as names are: `Leif, can …`, `Ubul: …`, `Asya's`.
    private func isAddressed(_ range: Range<Int>) -> Bool {
        let end = range.upperBound
        guard end + 1 < self.text.count else { return false }
        if self.text[end] == .apostrophe { return self.isPossessive(range) }
        let isFirst =
            range.lowerBound == 0
            || [.lineFeed, .quote, .greaterThan].contains(self.text[range.lowerBound - 1])
        return isFirst && (self.text[end] == .comma || self.text[end] == .colon)
            && self.text[end + 1] == .space
    }

    /// Whether words just before say that a person's name comes.
    private func hasTrigger(before start: Int) -> Bool {
        var end = start
        while end > 0, end > start - 5, triggerGaps.contains(self.text[end - 1]) { end -= 1 }
        guard end > 0, end < start else { return false }
        return PhraseEnds.persons.match(self.text, before: end)
    }
}

func isKnownPlace(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    knownPlaces.contains(nameWord(text, at: range.lowerBound).hash)
}

/// What stands between a word that announces a name and the name: `"name":"…"`, `Name: …`.
private let triggerGaps: [UInt8] = [.space, .colon, .greaterThan, 0x09, .quote, UInt8(ascii: "=")]
private let codeBefore = Array("_./\\$@`#<-".utf8)
private let codeAfter = Array("(_=[`".utf8)
