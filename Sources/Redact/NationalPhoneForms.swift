/// The ways in which countries without a leading zero, or with forms of their own, write their numbers.
///
/// A digit stands for itself, `n` for any, `m` for 2 to 9; a group a word, a bracket for one that may be
/// in brackets. The score is what the form alone says.
private let formTable = """
    BR .6 (nn) 9nnnn nnnn, (nn) mnnn nnnn
    BR .5 nn 9nnnn nnnn
    RU .6 8 nnn nnn nn nn
    RU .5 8 nnn nnnnnnn
    CN .5 1mn nnnn nnnn
    CN .2 1mnnnnnnnnn
    ES .5 6nn nn nn nn, 7nn nn nn nn, 9nn nn nn nn, 8nn nn nn nn
    ES .3 6nn nnn nnn, 9nn nnn nnn, 7nn nnn nnn
    IT .5 3nn nnn nnnn, 3nn nnnnnnn
    GR .5 21n nnn nnnn, 69n nnn nnnn, 21 nnnn nnnn
    CO .5 (60n) nnnnnnn
    CO .5 3nn nnnnnnn
    MX .4 55 nnnn nnnn, 33 nnnn nnnn, 81 nnnn nnnn
    CL .5 (2) nnnn nnnn
    CL .4 9 nnnn nnnn, 2 nnnn nnnn
    NO .3 4nn nn nnn, 9nn nn nnn
    NO .3 2n nn nn nn, 3n nn nn nn, 4n nn nn nn, 5n nn nn nn, 6n nn nn nn, 7n nn nn nn
    PL .5 nn nnn nn nn
    PT .4 2n nnn nnnn
    PT .3 9nn nnn nnn
    IN .4 mnnnn nnnnn
    HK .3 mnnn nnnn
    """

struct PhoneForm: Sendable {
    /// A dot and the country, as a rule's name ends; empty for a form of several countries.
    var region: String
    var score: Float
    /// For each group what its digits may be.
    var groups: [[UInt8]]
    var hasBrackets: Bool
}

/// The forms by how many groups they have.
private let phoneForms: [[PhoneForm]] = {
    let forms = allPhoneForms
    return (0...NumberRun.groupLimit).map { count in forms.filter { $0.groups.count == count } }
}()

private let allPhoneForms: [PhoneForm] = formTable.split(separator: "\n").flatMap { line in
    let words = line.split(separator: " ", maxSplits: 2)
    return words[2].split(separator: ",").map { form in
        PhoneForm(
            region: "." + words[0].lowercased(),
            score: Float("0" + words[1]) ?? 0,
            groups: form.split(separator: " ").map { group in
                group.utf8.filter { $0 != 0x28 && $0 != 0x29 }
            },
            hasBrackets: form.contains("(")
        )
    }
}

/// The first form that the groups have; nil for none.
func nationalPhoneForm(_ number: NumberRun, groupCount: Int) -> PhoneForm? {
    let groups = number.groups[..<groupCount]
    let first = groups[0].count
    return phoneForms[groupCount].first { form in
        guard form.groups[0].count == first,
            !form.hasBrackets || groupCount > 1 && groups[1].separator.sign == 0x29,
            !groups.dropFirst().contains(where: {
                $0.separator.sign == 0x2E || $0.separator.sign == 0x2F
            })
        else { return false }
        var place = 0
        for (group, digits) in zip(groups, form.groups) {
            guard group.count == digits.count else { return false }
            for digit in digits {
                let value = number.digits[place]
                switch digit {
                case 0x6E: break
                case 0x6D: if value < 2 { return false }
                default: if value != digit - 0x30 { return false }
                }
                place += 1
            }
        }
        return true
    }
}
