extension NameScan {
    /// Names in scripts that part no words: Chinese, Japanese, Korean; returns where to go on.
    mutating func scanUnspaced(at start: Int) -> Int {
        guard start + 2 < self.text.count,
            unspacedStarts[Int(self.text[start + 1]) << 8 | Int(self.text[start + 2])]
        else { return self.scalarEnd(start) }
        if self.wantsAddresses, let end = self.scanLabelledAddress(at: start) { return end }
        if self.wantsPersons, let end = self.scanHonorific(at: start) { return end }
        return self.scalarEnd(start)
    }

    private func scalarEnd(_ start: Int) -> Int {
        var end = start + 1
        while end < self.text.count, self.text[end].isContinuation { end += 1 }
        return end
    }

    /// After `联系`, `收件人` or `받는 사람` a surname and what follows it; before `様` or `님` what looks
    /// like a name.
    private mutating func scanHonorific(at start: Int) -> Int? {
        if let trigger = unspacedTriggers.first(where: { self.hasBytes($0, at: start) }) {
            var index = start + trigger.count
            while index < self.text.count, self.isGap(index) { index = self.scalarEnd(index) }
            guard let end = self.surnameEnd(from: index) else { return nil }
            self.add(.person, index..<end, "person.trigger", PersonScores.unspacedTrigger)
            return end
        }
        guard let honorific = honorifics.first(where: { self.hasBytes($0, at: start) }) else {
            return nil
        }
        let name = self.koreanName(before: start) ?? self.nameStart(before: start)..<start
        if !name.isEmpty {
            self.add(.person, name, "person.honorific", PersonScores.honorific)
        }
        return start + honorific.count
    }

    func hasBytes(_ bytes: [UInt8], at index: Int) -> Bool {
        guard index + bytes.count <= self.text.count else { return false }
        for offset in bytes.indices where self.text[index + offset] != bytes[offset] {
            return false
        }
        return true
    }

    /// Spaces and colons, of ASCII or full width.
    private func isGap(_ index: Int) -> Bool {
        self.text[index] == .space || self.text[index] == .colon
            || wideGaps.contains { self.hasBytes($0, at: index) }
    }

    /// A surname of one character, or of two of the table's, and one to three more characters; at most
    /// to a sign.
    private func surnameEnd(from start: Int) -> Int? {
        guard let surname = self.surnameCount(at: start) else { return nil }
        var end = start + 3 * surname
        var count = 1
        let isHangul = self.text[start] >= 0xEA
        if !isHangul, surname == 2, end < self.text.count {
            // `高橋 健太`
            let gap = self.text[end] == .space ? 1 : self.hasBytes(wideSpace, at: end) ? 3 : 0
            if gap > 0, end + gap + 3 <= self.text.count, self.isNameCharacter(end + gap) {
                end += gap
            }
        }
        while count < (isHangul ? 4 : 3), end + 3 <= self.text.count, self.isNameCharacter(end),
            !honorifics.contains(where: { self.hasBytes($0, at: end) })
        {
            end += 3
            count += 1
        }
        return count > 1 ? end : nil
    }

    /// How many characters a surname at `start` has.
    private func surnameCount(at start: Int) -> Int? {
        if start + 9 <= self.text.count, (0xE4...0xE9).contains(self.text[start]),
            self.uses(hash: NameTable.hash(self.text[start..<start + 6])).contains(.last)
        {
            return 2
        }
        guard start + 3 <= self.text.count, surnames.contains(Array(self.text[start..<start + 3]))
        else { return nil }
        return 1
    }

    /// Han, kana but the particles' signs, or Hangul.
    private func isNameCharacter(_ index: Int) -> Bool {
        let byte = self.text[index]
        return (0xE4...0xE9).contains(byte) || (0xEA...0xED).contains(byte)
            || byte == 0xE3 && index + 1 < self.text.count && self.text[index + 1] >= 0x81
    }

    /// Up to five characters of a name before an honorific, one space among them.
    private func nameStart(before end: Int) -> Int {
        guard end >= 3 else { return end }
        var start = end
        var count = 0
        var hasSpace = false
        while start >= 3, count < 5 {
            if start - 3 >= 0, self.isNameCharacter(start - 3), self.text[start - 3] >= 0xE3 {
                start -= 3
                count += 1
            } else if !hasSpace, count > 0, self.text[start - 1] == .space, start >= 4,
                self.isNameCharacter(start - 4)
            {
                hasSpace = true
                start -= 1
            } else {
                break
            }
        }
        return count >= 2 ? start : end
    }

    /// The name in Hangul before an honorific, with or without a space between: a surname and one to three
    /// syllables, or two or three syllables of a given name; nil where no Hangul stands there.
    ///
    /// `날씨` and `고객님` are words.
    private func koreanName(before honorific: Int) -> Range<Int>? {
        let isApart = honorific >= 4 && self.text[honorific - 1] == .space
        let end = isApart ? honorific - 1 : honorific
        var start = end
        while start >= 3, end - start < 24, (0xEA...0xED).contains(self.text[start - 3]) {
            start -= 3
        }
        guard start < end else { return nil }
        let none = end..<end
        // What stands before a long one is another word, written together.
        if end - start > 12 { start = end - 9 }
        let hasSurname = surnames.contains(Array(self.text[start..<start + 3]))
        guard end - start >= 6, hasSurname || end - start <= 9,
            !wordsBeforeHonorifics.contains(Array(self.text[start..<end]))
        else { return none }
        return start..<end
    }
}

private func list(_ text: String) -> [[UInt8]] {
    text.split(separator: " ").map { Array($0.utf8) }
}

private let unspacedTriggers: [[UInt8]] =
    list(
        """
        联系人 联系 收件人 姓名 聯絡人 聯絡 收件者 성명 이름 수신인 담당자 氏名 担当者 担当 お名前 名前 代表者 代表取締役 責任者 \
        作成者 著者 差出人 宛名 宛先 申請者 负责人 经办人 申请人 寄件人 客户 作者 보내는사람 작성자 대표자
        """
    ) + [Array("받는 사람".utf8)]
private let wideSpace = Array("\u{3000}".utf8)
private let wideGaps: [[UInt8]] = list("： \u{3000}")
/// What stands before `님` and `씨` and names nobody: customers, teachers, parents, ranks; `아저씨`.
private let wordsBeforeHonorifics: Set<[UInt8]> = Set(
    list(
        """
        고객 선생 부모 사장 회장 교수 의사 기사 누나 임금 스승 장관 원장 과장 부장 차장 이사 팀장 대표 주인 공주 왕자 소장 국장 \
        조교 강사 이모 고모 도련 서방 회원 하나 하느 아저 아가 마음 담당자 선배 손주 어머 아버 할머 할아버 형수 며느 목사 신부 스
        """
    )
)
private let honorifics: [[UInt8]] = list("様 氏 さん 님 씨 先生 女士 小姐")
/// The second and third byte of what labels and honorifics start with.
private let unspacedStarts: [Bool] = {
    var table = [Bool](repeating: false, count: 1 << 16)
    for word in unspacedTriggers + honorifics + addressLabels {
        table[Int(word[1]) << 8 | Int(word[2])] = true
    }
    return table
}()
/// The most frequent surnames of China and Korea.
private let surnames: Set<[UInt8]> = Set(
    ("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴"
        + "夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文張劉陳楊趙黃吳"
        + "孫馬羅鄭謝韓馮許葉盧蔣賈김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방"
        + "공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국어은편용")
        .map { Array(String($0).utf8) }
)
