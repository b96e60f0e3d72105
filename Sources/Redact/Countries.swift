/// ISO 3166-1 alpha-2, and XK and EU, which bank codes and documents have too.
private let alphaTwo = """
    ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCM\
    CNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETEUFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGU\
    GWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMD\
    MEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPY\
    QARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUS\
    UYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW
    """

private let isAlphaTwo: [Bool] = {
    var table = [Bool](repeating: false, count: 26 * 26)
    let letters = Array(alphaTwo.utf8)
    for index in stride(from: 0, to: letters.count - 1, by: 2) {
        table[Int(letters[index] - 0x41) * 26 + Int(letters[index + 1] - 0x41)] = true
    }
    return table
}()

/// Whether the two upper-case letters are a country's code.
func isCountry(_ first: UInt8, _ second: UInt8) -> Bool {
    guard first &- 0x41 < 26, second &- 0x41 < 26 else { return false }
    return isAlphaTwo[Int(first - 0x41) * 26 + Int(second - 0x41)]
}
