extension TokenRow {
    /// Tokens of payments and shops.
    static let payments: [TokenRow] = [
        .init(
            "stripe",
            "sk_live_{W16-120}",
            found: "sk_live_ISPacc4qFPrlDWz0lX",
            left: "sk_live_mode"
        ),
        .init(
            "stripe",
            "sk_test_{W16-120} sk_'prod_{W16-120} rk_l'ive_{W16-120} rk_t'est_{W16-120} whsec_{b24-200}{=0-2}",
            found: "sk_test_m6iu81obcRliuSA4phpd",
            left: "sk_test_4eC39HqLyjWDarjtT1zdp7dc"
        ),
        .init(
            "square",
            "sq0atp-{w15-64} sq0csp-{w15-64} sq0idp-{w15-40}",
            found: "sq0atp-ObSWeN8C0X5OLZeryaqY",
            left: "sq0atp-q-10nECFrOISb"
        ),
        .init(
            "square",
            "EAAA{w22-64}",
            found: "EAAAbNbzKZeUordsAQWQTOZ4CMIk96W",
            left: "EAAAB"
        ),
        .init(
            "meta",
            "EAA{a100-400} IGQ{w100-400}",
            found:
                "EAA829jhpEittYM409oSIJMFuNweLBhzHOFpsx0hbr7sfVnjzxxWg3bwPxDMTfIYdJsqBlZ42jWGpBpmwZwhz93AT24NsmIFqA4LUdDMV",
            left:
                "EAAUoNjbHYBCTsf9uCuFQ3BPn9Lc3ww4UHKXIN075Jait5KCjzap1zkBiwI96ByTLN9LlIwcFLNkic81qMWn5ccVfMecsX25AhvAm"
        ),
        .init(
            "paypal",
            "access_token$production${l16}${x32} access_token$sandbox${l16}${x32}",
            found: "access_token$production$sncfbt0pw2o2kf86$6a61749929ca575c812743f3c813d86f",
            left: "access_token$production$gadvi59olyqfphgt$dfc3d3a47351ea0cd9f2dd996b74f0"
        ),
        .init(
            "flutterwave",
            "FLWSECK-{a32}-X FLWSECK_TEST-{a32}-X FLWSECK_TEST{a12}",
            found: "FLWSECK-qwSTbNDlPuXjHkVT1JkGJePmCz8lo0xi-X",
            left: "FLWSECK-kDJ71HtLZLeQwtcr98bQnAMaywb3wa-X"
        ),
        .init(
            "mollie",
            "^liv'e_{w30-44} ^test_{a30-44}",
            .dense,
            found: "live_6mc5J-CPsTaoMpkyfxZVkVK3vmV_a4jSX",
            left: "live_streams_of_the_whole_conference_2024"
        ),
        .init(
            "shippo",
            "shippo_live_{x40} shippo_test_{x40}",
            found: "shippo_live_b21d6b65ea3a3f5d3055bbe9c66953adf1b10f70",
            left: "shippo_live_tokens"
        ),
        .init(
            "easypost",
            "EZAK{a48-60} EZTK{a48-60}",
            found: "EZAKgfEOCT8wi9lKwEgQ97bnpJRxLvZhKUX73m34DQgAfZnf1kJr8K",
            left: "EZAKc17wz9IZq5NzaGrnE0nygo9NOn254cRm065ToLUnCnGtDi"
        ),
        .init(
            "duffel",
            "duf'fel_live_{W32-64} duf'fel_test_{W32-64}",
            found: "duffel_live_kxOeCccsgXTxdTWjZ-hnxmNodvY9eBHU-LQ",
            left: "duffel_live_bookings_of_last_year"
        ),
        .init(
            "plaid",
            "access-sandbox-{u} access-d'evelopment-{u} access-production-{u}",
            found: "access-sandbox-c4fee35e-4864-6b9b-ca18-c22f22af9140",
            left: "access-sandbox-12dfd79e-7ddf-465e-b78b-3b0fcc4e948"
        ),
        .init(
            "checkout",
            "sk_{u} sk_sbox_{W24-40}",
            found: "sk_4135cf82-baaa-8ec9-606c-b8779f4f415f",
            left: "sk_f7c9d4e4-8c6e-7d2d-1732-2f134a9a619"
        ),
        .init(
            "paddle",
            "pdl'_live_apikey_{w40-70} pdl_sdbx_apikey_{w40-70}",
            found: "pdl_live_apikey_X0wc3p_3HxHkyu9HMhrSogcECM4M7PoVyJ7E0AYVTutkD",
            left: "pdl_live_apikey_MSspVZ_YAfTfxVcVfiSinJnlKstbhYTOt2dlPU"
        ),
        .init(
            "polar",
            "polar_oa't_{a30-60}",
            found: "polar_oat_vu4iaaQK9o19KxG71LOqGlICqCQ06Weq",
            left: "polar_oat_GOBJCUSqfIUvy0QCEA8EzRpLkEjS"
        ),
        .init(
            "shopify",
            "shpa't_{X32} shpca_{X32} shppa_{X32} shps's_{X32} shpua_{X32} shptka_{X32}",
            found: "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",
            left: "shpat_3f743b7BDdA8ad7aeF7af2beFD2Cd1"
        ),
        .init(
            "woocommerce",
            "ck_{x40} cs_{x40}",
            found: "ck_071c55000a0066d46834eecaa0dc54f0a9cde9b4",
            left: "ck_e07ce8f6cd5422ecb215195e7a2190eb41e16e"
        ),
        .init(
            "ebay",
            "PRD-{x12}-{x4}-{x4}-{x4}-{x4} SBX-{x12}-{x4}-{x4}-{x4}-{x4}",
            found: "PRD-b5818b73945e-bba6-63b8-de48-3fd7",
            left: "PRD-138b27437e8b-cc31-2601-1590-187"
        ),
        .init(
            "razorpay",
            "rzp_live_{a14} rzp_test_{a14}",
            found: "rzp_live_Q9YdcmsC0HF3kJ",
            left: "rzp_live_wEVoVpF4"
        ),
        .init(
            "sumup",
            "sup_sk_{a24-48}",
            found: "sup_sk_gnImpsBF8NpBLdh8QRcX1D12mztolGC6",
            left: "sup_sk_9FIEw7g93uPZ"
        ),
        .init(
            "amazon.pay",
            "Atza|{w100-600} Atzr|{w100-600}",
            found: "Atza|ZWzwDFrlGXl_z1BVXBt7wRkl8OZfIa2AUk7z7gTqBu4wweocv81k2lsNaWQrZzhB4GZqT8h"
                + "qt0pmpsLww0sAO-DGpUxjKbgRBWZRZy",
            left: "Atza|1VlxeVZ4DNCNnOBFXL4k41GiLP9qG3L0uKW4yWRzSaTLyvH1D0SZaozaNv4AH17KzcnNjeh"
                + "1MVLymYZwH6Qqq5X1wUGAJ7WxE"
        ),
        .init(
            "stripe.organisation",
            "sk_org_live_{a24-120} sk_org_test_{a24-120}",
            found: "sk_org_live_TFTToRVztcHK0h3qo4Z2k4kwn2",
            left: "sk_org_live_vyyIsO2txpEZYHu4sbCF0"
        ),
        .init(
            "adyen",
            "AQE{b40-120}-{b30-64}=-{a8-30}",
            .dense,
            found: "AQEOCMwz8v+nK0GTY/kyjT5abnMZhFCygk8pmjhjy1USi-UALNFRZ8ebzxqkUVZC8Jy8fYMtfH8h"
                + "4x=-tqz1WPKgWI",
            left:
                "AQEbGU+cjk/7N9BYku5qMphrFY4EiaUHcpEsLXRVK6u-/mYIwtc3PcYVFYCJ4rxbhqt6CWkvBb=-k1iRw"
        ),
    ]
}
