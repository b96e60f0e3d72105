/// One sentence about a mill in many charsets, written by Python's codecs.
enum MillTexts {
    static let all: [(charset: String, text: String, hex: String)] = [
        (
            "macintosh",
            "Die Mühle läuft täglich; das Wasser fällt über große Räder, schöne Grüße.",
            """
            446965204d9f686c65206c8a75667420748a676c6963683b206461732057617373657220668a6c6c7420\
            9f6265722067726fa76520528a6465722c207363689a6e652047729fa7652e
            """
        ),
        (
            "macintosh",
            "El molino está más allá del río; mañana llegará el niño con el señor.",
            """
            456c206d6f6c696e6f2065737487206d877320616c6c872064656c2072926f3b206d6196616e61206c6c\
            656761728720656c206e69966f20636f6e20656c207365966f722e
            """
        ),
        (
            "koi8-r",
            "Мельница стоит на берегу реки уже двести лет и мелет зерно окрестных крестьян.",
            """
            edc5ccd8cec9c3c120d3d4cfc9d420cec120c2c5d2c5c7d520d2c5cbc920d5d6c520c4d7c5d3d4c920cc\
            c5d420c920cdc5ccc5d420dac5d2cecf20cfcbd2c5d3d4ced9c820cbd2c5d3d4d8d1ce2e
            """
        ),
        (
            "windows-1251",
            "Мельница стоит на берегу реки уже двести лет и мелет зерно окрестных крестьян.",
            """
            cce5ebfcede8f6e020f1f2eee8f220ede020e1e5f0e5e3f320f0e5eae820f3e6e520e4e2e5f1f2e820eb\
            e5f220e820ece5ebe5f220e7e5f0edee20eeeaf0e5f1f2edfbf520eaf0e5f1f2fcffed2e
            """
        ),
        (
            "iso-8859-5",
            "Мельница стоит на берегу реки уже двести лет и мелет зерно окрестных крестьян.",
            """
            bcd5dbecddd8e6d020e1e2ded8e220ddd020d1d5e0d5d3e320e0d5dad820e3d6d520d4d2d5e1e2d820db\
            d5e220d820dcd5dbd5e220d7d5e0ddde20dedae0d5e1e2ddebe520dae0d5e1e2ecefdd2e
            """
        ),
        (
            "ibm866",
            "Мельница стоит на берегу реки уже двести лет и мелет зерно окрестных крестьян.",
            """
            8ca5abecada8e6a020e1e2aea8e220ada020a1a5e0a5a3e320e0a5aaa820e3a6a520a4a2a5e1e2a820ab\
            a5e220a820aca5aba5e220a7a5e0adae20aeaae0a5e1e2adebe520aae0a5e1e2ecefad2e
            """
        ),
        (
            "koi8-u",
            "Млин стоїть на березі річки вже двісті років і меле зерно для селян цієї околиці.",
            """
            edccc9ce20d3d4cfa7d4d820cec120c2c5d2c5daa620d2a6decbc920d7d6c520c4d7a6d3d4a620d2cfcb\
            a6d720a620cdc5ccc520dac5d2cecf20c4ccd120d3c5ccd1ce20c3a6a4a720cfcbcfccc9c3a62e
            """
        ),
        (
            "shift_jis",
            "水車小屋は二百年前から川のほとりに立ち、今も近くの農家の穀物を挽いている。",
            """
            90858ed48fac89ae82cd93f19553944e914f82a982e790ec82cc82d982c682e882c997a782bf81418da1\
            82e08bdf82ad82cc945f89c682cc8d9295a882f094d282a282c482a282e98142
            """
        ),
        (
            "euc-jp",
            "水車小屋は二百年前から川のほとりに立ち、今も近くの農家の穀物を挽いている。",
            """
            bfe5bcd6beaeb2b0a4cfc6f3c9b4c7afc1b0a4aba4e9c0eea4cea4dba4c8a4eaa4cbcea9a4c1a1a2baa3\
            a4e2b6e1a4afa4cec7c0b2c8a4ceb9f2caaaa4f2c8d4a4a4a4c6a4a4a4eba1a3
            """
        ),
        (
            "iso-2022-jp",
            "水車小屋は二百年前から川のほとりに立ち、今も近くの農家の穀物を挽いている。",
            """
            1b24423f653c563e2e3230244f46734934472f4130242b2469406e244e245b2448246a244b4e29244121\
            223a2324623661242f244e47403248244e39724a2a24724854242424462424246b21231b2842
            """
        ),
        (
            "gb18030",
            "这座水磨坊在河边已经有两百年的历史，至今仍为附近的农民磨面粉。",
            """
            d5e2d7f9cbaec4a5b7bbd4dabad3b1dfd2d1beadd3d0c1bdb0d9c4eab5c4c0facab7a3acd6c1bdf1c8d4\
            ceaab8bdbdfcb5c4c5a9c3f1c4a5c3e6b7dba1a3
            """
        ),
        (
            "big5",
            "這座水磨坊在河邊已經有兩百年的歷史，至今仍為附近的農民磨麵粉。",
            """
            b36fae79a4f4bf69a77ba662aa65c3e4a477b867a6b3a8e2a6caa67eaababefaa576a141a6dca4b5a4b4\
            acb0aafeaaf1aabab941a5c1bf69c4d1afbba143
            """
        ),
        (
            "euc-kr",
            "물레방아는 이백 년 동안 강가에 서서 지금도 이웃 농부들의 곡식을 빻고 있습니다.",
            """
            b9b0b7b9b9e6bec6b4c220c0ccb9e920b3e220b5bfbec820b0adb0a1bfa120bcadbcad20c1f6b1ddb5b5\
            20c0ccbff420b3f3baceb5e9c0c720b0eebdc4c0bb20bba8b0ed20c0d6bdc0b4cfb4d92e
            """
        ),
        (
            "windows-1250",
            "Młyn wodny „stoi” nad rzeką od dwustu lat i wciąż miele zboże okolicznych rolników, także żyto.",
            """
            4db3796e20776f646e79208473746f6994206e616420727a656bb9206f6420647775737475206c617420\
            6920776369b9bf206d69656c65207a626fbf65206f6b6f6c69637a6e79636820726f6c6e696bf3772c20\
            74616bbf6520bf79746f2e
            """
        ),
        (
            "iso-8859-2",
            "Starý vodní mlýn stojí u řeky už dvě stě let a stále mele obilí sedláků z širokého okolí.",
            """
            53746172fd20766f646eed206d6cfd6e2073746f6aed207520f8656b792075be206476ec207374ec206c\
            65742061207374e16c65206d656c65206f62696ced207365646ce16bf9207a20b969726f6be9686f206f\
            6b6f6ced2e
            """
        ),
        (
            "windows-1252",
            "Die alte Wassermühle steht seit zweihundert Jahren am Bach – und mahlt für größere Höfe.",
            """
            44696520616c7465205761737365726dfc686c652073746568742073656974207a77656968756e646572\
            74204a616872656e20616d2042616368209620756e64206d61686c742066fc72206772f6df6572652048\
            f666652e
            """
        ),
        (
            "windows-1253",
            "Ο παλιός νερόμυλος στέκει δίπλα στο ποτάμι εδώ και διακόσια χρόνια και αλέθει ακόμη.",
            """
            cf20f0e1ebe9fcf220ede5f1fcecf5ebeff220f3f4ddeae5e920e4dff0ebe120f3f4ef20f0eff4dcece9\
            20e5e4fe20eae1e920e4e9e1eafcf3e9e120f7f1fcede9e120eae1e920e1ebdde8e5e920e1eafcece72e
            """
        ),
        (
            "windows-1254",
            "Eski su değirmeni iki yüz yıldır derenin kıyısında duruyor ve köylülerin tahılını öğütüyor.",
            """
            45736b69207375206465f069726d656e6920696b692079fc7a2079fd6c64fd7220646572656e696e206b\
            fd79fd73fd6e64612064757275796f72207665206bf6796cfc6c6572696e20746168fd6cfd6efd20f6f0\
            fc74fc796f722e
            """
        ),
        (
            "windows-1255",
            "טחנת המים הישנה עומדת על גדת הנחל כבר מאתיים שנה ועדיין טוחנת את התבואה של האיכרים.",
            """
            e8e7f0fa20e4eee9ed20e4e9f9f0e420f2e5eee3fa20f2ec20e2e3fa20e4f0e7ec20ebe1f820eee0fae9\
            e9ed20f9f0e420e5f2e3e9e9ef20e8e5e7f0fa20e0fa20e4fae1e5e0e420f9ec20e4e0e9ebf8e9ed2e
            """
        ),
        (
            "windows-1256",
            "تقف طاحونة الماء القديمة على ضفة النهر منذ مئتي عام وما زالت تطحن حبوب الفلاحين.",
            """
            cadedd20d8c7cde6e4c920c7e1e3c7c120c7e1decfede3c920dae1ec20d6ddc920c7e1e4e5d120e3e4d0\
            20e3c6caed20dac7e320e6e3c720d2c7e1ca20cad8cde420cdc8e6c820c7e1dde1c7cdede42e
            """
        ),
        (
            "windows-1257",
            "Senas vandens malūnas jau du šimtus metų stovi ant upės kranto ir vis dar mala ūkininkų grūdus.",
            """
            53656e61732076616e64656e73206d616cfb6e6173206a617520647520f0696d747573206d6574f82073\
            746f766920616e74207570eb73206b72616e746f2069722076697320646172206d616c6120fb6b696e69\
            6e6bf8206772fb6475732e
            """
        ),
        (
            "windows-874",
            "โรงสีน้ำเก่าแก่ตั้งอยู่ริมแม่น้ำมาสองร้อยปีแล้วและยังคงโม่ข้าวให้ชาวนาในละแวกนี้",
            """
            e2c3a7cad5b9e9d3e0a1e8d2e1a1e8b5d1e9a7cdc2d9e8c3d4c1e1c1e8b9e9d3c1d2cacda7c3e9cdc2bb\
            d5e1c5e9c7e1c5d0c2d1a7a4a7e2c1e8a2e9d2c7e3cbe9aad2c7b9d2e3b9c5d0e1c7a1b9d5e9
            """
        ),
        (
            "utf-16le",
            "Мельница стоит на берегу реки уже двести лет.",
            """
            1c0435043b044c043d043804460430042000410442043e043804420420003d0430042000310435044004\
            3504330443042000400435043a0438042000430436043504200034043204350441044204380420003b04\
            350442042e00
            """
        ),
        (
            "utf-16be",
            "水車小屋は二百年前から川のほとりに立ち、今も挽いている。",
            """
            6c348eca5c0f5c4b306f4e8c767e5e74524d304b30895ddd306e307b3068308a306b7acb306130014eca\
            3082633d304430663044308b3002
            """
        ),
    ]

    static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.utf8.map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
