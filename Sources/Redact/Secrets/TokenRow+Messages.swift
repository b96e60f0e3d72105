extension TokenRow {
    /// Tokens of mail, chat and hooks.
    static let messages: [TokenRow] = [
        .init(
            "slack",
            "xoxa-{W20-300}",
            found: "xoxa-tClDyI78eph-ZNQlxh7J5FOF",
            left: "xoxa-tokens-are-those-of-old-workspaces"
        ),
        .init(
            "slack",
            "xoxb-{W20-300} xoxc-{W20-300} xoxd-{e20-400} xoxe-{W20-300} xoxe.xoxp-{W20-300} xoxe.xoxb-{W20-300} xoxp-{W20-300} xoxr-{W20-300} xoxs-{W20-300} xapp-{W20-300}",
            found: "xoxb-b6_oTW1X88gmsGAtbBQYR",
            left: "xoxb-your-token-goes-in-here"
        ),
        .init(
            "slack.hook",
            "hooks.slack.c'om/services/{A8-14}/{A8-14}/{a16-32} hooks.slack.com/workflows/{a8-14}/{a8-14}/{d8-24}/{a16-32} hooks.slack.com/t'riggers/{a8-14}/{d8-24}/{a16-64}",
            found: "hooks.slack.com/services/8FDQRWI8SZUUZS/IO5DO1Q2ZBV/c92PDfyGrucB9FBOUFJh",
            left: "hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"
        ),
        .init(
            "discord.hook",
            "discord.com/api/w'ebhooks/{d16-22}/{w50-90} discordapp.com/api/w'ebhooks/{d16-22}/{w50-90}",
            found:
                "discord.com/api/webhooks/163873890529139697/Z3p8hD3rkAYfEoE3IUupwCCvQsYqqtX900-lXigIIkoD0NtOHAVfi",
            left:
                "discord.com/api/webhooks/5645761143730344671480/HNPmXpZJlRiZMxTEcgJYssqjWBDrNkSff_xKUNqMqTNTPEWM"
        ),
        .init(
            "teams.hook",
            "webhook.office.com/webhookb2/{i60-400}",
            found:
                "webhook.office.com/webhookb2/CzcMeVjkvea5sy5qeyUW@V/iVN9LUN9K5FC1akuH1UZhHzHO8qAO4/2Yz2eEbN",
            left:
                "webhook.office.com/webhookb2/0zwrw4D/jW@cgzEyQCnHT-SGfcHemRS@CAuX//4tDqYANxwQ/bUzVSyXwm"
        ),
        .init(
            "zapier.hook",
            "hooks.z'apier.com/hooks/catch/{d3-10}/{a5-16}",
            found: "hooks.zapier.com/hooks/catch/091941/beE6Eeno",
            left: "hooks.zapier.com/hooks/catch/540706/gdqu"
        ),
        .init(
            "telegram",
            "bot{d8-10}:AA{w33}",
            found: "bot983082319:AAZDKOAVTg6VI7g0g22ta2B_H-x0z2Kn2RO",
            left: "bot43067577:AAzhtDj2JasBxQSKHN19z7Ukpg_Z7_tj7"
        ),
        .init(
            "telegram",
            "{d8-10}:AA{w33}",
            found: "7015917248:AA7uYKvB7NW-96s24k7Bec2SCpPjSukd-ux",
            left: "2024-11-03:AA"
        ),
        .init(
            "twilio",
            "SK{x32}",
            found: "SK149b0cca6e9430c5c90a371faae58764",
            left: "SK5e9a404be56173ca199d1d10f9f3c5"
        ),
        .init(
            "sendgrid",
            "SG.{W50-80}",
            found: "SG.Iliydex6P9CXii9uGDlWalPXKaADmksryeHI2aFN2bbyHLsyF0kUi",
            left: "SG.is.how.it.starts"
        ),
        .init(
            "mailchimp",
            "{x32}-us{d1-2}",
            found: "51cdce16029364b2dfdb4eca2d820ae5-us8",
            left: "d2b1f2d96fd638881bb33b94b345178b-us"
        ),
        .init(
            "mandrill",
            "md-{w22}",
            .dense,
            found: "md-uyCAOOtbhZzDxGtv7LTfuQ",
            left: "md-pyD4xz4hnGkpUJJcr6By"
        ),
        .init(
            "brevo",
            "xkeysib-{x64}-{a16} xkeysib-{x64} xsmtpsib-{x64}-{a16} xsmtpsib-{x64}",
            found:
                "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",
            left: "xkeysib-0123456789abcdef"
        ),
        .init(
            "resend",
            "re_{a6-10}_{a20-32}",
            .dense,
            found: "re_Cm1u2bN_GB7vxibE8JE53b5a69hXGUx",
            left: "re_default_configuration_of_it"
        ),
        .init(
            "onesignal",
            "os_v2_app_{l60-120} os_v2_org_{l60-120}",
            found: "os_v2_app_jfhc1rw6rtm4klsaay14zac9ubh7cf2n58pqhfmloorz92i6bqecmybnkkg14j",
            left: "os_v2_app_xcmb410n6ie3hufg0o012ht13lpj440faxm1kb9ytvf3wmser3zjfj1ph9"
        ),
        .init(
            "pubnub",
            "sec-c-{b40-64}",
            .dense,
            found: "sec-c-6iWxlriBcCs1aWubggdC2Y9xszCykvv02VAbQw32xm3r1",
            left: "sec-c-CpEztyYOKrOycPa4S7/VLZKm8mLpYbC2kVftOg"
        ),
        .init(
            "intercom",
            "dG9rOi{b40-80}{=0-2}",
            found: "dG9rOid2RhGWtWcLMOgS9iT5W8ky7wWsz7L6dsTb6IMwOR96bE=",
            left: "dG9rOiUt6tMBT2XwjHjMo+k7Urj+SJen1A17Z5Qmn2G/"
        ),
        .init(
            "hubspot",
            "pat-{l2}{d1}-{u}",
            found: "pat-3q8-2c67924b-2c01-5048-f212-9b8df5492980",
            left: "pat-b19-12bc936d-f4f9-4aeb-d0ad-72bf1dede64"
        ),
        .init(
            "frame-io",
            "fio-u-{q60-70}",
            found: "fio-u-oaLlK1jvS4Rkup6CB58z4ncJowRqN0Fl0VMbWaiqGnXcqzwKjk2y5dpAkQoDeF",
            left: "fio-u-BflzyNC1bv5APH-Yao1L7iyFRVvXve_yQHHWu1chSU3MCEPjVZrX__YmOf"
        ),
        .init(
            "sendbird",
            "sendbi'rd_{x40}",
            found: "sendbird_e40bcd8713d4f92d718948499b44c668e8b82938",
            left: "sendbird_858c5305f739ea52735cf48171a05ab56c7c0d"
        ),
        .init(
            "slack.workflow",
            "xwfp-{W20-300}",
            found: "xwfp-93424312296-HwWZr9fOia7tJip1SmUFnVnB",
            left: "xwfp-qTD6CLkdM"
        ),
        .init(
            "vk",
            "vk1.a.{w80-300}",
            found:
                "vk1.a.PuIEsK4FpAtpSU2bVQO4mBLP1GZU3OohpKsPBmLPIjDQKqZyp6pt5MjQ36WprHyqdS8wkEw1GSc48AQM0XZ19Rbpq17aCsgB8q9t",
            left: "vk1.a.6imAvf3BdwBCxH2Ieho4CK7NeBKDTM"
        ),
        .init(
            "courier",
            "pk_prod_{A28} dk_prod_{A28}",
            .dense,
            found: "pk_prod_V6I6OW7EO91JAVZFA1F13GFAMFPT",
            left: "pk_prod_MHJQTL9MFHUBNTZV6C2Q48WNW"
        ),
        .init(
            "feishu",
            "open-apis/bot/v2/hook/{u}",
            found: "open-apis/bot/v2/hook/b41ab6d8-58f2-cd89-f050-87505798acbc",
            left: "open-apis/bot/v2/hook/58b504ee-8fa5-a41c-4e63-cadaa62277"
        ),
        .init(
            "wecom",
            "webhook/send?key={u}",
            found: "webhook/send?key=7d7a2511-2fc6-8ea0-5dda-854fb4fee5ef",
            left: "webhook/send?key=9ee3f1e6-3bf0-cda1-643d-03464780b1"
        ),
        .init(
            "ifttt",
            "with/key/{w20-60}",
            found: "with/key/okwayO_XUrDB26J1z5DKeT",
            left: "with/key/BR7AmewezI3bjlvcp"
        ),
        .init(
            "meta.pages",
            "IGAA{w80-400} THAA{w80-400}",
            .dense,
            found: "IGAAk3nMm7CtrUnPH3jB_xSI_pbufiDS5BX5wz-RN5pagRYGEMMlqgjPRyxD3wAgfaPd35HVyC1F"
                + "JDnRgakjgQ",
            left:
                "IGAAYxClFS40qGZz5NX6HS_C_rVB1H4LMNTzHwKmMgL2y5pZwYm76Dgd-BenhO_DNEHQYpmp6wAyasBSj"
        ),
        .init(
            "intercom",
            "dG9rO{b50-64}=",
            .dense,
            found: "dG9rOLxdURHoiyULZyPKXIlZmQa/nTrx37SiZx98XP53y9Hppt/Lv4Xpb=",
            left: "dG9rONfaiag2WNPXps4p25Bqh9aHejgYweZiPBCTJpGchQrTa58x="
        ),
        .init(
            "linkedin",
            "WPL_AP0.{a14-20}.{a6-10} WPL_AP1.{a14-20}.{a6-10} AQV{w150-600} AQX{w150-600}",
            .dense,
            found: "WPL_AP0.edZgnXCZC3U7K0UL.95PubPUy",
            left: "WPL_AP0.0ybt028xTcWBDn.qAv"
        ),
        .init(
            "tiktok",
            "^act.{a50-80} ^rft.{a50-80}",
            .dense,
            found: "act.zySvPk38eXVyrLwcVyMAuuB4sVtLCroQxhbh3poXdLzA6WFByDrx",
            left: "act.iG5FEpjT96aNX140AilMGh6MmP1IXIKtQt9BKd3a6aQuKU6"
        ),
        .init(
            "twitch.chat",
            "^oauth:{l30}",
            .dense,
            found: "oauth:m21npv1vf7eh1jyrrggv8flrk0z5j9",
            left: "oauth:0hm7775psb332dnxcy9l2p9v56s"
        ),
    ]
}
