extension TokenRow {
    /// Tokens of clouds, networks and keepers of secrets.
    static let cloud: [TokenRow] = [
        .init(
            "aws",
            // Of base32 sixteen letters are without a digit in one key of thirty.
            "AKIA{A16}",
            .any,
            found: "AKIART7XA01QKHSIX3LJ",
            left: "AKIAIOSFODNN7EXAMPLE"
        ),
        .init(
            "aws",
            "ASIA{A16} ABIA{A16} ACCA{A16} A3T{A17}",
            .any,
            found: "ASIA190XFDE0I8UP1OBG",
            left: "ASIAPACIFICREGION"
        ),
        .init(
            "aws.session",
            "FwoGZXIvYXdz{b80-2000}{=0-2} IQoJb3JpZ2lu{b80-2000}{=0-2}",
            found:
                "FwoGZXIvYXdzn1zBbESUrFkLycuaIfTfAgyldrghqWco/zb9JM5eQ1d69rk/KdECjKRBRC1hqWeu0SHPlW1mAkGQSyXz8",
            left:
                "FwoGZXIvYXdzfF/ihr8QqDKwQRkjfmNRSyyHXZ3OWAhtstvzOT1gqvXrlVNECygn96xNN/pJUqLyR+iqnLgOKA2csM"
        ),
        .init(
            "aws.bedrock",
            "ABSK{b100-300}{=0-2} bedrock-api-key-{b80-2000}{=0-2}",
            found:
                "ABSKsOEjb0F+fqGqvSA3Only+0Lkm9cyp2Gv8HS9wII8X8batLvccgtZfhbnfdEZy04zxFlqWmHMKxbjAB5lWww8QyWUBS1Bl2tXr3adxz4=",
            left:
                "ABSKTpH1wA5c0YCY6tJYwd7NYjyKs8hXMJn5DCU1/xSo13W9vJn8xR9THkQaxEwDqYDrv50VXor1dr/Ytk9m41nmLChP5Z5CPFumWK"
        ),
        .init(
            "amazon",
            "amzn.mws.{u} amzn1.oa2-cs.v1.{x64}",
            found: "amzn.mws.b951438d-39cd-c576-33d9-75f0a618c810",
            left: "amzn.mws.5b44a742-a57f-0d70-abcd-69bfd5c3b39"
        ),
        .init(
            "google",
            "AIza{w30-40} ya29.{W30-400} GOCSPX-{w20-80} 1//0{w40-120}",
            found: "AIza2615sB0294dZuYmCnxxii3cWwooxXRE",
            left: "AIzaS604OIu0Qh9Pi3MKL1amy7jsAgwp"
        ),
        .init(
            "google.messaging",
            "AAAA{w7}:APA91b{w120-160}",
            found:
                "AAAAGnEx98Q:APA91bSjgO9ZvTYFPWgu1fskdUC9Hf8wqGe1ArfDrDIHm0mDlv2X-rUN5blyr8z5jsjyZ-edr8YluhlOlbabYCb6jaGgruTb7_-D5E-0YbtlQjDmw5yKITCoEbZ5UCO",
            left:
                "AAAAoHEBSEG:APA91b2KPt6JP3tq_DZ1t1MkYIOrL7RgCg74rC-JpkSM5lqQFJKHk13fRYpUW6kQFkz9cmfdv10uSNZRExMGzMTDU8P8nrfZ_Yaa7dQCDpd0QNtkh9BttiDFBng9"
        ),
        .init(
            "azure.client",
            "{v3}{d1}Q~{v31-34}",
            found: "nb59Q~o_AAPQXiFPBuOnNdvLJAl00jRBrOP7hj",
            left: "WPr9Q~AJcf~FkVddiElM9TWl9ozVoXK37_H"
        ),
        .init(
            "azure.storage",
            "{b76}+ASt{b5-8}{=0-2}",
            found:
                "qMPEsPu7JQcX0lln52UHRk0GEj3za3z9HcSDelRJ8ksLNx39/2gbRq2K6rEAaOfycqUZGtNIm7yV+AStyd/1+vd==",
            left:
                "4eCkVo/wOgJ8Rp+V6JnVwcu37TQnFnKIJahTNvOTVrRh+imPQRHlNcgf18C4dVmB5DOuFSy5UwAC+AStRL88"
        ),
        .init(
            "azure.batch",
            "{b76}+ABa{b5-8}{=0-2}",
            found:
                "Vv+7wJ/GA1JgVabClI4Sen85RayLcQGRz2QPPsX3RP3tmYj8/s3yHFWSYFXvsfJd3eahKYvdOCyf+ABa/j8Doj",
            left:
                "zwRAMCmOkzyBMYXk1YgU6nzhgqMaHwvEZ1U/81Nev/zq24rVQz08kcKBrR/wJah3Yhf15cq95zem+ABaEG9D"
        ),
        .init(
            "azure.machine",
            "{b76}+AMC{b5-8}{=0-2}",
            found:
                "/GrodOb9U7PTwRsVpq+ZHoGoNxN0e0RegP+WxMv40c3WD6nrP+yeBGRSRUX0puXm18Zr6Kb22Rfc+AMC2U9P7C",
            left:
                "S86CP2kFdWRbvpHKq1FfIHEGL/5bcWQ9vCVfWUtxEgTle6x2VNY/RS9hKSvBZKyHyo+5CilqR6Qu+AMCqV4o"
        ),
        .init(
            "azure.cosmos",
            "{b76}ACDb{b5-8}{=0-2}",
            found:
                "p8BIafQ1rElo9k7Chzp0os05XXFF6GQJE+LrRB0cpBizgGHv2Hr3hu6TIF7jz5glot73ZTrIt+CvACDbknCgulI=",
            left:
                "s1Q1vDcgbRs2n1s2+HlKXpJE0Ui1UXM1pRyOqjb2VkaokRtZDWH9WKc+bMTP1mBBxMAF1reOyG1FACDbbptO"
        ),
        .init(
            "azure.gateway",
            "{b76}APIM'{b5-8}{=0-2}",
            found:
                "QJ0Kfi0X8l4ujq/vtgdNJVWREVq/g244ugJ96athJa+7AH3B0ZZ8yEwNjWawNQ/fcx30Ovx32WTCAPIM6I43Zrcm==",
            left:
                "LFKVux+oV5rzyZcqBBs7Tl1UYIffUaAwhGd2xxmGrszeaMO1zu1xmasSg34iCiPiV3IE5HOLQgFsAPIMZPJb"
        ),
        .init(
            "azure.bus",
            "{b33}+ASb{b5-6}{=0-1}",
            found: "7BDnNiOs2e/+kxIm3Aq0o1G8qWwmImnLc+ASb+7ovHz=",
            left: "efJfbX/hrtLdbCsKnlPRL1sZUlO1AH1ID+ASbQFQ5"
        ),
        .init(
            "azure.hub",
            "{b33}+AEh{b5-6}{=0-1}",
            found: "6MNRu9c8ln1uGlFfX1l25uNSoqQ3dikm6+AEhH4vqiP=",
            left: "e68rT6nrb3LW0lvfjwnmanbccHUkf7gwn+AEhsD7r"
        ),
        .init(
            "azure.relay",
            "{b33}+ARm{b5-6}{=0-1}",
            found: "r2+67VjVF+dWsUqWy51d6Z3NzSVnohaWo+ARm3o7vD7",
            left: "XG9lO6koTvfKptyDbq9HIyY3UACw3wEtK+ARmQmNd"
        ),
        .init(
            "azure.iot",
            "{b33}AIoT{b5-6}{=0-1}",
            found: "xkHL6M9E+PuFyd3UYBAdajTkL9xm1oYldAIoTm+J3nB=",
            left: "nHUkKwG2Ff1WWIJXWBpQ8S5dcUIcxC1rqAIoTgwGA"
        ),
        .init(
            "azure.function",
            "{w44}AzFu{w5-6}{=0-2}",
            found: "Vb3mrGzt19C4xsu0JrFmk8LmhkvIV0uUBT6CU8E0rcldAzFu605eK0",
            left: "u8LuDtp_e9N3CWlfu7zTK3rsl0wtwmnb4gmOKFPlIyWSAzFuU6s2"
        ),
        .init(
            "azure.search",
            "{a42}AzSe{a6}",
            found: "Qh3qesuUC0wUIDus2Fwmpthn9DbjczTJNAMaww24FbAzSeiPVpwi",
            left: "ALREVfcDqEH9vD81XOdssCMpwlPGRjpy9Ka7u2f5gXAzSe9ct46"
        ),
        .init(
            "azure.registry",
            "{b42}+ACR{b6}",
            found: "D6oH6zZkNsI3n+fMzTdoDb8sB38l28ibmVkObpxR1G+ACRkMS6vy",
            left: "URKlKaXSReRPd1LB7JO7YyVk91U7SLLihZucTEoWNU+ACRPcZ0I"
        ),
        .init(
            "azure.new",
            "{a52}JQQJ9{a20-32}",
            found: "R197SoFhyTKO058ITmVKqlnP0FCS3JNpK7fF7UqpW7ugAsXQihPkJQQJ9pkLh7rvygkMfqGfLbg5G",
            left: "Bn55YHqiEaShcxCaa6i4xIOVKRiwuh7jlxYdKgCL4g7qlprTpHi4JQQJ9SCVmvNv2os1HupA60D"
        ),
        .init(
            "alibaba",
            "LTAI{a12-25}",
            .dense,
            found: "LTAIRxb4kNZa20l0lnQ",
            left: "LTAIndicator"
        ),
        .init(
            "tencent",
            "AKID{a32}",
            .dense,
            found: "AKID2pR1wEG7lc0eJe3sfU2eqyE48KBYLsft",
            left: "AKIDIwYAc6wCvBPmfM6Fd294IUbcRROm9O"
        ),
        .init(
            "baidu",
            "ALTA'K{a21}",
            .dense,
            found: "ALTAKnfz6Wsiqj41qBECTPsxsB",
            left: "ALTAKLuxiHk93C9sB7aJAI65"
        ),
        .init(
            "yandex",
            "AQVN{w32-64} YCAJE{w20-64} y0_{w40-70}",
            found: "AQVNxBWT8ApsDb0sn5sN9etKdT1Qz_tlvFKOyIXt0",
            left: "AQVN3P4EgW-r_rLvfCf3O36I7Ajl6EjNyM"
        ),
        .init(
            "digitalocean",
            "dop_v1_{x64} doo_v1_{x64} dor_v1_{x64}",
            found: "dop_v1_6a4b18b1391615b2c3e99c36b5ee3ecbfb3440df55d7d0c57e5fd52ef4adba63",
            left: "dop_v1_tokens"
        ),
        .init(
            "cloudflare",
            "v1.0-'{x24}-{x140-150}",
            found:
                "v1.0-5b82bd3363d9298f9824af0b-64165f5ab5e4d75cc67899f14c9835b7167d8e4f436e7238256d1a77b3855f316caf7b2d157bb1fb61db83deed8ec2a34b9ee6bf8944734626161bdb1e25cc14923c9204e6fe",
            left:
                "v1.0-26babee595e44ef602b49914-33ae695ea221d411e1c5f4d5f8fca320e32df8b894df8ee79aaf7e9ba91d1f21eede7573f12da7a4a0d929918e0e3f1152896a9348bf6e0ab9a825d78704a1b40992dbb43f"
        ),
        .init(
            "cloudflare",
            "cfu't_{a40-60} cfa't_{a40-60}",
            .dense,
            found: "cfut_2o5QFmppRKNfDPL8kKOCWgBIbIWCbJfmh03q9EE699A",
            left: "cfut_xREUyMr4gvGfjXm3eLQx4OcIJcwoOhwlEiUkQj"
        ),
        .init(
            "exoscale",
            "EXO{x24}",
            found: "EXO2a26ad0727e2dc784927b799",
            left: "EXO24fedefc7da284ccfb69a5"
        ),
        .init(
            "upcloud",
            "uca't_{a24-40}",
            .dense,
            found: "ucat_aje2ow52ReALHmQ3X9xEAOiWAGUl5v",
            left: "ucat_YiDdGW2u0dfq8bodFNJ4Tc"
        ),
        .init(
            "aiven",
            "AVNS_{w16-24}",
            found: "AVNS_1kfAtHeAUysYN9gR5DPT",
            left: "AVNS_X-rGOqMn2BuTgk"
        ),
        .init(
            "neon",
            "napi_{l50-70}",
            found: "napi_5wyf01wlx0fg4a6cnxmeefbmtsbu9ub16dcbk90g5tzlf5mga51",
            left: "napi_rxni5pw6ryyn0wcnzvw5myxv6xynugxzpedxp8yj4ulmyig3"
        ),
        .init(
            "planetscale",
            "pscale_tkn_{W30-100} psc'ale_oauth_{W30-100} pscale_pw_{W30-100}",
            found: "pscale_tkn_8jK5EHtps5LyhXZrl8l5xxEmuS5OcTR0",
            left: "pscale_tkn_mWOcOj5ekv1Doea5wnqLr_SVD6Zd"
        ),
        .init(
            "supabase",
            "sbp_{x40}",
            found: "sbp_aac5552b5f30491ca6675d62bf95694b4521e0d4",
            left: "sbp_700ec3e3f812aaa2e6b008c8ef0e94db98864e"
        ),
        .init(
            "supabase",
            "sb_secret_{w28-48}",
            found: "sb_secret_efQPsmR4MiAeRhInvi1KE_0q9mLI_CP",
            left: "sb_publishable_Xk2mVq9TzR4bLw7cJd0sYn5hGf3pAe8"
        ),
        .init(
            "mongodb",
            "mdb_sa_'sk_{w36-50}",
            found: "mdb_sa_sk_DTYaSm16JXMEspXXrhTrowQMq3-hIP4AcL4waBdXnn",
            left: "mdb_sa_sk_aQ3tbmGksDk_cY-VQtGkYjCNWQmAn5umGt"
        ),
        .init(
            "cockroach",
            "CCDB1_{a20-24}_{a36-44}",
            found: "CCDB1_IEJYA1SjSdqXTzzukK75ACo_huLkjSKFU8wS45fzxYpX2EYupIgE4VWXseMmcM",
            left: "CCDB1_1cOvHPtpz68ram35afL4AqqN_KcNC1mabTdsnoC0ynfeB4Ui63koXFnZg8S"
        ),
        .init(
            "databricks",
            "dapi{x32}-{d1} dapi{x32} dose{x32}",
            found: "dapi67e3d2f3f673fad197b4e954771dfa51-3",
            left: "dapi0123456789abcdef"
        ),
        .init(
            "dbt",
            "dbtc_{w36-60} dbtu_{w36-60}",
            found: "dbtc_MnHFwLsEwP2cIeJ5dffGIM-X8P3BJaWXXymgpF",
            left: "dbtc_i-frsEpebvgPTYWn4ff2oDbUDft0MUQNEq"
        ),
        .init(
            "prefect",
            "pnu_{a36} pnb_{a36}",
            found: "pnu_fZd0AgRJTTcyFNL2nIoiF3ZJTS5vStGMg7bj",
            left: "pnu_DIhTuAt5dtNQBn95YFgzv8bPROdhWdmJV3"
        ),
        .init(
            "openshift",
            "sha256~{w40-60}",
            found: "sha256~ikNeqAnlMXA9LJPTB1OD5Q2HdaV-N-MKs95zAOu0GO0N8",
            left: "sha256~UBTNNhkW5-SYY8dsOqhTuxr2gYpZWDXYwvkqD6"
        ),
        .init(
            "vault",
            "hvs.{W24-200} hvb.{W24-300} hvr.{W24-200}",
            found: "hvs.pQJk-HXoSjPqTH1QgF5P3F8yPViK8U",
            left: "hvs.cchE5hSdIMOsesjKKJ16yc"
        ),
        .init(
            "onepassword",
            "ops_{b30-2000}{=0-2}",
            .dense,
            found: "ops_Zt3aObwRxSTJNb11ZGSJyijXM8Wt+C4==",
            left: "ops_tSDYdkqdgjw0Yvx1CnWOOVGF4a+n"
        ),
        .init(
            "onepassword",
            "A3-{A6}-{A6}-{A5}-{A5}-{A5}-{A5} A3-{A6}-{A11}-{A5}-{A5}-{A5}",
            found: "A3-WXBQPM-Y1O150-KO0K5-7B670-I1FGO-DCMW1",
            left: "A3-DK4KKN-G465K8-RDJHP-M465N-RX49M-94ZT"
        ),
        .init(
            "age",
            "AGE-'SECRET-KEY-1{A50-60} AGE-'SECRET-KEY-PQ-1{A50-2200}",
            .any,
            found: "AGE-SECRET-KEY-1EQPHVG79WQIC7TOPRAH65T3H9EXFOG22I03T2ISP0T48NI161EICGWAB",
            left: "AGE-SECRET-KEY-1G09AN4JJ5TNHXE8P4FFRUYG92UP7E1KNEB89RTM7IB0LFKK8"
        ),
        .init(
            "tailscale",
            "tskey-{W20-120}",
            .dense,
            found: "tskey-Q-K6-BRDIyYtg0KhmyuUjh",
            left: "tskey-is-how-keys-start"
        ),
        .init(
            "netbird",
            "nbp_{a36-40}",
            .dense,
            found: "nbp_8LDVtFQ2laKSyIwtoa4Hheomed7ai4PJw3os7D1c",
            left: "nbp_gsy1wiM295I8gqUvGa9Ix42AKvyl6Nd9wT"
        ),
        .init(
            "stytch",
            "secret-live-{q30-60} secret-test-{q30-60}",
            found: "secret-live-2E1mqf_Wi-R5dBbuj415xSKmk6izI9Iek_Qn",
            left: "secret-live-jiU1RcoVXY3_XhD8iCxg4cJ9Sjo5"
        ),
        .init(
            "confluent",
            "cflt{b56-64}",
            .dense,
            found: "cflt+YuI870A1ag03uC45FwEtkN+ODhsQ9rZqcp/uWUb/DSXwKBX5akyBMim1",
            left: "cfltb/dTCuhwllTeBgNiPfmwu7UQYVSaOsW6CHQT6YRQ1tchwh3UsYp1hX"
        ),
        .init(
            "dnsimple",
            "dnsimple_u_{a30-40} dnsimple_a_{a30-40}",
            .dense,
            found: "dnsimple_u_WIQX8dzYjZlWYoifz1ggpZ53TeuFIU2u4jm",
            left: "dnsimple_u_pzPliaSjYYlm7nOpFAdoIRaUQhxg"
        ),
        .init(
            "ory",
            "ory_pat_{a30-40} ory_a't_{W40-120}",
            .dense,
            found: "ory_pat_wvvqySSd48flOwKsV3IGt2CyraxVexvQq3d",
            left: "ory_pat_NviCoffOKiwFoCVJhJYfSj680cxR"
        ),
        .init(
            "plain",
            "LS0tLS1CRUdJTiBQUklWQVRF{b80-8000}{=0-2} LS0tLS1CRUdJTiBSU0EgUFJJ{b80-8000}{=0-2} LS0tLS1CRUdJTiBFQyBQUklW{b80-8000}{=0-2} LS0tLS1CRUdJTiBPUEVOU1NI{b80-8000}{=0-2}",
            found:
                "LS0tLS1CRUdJTiBQUklWQVRFjvv6cIleKEQljbO2vVbCWul+mvEw2iPPJOpXZiN1VcZF51vufnvQcA2lTXxJqQnfeKXLuWxZvl1zrBzin94DPf==",
            left:
                "LS0tLS1CRUdJTiBQUklWQVRFa93Q6r4j9GF7NEEHPSbhneOkb+Td0DWu0rGydqCTAp4BZnakggSAJYtAyc9riedYNJimIwMdy2OUIG"
        ),
        .init(
            "azure.devops",
            "{a76}AZD'O{a4}",
            found:
                "zQUMPM08HSe8jnPJjoqgA2RB19fLy0Mg1YLVUHFjxQieNOMEF2Msj5cmtiEG1ztvNvV2FGkd0F6yAZDOyiGR",
            left: "cox6jHW7hD11xZwl8mhPOkeZvIxzYA8CDfoCvWwbHQg5ksfDpeAZDO0spG"
        ),
        .init(
            "docker.swarm",
            "SWMTKN'-1-{l50}-{l25}",
            found:
                "SWMTKN-1-jt7fb5w0ad4jbapf3hy4gipqnfkkjbdo6y056rg40s8rs3mb5e-cbjafg6nf1kgys358zm1qsf7u",
            left: "SWMTKN-1-umrx47z68zqy9tfrgjixdn9d7bhirk-vd7yftfx3ad2j5z8e1ahcyicq"
        ),
        .init(
            "akamai",
            "akab-{w16}-{w16}",
            found: "akab-0m7Qo60Li5qFECju-YgtELveNikxvUUeO",
            left: "akab-Mfkb8kYvq3-jyMZsGNynp"
        ),
        .init(
            // Serialised extended private keys of wallets (BIP 32, BIP 49, BIP 84).
            "bitcoin.extended",
            "xprv{a107-108} yprv{a107-108} zprv{a107-108} tprv{a107-108}",
            found:
                "xprvgHpPsmvpia2vWrGi4zB8QXxGRb7dG1oETJCxrRBqt59ggV991x1ErEBxBKMDbykhECmDzRL2QTBAH5NLufe1fknN5LPuLXmMCXXnC4H2pPw",
            left:
                "xprvS2csTQRev1V3nCgD8qGuWPZPzaHrW7eprtQxK3U6ENZgQANJmb6LkMLCt6hAomLXBo46fbS3GpfPuHWi"
        ),
        .init(
            "aws.appsync",
            "da2-{l26}",
            .dense,
            found: "da2-4ke8p37ahv5eva8rau0qkidzcd",
            left: "da2-v6o9sk2d0omh5krrxe9m9lw"
        ),
        .init(
            "azure.cosmos",
            "{b76}ACDb{b4-8}==",
            found: "koqrtleWvTDuRgR3yNwos/bDWmE4kuv4VGOfYcMuqbKLLp/2jfTuOQPeWIDtcKZ1Dw0gBEHum3ad"
                + "ACDbzqxMhG==",
            left:
                "x3taeY5jvDR3q9lVuD+Am3zwr8FwGvjEED1YjEGPQ/ymde3hOygLxIGbLzUouSXsNHz5hdTDskWcACDbT=="
        ),
        .init(
            "azure.functions",
            "{w44}AzFu{w4-8}==",
            found: "OWFtjcdwBCRGja3o3kV-2WHPSoIFieCIPnINFB44cHjXAzFuXpcK-W==",
            left: "42PEnKYAiJ6_Rkcgkq0y2ccpPBAnb3KxrKw1nNx1XmjrAzFuH=="
        ),
        .init(
            "deno",
            "ddp_{a36} ddo_{a36}",
            .dense,
            found: "ddp_icSuS6J8R6o2nZZOHMBTE9kMwJlUH2ZItbbM",
            left: "ddp_LwjiBceIu9RJs1xlJvS9XSgUJscQ6vBmO"
        ),
        .init(
            "databricks.keys",
            "dkea{x32} dsapi{x32}",
            found: "dkea5152fcdcbc836b42830bca7398d44490",
            left: "dkea847d489dc2b0f7f2f9714e2b4b120"
        ),
        .init(
            "digitalocean.spaces",
            "^DO00{A16}",
            .dense,
            found: "DO00NA2M735ANCOJ1LI9",
            left: "DO003SBCTDCPZX5IS"
        ),
        .init(
            "alchemy",
            "alchemy.com/v2/{w21-64}",
            found: "alchemy.com/v2/eyCABax7H8TUSRFLc5nvfBZ",
            left: "alchemy.com/v2/ZKVRx8QM9-b8dGlQnb"
        ),
        .init(
            "infura",
            "infura.io/v3/{x32}",
            found: "infura.io/v3/db05bbba8a8c57922f2263bca77148c5",
            left: "infura.io/v3/0aa6c8f5501419bf4149b87a7178d"
        ),
        .init(
            "google.hmac",
            "GOOG1E{A55} GOOG{A20}",
            .dense,
            found: "GOOG1EMC69UP3HR90NHCK4HLMIK1EQFPN78B23RQ72I938W4P6GIEEKP7I70S",
            left: "GOOG1EBSYLXDEM6QXIJ4W3KVXPNRRO6G4I4RQ3LNTB73RBXAYI8R9FIY6L"
        ),
        .init(
            "honeycomb.keys",
            "hcbik_{l58} hcxik_{l58} hcamk_{l58}",
            found: "hcbik_9ziau8umrxhp4s3xzkbe6c7u6s3cc4lksyvcmr4zcmf57jnk4vh46h2jd7",
            left: "hcbik_jzooqijbqrw4my2tg75dxoiuaai16av71yxoewkjgc8wzcusqjepdsg"
        ),
        .init(
            "neon.password",
            "npg_{a12-20}",
            .dense,
            found: "npg_d2wFkhpdEaHlLR",
            left: "npg_9rPWJfdg4"
        ),
        .init(
            "newrelic.admin",
            "NRAA-{x27}",
            found: "NRAA-aa569538e06142b172d03ac0f29",
            left: "NRAA-31e3f77b640975ff03b66bdd"
        ),
        .init(
            "scaleway.access",
            "SCW{A17}",
            found: "SCWXAZCZLQOBGAXIE340",
            left: "SCWPUM3LE4DCTLWOE"
        ),
        .init(
            "yandex.iam",
            "^t1.{w60-400}.{w80-100}",
            found: "t1.AwpunnEaRYtOpjrLQsrKI_mXGbu5McKb7nJLs4RccXveezLQykNOpJqjRwv92q.nATvWXLQYB"
                + "iUTlfh1ufOwdJe04bTQ04VO1t4olge45sNVgjDFCeU4U4BN0HS8CZD-mu73SgHAM9D0dB0ec",
            left: "t1.pzC3W36RG_cYg5_drQgPFhBXYBBHshMFnor6VGpIk2poiFcNYzEpNj86jnhr.BHQkbPP0gUf8"
                + "8ZSKHotIZJS-in4xu5vUptEnH319Vh_v0x-zrs-hHy-IjBYoDSZsDvhUrOIKw6IWv"
        ),
    ]
}
