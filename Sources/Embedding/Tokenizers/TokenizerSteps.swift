internal import Foundation

/// The steps that a `normalizer` of a `tokenizer.json` names, in their order.
///
/// - Throws: ``EmbeddingError`` `.unsupportedModel` for a step that is not run.
func normalizerSteps(_ json: JSONTree?) throws(EmbeddingError) -> [NormalizerStep] {
    guard let json, let type = json["type"]?.text else { return [] }
    switch type {
    case "Sequence":
        var steps: [NormalizerStep] = []
        for step in json["normalizers"]?.elements ?? [] { steps += try normalizerSteps(step) }
        return steps
    case "Precompiled":
        // Without a table nothing is replaced.
        guard let text = json["precompiled_charsmap"]?.text, !text.isEmpty else { return [] }
        guard let data = Data(base64Encoded: text), let table = PrecompiledCharacters([UInt8](data))
        else { throw EmbeddingError(.damagedModel, "tokenizer.json: its character map is damaged") }
        return [.precompiled(table)]
    case "Lowercase": return [.lowercase]
    case "NFC": return [.nfc]
    case "NFD": return [.nfd]
    case "NFKC": return [.nfkc]
    case "NFKD": return [.nfkd]
    case "StripAccents": return [.stripAccents]
    case "Strip":
        return [
            .strip(
                left: json["strip_left"]?.flag ?? true,
                right: json["strip_right"]?.flag ?? true
            )
        ]
    case "Prepend": return [.prepend(json["prepend"]?.text ?? "")]
    case "Replace":
        let content = json["content"]?.text ?? ""
        if let text = json["pattern"]?["String"]?.text { return [.replace(text, with: content)] }
        switch json["pattern"]?["Regex"]?.text {
        case " {2,}": return [.replaceBlanks(with: content)]
        default: throw unsupported("normalizer Replace by a regular expression")
        }
    default: throw unsupported("normalizer \(type)")
    }
}

/// The steps of a `pre_tokenizer`.
///
/// - Throws: ``EmbeddingError`` `.unsupportedModel` for a step that is not run.
func preTokenizerSteps(_ json: JSONTree?) throws(EmbeddingError) -> [PreTokenizerStep] {
    guard let json, let type = json["type"]?.text else { return [] }
    switch type {
    case "Sequence":
        var steps: [PreTokenizerStep] = []
        for step in json["pretokenizers"]?.elements ?? [] { steps += try preTokenizerSteps(step) }
        return steps
    case "WhitespaceSplit": return [.whitespaceSplit]
    case "Metaspace":
        // Older files say it by `add_prefix_space`.
        let scheme =
            json["prepend_scheme"]?.text.flatMap { PreTokenizerStep.PrependScheme(rawValue: $0) }
            ?? (json["add_prefix_space"]?.flag == false ? .never : .always)
        return [
            .metaspace(
                replacement: json["replacement"]?.text ?? "\u{2581}",
                prepend: scheme,
                splits: json["split"]?.flag ?? true
            )
        ]
    case "ByteLevel":
        return [
            .byteLevel(
                prependsSpace: json["add_prefix_space"]?.flag ?? true,
                usesPattern: json["use_regex"]?.flag ?? true
            )
        ]
    default: throw unsupported("pre-tokenizer \(type)")
    }
}

/// The special tokens that a `post_processor` puts around one sequence.
///
/// - Throws: ``EmbeddingError`` `.unsupportedModel`.
func sequenceTemplate(_ json: JSONTree?) throws(EmbeddingError) -> SequenceTemplate {
    guard let json, let type = json["type"]?.text else {
        return SequenceTemplate(before: [], after: [])
    }
    switch type {
    case "ByteLevel": return SequenceTemplate(before: [], after: [])
    case "BertProcessing", "RobertaProcessing":
        guard let first = json["cls"]?.elements?.last?.integer,
            let last = json["sep"]?.elements?.last?.integer
        else { throw unsupported("post-processor \(type) without its tokens") }
        return SequenceTemplate(before: [Int32(first)], after: [Int32(last)])
    case "Sequence":
        var template = SequenceTemplate(before: [], after: [])
        for step in json["processors"]?.elements ?? [] {
            let inner = try sequenceTemplate(step)
            template.before = inner.before + template.before
            template.after += inner.after
        }
        return template
    case "TemplateProcessing":
        var template = SequenceTemplate(before: [], after: [])
        var isPast = false
        for part in json["single"]?.elements ?? [] {
            if part["Sequence"] != nil {
                isPast = true
                continue
            }
            guard let name = part["SpecialToken"]?["id"]?.text,
                let ids = json["special_tokens"]?[member: name]?["ids"]?.elements
            else { throw unsupported("post-processor \(type) of another form") }
            let tokens = ids.compactMap { $0.integer.map { Int32($0) } }
            if isPast { template.after += tokens } else { template.before += tokens }
        }
        return template
    default: throw unsupported("post-processor \(type)")
    }
}

private func unsupported(_ what: String) -> EmbeddingError {
    EmbeddingError(.unsupportedModel, "tokenizer.json: \(what) is not run")
}
