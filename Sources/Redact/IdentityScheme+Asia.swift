extension IdentityScheme {
    /// Numbers of authorities in Asia and around the Pacific.
    static let asia: [IdentityScheme] = [
        .init(
            "id.ae",
            .nationalID,
            "emirates id, رقم الهوية, هوية",
            "N15",
            .digits(isEmiratesNumber),
            "784198502495009"
        ),
        .init(
            "id.au",
            .nationalID,
            "tfn, tax file",
            "N9 N8",
            .digits(isAustralianTaxFile),
            "233037179"
        ),
        .init(
            "health.au",
            .healthID,
            "medicare",
            "N10 N11",
            .digits(isAustralianMedicare),
            "6486071971"
        ),
        .init(
            "tax.au",
            .taxID,
            "abn, australian business",
            "N11",
            .digits(isAustralianABN),
            "34100488976"
        ),
        .init(
            "tax.au",
            .taxID,
            "acn, australian company",
            "N9",
            .sum([8, 7, 6, 5, 4, 3, 2, 1], "0987654321"),
            "108713435"
        ),
        .init(
            "id.bd",
            .nationalID,
            "nid, এনআইডি, জাতীয় পরিচয়",
            "N10 N13 N17",
            .none,
            "1662221742"
        ),
        .init(
            "id.cn",
            .nationalID,
            "身份证, 身份號, 公民身份, 居民身份, 身份證",
            "N18 N17A",
            .code(isChineseNumber),
            "110105197306126859"
        ),
        .init(
            "id.hk",
            .nationalID,
            "hkid, 香港身份證, 身份證號碼, 身份證, 香港身份证",
            "AN6X A2N6X",
            .code(isHongKongNumber),
            "A1725516"
        ),
        .init(
            "id.id",
            .nationalID,
            "nik, induk kependudukan, no. ktp, nomor ktp, ktp",
            "N16",
            .digits(isIndonesianNumber),
            "3173010411963595"
        ),
        .init(
            "tax.id",
            .taxID,
            "npwp",
            "N15 N16",
            .digits(isIndonesianTaxNumber),
            "098814007283782"
        ),
        .init(
            "id.il",
            .nationalID,
            "ת.ז, ת״ז, ת\"ז, תעודת זהות, מספר זהות, teudat zehut",
            "N9 N8",
            .digits(luhn),
            "496513995"
        ),
        .init(
            "id.in",
            .nationalID,
            "aadhaar, aadhar, आधार, uidai",
            "N12",
            .digits(isAadhaar),
            "231378241784"
        ),
        .init(
            "id.in",
            .nationalID,
            "vid, virtual id",
            "N16",
            .digits(verhoeff),
            "4025271767540006"
        ),
        .init(
            "id.in",
            .nationalID,
            "pan, permanent account, पैन",
            "A5N4A",
            .code(isIndianPAN),
            "ABCPE5916F"
        ),
        .init(
            "id.in",
            .nationalID,
            "epic, voter id, voter card, मतदाता",
            "A3N7",
            .code(isIndianVoter),
            "YBD7510589"
        ),
        .init(
            "id.ir",
            .nationalID,
            "کد ملی, شماره ملی, کدملی",
            "N10",
            .digits(isIranianNumber),
            "9807237092"
        ),
        .init(
            "id.jp",
            .nationalID,
            "マイナンバー, 個人番号, my number",
            "N12",
            .digits(isJapaneseNumber),
            "848644400041"
        ),
        .init(
            "id.kr",
            .nationalID,
            "주민등록, 주민번호, 외국인등록, rrn",
            "N13",
            .digits(isKoreanNumber),
            "8707032414966"
        ),
        .init(
            "id.kw",
            .nationalID,
            "civil id, الرقم المدني, البطاقة المدنية",
            "N12",
            .digits(isKuwaitiNumber),
            "278021475968"
        ),
        .init(
            "id.kz",
            .nationalID,
            "иин, жсн, iin",
            "N12",
            .digits(isKazakhNumber),
            "700922377384"
        ),
        .init(
            "id.lk",
            .nationalID,
            "nic, national identity card, හැඳුනුම්පත, அடையாள",
            "N9A N12",
            .none,
            "851922321V"
        ),
        .init(
            "id.my",
            .nationalID,
            "mykad, nric, kad pengenalan, ic number, no. ic, no ic, ic no, i/c, no. kp, no kp",
            "N12",
            .digits(isMalaysianNumber),
            "521013013925"
        ),
        .init(
            "tax.nz",
            .taxID,
            "ird, inland revenue",
            "N8 N9",
            .digits(isNewZealandNumber),
            "036232269"
        ),
        .init(
            "health.nz",
            .healthID,
            "nhi, national health index",
            "A3N4",
            .code(isNewZealandHealthNumber),
            "BBC2618"
        ),
        .init(
            "tax.ph",
            .taxID,
            "tin",
            "N9 N12",
            .none,
            "501927350"
        ),
        .init(
            "id.ph",
            .nationalID,
            "philsys, psn, umid, crn",
            "N12 N16",
            .none,
            "007258851114"
        ),
        .init(
            "id.pk",
            .nationalID,
            "cnic, nicop, nic, شناختی کارڈ",
            "N13",
            .digits(isPakistaniNumber),
            "3520926572505"
        ),
        .init(
            "id.sa",
            .nationalID,
            "رقم الهوية, الهوية الوطنية, رقم الإقامة, الإقامة, هوية, iqama",
            "N10",
            .digits(isSaudiNumber),
            "1694966902"
        ),
        .init(
            "id.sg",
            .nationalID,
            "nric, fin",
            "AN7A",
            .code(isSingaporeID),
            "S6138410C"
        ),
        .init(
            "tax.sg",
            .taxID,
            "uen",
            "N8A N9A AN2A2N4A",
            .none,
            "83743778D"
        ),
        .init(
            "id.th",
            .nationalID,
            "เลขประจำตัวประชาชน, ประจำตัวประชาชน, ประชาชน, เลขบัตรประชาชน, บัตรประชาชน",
            "N13",
            .sum([13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2], "10987654321"),
            "1956534691574"
        ),
        .init(
            "id.tw",
            .nationalID,
            "身分證, 身份證, 統一證號",
            "AN9",
            .code(isTaiwaneseID),
            "A130513771"
        ),
        .init(
            "tax.tw",
            .taxID,
            "統一編號, 統編",
            "N8",
            .digits(isTaiwaneseFirm),
            "70505046"
        ),
        .init(
            "id.vn",
            .nationalID,
            "cccd, cmnd, cmt, căn cước, số định danh, chứng minh nhân dân",
            "N12 N9",
            .none,
            "080793936511"
        ),
        .init(
            "tax.vn",
            .taxID,
            "mst, mã số thuế",
            "N10 N13",
            .digits(isVietnameseTaxNumber),
            "0065681808"
        ),
    ]
}
