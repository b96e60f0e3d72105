/// A command whose option of one letter takes a password.
struct SecretOption: Sendable {
    enum Value: Sendable {
        /// A word of its own, or the rest of the option's.
        case either
        /// The rest of the option's word.
        case attached
        /// `name:password`; the password is the secret.
        case pair
        /// `name%password`; the password is the secret.
        case percentPair
    }

    let option: UInt8
    let value: Value
    /// Words one of which stands before on the line.
    let commands: [[UInt8]]

    private init(_ option: String, _ value: Value, _ commands: String) {
        self.option = option.utf8.first ?? 0
        self.value = value
        self.commands = commands.split(separator: " ").map { Array($0.utf8) }
    }

    static let all: [SecretOption] = [
        SecretOption(
            "p",
            .either,
            "sshpass login mongo mongosh mongodump mongorestore cqlsh useradd usermod"
        ),
        SecretOption("p", .attached, "mysql mysqldump mysqladmin mysqlimport mariadb 7z rar"),
        SecretOption("a", .either, "redis-cli"),
        SecretOption("w", .either, "ldapsearch ldapmodify ldapadd ldapwhoami"),
        SecretOption("k", .either, "openssl"),
        SecretOption("P", .either, "zip unzip sqlcmd bcp mosquitto_pub mosquitto_sub"),
        SecretOption("U", .percentPair, "smbclient rpcclient net nmblookup"),
        SecretOption("u", .pair, "curl wget http https httpie ab"),
    ]

    /// Bytes before an option in which its command stands.
    static let reach = 160
}

extension ScanPass {
    /// The value of a command's option; `index` is at the letter after the dash.
    mutating func scanOption(at index: Int) -> Int? {
        let letter = self.byte(index)
        // `--user name:password`.
        if self.byte(index - 2) == UInt8(ascii: "-") {
            guard self.matches("--user", at: index - 2), let option = SecretOption.all.last,
                [0x20, 0x3D].contains(self.byte(index + 4))
            else { return nil }
            // An equals sign is passed here, a space where the value is looked for.
            let end = index + (self.byte(index + 4) == 0x20 ? 4 : 5)
            return self.scanOption(option, from: end, dash: index - 2)
        }
        guard self.byte(index - 2) == 0x20 else { return nil }
        for option in SecretOption.all where option.option == letter {
            if let end = self.scanOption(option, from: index + 1, dash: index - 1) { return end }
        }
        return nil
    }

    private mutating func scanOption(_ option: SecretOption, from end: Int, dash: Int) -> Int? {
        var sign = ValueSign(start: end, isStrict: true)
        let hasSpace = self.byte(end) == 0x20
        if option.value == .attached, hasSpace { return nil }
        if hasSpace { sign.start += 1 }
        guard let value = self.secretValue(at: sign),
            let range = self.password(in: value, of: option),
            range.count >= 6, !self.isPlaceholder(range), self.mixture(of: range).isMixed,
            option.value == .pair || option.value == .percentPair || value.isSecretLike,
            self.hasCommand(option.commands, before: dash)
        else { return nil }
        return self.add(.secret, range, "secret.option", 0.8) ? range.upperBound : nil
    }

    private func password(in value: SecretValue, of option: SecretOption) -> Range<Int>? {
        let sign = option.value == .pair ? UInt8(ascii: ":") : UInt8(ascii: "%")
        guard option.value == .pair || option.value == .percentPair else { return value.range }
        let colon = value.range.first { self.byte($0) == sign }
        return colon.map { $0 + 1..<value.range.upperBound }
    }

    private mutating func hasCommand(_ commands: [[UInt8]], before end: Int) -> Bool {
        var index = end
        while index > 0, end - index < SecretOption.reach, self.byte(index - 1) != 0x0A {
            index -= 1
            guard !self.isWord(index - 1) else { continue }
            let hasOne = commands.contains {
                self.hasBytes($0, at: index) && !self.isWord(index + $0.count)
            }
            if hasOne { return true }
        }
        self.steps += end - index
        return false
    }
}
