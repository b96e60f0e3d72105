extension TokenRow {
    /// Tokens of models and what is built of them.
    static let models: [TokenRow] = [
        .init(
            "openai",
            "sk-{W32-400} sess-{a40}",
            .dense,
            found: "sk-q0XZNWbigpD1rm8-yGM9_QlDW46GdPlweM1f",
            left: "sk-estimator-doc-link-hover-and-focus-state-2"
        ),
        .init(
            "elevenlabs",
            "sk_{x48}",
            found: "sk_371a1c15d4be54146664baa3df0de005e0f6041ecb5d45e5",
            left: "sk_44308e0e689cb202814341a52e7fa1bd8195617f1b9f06"
        ),
        .init(
            "groq",
            "gsk_{a40-64}",
            found: "gsk_R4YEBrL7qyYTuSoJtwhB8DkbLOlkrvOGLJLmlZnYA5Q",
            left: "gsk_KEfeussMVD67XiYocbLf3VtNrDZvF7Dh4qc0Ki"
        ),
        .init(
            "xai",
            "xai-{a60-100}",
            found: "xai-YSuFVpsYI4LfIDwNghIYFfINRFxjSbQJG7RP5XfiU7cAqE1g0F1lmAu5KQcfo0",
            left: "xai-KPBKzYMCuBnxeooaCTvnDKBRx7zteYDBM2rEsMx7k4Bca4aZcS3Q7vnbQp"
        ),
        .init(
            "replicate",
            "r8_{a34-42}",
            found: "r8_ILoNU4IJI4vvhF0JTZoKBLDB2glRs0qRg1",
            left: "r8_97Phdw4a8r67LIxBWV8X8heuwZuIUcoK"
        ),
        .init(
            "huggingface",
            "hf_{a30-60} api_org_{a30-60}",
            found: "hf_eKbyzLtkP7Z5M6MiMmMvucSUATD4WJLFu0Y",
            left: "hf_hub_download"
        ),
        .init(
            "pinecone",
            "pcsk_{a4-8}_{a56-70}",
            found: "pcsk_AvR4_IlaxJy8V6rNYQHFjlOTJb7w8WQOmbsc1Edx2iqBykTEMVEfxUvs0bOIyPX1aJx",
            left: "pcsk_dPnX_oJQEHpIQNwLNeiEwPuPMX0wvfemAjrphMwlCrMrZJRMaiCiTfv7bpk"
        ),
        .init(
            "langsmith",
            "lsv2_pt_{x32}_{x8-12} lsv2_sk_{x32}_{x8-12} ls_'_{x32}",
            found: "lsv2_pt_22fa02efcf43464ec55436e91d7c5861_7bdd9a8a9",
            left: "lsv2_pt_e94eddfef1589c1ba1ccc50de9c136cb_a74832c"
        ),
        .init(
            "nvidia",
            "nvapi-{w56-80}",
            found: "nvapi-4OD4rclVqSdFOHimRnjCqjGlw6trquOXHuMLc-V6V9eGwpA4rYxlPciJ",
            left: "nvapi-T86e5Eb7TTW6_zFALfk1Cnkc-EASMZterhgGm_4-hoGEcEg06Ha-Yi"
        ),
        .init(
            "tavily",
            "tvl'y-{w24-64}",
            .dense,
            found: "tvly-nPLCMiTn_Tjd93YgxiRIe4Yc",
            left: "tvly-DpmdCbQsIYoWN9QlSTLcva"
        ),
        .init(
            "perplexity",
            "pplx-{a40-64}",
            found: "pplx-mdGoLdbLglIYibw9dk9dbHECMjIzvwhEpxkdSSdoDv6T",
            left: "pplx-NItJTHM1KV0cG1j2FzOVfoFiszK1l8eIPrFbLt"
        ),
        .init(
            "fireworks",
            "fw_{a22-30}",
            .dense,
            found: "fw_qnIT1EmQ7EDdgEqQOSEb0d",
            left: "fw_lLOboX6Ty18enqLC9i7s"
        ),
        .init(
            "together",
            "tgp_v1_{w40-50}",
            found: "tgp_v1_XTKogE0t-BfLoSsRKgujEias8UpNVoYh9UNTNbB9WOXyt3",
            left: "tgp_v1_nkyNnDv4bDhst13pWPvbRFk8BurGhRltHkZG69"
        ),
        .init(
            "voyage",
            "pa-{w40-50}",
            .dense,
            found: "pa-v4RAMYAhH82CcIUltc6G4Zy7c07TsJ-aHk0yCxTcACjSnM",
            left: "pa-system-of-the-town-hall-and-its-loudspeakers-3"
        ),
        .init(
            "jina",
            "jina_{w56-72}",
            .dense,
            found: "jina_EEkFyGN7HJSUSSgM72k9ND3UkOn54d8L2_0bFyQttau44JQy5JVRNj9XuerVYo",
            left: "jina_vZvBinAaZHsdqPT1R_vNccGXBeFUi9_zao1Rg1Lm_5od1cHedDHsCP"
        ),
        .init(
            "firecrawl",
            "fc-{x32}",
            found: "fc-99dd8c624c7dbb9cf2bef86cb591d5be",
            left: "fc-893fe203fff54411b20eb2bc783883"
        ),
        .init(
            "cerebras",
            "csk-{l40-56}",
            found: "csk-9u28xpcxjpda1h5b2o4r9tt5tb0iym96aoh01pwam",
            left: "csk-uu2qr195w93g1jzqpkwoenx4nfgpci905p578p"
        ),
        .init(
            "nomic",
            "nk-{w40-50}",
            .dense,
            found: "nk-W5K--sSdc6f93fakJMP17pYnRKgjq7be8U0NY3EgU",
            left: "nk-QaIsCPEKDUyfwBCj9-v7avZYjMzL25EE9gqTbW"
        ),
        .init(
            "anyscale",
            "esecr'et_{a24-50}",
            .dense,
            found: "esecret_06FkydZ8UEt1x9RMW9AoXKvgCj",
            left: "esecret_uDQrXKsGUD7yjMNVNZ0EeF"
        ),
        .init(
            "runpod",
            "rpa_{a40-50}",
            .dense,
            found: "rpa_zCMwRC2LfjDg6ttPIbxq6xmJje6XO58HvxSegzDeXF0dgm",
            left: "rpa_kYWgLwDRTAT0izZB1kJZq80YTqvihXhIxGkPws"
        ),
        .init(
            "e2b",
            "e2b_{x40}",
            found: "e2b_a497a59a52403a6095271ca0f02bfa02d783eac4",
            left: "e2b_35642926e92057fd514672d24a2063a6cded64"
        ),
        .init(
            "browserbase",
            "bb_live_{w20-60} bb_test_{w20-60}",
            .dense,
            found: "bb_live_g7YLGHYZXa7RZAbx8wZIOx",
            left: "bb_live_gCpYD1bsuMEfX0Bf6p"
        ),
        .init(
            "modal",
            "ak-{a22} as-{a22}",
            .dense,
            found: "ak-6y7NAnjumwBcqHk9d3z0wk",
            left: "ak-z3MW9zfuUAYVsb1aVj6D"
        ),
        .init(
            "wandb",
            "wandb_v1_{w60-90}",
            found: "wandb_v1_QxZP65yuOnVK_-dejFmfki35MOtFpOz57GAdcmqH-x9UJVPRiAB_LvW4wmAl9TKfb",
            left: "wandb_v1_KPu147DMiKx3UDtnw9iboEiiKiWZ_WMSg-YcElmHPQ_GKBGSKoOHqywMOb"
        ),
        .init(
            "composio",
            "comp_{a20-40}",
            .dense,
            found: "comp_Goi03BjPMrSOZzQWAKq46aQ",
            left: "comp_OwAfiOZM5x9zWxQP2S"
        ),
        .init(
            "contextual",
            "key-{x32}",
            found: "key-10e758a722dd060202cf0a04338ded92",
            left: "key-51637bf87c2127098be7111ae161be"
        ),
        .init(
            "google.auth",
            "AQ.Ab{w40-70}",
            found: "AQ.AbVIxjXWm55DKaIbYzZLCyljG1wz7glubIywsNlj2KI8ZHpJgB",
            left: "AQ.AbsWMoxPYBpD72qnwsf3eh"
        ),
        .init(
            "cartesia",
            "sk_car_{a20-40}",
            found: "sk_car_6feHCkTKeRBDGvk0Le89HX",
            left: "sk_car_T9FtY6Ahn"
        ),
        .init(
            "chroma",
            "ck-{a44}",
            found: "ck-OIEHeWlHQQa8fUTsHqvr3dc9pHJ1CTGABUdaFicPkPTr",
            left: "ck-cgbUGh6CvjJKL8IjfhrNkF9K3WMLU4"
        ),
        .init(
            "mem0",
            "m0-{a40}",
            found: "m0-mTDbCYXX9LGr71lkjOxxoC7sXbyMzVEXU6qDCnw3",
            left: "m0-ACLj4WCD3fKYoT9po5KG"
        ),
        .init(
            "cursor",
            "key_{x64}",
            found: "key_8f28f41ec36f2e5fa8b4ecfe5dc94fa78e5fa039c77d2f50540a7edca5b4eec0",
            left: "key_a0f98b7fd216d63d17418e52d2d058b3abc4aa0d"
        ),
        .init(
            "apify",
            "apify'_api_{a36}",
            found: "apify_api_lrwfEQ4aF3syySgSjgrG8tU9G7PAgHND7rvr",
            left: "apify_api_xfbjoi5ScdYGS4dV"
        ),
        .init(
            "lambda",
            "secret_{x32-40}.{a32}",
            .dense,
            found: "secret_961351a0a68d6e615d36fb7dbd74409f83.LpQq7PWbJ0U3YpzpV0fD2mHDjhoTVI0C",
            left: "secret_2c6bbe325aa0eea7d7edc3824224aab1.vejHppacrEM4QAkBPZE3KmtSPQPsW"
        ),
        .init(
            "llamaindex",
            "llx-{a40-60}",
            .dense,
            found: "llx-alZt5xN5zzi2mAOEeuBR56C1kI8wxElUcjc6QVKu12",
            left: "llx-0pzhZtewqec1q5j1rNqDhCLN1XtnzIa3iSV8Q"
        ),
        .init(
            "anyscale.credentials",
            "aph0_{a36-60}",
            .dense,
            found: "aph0_UMnzCqfMbmfVyduJuHTUx5tqC7gwgngYlqqNLx",
            left: "aph0_5KEoXqXtH2T5uwL6xFToOuLBsP1sqfqDo"
        ),
    ]
}
