#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The probability that CLD2's first language is right.
///
/// Logistic regression on how many letters there were, how much of the text CLD2 could name, its
/// score per kilobyte, how much of the text is letters, whether CLD2 calls it reliable, and, because
/// English is CLD2's answer to names and code, whether the answer is English.
///
/// - Source: fitted on words, phrases, sentences and paragraphs of 104 languages, English
///   documentation, and code and noise as wrong answers; expected calibration error .024.
func calibratedConfidence(_ found: Classification, best: Classification.Language) -> Float {
    let letters = min(log(Double(max(found.letterBytes, 1))), 6)
    let named = Double(found.languages.reduce(0) { $0 + $1.percent }) / 100
    let score = min(max(log(max(best.score, 1) / 1000), -3), 1)
    let letterShare = min(Double(found.letterBytes) / Double(max(found.byteCount, 1)), 1)
    var sum = -22.536 + 0.6 * letters + 16.99 * named + 2.233 * score + 4.575 * letterShare
    if found.isReliable { sum += 2.262 }
    if best.language == "en" { sum += 11.011 * letterShare - 0.325 * letters - 10.22 }
    return Float(1 / (1 + exp(-sum)))
}
