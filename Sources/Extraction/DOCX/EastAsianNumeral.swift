/// Numbers in Chinese signs, as clauses and chapters are numbered in East Asia.
///
/// - Source: ECMA-376 part 1, §17.18.59.
enum EastAsianNumeral: Equatable {
    /// `一百零一`.
    case chinese
    /// `百一`: a one before a unit is not said, nor is a gap.
    case japanese
    /// `일백이십`.
    case korean
    /// `一〇一`: a sign a digit.
    case digits

    /// - Returns: the number in ASCII digits where it is none of 1 to 9,999.
    func text(of number: Int) -> String {
        guard (1..<10_000).contains(number) else { return "\(number)" }
        let signs = Array(self == .korean ? "영일이삼사오육칠팔구" : "〇一二三四五六七八九")
        let digits = "\(number)".compactMap(\.wholeNumberValue)
        if self == .digits { return String(digits.map { signs[$0] }) }
        let units = Array(self == .korean ? "천백십" : "千百十").map(String.init) + [""]
        var text = ""
        var hasGap = false
        for (digit, unit) in zip(digits, units.suffix(digits.count)) {
            guard digit > 0 else {
                hasGap = true
                continue
            }
            if hasGap, self == .chinese { text += "零" }
            hasGap = false
            // Ten is `十`, and not `一十`; in Japanese so are a hundred and a thousand.
            let isUnsaid =
                digit == 1 && !unit.isEmpty && (self == .japanese || (text.isEmpty && number < 20))
            text += (isUnsaid ? "" : String(signs[digit])) + unit
        }
        return text
    }
}
