/// Words that are names and mean something else where they stand: places, days, programming languages,
/// firms, and what is named after someone.
extension NameScan {
    /// Whether the words around a lone name say that it is none.
    func isListedTerm(_ name: Range<Int>) -> Bool {
        self.isTown(name) || self.isCalendarDay(name) || self.isLanguage(name)
            || PhraseEnds.firms.match(self.text, before: self.labelEnd(before: name.lowerBound))
    }

    /// Whether a theorem or the like is named after the word: `Dijkstra's algorithm`.
    func isNamedThing(_ name: Range<Int>) -> Bool {
        guard let mark = self.possessiveEnd(name), mark + 1 < self.text.count,
            self.text[mark] == .space, isNameLetter(self.text[mark + 1])
        else { return false }
        return namedThings.contains(nameWord(self.text, at: mark + 1).hash)
    }

    /// After the `'s` of the word, whose apostrophe may be a typeset one.
    private func possessiveEnd(_ name: Range<Int>) -> Int? {
        let end = name.upperBound
        for mark in ["'s", "’s"] where self.text[end...].starts(with: mark.utf8) {
            return end + mark.utf8.count
        }
        return nil
    }

    /// Whether the name is a place as well, and a comma and a place that is no other name follow:
    /// `Lawrence, Kansas`.
    private func isTown(_ name: Range<Int>) -> Bool {
        guard self.uses(hash: nameWord(self.text, at: name.lowerBound).hash).contains(.place),
            let next = self.nameAfterComma(name)
        else { return false }
        let uses = self.uses(hash: nameWord(self.text, at: next).hash)
        return uses.contains(.place) && uses.isDisjoint(with: [.first, .word])
    }

    /// The capitalised word after the comma behind the name.
    private func nameAfterComma(_ name: Range<Int>) -> Int? {
        let next = name.upperBound + 2
        guard next < self.text.count, self.text[name.upperBound] == .comma,
            self.text[next - 1] == .space, isNameLetter(self.text[next]),
            isUpperLetter(self.text, at: next)
        else { return nil }
        return next
    }

    /// Whether the word shortens a day or a month: beside a number, alone in its line, or before another one.
    private func isCalendarDay(_ name: Range<Int>) -> Bool {
        guard calendarWords.contains(nameWord(self.text, at: name.lowerBound).hash) else {
            return false
        }
        if let next = self.nameAfterComma(name) {
            return calendarWords.contains(nameWord(self.text, at: next).hash)
        }
        func byte(_ index: Int) -> UInt8 {
            0..<self.text.count ~= index ? self.text[index] : .lineFeed
        }
        let (before, after) = (byte(name.lowerBound - 1), byte(name.upperBound))
        if before == .lineFeed, after == .lineFeed { return self.isAmongDays(name) }
        return [.space, .hyphen, .slash].contains(before) && byte(name.lowerBound - 2).isDigit
            || [.space, .hyphen, .slash].contains(after) && byte(name.upperBound + 1).isDigit
    }

    /// Whether a day or a month stands in the line with words before or after the one of the name.
    private func isAmongDays(_ line: Range<Int>) -> Bool {
        var start = line.upperBound
        while start < self.text.count, self.text[start] <= .space { start += 1 }
        if start < self.text.count, isNameLetter(self.text[start]),
            isCalendarWord(nameWord(self.text, at: start).hash)
        {
            return true
        }
        var end = line.lowerBound
        while end > 0, self.text[end - 1] <= .space { end -= 1 }
        start = end
        while start > 0, isNameLetter(self.text[start - 1]) { start -= 1 }
        return start < end && isCalendarWord(nameWord(self.text, at: start).hash)
    }

    /// Whether a programming language stands beside the name of one: `Perl, Julia`, `Ada and Pascal`.
    func isLanguage(_ name: Range<Int>) -> Bool {
        guard programmingLanguages.contains(nameWord(self.text, at: name.lowerBound).hash) else {
            return false
        }
        let isFollowed = listSigns.contains { sign in
            let next = name.upperBound + sign.count
            return self.text[name.upperBound...].starts(with: sign) && next < self.text.count
                && isNameLetter(self.text[next])
                && programmingLanguages.contains(nameWord(self.text, at: next).hash)
        }
        return isFollowed
            || listSigns.contains { sign in
                let end = name.lowerBound - sign.count
                guard end > 0, self.text[end..<name.lowerBound].elementsEqual(sign) else {
                    return false
                }
                var start = end
                while start > 0, isNameLetter(self.text[start - 1]) { start -= 1 }
                return start < end
                    && programmingLanguages.contains(nameWord(self.text, at: start).hash)
            }
    }

    /// Before the colon and the space that end at `start`; 0 without them.
    private func labelEnd(before start: Int) -> Int {
        guard start > 2, self.text[start - 1] == .space, self.text[start - 2] == .colon else {
            return 0
        }
        return start - 2
    }
}

/// First words of a phrase that are names elsewhere, as `Can` is in Turkey.
let functionWords = WordSet("an can see")

/// What is called after the one who found it.
private let namedThings = WordSet(
    """
    algorithm algorithms theorem theorems lemma law laws conjecture equation equations inequality paradox \
    principle distance sieve notation formula hypothesis constant razor
    """
)

private let calendarWords = WordSet(
    "jan feb mar apr may jun jul aug sep sept oct nov dec mon tue tues wed weds thu thur thurs fri sat sun"
)

private let wholeCalendarWords = WordSet(
    """
    january february march april june july august september october november december monday tuesday \
    wednesday thursday friday saturday sunday
    """
)

private func isCalendarWord(_ hash: UInt64) -> Bool {
    calendarWords.contains(hash) || wholeCalendarWords.contains(hash)
}

/// Programming languages that are called as persons are, and those that stand beside them.
private let programmingLanguages = WordSet(
    """
    ada pascal julia ruby perl crystal haskell erlang scala elm dart swift kotlin rust python java javascript \
    typescript lua lisp scheme prolog fortran cobol php basic smalltalk eiffel clojure groovy elixir tcl
    """
)

private let listSigns: [[UInt8]] = [", ", " and ", " or ", "/", " und ", " et ", " y "].map {
    Array($0.utf8)
}
