extension ScanPass {
    /// Whether the digits at `start` may be the day or the year of a date with the name of its month:
    /// one or two digits or four, and a letter, a point, a comma or a hyphen near.
    @inline(__always)
    func mayBeNamedDate(at start: Int) -> Bool {
        var end = start + 1
        if self.isDigit(end) { end += 1 }
        if self.isDigit(end) {
            guard self.isDigit(end + 1), !self.isDigit(end + 2) else { return false }
            end += 2
        }
        switch self.byte(end) {
        case 0x20: return self.byte(end + 1) >= 0x41 || self.isDigit(end + 1)
        case 0x2E, 0x2D, 0x2C, 0x2F: return self.byte(end + 1) >= 0x41 || self.byte(end + 1) == 0x20
        case 0x61...0x7A, 0xC2: return true
        default: return false
        }
    }

    /// A date of birth whose month is a word, such as `14. März 1985` or `March 14, 1985`.
    @inline(never)
    mutating func scanNamedDate(at start: Int) -> Int? {
        guard self.wants(.dateOfBirth), !self.isLetterOrDigit(start - 1) else { return nil }
        let date = self.dayFirst(start) ?? self.monthFirst(start) ?? self.yearFirst(start)
        guard let date else { return nil }
        self.steps += date.count
        guard self.isBirth(date) else { return nil }
        return self.add(.dateOfBirth, date, "birth.date", 0.85) ? date.upperBound : nil
    }

    private func dayFirst(_ start: Int) -> Range<Int>? {
        guard let day = self.dayEnd(start) else { return nil }
        let first = self.pastParticle(self.past([0x2E, 0x20, 0x2D, 0x2F], from: day, limit: 3))
        let month = first..<self.wordEnd(from: first)
        let index = self.pastParticle(
            self.past([0x2E, 0x20, 0x2D, 0x2C, 0x2F], from: month.upperBound, limit: 3)
        )
        // The year is asked for first: nearly no word after a number has one.
        guard let year = self.yearEnd(index), self.isMonth(month) else { return nil }
        return start..<year
    }

    private func monthFirst(_ start: Int) -> Range<Int>? {
        var index = start
        while start - index < 2, [0x20, 0x2D, 0x2E].contains(self.byte(index - 1)) { index -= 1 }
        guard index < start, let day = self.dayEnd(start) else { return nil }
        let next = self.past([0x2C, 0x20, 0x2D], from: day, limit: 2)
        guard next > day, let year = self.yearEnd(next) else { return nil }
        let month = self.wordStart(endingAt: index)..<index
        return self.isMonth(month) ? month.lowerBound..<year : nil
    }

    private func yearFirst(_ start: Int) -> Range<Int>? {
        guard let year = self.yearEnd(start), year - start == 4 else { return nil }
        var index = self.past([0x2E, 0x20, 0x2D, 0x2C], from: year, limit: 2)
        // Lithuanian writes `m.` after the year.
        if self.matches("m. ", at: index) { index += 3 }
        let month = index..<self.wordEnd(from: index)
        index = self.past([0x2E, 0x20, 0x2D], from: month.upperBound, limit: 2)
        guard index > month.upperBound, let day = self.dayEnd(index), self.isMonth(month) else {
            return nil
        }
        return start..<day
    }

    /// The end of a day, its ending `st`, `th`, `er` or `º` included.
    private func dayEnd(_ start: Int) -> Int? {
        var end = start
        var value = 0
        while end - start < 3, self.isDigit(end) {
            value = value * 10 + Int(self.byte(end) - 0x30)
            end += 1
        }
        guard (1...2).contains(end - start), (1...31).contains(value) else { return nil }
        for ending in dayEndings
        where self.matches(ending, at: end) && !self.isLetterOrDigit(end + ending.utf8CodeUnitCount)
        {
            return end + ending.utf8CodeUnitCount
        }
        return self.isLetterOrDigit(end) ? nil : end
    }

