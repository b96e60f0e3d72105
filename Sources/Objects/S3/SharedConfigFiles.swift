/// The two files that AWS's programs share.
///
/// - Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files".
struct SharedConfigFiles {
    let credentialsPath: String
    let configPath: String
    private let credentials: [String: [String: String]]
    private let config: [String: [String: String]]

    init(_ context: AWSContext) {
        self.credentialsPath =
            context.value("AWS_SHARED_CREDENTIALS_FILE") ?? "\(context.home)/.aws/credentials"
        self.configPath = context.value("AWS_CONFIG_FILE") ?? "\(context.home)/.aws/config"
        self.credentials = sections(context.text(ofFile: self.credentialsPath) ?? "")
        self.config = sections(context.text(ofFile: self.configPath) ?? "")
    }

    /// What both files say of a profile; the credentials file goes first.
    func settings(of profile: String) -> [String: String] {
        let inConfig = self.config["profile \(profile)"] ?? [:]
        // The default profile may stand without the word.
        let plain = profile == "default" ? self.config["default"] ?? [:] : [:]
        return plain.merging(inConfig) { $1 }
            .merging(self.credentials[profile] ?? [:]) { $1 }
    }
}

/// The keys of each section; nested keys, which stand indented under another, are left out.
private func sections(_ text: String) -> [String: [String: String]] {
    var sections: [String: [String: String]] = [:]
    var name: String?
    for line in text.split(whereSeparator: \.isNewline) {
        if line.first == " " || line.first == "\t" { continue }
        let trimmed = trimmedBlanks(line)
        if trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
        if trimmed.hasPrefix("["), let end = trimmed.firstIndex(of: "]") {
            let words = trimmed[trimmed.index(after: trimmed.startIndex)..<end]
                .split { $0 == " " || $0 == "\t" }
            name = words.joined(separator: " ")
            continue
        }
        guard let section = name, let equals = trimmed.firstIndex(of: "=") else { continue }
        let key = trimmedBlanks(trimmed[..<equals]).lowercased()
        sections[section, default: [:]][key] = trimmedBlanks(
            trimmed[trimmed.index(after: equals)...]
        )
    }
    return sections
}

private func trimmedBlanks(_ text: Substring) -> String { trimmedBlanks(String(text)) }

private func trimmedBlanks(_ text: String) -> String {
    let head = text.drop(while: \.isWhitespace)
    return String(head.reversed().drop(while: \.isWhitespace).reversed())
}
