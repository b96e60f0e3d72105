extension LightStemmer {
    /// The rules of a language; nil where its words stay as they are, and for English, which has Porter's.
    ///
    /// - Parameter tag: What the language stage found, as BCP 47 has it. Of a tag with a script, Latin
    ///   letters are those of Serbian alone.
    package static func of(_ tag: String) -> LightStemmer? {
        if let stemmer = Self.byTag[tag] { return stemmer }
        // Asked for each chunk, of most of which the tag is whole and has no rules.
        guard let hyphen = tag.utf8.firstIndex(of: UInt8(ascii: "-")), !tag.hasSuffix("-Latn")
        else { return nil }
        return Self.byTag[String(tag[..<hyphen])]
    }

    /// All of them, by their codes.
    package static let all = Self.rules.map { LightStemmer(language: $0.language, rules: $0.rules) }

    private static let byTag: [String: LightStemmer] = {
        var stemmers = Dictionary(uniqueKeysWithValues: Self.all.map { ($0.language, $0) })
        for (tag, language) in Self.sameRules { stemmers[tag] = stemmers[language] }
        return stemmers
    }()

    /// Tags of languages that inflect alike.
    private static let sameRules = [
        "nb": "no", "nn": "no", "hr": "sr", "bs": "sr", "sh": "sr", "sr-Latn": "sr", "sk": "cs",
        "be": "ru", "ms": "id", "gl": "pt",
    ]

    /// A line a pass, of letters as they are once folded: `ü` is `u`, `ё` is `е`.
    static let rules: [(language: String, rules: String)] = [
        // Arabic
        (
            "ar",
            """
            3: ^وال ^بال ^كال ^فال ^لل ^ال; 4: ^و
            3: ها ان ات ون ين يه ه ي
            """
        ),
        // Catalan
        (
            "ca",
            """
            3: ques>c gues>g ces>c jes>j os es as; 4: s
            3: a e o
            """
        ),
        // Czech
        (
            "cs",
            """
            3: ami emi imi ymi ech ich ach ych ovi ove um em om im ym am ou eho iho emu imu ho a e i \
            y o u
            """
        ),
        // Danish
        (
            "da",
            """
            3: erendes erende hedens erens erets ernes erede heden heder endes ernes erens erne eren \
            eret ende enes ered erer heds enes eres eret hed ene ere ens ers ets en er es et; 4: e s
            """
        ),
        // German
        (
            "de",
            """
            5: innen>in
            3: ern em en er es e; 4: s n
            """
        ),
        // Greek
        (
            "el",
            """
            3: ματων>μα ματα>μα ματοσ>μα ιων ουσ εισ εων εωσ ων ου οσ ασ ησ εσ οι αι ον ην αν α η ο \
            ι ε υ ω
            """
        ),
        // Spanish
        (
            "es",
            """
            2: ces>z; 3: es os as; 4: s
            3: a e o
            """
        ),
        // Estonian
        (
            "et",
            """
            3: dega test tele tesse deni sse st le lt ga na ni ta ks te de id d l s t
            3: a e i u
            """
        ),
        // Finnish
        (
            "fi",
            """
            4: nsa mme nne ni
            3: issa ista iin illa ilta ille iksi ina itta ien jen iden tten ssa sta lla lta lle ksi \
            na tta han hen hin seen n t ta a
            3: i e a o u
            """
        ),
        // French
        (
            "fr",
            """
            3: issement>i issements>i
            3: eaux>eau aux>al euses>eux euse>eux ives>if ive>if
            3: es s x e ees ee er ez
            """
        ),
        // Hindi
        (
            "hi",
            """
            2: ताओं ाओं ाएँ ाएं ियों ियाँ ियां ओं एं ों ें ीं ी ा े ि ो ु ू
            """
        ),
        // Hungarian
        (
            "hu",
            """
            3: kent nak nek ban ben bol rol tol hoz hez ert nal nel val vel; 4: ra re ba be on en ul ig
            3: jaink jeink jaik jeik aink eink aik eik jat jet juk unk uk ok ek ak aim eim ait eit \
            am em ad ed ja je okat eket akat k a e i t ot et at
            """
        ),
        // Indonesian
        (
            "id",
            """
            4: nya lah kah pun ku mu
            """
        ),
        // Italian
        (
            "it",
            """
            3: ie>i io>i he ch>c
            3: a e i o
            """
        ),
        // Lithuanian
        (
            "lt",
            """
            3: iams ioms iais iose amas umas umo iai ius iui iaus ams oms ais omis uose ose as is us \
            ys es os ai io ia iu ui u i o a e ei ej
            """
        ),
        // Dutch
        (
            "nl",
            """
            4: heden>heid
            3: en e; 4: s
            3: aa>a ee>e oo>o uu>u
            """
        ),
        // Norwegian
        (
            "no",
            """
            3: hetenes hetene hetens endes heter heten erte ande ende edes enes ene ane ets ers ens \
            ede het ast ert en ar er as es et; 4: a e s
            """
        ),
        // Polish
        (
            "pl",
            """
            3: ami iami ach iach owi ow iow om iom iem em ego iego emu iemu ymi imi ych ich ym im ej \
            iej a ia e ie i y o u iu
            """
        ),
        // Portuguese
        (
            "pt",
            """
            3: oes>ao aes>ao ais>al eis>el ois>ol uis>ul ns>m res>r zes>z les>l; 4: s
            3: a e o
            """
        ),
        // Romanian
        (
            "ro",
            """
            3: urilor iilor ilor elor urile iile ile ele ului lui ul uri ua ei ii ea ia
            3: a e i u o
            """
        ),
        // Russian
        (
            "ru",
            """
            3: иями ями ами иях ях ах иям ям ам ием ем ом ов ев ей ий ый ой ая яя ое ее ые ие ого \
            его ому ему ыми ими ым им ых их ую юю ою ею ия ья ию ью ьи ии и ы а я о е у ю ь й
            """
        ),
        // Serbian, Croatian, Bosnian (Latin letters)
        (
            "sr",
            """
            3: ovima evima ama ima ova eva ovi evi om em og oga eg ega omu emu im ih oj oga a e i o \
            u
            """
        ),
        // Swedish
        (
            "sv",
            """
            3: arnas ernas ornas andes anden arens orna arna erna aren ades ande ades aste arne ens \
            ars ors ade are ast het en ar er or as es et at ad; 4: a e s n t
            """
        ),
        // Turkish
        (
            "tr",
            """
            3: dir dur tir tur
            3: ndan nden dan den tan ten nda nde da de ta te nin nun in un i u e a ya ye yi yu si su \
            la le
            3: lar ler imiz umuz iniz unuz im um in un i u si su
            3: g>k b>p d>t
            """
        ),
        // Ukrainian
        (
            "uk",
            """
            3: ями ами ях ах ям ам ею єю ові еві єві ом ем єм ів їв ей ий ій ого його ому йому ими \
            іми ім їм их іх ою ую юю ая яя ії ію ія е є а я и і ї о у ю ь й
            """
        ),
    ]
}
