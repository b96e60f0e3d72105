extension TokenRow {
    /// Tokens of hosts of code and packages, builds and deployments.
    static let code: [TokenRow] = [
        .init(
            "github",
            "ghp_{a30-255} gho_{a30-255} ghu_{a30-255} ghs'_{a30-255} ghr_{a30-255}",
            found: "ghp_BRsk29cztUX1kmObfEjdpyHGfY5PBN",
            left: "ghp_actions_cache_key"
        ),
        .init(
            "github",
            "github'_pat_{w40-255}",
            found: "github_pat_gE4aE-Yhc3a-LcBfS83Cedu3QlYJJJbgIQrBc5O5",
            left: "github_pat_of_the_build_machine"
        ),
        .init(
            "gitlab",
            "glpat-{W20-300}",
            found: "glpat-A7CzMp1GAawTCEe6OQxLdUc",
            left: "glpat-is-the-prefix-of-gitlab-tokens"
        ),
        .init(
            "gitlab.deploy",
            "gldt-{W20-64}",
            found: "gldt-OxyR2MwqIZu29XoqgHXN7RGK",
            left: "gldt-NLI5MP2rdfqr6R7wIH"
        ),
        .init(
            "gitlab.runner",
            "glrt-{W20-64} glrtr-{W20-64} GR1348941{w20-80}",
            found: "glrt-qS3205ZxauEKa4Ca9_3r4cX",
            left: "glrt-eU7DpGDBaFXx6sDYZf"
        ),
        .init(
            "gitlab.trigger",
            "glptt-{W20-64}",
            found: "glptt-f1OWUyTC_BbE88rijjE2",
            left: "glptt-FdKmpSx5b_p7CXJ4rc"
        ),
        .init(
            "gitlab.job",
            "glcbt-{W20-64}",
            found: "glcbt-ChlSxNAVPLof96KC7RHXLaZOU",
            left: "glcbt-W2naW-mOIxEUPMuq8G"
        ),
        .init(
            "gitlab.feed",
            "glft-{W20-64}",
            found: "glft-tUx5Ldnsyd36dBxT3wGa06q",
            left: "glft-7HdWyOSJC9KmsGDZvd"
        ),
        .init(
            "gitlab.scim",
            "glsoat-{W20-64}",
            found: "glsoat-f5IgKyQzJRs7TI9Xf_mU",
            left: "glsoat-YkHrq_FmNGwDBq7QhN"
        ),
        .init(
            "gitlab.mail",
            "glimt-{W20-64}",
            found: "glimt-YRrhoL3fbolcHMvHm5OzBv3w",
            left: "glimt-RKv_vhqCdn18YIyH35"
        ),
        .init(
            "gitlab.agent",
            "gla'gent-{W20-64}",
            found: "glagent-kCoMHV2AvQ5SZ7kCMplShiA",
            left: "glagent-40AE8FJj0wsdfs-Mfm"
        ),
        .init(
            "gitlab.oauth",
            "gloas-{W20-70}",
            found: "gloas-z7hVj5xJJsAIofZ6k0VHbL",
            left: "gloas-dUjFBqvTEQNcwX7UQu"
        ),
        .init(
            "gitlab.flags",
            "glffct-{W20-64}",
            found: "glffct-rVG7oZO79ZlUIvFxI5OKfZv",
            left: "glffct-GJuvNl7UReACOxBKvy"
        ),
        .init(
            "bitbucket",
            "ATBB{q28-250} ATCTT3{q60-250}",
            found: "ATBBsZzvXLNaJrgBHufSBsBfpa141X1WkgxuEF",
            left: "ATBB"
        ),
        .init(
            "atlassian",
            "ATATT3'{q60-250} ATOA'{q60-250}",
            found: "ATATT3wIRXAh3jOEEOWFVRRh1TlF9XCHro40KQ-i6Nh4K0jxGdqH0Tz0IpZkWxcnWSl",
            left: "ATATT3xFfGF0"
        ),
        .init(
            "trello",
            "ATTA{X60-80}",
            found: "ATTAb22B9aad3dEcE049Ce1c08DBEeFCdD1A2FaB364ADFAfE9bfeEdd4aE7AedBc3",
            left: "ATTA1FdDFcaaefF9EAeAA3bb6fAA3Bd5AE7Ca91F383156FFb39EdFbdB78e79"
        ),
        .init(
            "sourcegraph",
            "sgp_{x16}_{x40} sgp_local_{x40} sgp_{a40-64}",
            found: "sgp_2824ff72ebc5b96a_b2ee1224fabb99d6a5e8d49d4bc0c156e8bed2a0",
            left: "sgp_94d8faf5bb5155cd_d8980205bea3ce36a4413ff1365a1667b4e8bb"
        ),
        .init(
            "npm",
            "npm_{a36}",
            found: "npm_0QLf2YrKWumrfpv0SBZyhlLBWOeDC2k3Ei29",
            left: "npm_config_registry"
        ),
        .init(
            "pypi",
            "pypi-AgE{W50-400}",
            found: "pypi-AgE7IfmRy1owAN6USHu08rKVqHGtFFx442fRM4YpcldhhNny_62kWN",
            left: "pypi-AgEIcHlwaS5vcmc"
        ),
        .init(
            "rubygems",
            "rubygems_{x48}",
            found: "rubygems_f2964e93e1d386930b6e38a0be18e6321f91ee7e102cff62",
            left: "rubygems_a857d0cd935ed957b43dbe5d3bbb77bab78233fa7eedab"
        ),
        .init(
            "crates-io",
            "cio{a32}",
            .dense,
            found: "cioBPCS06ZdXRmAggnvTc9TykE0Pbg5u2o1",
            left: "ciorandomlookingnamesareidentifiers"
        ),
        .init(
            "nuget",
            "oy2{l43-50}",
            found: "oy29zh2rp0rmfu9kkd1ntm8hhx2npk4o3j6p47evccno322z2",
            left: "oy2vipcjovzyg6cbhgpi1497it6yg3428v0og5dt3lpm"
        ),
        .init(
            "clojars",
            "CLOJARS_{a48-60}",
            found: "CLOJARS_01fHm49x2it4aktMlJmBqHDY1Hj9SsHlJIAPKnBERU3FMz6XbPIA",
            left: "CLOJARS_VnfUp5zB37xpfUBJmOvWTxAhG3xxCyI3ZvNwX4V810VUwu"
        ),
        .init(
            "packagist",
            "packa'gist_ort_{x60-72} packagist_ua't_{x60-72}",
            found:
                "packagist_ort_1c9dcafca8aa8b2e5deea9a94c787afeaf2478c813ccc8d69304aee0f035d747a",
            left: "packagist_ort_963c1e455ac9e59c5cd0b169a71419360b31161b6481fe53e11d53baee"
        ),
        .init(
            "docker",
            "dckr_pat_{W20-80} dckr_oat_{W20-80}",
            found: "dckr_pat_dVQtpmyy9bJDAFrucEi7X",
            left: "dckr_pat_8j2LdQqfl114tqmQUt"
        ),
        .init(
            "artifactory",
            "AKCp{a59-75} cmVmd{a59-75}",
            found: "AKCpBZr1yJeDG3VKJhaLcswb4B8MU7Btba8RWKTyULC8TSlDOEBiUyaWGz8jMwB",
            left: "AKCpOe64yewuMzQH4xG4vEs6rCcxgsjkkmgfA1y2NdAMSqKF8ClqZ5zkxYPnc"
        ),
        .init(
            "buildkite",
            "bkua_{x40} bkc't_{a20-60} bkp't_{a20-60}",
            found: "bkua_d7f451083e312db74cf49858b3fec86b8317783c",
            left: "bkua_67ff843d68f5d0eb5ad309aebaa2c8aba470a6"
        ),
        .init(
            "circleci",
            "CCIPAT_{a22}_{x40} CCIPRJ_{a22}_{x40}",
            found: "CCIPAT_dyQLWRA4ACPUpmiQ0YDAN4_545b573f6a69988b422fea0b127dcb6aa520e9a6",
            left: "CCIPAT_iThmHHvKA6DcOP6xHQhzA1_11809fafb95d99e514b0b0391278bcdee6b32f"
        ),
        .init(
            "sonar",
            "squ_{x40} sqp_{x40} sqa_{x40}",
            found: "squ_b12bb959b47f3c56d5cff5f39d2c06fc5a30f0ad",
            left: "squ_95ca43a43d509e219778a8930970c49713174a"
        ),
        .init(
            "snyk",
            "snyk_uat.{W40-200} snyk_sat.{W40-200}",
            found: "snyk_uat.lrrRjy2-L6yrwNMnE-GSNxtY08Zpt1hKSUU2pFokiq",
            left: "snyk_uat.umyKsdIVrW5NtqVPozMOfPImr7s41XiJR_1lu1"
        ),
        .init(
            "netlify",
            "nfp_{w30-60}",
            .dense,
            found: "nfp_z_1B4li0ZZ4-rBQlORpSsU9DcykeBrh",
            left: "nfp_vAz4-snXm_Ky8LC8HZCTEc0oVoli"
        ),
        .init(
            "vercel",
            "vcp_{a24-60} vca_{a24-60}",
            .dense,
            found: "vcp_k1IIP8ijysIZbfQNBrUjYxLSxy0rg4",
            left: "vcp_VjBuaLMss1IP4F7LW9V2qI"
        ),
        .init(
            "vercel",
            "vercel_blob_rw_{a12-20}_{a24-40}",
            found: "vercel_blob_rw_UVosrmkfeQj0iSj_pmxkiE8JdBmqaK1ffYrUtRqO",
            left: "vercel_blob_rw_3j8vbQKTIXzIg_llHYZHpoUhnkBAARv3qZAZ"
        ),
        .init(
            "render",
            "rnd'_{a26-36}",
            .dense,
            found: "rnd_LzWkNkVFICBSZwkYcGdpaKkkEuGIv2I4",
            left: "rnd_qDLXrrvGL5nDvF4CT8vc4HNH"
        ),
        .init(
            "fly",
            "fo1_{w40-50} fm1r_{b40-800}{=0-2} fm1a_{b40-800}{=0-2} fm2_{b24-800}{=0-2}",
            found: "fo1_de-JPij1GAu5k3yDcxdeUVz607YmqAXUByDAhEOpv6Ra-J",
            left: "fo1_he_OUJDFelQ9Dnu98rxeRp8H97J9_77ZIVU_OL"
        ),
        .init(
            "heroku",
            "HRKU-{w30-64}",
            found: "HRKU-6mRfofUuirlCfAbPO54n_frbMtnr3bsh",
            left: "HRKU-is-a-prefix"
        ),
        .init(
            "pulumi",
            "pul-{x40}",
            found: "pul-ed8a31dab6bece340dd7b1f76cdd75f671c98004",
            left: "pul-8819ccb5c7c33f24968e9cd0ff22634d2060d7"
        ),
        .init(
            "infracost",
            "ico-{a28-40}",
            .dense,
            found: "ico-992aVasYEewT5PppE12SaQam2fVCv0",
            left: "ico-sprite-of-the-navigation-bar"
        ),
        .init(
            "terraform",
            "{a14}.atlasv1.{q60-70}",
            found:
                "J4opzvoMViBhPp.atlasv1.BF58URGtyNoz-aJscDO21sZf2K59DFEkxRD_SaULHdp0cFfeVbkIStbHRb3KEE0p",
            left:
                "eiKd3GcU1sbgiF.atlasv1.ZlzAbJNYprwEpFdBHMTSg_W-W6DrY6OzA4Ace_cmE1KZQDRZHX2qgfKg03"
        ),
        .init(
            "octopus",
            "API-'{A26}",
            found: "API-K5FMYM6HZ2UK86WHXC3W08C6VD",
            left: "API-COMPATIBILITY"
        ),
        .init(
            "doppler",
            "dp.pt.{a40-50} dp.st.{W40-70} dp.ct.{a40-50} dp.sa.{a40-50} dp.scim.{a40-50} dp.audit.{a40-50}",
            found: "dp.pt.WVqjmSnagPB4rtyt9w6Cm4BvSoejKiCgfDkulz3nSTB",
            left: "dp.pt.ou9NEjbjfDYUM2nyoKDbaRoIMxWd8Gcqo28pFw"
        ),
        .init(
            "infisical",
            "st.{x24}.{x32}.{x32}",
            found:
                "st.a80bc4f30645ec436df729b5.f6967c8775eccfc2d08ee68ad7395283.a5b650180b6bfbf8074c62f9e4d92e90",
            left:
                "st.21a587e7ed5c1e943ec9ae6e.a9bafa018ede98e79e156be7135cc302.040fa1d450e63613a0f490be6cd1ad"
        ),
        .init(
            "harness",
            "pat.{w22}.{a24}.{a20} sat.{w22}.{a24}.{a20}",
            found: "pat.UPyTmZVOAo_9W8g1NeEMyY.3Ju4nUnppo0WIUJk9yTzSKwe.U62jpxafqpMrighqbT6Q",
            left: "pat.68nWMvVWKErkFILS_-SpFL.Xypx3XS4JQhPnlLn7LhM7GLN.Zme1WWArLol3SNWLxY"
        ),
        .init(
            "scalingo",
            "tk-us-{w40-50}",
            found: "tk-us-7vTPwrPaK7kJgJwFoitpugL6SXS5BtDQwtrKhdW5J",
            left: "tk-us-C6PtNux8wl_5-VauxBvUfT86UCPZhnSBHe1LN5"
        ),
        .init(
            "postman",
            "PMAK-{x24}-{x34}",
            found: "PMAK-db7c7482ebd0dec9cec8b1e3-9bb5b440318d19f1849cea9e886e708112",
            left: "PMAK-1f5fe3d8a850881cecca7b6e-8f1fe3b4bb06d6f17ecf08676d5175ca"
        ),
        .init(
            "rapidapi",
            "{l10}msh{l15}p1{l6}jsn{l12}",
            found: "tlvft5o9trmshqc8f8xegl19s43kp19iqgeljsnb1koil3569fe",
            left: "9yh4ktuuplmshrb5umo4vi555lk6p13fi1qajsn0d39zujwhdb"
        ),
        .init(
            "readme",
            "rdm'e_{a59-75}",
            found: "rdme_UAuGgPcCGSVbg6YVKb5LHdAhLAyoi0PeDOcvadQ3nPocLKIO1oTRY2sLnspW",
            left: "rdme_yhEiIC94dpawBFkXAgF2FkzxvLULml93oxO8rtf0LaiYhbkfjY3V4FZ8s"
        ),
        .init(
            "pact",
            "smp_{a40-60}",
            .dense,
            found: "smp_8NYIUEEhIpRUnp1faLiOveaQBsDFonEo54mCoVpgkT3",
            left: "smp_tUlVlqLQD5OF0TcclNBhlJXVSu7P62hVGKvuaW"
        ),
        .init(
            "gitlab.workspace",
            "glwt-{W20-64}",
            found: "glwt-pTpqVV9pbMggWypNQWyO",
            left: "glwt-8KWqJ1Qh9cSTfPs"
        ),
        .init(
            "teamcity",
            "eyJ0eXAiOiAiVENWMiJ9.{W40-200}",
            found:
                "eyJ0eXAiOiAiVENWMiJ9.8GelrERSL9A6SlabhhnbsZ40zGrcz3iWef6Y5KYY3jbnwQB9mT8Scg3crkBkEYV6XqRm3H",
            left: "eyJ0eXAiOiAiVENWMiJ9.WWJHcs6JKDfkSVW8F46q"
        ),
        .init(
            "mergify",
            "mka_{a36-50}",
            found: "mka_QxyILVbsBelGgobOMuolC877eGnb6BFBDuWfdRZi",
            left: "mka_E3MgXhOl43sCqqyk8tuK"
        ),
        .init(
            "trigger",
            "tr_dev_{a20-30} tr_prod_{a20-30}",
            found: "tr_prod_L1jyNRW8TDviiFhMXoctqe8P",
            left: "tr_prod_HiecuYuald"
        ),
        .init(
            "inngest",
            "signkey'-prod-{x64} signkey-test-{x64} signkey-branch-{x64}",
            found:
                "signkey-prod-3b53f79a8afba701070d26d7f79a73aff5cfd4501150bf8e28d3e14be535893b",
            left: "signkey-prod-80598e7d8a50f510dc6c4393a96e78c3403049d3"
        ),
        .init(
            "unkey",
            "unke'y_{a20-40}",
            found: "unkey_cRnIPr0hJxfzFtVmuhOxtbZY",
            left: "unkey_tZBMNCnNZ5bH"
        ),
        .init(
            "daytona",
            "dtn_{x64}",
            found: "dtn_34b459e42220d8c947e0dedc8b137913993ed6da209da99098b260ff3ac1c975",
            left: "dtn_70cf1dcb92107c907cbeac0ddd60132f96aa87e5"
        ),
        .init(
            "chromatic",
            "chpt_{x12-20}",
            found: "chpt_98583128fc49f6",
            left: "chpt_9e885e946"
        ),
        .init(
            "flagsmith",
            "^ser.{a22}",
            .dense,
            found: "ser.fheefbU36rZ30xXxlCyMdB",
            left: "ser.lEmGDu7ewlStQ0tMcOn"
        ),
        .init(
            "ionic",
            "ion_{l42}",
            .dense,
            found: "ion_3ghdzrke3zmwubktpydd9h7uacjxtslxegiyrm9mr5",
            left: "ion_6ai9j0tubz9l8yzymhis1707gpwzagsopz460b6"
        ),
        .init(
            "ntlm",
            "aad'3b435b51404eeaad3b435b51404ee:{x32}",
            found: "aad3b435b51404eeaad3b435b51404ee:630b2a5bb905716b736cf9a9f8dea867",
            left: "aad3b435b51404eeaad3b435b51404ee:8d1f8ce04f7d7f8bcd8b464ce4e35"
        ),
        .init(
            "portainer",
            "ptr_{b43}=",
            .dense,
            found: "ptr_HK13U2zns7oCDTM8vLD97OeIFoZnuXnA60HeA8lsuoB=",
            left: "ptr_qHMPg9IP6t/twI3l+ntE+LLE0f/zdFgbcn5z05ii="
        ),
        .init(
            "rancher",
            "token-{l5}:{l54}",
            found: "token-fge28:rr5tvy9q02tcdd9s0f38ina8eo08gvww4hiajfxeyx8sw7m2cztlej",
            left: "token-lb0d8:fsz5goge7ywmwmh6wxtl1ki19dn0gcvtoqdoh3rf1kcgl9b2aee"
        ),
        .init(
            "authress",
            "{l4-12}.acc-{l10-32}.{b30-120} {l4-12}.acc_{l10-32}.{b30-120}",
            .dense,
            found: "1c4w2n.acc-1qtl4cmm4a61.SgXrViHXsr9vcb9oofS550K4B46p1boX",
            left: "q72z.acc-l3ayqbnaqx.Dw2Da9MpzCLHvJwRtbvQ1MIgjtY"
        ),
        .init(
            "configcat",
            "configcat-sdk-1/{w22}/{w22}",
            found: "configcat-sdk-1/XlfACsC9JaUUOGv1WDOFAd/KQhQF_7UNKCVmu75-9t5sJ",
            left: "configcat-sdk-1/P1vhcCWHKxi795wSctZ9ti/vQJHCbt_GSNqWbdm0Pb"
        ),
    ]
}
