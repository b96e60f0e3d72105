extension IdentityScheme {
    /// Numbers of African authorities.
    static let africa: [IdentityScheme] = [
        .init(
            "tax.dz",
            .taxID,
            "nif, رقم التعريف الجبائي",
            "N15 N20",
            .none,
            "457443177823310"
        ),
        .init(
            "id.dz",
            .nationalID,
            "nin, رقم التعريف الوطني",
            "N18",
            .none,
            "965521855509905555"
        ),
        .init(
            "id.eg",
            .nationalID,
            "الرقم القومي, رقم قومي, رقم البطاقة",
            "N14",
            .digits(isEgyptianNumber),
            "27412050192360"
        ),
        .init(
            "tax.eg",
            .taxID,
            "رقم التسجيل الضريبي, tax registration",
            "N9",
            .none,
            "899693892"
        ),
        .init(
            "tax.gh",
            .taxID,
            "tin",
            "AN9X",
            .code(isGhanaianNumber),
            "P0035225939"
        ),
        .init(
            "id.gh",
            .nationalID,
            "ghana card",
            "A3N10",
            .none,
            "GHA3494525342"
        ),
        .init(
            "tax.gn",
            .taxID,
            "nif",
            "N9",
            .digits(luhn),
            "115845406"
        ),
        .init(
            "tax.ke",
            .taxID,
            "kra pin, pin",
            "AN9A",
            .none,
            "A378604878R"
        ),
        .init(
            "id.ma",
            .nationalID,
            "cin, cnie, البطاقة الوطنية",
            "A2N6 A2N5 AN6",
            .none,
            "AB224435"
        ),
        .init(
            "tax.ma",
            .taxID,
            "ice",
            "N15",
            .digits(isMoroccanFirm),
            "007950685859103"
        ),
        .init(
            "id.mu",
            .nationalID,
            "nid, nic, national identity card",
            "AN12X",
            .code(isMauritianNumber),
            "A1102777931833"
        ),
        .init(
            "tax.mz",
            .taxID,
            "nuit",
            "N9",
            .sum([8, 9, 4, 5, 6, 7, 8, 9], "01234567891"),
            "086768976"
        ),
        .init(
            "id.ng",
            .nationalID,
            "nin, national identification number, bvn",
            "N11",
            .none,
            "21696622136"
        ),
        .init(
            "tax.sn",
            .taxID,
            "ninea",
            "N7 N9",
            .digits(isSenegaleseNumber),
            "6795902"
        ),
        .init(
            "id.tn",
            .nationalID,
            "cin, بطاقة التعريف",
            "N8",
            .none,
            "03513547"
        ),
        .init(
            "tax.tn",
            .taxID,
            "matricule fiscal",
            "N7A N7A3N3",
            .none,
            "1093806A"
        ),
        .init(
            "id.za",
            .nationalID,
            "id number, identity number, id no, sa id, id-nommer, identiteitsnommer",
            "N13",
            .digits(isSouthAfricanNumber),
            "5009228742082"
        ),
        .init(
            "tax.za",
            .taxID,
            "tax number, tax reference, income tax",
            "N10",
            .digits(luhn),
            "3441916784"
        ),
    ]
}
