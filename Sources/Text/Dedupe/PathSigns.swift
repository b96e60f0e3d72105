/// What a path says of the document's age and standing.
struct PathSigns: Hashable, Sendable {
    /// It says old, backup, copy, draft, archive or trash.
    let isRetired: Bool
    /// The version numbers of its folders; a folder of `latest` or the like is newer than any.
    let folderVersion: [UInt64]
    /// The version numbers of the file's name; none is older than any.
    let fileVersion: [UInt64]

    init(_ uri: String) {
        let components = Array(uri.utf8).split(separator: UInt8(ascii: "/"))
        self.isRetired = components.contains { namesRetired($0) }
        let file = components.last.map { withoutEnding($0) } ?? []
        self.fileVersion = versionNumbers(file)
        var folderVersion: [UInt64] = []
        for folder in components.dropLast() {
            if newestFolders.contains(folder.map { $0 | 0x20 }) { folderVersion.append(.max) }
            folderVersion += versionNumbers(folder)
        }
        // A folder without a version beside others is the present one.
        self.folderVersion = folderVersion.isEmpty ? [.max] : folderVersion
    }
}

private let newestFolders = asciiWords("latest stable current main master head trunk")

/// In English, German, French, Spanish, Italian, Portuguese, Dutch, Polish and Russian.
private let retiredWords = asciiWords(
    """
    old older backup backups bak bkp copy copies draft drafts archive archives archived trash recycle
    deleted obsolete orig superseded kopie kopien sicherung entwurf entwurfe archiv papierkorb veraltet
    ancien ancienne copie copies brouillon brouillons corbeille sauvegarde copia copias borrador
    borradores papelera respaldo antiguo antigua bozza bozze cestino vecchio archivio rascunho
    rascunhos lixeira antigo antiga oud oude archief prullenbak kopia archiwum kosz копия архив старый
    старая старое черновик корзина резервная
    """
)

private func asciiWords(_ text: String) -> Set<[UInt8]> {
    Set(text.split(whereSeparator: \.isWhitespace).map { Array($0.utf8) })
}

/// `notes.old.md`, `Kopie von Bericht.docx`, `page (1).html`, `letter~`.
private func namesRetired(_ component: ArraySlice<UInt8>) -> Bool {
    if component.last == UInt8(ascii: "~") { return true }
    var word: [UInt8] = []
    var wasLower = false
    func isRetired() -> Bool { retiredWords.contains(word) }
    for byte in component {
        let isCapital = byte &- 0x41 < 26
        let isLetter = isCapital || byte &- 0x61 < 26 || byte >= 0x80
        if !isLetter || isCapital && wasLower {
            if isRetired() { return true }
            word = []
        }
        if isLetter { word.append(isCapital ? byte | 0x20 : byte) }
        wasLower = isLetter && !isCapital
    }
    return isRetired() || isNumberedCopy(component)
}

/// `page (1).html`: what a browser calls the second download.
private func isNumberedCopy(_ component: ArraySlice<UInt8>) -> Bool {
    let stem = withoutEnding(component)
    guard stem.last == UInt8(ascii: ")"),
        let open = stem.lastIndex(of: UInt8(ascii: "(")), open > stem.startIndex,
        stem[open - 1] == UInt8(ascii: " ")
    else { return false }
    let digits = stem[(open + 1)...].dropLast()
    return (1...2).contains(digits.count) && digits.allSatisfy { $0 &- 0x30 < 10 }
}

/// The name without an ending of one to five letters or digits that begins with a letter.
private func withoutEnding(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex,
        (1...5).contains(name.endIndex - dot - 1), (name[dot + 1] | 0x20) &- 0x61 < 26
    else { return name }
    return name[..<dot]
}

/// The numbers of `v1.10`, `release-2.3`, `2024-05` or `rev7`; not those of `a8f3` or `page (1)`.
private func versionNumbers(_ name: ArraySlice<UInt8>) -> [UInt64] {
    guard !isNumberedCopy(name) else { return [] }
    let pieces = name.split { byte in
        let isDigit = byte &- 0x30 < 10
        return !(isDigit || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: ".") || byte >= 0x80)
    }
    return pieces.flatMap { piece -> [UInt64] in
        let prefix = piece.prefix { (($0 | 0x20) &- 0x61) < 26 }
        guard prefix.isEmpty || versionPrefixes.contains(prefix.map { $0 | 0x20 }) else {
            return []
        }
        let numbers = piece.dropFirst(prefix.count)
            .split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard numbers.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0 &- 0x30 < 10 } }) else {
            return []
        }
        return numbers.map { digits in
            digits.reduce(UInt64(0)) { value, digit in
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                return overflow ? .max : product.addingSaturating(UInt64(digit &- 0x30))
            }
        }
    }
}

private let versionPrefixes = asciiWords("v ver version r rev revision release rel")

extension UInt64 {
    fileprivate func addingSaturating(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = self.addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
