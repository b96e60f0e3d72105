/// What the letters themselves say of a text: which script, and which of two ways to write.
struct LanguageScript {
    private(set) var cyrillicBytes = 0
    private(set) var arabicBytes = 0
    private(set) var asciiLetters = 0
    private(set) var simplified = 0
    private(set) var traditional = 0
    /// Whether three Greek letters or more stand in a row anywhere.
    private(set) var hasGreekWords = false
    /// Bytes of a script of ``LetterLanguages``, and the last such script.
    private var letterBytes = 0
    private var letterBlock = 0
    private var sorbianMarks = SorbianMarks()
    private let byteCount: Int

    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.byteCount = text.count
        var index = 0
        var greekRun = 0
        while index < text.count {
            let byte = text[index]
            if byte == 0xCE || byte == 0xCF {
                greekRun += 1
                if greekRun == 3 { self.hasGreekWords = true }
                index += 2
                continue
            }
            greekRun = 0
            if byte >= 0xDC, let block = LetterLanguages.block(text, at: index) {
                self.letterBlock = block
                self.letterBytes += byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            }
            switch byte {
            case 0x41...0x5A, 0x61...0x7A: self.asciiLetters += 1
            case 0xC3...0xC5 where index + 1 < text.count:
                self.sorbianMarks.note(byte, text[index + 1])
                index += 1
            case 0xD0...0xD3: self.cyrillicBytes += 2
            case 0xD8...0xDB: self.arabicBytes += 2
            case 0xE4...0xE9 where index + 2 < text.count:
                self.noteHan(byte, text[index + 1], text[index + 2])
                index += 2
            default: break
            }
            index += 1
        }
    }

    private mutating func noteHan(_ first: UInt8, _ second: UInt8, _ third: UInt8) {
        let scalar =
            Int(first & 0x0F) << 12 | Int(second & 0x3F) << 6 | Int(third & 0x3F)
        guard hanBase..<hanBase + hanForms.count ~= scalar else { return }
        switch hanForms[scalar - hanBase] {
        case 1: self.simplified += 1
        case 2: self.traditional += 1
        default: break
        }
    }

    /// The language whose letters most of the text is, where they alone say it.
    var languageOfLetters: String? {
        guard self.letterBytes * 2 > self.byteCount else { return nil }
        return LetterLanguages.blocks[self.letterBlock].language
    }

    /// Marked vowels, as of Pinyin, are no ASCII.
    var isMostlyLatin: Bool { self.asciiLetters * 3 > self.byteCount }
    var isMostlyArabic: Bool { self.arabicBytes * 3 > self.byteCount }

    /// `language` with the script where its readers need it: Chinese and Serbian.
    func tagged(_ language: String) -> String {
        switch language {
        case "zh", "zh-Hant":
            if self.simplified == self.traditional {
                return language == "zh" ? "zh-Hans" : language
            }
            return self.simplified > self.traditional ? "zh-Hans" : "zh-Hant"
        case "sr": return self.cyrillicBytes > self.asciiLetters ? "sr-Cyrl" : "sr-Latn"
        case "ku" where self.isMostlyArabic: return "ckb"
        default: return language
        }
    }

    /// Upper or Lower Sorbian, whose alphabets no other language shares; no model here knows them.
    var sorbian: String? { self.sorbianMarks.language(byteCount: self.byteCount) }
}

/// Counts of the letters that together only Sorbian has: `ł` as in Polish, `č ě ř š ž` as in Czech.
private struct SorbianMarks {
    private var polish = 0
    private var czech = 0
    private var czechE = 0
    private var soft = 0
    private var lower = 0

    mutating func note(_ first: UInt8, _ second: UInt8) {
        switch (first, second) {
        case (0xC5, 0x81), (0xC5, 0x82): self.polish += 1
        case (0xC4, 0x8C), (0xC4, 0x8D), (0xC4, 0x9A), (0xC4, 0x9B), (0xC5, 0x98), (0xC5, 0x99),
            (0xC5, 0xA0), (0xC5, 0xA1), (0xC5, 0xBD), (0xC5, 0xBE):
            self.czech += 1
            if first == 0xC4, second >= 0x9A { self.czechE += 1 }
        case (0xC4, 0x86), (0xC4, 0x87), (0xC5, 0x83), (0xC5, 0x84): self.soft += 1
        case (0xC5, 0x94), (0xC5, 0x95), (0xC5, 0x9A), (0xC5, 0x9B): self.lower += 1
        default: break
        }
    }

    func language(byteCount: Int) -> String? {
        func isFrequent(_ count: Int, every bytes: Int) -> Bool {
            count > 0 && count * bytes >= byteCount
        }
        let hasPolish = isFrequent(self.polish, every: 250) && isFrequent(self.czech, every: 100)
        let hasSoft = isFrequent(self.soft, every: 150) && isFrequent(self.czechE, every: 100)
        guard hasPolish || hasSoft else { return nil }
        return self.lower > self.soft ? "dsb" : "hsb"
    }
}

private let hanBase = 0x4E00

/// 1 for characters of simplified Chinese only, 2 for those of traditional Chinese only.
///
/// - Source: frequent characters of the Table of General Standard Chinese Characters (2013) and the
///   forms it replaces.
private let hanForms: [UInt8] = {
    let simplified =
        "们这国个来为会说时对发经过学没还样开关长门问间无见车东两书马头电话现实应该让认识语谁谢请谈论设计产业务员总统军农风飞机场报纸网络边达运进远选连钱铁银错难题页项须领预频颜类义习写决况净减凤创别剂动劳势华协单卖卢历厅压厕县参双变号叹听启响园围图团圆圣坏块坚坛壮声处备复够夺奋妇妈妆娱孙宁宝宠审宪宾寻导寿将尔尘尝层属岁岛岭币师带帮广庆库庙废异弃张弹强归当录彻恋恒恶悬惊惧惯愤愿戏战户扑执扩扫扬扰抚抛抢护担拟拥择挡挥损换据"
    let traditional =
        "們這國個來為會說時對發經過學沒還樣開關長門問間無見車東兩書馬頭電話現實應該讓認識語誰謝請談論設計產業務員總統軍農風飛機場報紙網絡邊達運進遠選連錢鐵銀錯難題頁項須領預頻顏類義習寫決況淨減鳳創別劑動勞勢華協單賣盧歷廳壓廁縣參雙變號嘆聽啟響園圍圖團圓聖壞塊堅壇壯聲處備復夠奪奮婦媽妝娛孫寧寶寵審憲賓尋導壽將爾塵嘗層屬歲島嶺幣師帶幫廣慶庫廟廢異棄張彈強歸當錄徹戀恆惡懸驚懼慣憤願戲戰戶撲執擴掃揚擾撫拋搶護擔擬擁擇擋揮損換據"
    var forms = [UInt8](repeating: 0, count: 0xA000 - hanBase)
    for (mark, characters) in [(UInt8(1), simplified), (2, traditional)] {
        for scalar in characters.unicodeScalars {
            let index = Int(scalar.value) - hanBase
            guard forms.indices.contains(index) else { continue }
            forms[index] |= mark
        }
    }
    return forms
}()