    private func yearEnd(_ start: Int) -> Int? {
        var end = start
        var value = 0
        while end - start < 5, self.isDigit(end) {
            value = value * 10 + Int(self.byte(end) - 0x30)
            end += 1
        }
        guard !self.isLetterOrDigit(end) else { return nil }
        switch end - start {
        // Thailand counts from 543 before.
        case 4: return (1850...2150).contains(value) || (2400...2600).contains(value) ? end : nil
        case 2: return end
        default: return nil
        }
    }

    private func past(_ signs: [UInt8], from start: Int, limit: Int) -> Int {
        var index = start
        while index - start < limit, signs.contains(self.byte(index)) { index += 1 }
        // A no-break space.
        if self.byte(index) == 0xC2, self.byte(index + 1) == 0xA0 { index += 2 }
        return index
    }

    /// Past `de`, `of` and the like between the parts of a date.
    private func pastParticle(_ start: Int) -> Int {
        for particle in dateParticles
        where self.matches(particle, at: start) {
            return start + particle.utf8CodeUnitCount
        }
        return start
    }

    private func wordEnd(from start: Int) -> Int {
        var end = start
        while end - start < 32, self.isMonthByte(end) { end += 1 }
        return end
    }

    private func wordStart(endingAt end: Int) -> Int {
        var start = end
        while end - start < 32, self.isMonthByte(start - 1) { start -= 1 }
        return start
    }

    private func isMonthByte(_ index: Int) -> Bool {
        self.isClass(index, ByteClass.letter) || self.byte(index) >= 0x80
    }

    private func isMonth(_ range: Range<Int>) -> Bool {
        if romanMonths.contains(where: { self.text[range].elementsEqual($0) }) { return true }
        guard range.count >= 3 else { return false }
        return monthNames.contains(foldedName(self.text[range]))
    }
}

/// As Poland, Hungary and Russia number months by hand: `14 III 1985`.
private let romanMonths = [
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII",
]
.map { Array($0.utf8) }

private let dayEndings: [StaticString] = ["st", "nd", "rd", "th", "er", "º"]
private let dateParticles: [StaticString] = ["de ", "of ", "del ", "di ", "d'", "den "]

/// The letters of a name in lower case.
private func foldedName(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
    if name.allSatisfy({ $0 < 0x80 }) { return name.map { $0 | 0x20 } }
    return Array(String(decoding: name, as: UTF8.self).lowercased().utf8)
}

/// Months as people write them, whole and short.
private let monthNames: Set<[UInt8]> = Set(
    """
    january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec
    januar jänner februar feber märz maerz mai juni juli oktober dezember jän mrz mär okt dez
    janvier février fevrier mars avril juin juillet août aout septembre octobre novembre décembre
    decembre janv févr fevr avr juil déc
    enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre
    ene abr ago dic
    gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre gen mag giu lug set ott
    janeiro fevereiro março marco maio junho julho setembro outubro novembro dezembro fev out
    januari februari maart mei augustus mrt
    stycznia lutego marca kwietnia maja czerwca lipca sierpnia września wrzesnia października
    pazdziernika listopada grudnia styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień
    październik listopad grudzień sty lut kwi cze lip sie wrz paź lis gru
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря
    январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
    янв фев мар апр июн июл авг сен сент окт ноя дек
    січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
    юни юли септември октомври ноември декември януари февруари
    augusti marts avgust desember desember
    tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta
    lokakuuta marraskuuta joulukuuta
    ledna února unora března brezna dubna května kvetna června cervna července cervence srpna září
    října listopadu prosince
    januára februára apríla mája júna júla augusta septembra októbra novembra decembra
    ocak şubat subat mart nisan mayıs mayis haziran temmuz ağustos agustos eylül eylul ekim kasım kasim
    aralık aralik
    január február március április május június július augusztus szeptember október
    ianuarie februarie martie aprilie iunie iulie septembrie octombrie noiembrie decembrie
    ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου
    νοεμβρίου δεκεμβρίου
    sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio
    يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
    जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
    januari februari maret mei juni juli agustus oktober desember
    มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม
    """.split { $0 == " " || $0 == "\n" }.map { Array($0.utf8) }
)
