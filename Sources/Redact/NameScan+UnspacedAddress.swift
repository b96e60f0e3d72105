/// Addresses in scripts that part no words: the large part first, then ever smaller ones, then numbers.
///
/// - Source: addressing guides of Japan Post, China Post and Korea Post (Universal Postal Union).
extension NameScan {
    private static let unspacedReach = 120
    private static let labelScore: Float = 0.75
    /// A province by its name, a city or ward, and numbers: right in all that was made and found.
    private static let provinceScore: Float = 0.9
    /// Without the province.
    private static let cityScore: Float = 0.75

    /// An address after a label: `地址：` and what follows to a comma.
    mutating func scanLabelledAddress(at start: Int) -> Int? {
        guard start >= self.addressEnd,
            let label = addressLabels.first(where: { self.hasBytes($0, at: start) })
        else { return nil }
        var lower = start + label.count
        while lower < self.text.count, [.colon, .space].contains(self.text[lower]) { lower += 1 }
        if self.hasBytes(wideColon, at: lower) { lower += 3 }
        var end = lower
        var digits = 0
        while end < self.text.count, end - lower < Self.addressReach {
            let byte = self.text[end]
            if byte == .lineFeed && digits > 2 || self.isWideStop(end) || byte == .quote { break }
            if byte.isDigit { digits += 1 }
            end += 1
        }
        while end > lower, end < self.text.count, self.text[end].isContinuation { end -= 1 }
        guard digits >= 1, end - lower >= 9 else { return nil }
        self.addressEnd = end
        self.add(.address, lower..<end, "address.label", Self.labelScore)
        return end
    }

    /// `，`, `、`, `。` or a comma.
    private func isWideStop(_ index: Int) -> Bool {
        self.text[index] == .comma || wideStops.contains { self.hasBytes($0, at: index) }
    }

    /// An address whose first number starts at `start`, right after a character of three bytes, or after a
    /// space and one.
    @inline(never)
    mutating func scanUnspacedNumber(at start: Int) {
        guard start >= 9, start >= self.addressEnd + 6 else { return }
        let isTouching = self.text[start - 1].isContinuation && self.text[start - 3] >= 0xE3
        if isTouching {
            self.scanChineseOrJapanese(at: start)
        } else if self.text[start - 1] == .space, self.text[start - 2].isContinuation,
            self.text[start - 4] >= 0xEA
        {
            self.scanKorean(at: start)
        }
    }

    private mutating func scanChineseOrJapanese(at start: Int) {
        var lower = start
        let least = max(self.addressEnd, start - Self.unspacedReach)
        var parts = UnspacedParts()
        // A block's name in hiragana: `みなとみらい15`.
        while lower - 3 >= least, start - lower < 24, self.text[lower - 3] == 0xE3,
            self.text[lower - 2] == 0x81 || self.text[lower - 2] == 0x82
        {
            lower -= 3
        }
        while lower - 3 >= least, let step = self.unspacedStep(before: lower, &parts) {
            lower -= step
        }
        guard parts.hasCity, parts.hasStreetOrBlock(byteBefore: self.lastCharacter(before: start))
        else {
            return
        }
        let end = self.unspacedNumbersEnd(from: start)
        let province = self.provinceStart(in: lower..<start)
        guard province != nil || self.hasNumberMark(start..<end) else { return }
        var first = province ?? lower
        if let code = self.postMarkStart(before: first) { first = code }
        self.addressEnd = end
        self.add(
            .address,
            first..<end,
            province == nil ? "address.city" : "address.province",
            province == nil ? Self.cityScore : Self.provinceScore
        )
    }

    private func lastCharacter(before end: Int) -> ArraySlice<UInt8> {
        ArraySlice(self.text[(end - 3)..<end])
    }

    /// Bytes of the Han character or kana before `index`, noting what it marks; nil for what ends a name.
    private func unspacedStep(before index: Int, _ parts: inout UnspacedParts) -> Int? {
        let lead = self.text[index - 3]
        let isHan = (0xE4...0xE9).contains(lead)
        // `ケ`, `ヶ`, `ノ`, `の` and the like stand in names; `は` and `に` end the sentence before.
        let isKana =
            lead == 0xE3
            && (self.text[index - 2] == 0x83
                || joiningKana.contains(Array(self.text[(index - 3)..<index])))
        guard isHan || isKana else { return nil }
        parts.note(Array(self.text[(index - 3)..<index]))
        return 3
    }

    private func provinceStart(in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index + 6 <= range.upperBound {
            if provinces.contains(Array(self.text[index..<index + 6])) { return index }
            index += 3
        }
        return nil
    }

    /// The start of `〒150-0001 ` that ends at `index`; nil without one.
    private func postMarkStart(before index: Int) -> Int? {
        var start = index
        while start > 0, index - start < 12,
            self.text[start - 1].isDigit || self.text[start - 1] == .hyphen
                || self.text[start - 1] == .space || self.text[start - 1] == .lineFeed
        {
            start -= 1
        }
        guard start < index else { return nil }
        if start >= 3, self.hasBytes(postMark, at: start - 3) { return start - 3 }
        while start < index, !self.text[start].isDigit { start += 1 }
        return index - start >= 6 && start < index ? start : nil
    }

