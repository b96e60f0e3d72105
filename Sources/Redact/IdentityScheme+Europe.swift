extension IdentityScheme {
    /// Numbers of European authorities.
    static let europe: [IdentityScheme] = [
        .init(
            "id.al",
            .nationalID,
            "nipt, nuis, numri personal, numri i identitetit",
            "AN8A",
            .none,
            "J06420642G"
        ),
        .init(
            "id.at",
            .nationalID,
            """
            svnr, sv-nr, sv-nummer, vsnr, sozialversicherungsnummer, \
            versicherungsnummer
            """,
            "N10",
            .digits(isAustrianNumber),
            "8265251186"
        ),
        .init(
            "tax.at",
            .taxID,
            "steuernummer, steuernr, abgabenkontonummer, st.-nr",
            "N9",
            .digits(luhn),
            "593630841"
        ),
        .init(
            "tax.az",
            .taxID,
            "vöen, voen",
            "N10",
            .digits(isAzerbaijaniNumber),
            "9585481901"
        ),
        .init(
            "id.be",
            .nationalID,
            """
            rijksregisternummer, rijksregister, insz, niss, registre national, \
            numéro national, numero national, nationalregister, nrn, bis-nummer, \
            bisnummer, numéro bis, nn
            """,
            "N11",
            .digits(isBelgianNumber),
            "87030638324"
        ),
        .init(
            "id.bg",
            .nationalID,
            "егн, единен граждански номер, egn",
            "N10",
            .digits(isBulgarianNumber),
            "6006220929"
        ),
        .init(
            "id.bg",
            .nationalID,
            "лнч, личен номер, lnch",
            "N10",
            .sum([21, 19, 17, 13, 11, 9, 7, 3, 1], "0123456789"),
            "8788155378"
        ),
        .init(
            "id.by",
            .nationalID,
            """
            идентификационный номер, личный номер, асабісты нумар, \
            ідэнтыфікацыйны нумар
            """,
            "N7AN3AAN",
            .sum([7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7], "0123456789"),
            "3060785E395PB6"
        ),
        .init(
            "tax.by",
            .taxID,
            "унп, упн",
            "N9",
            .sum([29, 23, 19, 17, 13, 7, 5, 3], "0123456789-"),
            "423832877"
        ),
        .init(
            "id.ch",
            .nationalID,
            "ahv, avs, oasi, ahvn, navs",
            "N13",
            .digits(isSwissNumber),
            "7567879619694"
        ),
        .init(
            "id.cy",
            .taxID,
            "αφτ, α.φ.τ, tic",
            "N8A",
            .code(isCypriotNumber),
            "17436439C"
        ),
        .init(
            "id.cz",
            .nationalID,
            "rodné číslo, rodné čís, rodné č, rodne cislo, rč, r.č",
            "N10 N9",
            .digits(isCzechNumber),
            "8011247960"
        ),
        .init(
            "id.de",
            .nationalID,
            """
            steuer-id, steuerid, steueridentifikation, steuer-identifikation, \
            steuerliche identifikation, identifikationsnummer, idnr, tin
            """,
            "N11",
            .digits(isGermanTaxID),
            "14699935870"
        ),
        .init(
            "id.de",
            .nationalID,
            """
            rentenversicherung, sozialversicherungsnummer, sv-nummer, svnr, rvnr, \
            rv-nummer, versicherungsnummer
            """,
            "N8AN3",
            .code(isGermanInsuranceNumber),
            "12110584H573"
        ),
        .init(
            "tax.de",
            .taxID,
            "steuernummer, steuernr, st.-nr, stnr",
            "N10 N11 N13",
            .none,
            "18181582018"
        ),
        .init(
            "id.de",
            .nationalID,
            "personalausweis, ausweisnummer, ausweis-nr, ausweisnr",
            "X10",
            .code(isGermanCard),
            "M92W28GKN6"
        ),
        .init(
            "id.dk",
            .nationalID,
            "cpr, personnummer",
            "N10",
            .digits(isDanishNumber),
            "1010771438"
        ),
        .init(
            "id.ee",
            .nationalID,
            "isikukood, ik",
            "N11",
            .digits(isEstonianID),
            "37008088067"
        ),
        .init(
            "id.es",
            .nationalID,
            """
            dni, nif, nie, d.n.i, n.i.f, n.i.e, documento nacional de identidad, \
            identificación fiscal
            """,
            "N8A AN7A",
            .code(isSpanishNumber),
            "02994891S"
        ),
        .init(
            "tax.es",
            .taxID,
            "cif, c.i.f",
            "AN7X",
            .code(isSpanishFirm),
            "B83455873"
        ),
        .init(
            "id.fi",
            .nationalID,
            "henkilötunnu, henkilotunnu, hetu, personbeteckning",
            "N9X N6AN3X",
            .code(isFinnishNumber),
            "190858768E"
        ),
        .init(
            "id.fo",
            .nationalID,
            "p-tal, ptal, v-tal, vtal",
            "N9 N6",
            .none,
            "161197636"
        ),
        .init(
            "id.fr",
            .nationalID,
            "nir, insee, sécurité sociale, securite sociale",
            "N15 N6AN8",
            .code(isFrenchNumber),
            "185037511611708"
        ),
        .init(
            "tax.fr",
            .taxID,
            "numéro fiscal, numero fiscal, n° fiscal, spi, nif",
            "N13",
            .digits(isFrenchTaxNumber),
            "3748447406263"
        ),
        .init(
            "id.gb",
            .nationalID,
            "national insurance, ni number, ni no, nino",
            "A2N6A",
            .code(isInsuranceNumber),
            "AB880316D"
        ),
        .init(
            "health.gb",
            .healthID,
            "nhs",
            "N10",
            .digits(isNHSNumber),
            "4016005213"
        ),
        .init(
            "tax.gb",
            .taxID,
            "utr, unique taxpayer ref, unique tax ref, tax reference",
            "N10",
            .digits(isBritishTaxReference),
            "8500708760"
        ),
        .init(
            "id.gb",
            .nationalID,
            "upn, unique pupil number",
            "AN11X",
            .code(isPupilNumber),
            "P801786948119"
        ),
        .init(
            "id.gr",
            .nationalID,
            "αμκα, α.μ.κ.α, amka",
            "N11",
            .digits(isGreekNumber),
            "27058083968"
        ),
        .init(
            "tax.gr",
            .taxID,
            "αφμ, α.φ.μ, afm, αριθμός φορολογικού μητρώου",
            "N9",
            .sum([256, 128, 64, 32, 16, 8, 4, 2], "01234567890"),
            "203565810"
        ),
        .init(
            "id.hr",
            .nationalID,
            "oib, osobni identifikacijski",
            "N11",
            .digits(iso7064),
            "65668516875"
        ),
        .init(
            "health.hu",
            .healthID,
            "taj",
            "N9",
            .sum([3, 7, 3, 7, 3, 7, 3, 7], "0123456789"),
            "702096374"
        ),
        .init(
            "tax.hu",
            .taxID,
            "adóazonosító",
            "N10",
            .sum([1, 2, 3, 4, 5, 6, 7, 8, 9], "0123456789-"),
            "8652508968"
        ),
        .init(
            "id.hu",
            .nationalID,
            "személyi szám, személyi azonosító",
            "N11",
            .digits(isHungarianNumber),
            "15203129881"
        ),
        .init(
            "tax.hu",
            .taxID,
            "adószám",
            "N8 N11",
            .digits(isHungarianFirm),
            "32202524"
        ),
        .init(
            "id.ie",
            .nationalID,
            "pps, ppsn, personal public service, rsi number",
            "N7A N7A2",
            .code(isIrishNumber),
            "8324238L"
        ),
        .init(
            "id.is",
            .nationalID,
            "kennital, kennitöl, kt",
            "N10",
            .digits(isIcelandicNumber),
            "2009620529"
        ),
        .init(
            "id.it",
            .nationalID,
            "codice fiscale, cod. fisc, cod.fisc, c.f",
            "X16",
            .code(isItalianNumber),
            "RSSMRA85T10A562S"
        ),
        .init(
            "tax.it",
            .taxID,
            "partita iva, p. iva, p.iva, piva",
            "N11",
            .digits(luhn),
            "05579180844"
        ),
        .init(
            "id.li",
            .nationalID,
            "peid, personenidentifikation",
            "N6 N7 N8 N9 N10 N11 N12",
            .none,
            "228363"
        ),
        .init(
            "id.lt",
            .nationalID,
            "asmens kod, a.k",
            "N11",
            .digits(isEstonianID),
            "36206265166"
        ),
        .init(
            "id.lu",
            .nationalID,
            "matricule, numéro d'identification national",
            "N13",
            .digits(isLuxembourgNumber),
            "1995101038720"
        ),
        .init(
            "id.lv",
            .nationalID,
            "personas kod, p.k",
            "N11",
            .digits(isLatvianNumber),
            "01098435883"
        ),
        .init(
            "id.md",
            .nationalID,
            "idnp, idno, cod personal",
            "N13",
            .sum([7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1], "0123456789"),
            "5117752295710"
        ),
        .init(
            "id.yu",
            .nationalID,
            """
            jmbg, јмбг, ембг, embg, матичен број, матични број, matični broj, emšo, \
            emso, matična številka
            """,
            "N13",
            .digits(isYugoslavNumber),
            "1701985437361"
        ),
        .init(
            "tax.me",
            .taxID,
            "pib",
            "N8",
            .sum([8, 7, 6, 5, 4, 3, 2], "00987654321"),
            "45611971"
        ),
        .init(
            "tax.rs",
            .taxID,
            "pib, пиб",
            "N9",
            .digits(iso7064),
            "934727820"
        ),
        .init(
            "tax.mk",
            .taxID,
            "едб, edb, даночен број",
            "N13",
            .sum([7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], "00987654321"),
            "1141142200658"
        ),
        .init(
            "id.mt",
            .nationalID,
            """
            karta tal-identit, kard tal-identit, karta tal-identità, numru tal-identit, \
            identity card number
            """,
            "N7A",
            .none,
            "5260155M"
        ),
        .init(
            "id.nl",
            .nationalID,
            "bsn, burgerservicenummer, burger service nummer, sofinummer, sofi-nummer",
            "N9",
            .digits(isDutchNumber),
            "537672527"
        ),
        .init(
            "id.nl",
            .nationalID,
            "onderwijsnummer",
            "N9",
            .digits(isDutchEducationNumber),
            "104525703"
        ),
        .init(
            "id.nl",
            .nationalID,
            "identiteitskaart",
            "A2X6N",
            .none,
            "SPEC67473"
        ),
        .init(
            "id.no",
            .nationalID,
            "fødselsn, fodselsn, fødselsnr, personnummer, d-nummer, fnr",
            "N11",
            .digits(isNorwegianID),
            "04106217470"
        ),
        .init(
            "id.pl",
            .nationalID,
            "pesel",
            "N11",
            .digits(isPESEL),
            "82122643037"
        ),
        .init(
            "tax.pl",
            .taxID,
            "nip",
            "N10",
            .sum([6, 5, 7, 2, 3, 4, 5, 6, 7], "0123456789-"),
            "0608109526"
        ),
        .init(
            "id.pl",
            .nationalID,
            "dowód osobisty, dowodu osobistego, dowód, numer dowodu",
            "A3N6",
            .code(isPolishCard),
            "ABC415652"
        ),
        .init(
            "id.pt",
            .nationalID,
            "nif, n.i.f, contribuinte",
            "N9",
            .sum([9, 8, 7, 6, 5, 4, 3, 2], "00987654321"),
            "408913843"
        ),
        .init(
            "id.pt",
            .nationalID,
            "cartão de cidadão, cartao de cidadao, identificação civil",
            "N9A2N N9XXN",
            .code(isPortugueseCard),
            "680520321ZZ4"
        ),
        .init(
            "id.pt",
            .nationalID,
            "niss, segurança social",
            "N11",
            .sum([29, 23, 19, 17, 13, 11, 7, 5, 3, 2], "9876543210"),
            "17434361791"
        ),
        .init(
            "id.ro",
            .nationalID,
            "cnp, c.n.p, cod numeric personal",
            "N13",
            .digits(isRomanianNumber),
            "1760115018545"
        ),
        .init(
            "tax.ro",
            .taxID,
            "cui, cif, cod fiscal, c.u.i",
            "N6 N7 N8 N9 N10",
            .digits(isRomanianFirm),
            "892830"
        ),
        .init(
            "tax.ru",
            .taxID,
            "инн, inn",
            "N10 N12",
            .digits(isRussianTaxNumber),
            "7774918428"
        ),
        .init(
            "id.ru",
            .nationalID,
            "снилс, страховой номер, snils",
            "N11",
            .digits(isRussianSNILS),
            "17779024215"
        ),
        .init(
            "passport.ru",
            .passport,
            "паспорт, серия и номер",
            "N10",
            .none,
            "4571388291"
        ),
        .init(
            "id.se",
            .nationalID,
            "personnummer, samordningsnummer, pers.nr, persnr, personnr",
            "N10 N12",
            .digits(isSwedishNumber),
            "6510136176"
        ),
        .init(
            "tax.si",
            .taxID,
            "davčna, davcna, id za ddv",
            "N8",
            .digits(isSlovenianTaxNumber),
            "83718729"
        ),
        .init(
            "id.tr",
            .nationalID,
            "t.c. kimlik, tc kimlik, tckn, kimlik no, tc no, t.c. no",
            "N11",
            .digits(isTurkishID),
            "75440953704"
        ),
        .init(
            "tax.tr",
            .taxID,
            "vkn, vergi kimlik, vergi no",
            "N10",
            .digits(isTurkishTaxNumber),
            "4076552721"
        ),
        .init(
            "id.ua",
            .nationalID,
            """
            рнокпп, іпн, ідентифікаційний код, ідентифікаційний номер, \
            реєстраційний номер, инн
            """,
            "N10",
            .digits(isUkrainianNumber),
            "1330924785"
        ),
        .init(
            "id.ge",
            .nationalID,
            "პირადი ნომერი, პირადი ნომრის",
            "N11",
            .none,
            "01599165472"
        ),
    ]
}
