extension TokenRow {
    /// Tokens of watching, content and the rest.
    static let services: [TokenRow] = [
        .init(
            "newrelic",
            "NRAK-{A27} NRJS-{a19-32} NRII-{w19-32} NRRA-{x42} {x36}NRAL",
            found: "NRAK-EO2HY62BWCWZ6BJJ2MLII7KYL31",
            left: "NRAK-G2J7P88COICM1L532S068ZS4X"
        ),
        .init(
            "dynatrace",
            "dt0c01.{W50-400} dt0s16.{W50-400}",
            found: "dt0c01.VnlO7KYP7zeVvGuxlKEqLYYU5pwLNkZnffa_RUarAtV-ohhCVgt8f_wS",
            left: "dt0c01.tSDNjmYLWAvcyLUgjHr47-abcA_0ESszpstkaz7zTicD5eUj"
        ),
        .init(
            "grafana",
            "glc_{b30-400}{=0-2} glsa_{a32}_{X8} eyJrIjoi{b40-400}{=0-2}",
            found: "glc_5BidNOpMv3MsYfbhdkC11V2OZkWbT02w=",
            left: "glc_h3OmbsNElebgHHyU2k6LXZNu969Q"
        ),
        .init(
            "sentry",
            "sntryu_{x64} sntrys_{r30-400}",
            found: "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",
            left: "sntryu_39dc6f51561090c441553bbf57d554061a6433eb7bed9945606a98cea4aaaf"
        ),
        .init(
            "honeycomb",
            "hcaik_{l50-70} hcxik_{l50-70}",
            found: "hcaik_alxz1ramcy1wkkjunko7o1kv3niqar7er2iogvbn9h1t6ouonr15fcdb",
            left: "hcaik_aqjrp3n88en8xkyqpazq2vw8quxwaq5j9b3g52wpv9nv0wwy"
        ),
        .init(
            "axiom",
            "xaat-{u} xapt-{u}",
            found: "xaat-99031b27-7101-73d5-5900-9ea3ef6728cc",
            left: "xaat-e939c695-2ce5-7cf8-cc82-0a4f60b4b64"
        ),
        .init(
            "elastic",
            "essu_{b40-120}{=0-2}",
            found: "essu_OLJT+z/s3Hm8i/gkH7CtAlzkM7Eb1Lrp5G+2gXHovm",
            left: "essu_Hq7cEDQ6vz0d4FGhj32pqzEO66SSSQebLA6vit"
        ),
        .init(
            "posthog",
            "phx_{a40-50} phs'_{a40-50}",
            found: "phx_YwsKYtv9qwp0mgU3EP4qOCPnTopjLTpCVJ1zFo81K",
            left: "phc_2qZbQ9kXnV7tRw4cJd0sYmLh5GfEa3pTu8iNoBvKx1y"
        ),
        .init(
            "launchdarkly",
            "sdk-{u} api-{u}",
            found: "sdk-441bb9de-430c-5c80-8afb-8473851b8777",
            left: "mob-3f1c9a52-7b0d-4e8f-9a61-2c5d7e90b314"
        ),
        .init(
            "devcycle",
            "dvc_server_{a24-50}",
            found: "dvc_server_cldi1Q2nVCV6Opk5RtbNgmOuPXl",
            left: "dvc_server_d0P6aVwakhocH9GQVuO9y7"
        ),
        .init(
            "checkly",
            "cu_{x32}",
            found: "cu_688af5563920c1b1d89cc0f567aff7eb",
            left: "cu_ed2c637b206fab1821ac3c12975b34"
        ),
        .init(
            "maxmind",
            "{a6}_{a29}_mmk",
            found: "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",
            left: "ghHgAb_7edwNqFlzssaQiI7rN8Jtc4QeF0_mmk"
        ),
        .init(
            "wakatime",
            "waka_{u}",
            found: "waka_f822c4b5-0482-df23-5add-b45a70f64465",
            left: "waka_c16868a2-647d-7f06-ca9c-62c55a5a03a"
        ),
        .init(
            "contentful",
            "CFPAT-{w36-50}",
            found: "CFPAT-dEl3y-6QLLW7J5kNc-Q80_L9uIZbTIyzF8pzHfENCV",
            left: "CFPAT-inuUpSHRI1dMcFJOCHuWamstENuR3LhK8h"
        ),
        .init(
            "mapbox",
            "sk.eyJ{w60-200}.{w20-30}",
            found:
                "sk.eyJi7rPxa3X6dhd4Tu7tIPBri-9EKg5XOTa8gdOovw5dZfmE1lyJA4D5i3IcTF1CVJ8d3.Q--G0Df6lJYG4qu_GDvdrH9S",
            left:
                "pk.eyJ1IjoiZXhhbXBsZSIsImEiOiJjazl4eXo5eDkwMDFrM2ZvN3R6d3ZtMHcyIn0.q1w2e3r4t5y6u7i8o9p0aQ"
        ),
        .init(
            "notion",
            "ntn_{a43-50} secr'et_{a43-50}",
            found: "ntn_V410AcmTqg54axN6KKunvSkdZnv9aY1mBEr8GgpBQYE6Pf",
            left: "ntn_EpqB5sx88v2uQpV9RDYpIi3sdyWqZTBWQhSCcbV2R"
        ),
        .init(
            "linear",
            "lin_api_'{a32-64} lin_oa'uth_{a32-64}",
            found: "lin_api_UAwaPJhcOZzG8M7KIwl2CL1PAC6pKbr3zW",
            left: "lin_api_tJC6D9H7C1FPeNuoXunO9lLDc2U2ua"
        ),
        .init(
            "figma",
            "figd_{W20-80} figu_{W20-80}",
            found: "figd_S14BhX3r3bygwZWHcJ-2FGP",
            left: "figd_1ywfq-jHv6m3fQtWCM"
        ),
        .init(
            "airtable",
            "pat{a14}.{x64}",
            found:
                "patOlD15xwjmI9TOB.360cf77054013c06f45373475edeac4af7a78a8b4ef3818ee263337d32cdc0e3",
            left: "patNHpYVb7ETcioB6.6d3bb9eb13bdba19ad647bf2fa5a3713a5b1e178bca4e8900fd1b58ff6cf3d"
        ),
        .init(
            "clickup",
            "pk_{d6-10}_{A32}",
            found: "pk_1730437741_40B1IJVQG4ZFPX167LL9KM0BRX6ZEPTI",
            left: "pk_live_7mVq9TzR4bLw7cJd0sYn5hGf3"
        ),
        .init(
            "klaviyo",
            "pk_{x34}",
            found: "pk_f1ab1c59d5396f37c58b21fef97c72ecde",
            left: "pk_6129a1e8756d70cb5b2943c71ce84a5d"
        ),
        .init(
            "typeform",
            "tfp_{W20-80}",
            found: "tfp_VNCTwCkktdJz8CeaZBEBv2plV",
            left: "tfp_Gz6_EKA_UPbTNjC3o9"
        ),
        .init(
            "dropbox",
            "sl.{W130-1500}",
            found:
                "sl.Z81ZJu3qJEVfvXUEqVhwAg9ZBdDyNzzM9BjF3iyf3kuPfCsYJMMPlEU1rAat5Ax8yeaoqY2-D1nDeV0MdSeYgLR0dnsOKndOAtsaTn8iNh3SwoDrtHCR6PXSRUPKypirw4b",
            left:
                "sl.L8xWruAFIAf9zMoB1gIvP-Xl51L5CaHpTHzoi4H_coe8I2Aa-1qNY6C4HbTTiXL0oWUETLHyiYKIFHcK_OVB0NkIBH_ENydF90vaXMqhkySa0ItAhVnrmZW2MaouRfN3"
        ),
        .init(
            "salesforce",
            "00D{a12-15}!{W80-130}",
            found:
                "00DexkT4BjGoKpxQ!HW9MAaoa12_gbpszCO-DfJB4utYMaNpPL6H1PinaCj54JzXHc-nizRNidnC1XBV8zZPMIt_NyohWjvi9",
            left:
                "00DRvcSUvuZsgXCt!vL8-lpdnku12e8y22We0aogQw153gF61Q24vDKpRWOvZZWNey7QS5XmUhum1DMejBMBUbYcw91YZaT"
        ),
        .init(
            "adobe",
            "p8e-{x32}",
            found: "p8e-16439f9696d2eab92ef2eee27a6cacf1",
            left: "p8e-12e96d0525ef8276d1eb9abcae9a85"
        ),
        .init(
            "intra42",
            "s-s4t2ud-{x64} s-s4t2af-{x64}",
            found: "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",
            left: "s-s4t2ud-7000151dda771640c472891c3a2d3ba7cd2fc428c5db078ab6f838fcfdef14"
        ),
        .init(
            "settlemint",
            "sm_aat_{W16-64} sm_'pat_{W16-64} sm_sat_{W16-64}",
            found: "sm_aat_8VGqPiqnijhj6AtsT9D1A",
            left: "sm_aat_TNVSBgVslkWg8A"
        ),
        .init(
            "deno",
            "dnkey-{q24-200}",
            found: "dnkey-zE0XmhoAx_mKpP-RggagXq42yH5fl",
            left: "dnkey-ca-reXSPuLdhVkW4eeQ6Mb"
        ),
        .init(
            "authress",
            "scauth_{W40-200} authress_{W40-200}",
            found: "scauth_gPp92LMS5Ux6OZqmNqFhf6dxPn9EfWH0-u3tO8zw9c",
            left: "scauth_I0_d043JucRwRCgXanScvqFz-3YEU_0ZOsZlzx"
        ),
        .init(
            "twitter",
            "AAAAAAAAAAAAAAAAAAAA{e60-140}",
            .dense,
            found:
                "AAAAAAAAAAAAAAAAAAAAPf5-v-2udagtG0QDQUYwXHUjv0XF_Rb_y6pD9yIekNzWaWuFrp8ZBR9jSgkX",
            left: "AAAAAAAAAAAAAAAAAAAAKT37NcI1WvqD7iqckUtYM0Jy0A5rFE3NNy17ezReX8fgZsdSP6g_HGGFPl"
        ),
        .init(
            "discord",
            "[MNO][DTjz][AEIMQUYcgk]{a21-25}.{w6}.{w27-40}",
            found: "ODMWsKGM9VWW3YeQcsodVSFfeXK.zjeQ6W.MwIgoeNvJS-cqHMm2cqANmHzhCFA8YV0",
            left: "NDcd5QctT7ZuR31fobLuAshA.fXcpTj.kRo4OM-KxasF7lkhC9qA8cNxr"
        ),
        .init(
            "paseto",
            "v4.local.{W60-2000} v2.local.{W60-2000} v4.public.{W60-2000} v2.public.{W60-2000}",
            found: "v4.local.MgKzA5Q2TFL9Hh9y6XqcyMeVcpORBXBQM_skAAeSJmjRQNg2AxH_AUxPMNqWwo5",
            left: "v4.local.Pib612WNSWjGsCL9imMzPagOz9sn2cRSV0gVbc8B-ABez7gJi9cC3ufL5v"
        ),
        .init(
            "asana",
            "1/{d14-20}:{x32} 2/{d14-20}/{d14-20}:{x32}",
            found: "1/4458766496047019:6d8b2ba8ad5e3b4edb0c811cc109398b",
            left: "1/4452018811520554:4c349bcaf30428b891e7"
        ),
        .init(
            "statsig",
            "secre't-{a40-50}",
            .dense,
            found: "secret-K70GnlcsI6rdsxdFhjUGRJpuzlf2Bi0vtvAmXhmyTea",
            left: "secret-DJsxTRI5NaK8uELOawON"
        ),
        .init(
            "zuplo",
            "zpka_{x32}_{x8}",
            found: "zpka_53acaafa9d88cd671b98f50044af8603_f5c1dc86",
            left: "zpka_0e7527da285bdc443ccb_28d23a02"
        ),
        .init(
            "cloudsmith",
            "ctp_{x40}",
            found: "ctp_357eca511228bd9e1785d599875c7b2e1336614e",
            left: "ctp_ba23a9461d28156e9c85"
        ),
        .init(
            "wix",
            "IST.eyJ{W60-2000}",
            found:
                "IST.eyJgd3vphKs2THXJewS4umxVSgZ60kY9HXSKHVU0PCWHq9QGBUD5HjgfYuf9SnjGd3GgcmG1f.7zvxCGZvSBlG2GoKLsCgK7YlKbGMRaKruyqoN8KV",
            left: "IST.eyJB2GfBr29zt4n9kVWJcSbfpDrMCg0Mp"
        ),
        .init(
            "databento",
            "db-{a29}",
            found: "db-Kj57Ed2T8NHTTlDiDXrlgzv51AQe3",
            left: "db-bRteZEFrJp5uz3l"
        ),
        .init(
            "gitbook",
            "gb_api_{a36-60}",
            .dense,
            found: "gb_api_Ixmj0bYGgEgM4BtQG86zXL4HVFaNfDL3LMxpwu",
            left: "gb_api_gSRbP8hYkVpTs5KnZoKEYctny0QD1q62U"
        ),
        .init(
            "figma.keys",
            "figp_{w36-60} figo_{w36-60}",
            .dense,
            found: "figp_hwAlkWx3sA2MnkiQ_sDjiZFL8zQ3Pv5rDs079q",
            left: "figp_VWSjfB_c42hBl409cyCjFXvrCOXTi9ezA"
        ),
        .init(
            "planet",
            "PLAK{x32}",
            found: "PLAKe931dcef35824a8b7064d7bae532dca9",
            left: "PLAK40da718a6095fb53f553cc252f24e"
        ),
        .init(
            "salesforce",
            "5Aep'861{W70-200}",
            found:
                "5Aep861HYwUBLpgE74adjuJ5iKJscw4t5z4EMfHxgH1PuWi5q_ykP4X8Bf7qCFUwF38yahyIoivW0bS",
            left: "5Aep861nQmkM1lOcS5OLKiZcBqVifdXah3ubVN-1bcZNBEkPPtpcIzyH2v9xzO49Qa9z6Yofhc"
        ),
    ]
}