    /// After numbers, dashes and what counts blocks, houses, floors and rooms, and a building's name
    /// with its number.
    private func unspacedNumbersEnd(from start: Int) -> Int {
        var index = start
        var end = start
        while index < self.text.count, index - start < Self.unspacedReach {
            let byte = self.text[index]
            if byte.isDigit {
                index += 1
                end = index
            } else if byte == .hyphen {
                index += 1
            } else if let mark = numberMarks.first(where: { self.hasBytes($0, at: index) }) {
                index += mark.count
                end = index
            } else if byte == .space, let building = self.buildingEnd(from: index + 1) {
                index = building
                end = building
            } else {
                break
            }
        }
        return end
    }

    /// After `今戸ハイツ383`, `ミッドランドビル5`, or a Chinese code of six digits.
    private func buildingEnd(from start: Int) -> Int? {
        var index = start
        while index + 3 <= self.text.count, index - start < 48,
            (0xE4...0xE9).contains(self.text[index])
                || self.text[index] == 0xE3 && self.text[index + 1] >= 0x81
        {
            index += 3
        }
        let digits = self.digitCount(from: index)
        if index == start { return digits == 6 ? index + digits : nil }
        return digits > 0 ? index + digits : nil
    }

    private func hasNumberMark(_ range: Range<Int>) -> Bool {
        range.contains { index in
            self.text[index] == .hyphen || numberMarks.contains { self.hasBytes($0, at: index) }
        }
    }

    /// `서울특별시 강남구 테헤란로 12`: words that end as provinces, cities and streets do.
    private mutating func scanKorean(at start: Int) {
        var lower = start - 1
        var first = start
        var words = 0
        var hasCity = false
        var hasStreet = false
        let least = max(self.addressEnd, start - Self.unspacedReach)
        while lower - 3 >= least, words < 6 {
            let end = lower
            while lower - 3 >= least,
                (0xEA...0xED).contains(self.text[lower - 3])
                    || lower - 1 >= least && self.text[lower - 1].isDigit
            {
                lower -= self.text[lower - 1].isDigit ? 1 : 3
            }
            guard lower < end - 3, self.text[end - 1].isContinuation else { break }
            let ending = Array(self.text[(end - 3)..<end])
            if words == 0 {
                guard koreanStreets.contains(ending) else { return }
                hasStreet = true
            } else if koreanPlaces.contains(ending) {
                hasCity = true
            } else if !koreanStreets.contains(ending) {
                break
            }
            first = lower
            words += 1
            guard lower > least, self.text[lower - 1] == .space else { break }
            lower -= 1
        }
        guard hasCity, hasStreet else { return }
        var end = start
        while end < self.text.count, self.text[end].isDigit || self.text[end] == .hyphen {
            end += 1
        }
        for mark in koreanUnits where self.hasBytes(mark, at: end) { end += mark.count }
        if end + 1 < self.text.count, self.text[end] == .space || self.text[end] == .comma {
            var next = end
            while next < self.text.count, [.space, .comma].contains(self.text[next]) { next += 1 }
            let digits = self.digitCount(from: next)
            if digits > 0,
                let mark = koreanUnits.first(where: { self.hasBytes($0, at: next + digits) })
            {
                end = next + digits + mark.count
            }
        }
        self.addressEnd = end
        self.add(.address, first..<end, "address.province", Self.provinceScore)
    }
}

/// What the characters before a number mark.
private struct UnspacedParts {
    private var marks = Set<[UInt8]>()

    mutating func note(_ character: [UInt8]) {
        if placeMarks.contains(character) || streetMarks.contains(character) {
            self.marks.insert(character)
        }
    }

    /// A city, ward, district, county, town or village.
    var hasCity: Bool { !self.marks.isDisjoint(with: placeMarks) }

    /// A street in China, or in Japan nothing but the block's number.
    func hasStreetOrBlock(byteBefore: ArraySlice<UInt8>) -> Bool {
        !self.marks.isDisjoint(with: streetMarks) || self.marks.count > 1 || self.hasCity
    }
}

private func characters(_ text: String) -> Set<[UInt8]> { Set(text.map { Array(String($0).utf8) }) }

private func words(_ text: String) -> [[UInt8]] {
    text.split(separator: " ").map { Array($0.utf8) }
}

private let placeMarks = characters("市区町村郡都府県省县區縣州盟旗")
private let streetMarks = characters("路街道巷弄段丁")
private let joiningKana = characters("のがヶケノツッ々")
private let wideColon = Array("：".utf8)
private let wideStops = words("， 、 。")
private let postMark = Array("〒".utf8)
private let numberMarks =
    words("丁目 番地の 番地 番 号楼 号 號 の 階 室 幢 弄 座 单元 栋 棟 楼 层 层楼 － − ‐ – ー")
private let koreanStreets = characters("로길동가리")
private let koreanPlaces = characters("시도구군읍면")
private let koreanUnits = words("번길 번지 층 호 동 길")

/// The first two characters of provinces and prefectures.
private let provinces: Set<[UInt8]> = Set(
    words(
        """
        北海 青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 東京 神奈 新潟 富山 石川 福井 山梨 長野 岐阜 静岡 愛知 \
        三重 滋賀 京都 大阪 兵庫 奈良 和歌 鳥取 島根 岡山 広島 山口 徳島 香川 愛媛 高知 福岡 佐賀 長崎 熊本 大分 宮崎 鹿児 沖縄 \
        北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 \
        甘肃 青海 台湾 内蒙 广西 西藏 宁夏 新疆 香港 澳门 臺北 台北 高雄 臺灣
        """
    )
)

let addressLabels: [[UInt8]] =
    words("收货地址 收件地址 通讯地址 地址 住址 住所 所在地 配送先 送付先 お届け先 배송지 주소 पता")
