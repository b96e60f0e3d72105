internal import Bytes
package import Formats
internal import Records

/// Extracts subtitles, SubRip or WebVTT: what is said, joined into paragraphs.
///
/// - Output: valid UTF-8 in NFC. A paragraph ends with a pause, another speaker, or a sentence once
///   it is long; it is cited by the time at which it begins. A line that captions repeat while they
///   roll stands once.
/// - Throws: `.empty` (nothing is said), `.corrupt` (binary content, or no time in it).
/// - Complexity: O(n).
package func extractSubtitles(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
    let text = try readableText(bytes)
    let cues = text.bytes.withUnsafeBufferPointer(subtitleCues)
    guard !cues.isEmpty else {
        throw ExtractionError(.corrupt, "the subtitles hold no caption with a time")
    }
    var writer = BlockWriter()
    for (index, paragraph) in SpokenParagraph.joined(cues).enumerated() {
        writer.beginPage(index + 1, label: clockTime(paragraph.start))
        writer.paragraph(paragraph.text)
    }
    var content = try writer.finished("the subtitles say nothing")
    text.addWarnings(to: &content)
    return content
}

/// Captions that belong together.
private struct SpokenParagraph {
    var start: Int
    var text: [UInt8]

    /// Milliseconds without a caption that end a paragraph.
    private static let pause = 3_000
    /// Bytes behind which the next full stop ends it.
    private static let byteCount = 600

    static func joined(_ cues: [SubtitleCue]) -> [SpokenParagraph] {
        var result: [SpokenParagraph] = []
        var end = 0
        var speaker: [UInt8] = []
        var last: [UInt8] = []
        for cue in cues {
            for line in cue.lines where line != last {
                let isNewSpeaker = !cue.speaker.isEmpty && cue.speaker != speaker
                if let open = result.indices.last, !isNewSpeaker, cue.start - end < Self.pause,
                    !result[open].isFull
                {
                    result[open].text += [.space] + line
                } else {
                    let name = isNewSpeaker ? cue.speaker + [.colon, .space] : []
                    result.append(SpokenParagraph(start: cue.start, text: name + line))
                }
                if isNewSpeaker { speaker = cue.speaker }
                last = line
                end = cue.end
            }
            end = max(end, cue.end)
        }
        return result
    }

    private var isFull: Bool {
        guard self.text.count >= Self.byteCount, let last = self.text.last else { return false }
        return ".!?\"".utf8.contains(last) || self.text.count >= 4 * Self.byteCount
    }
}

/// `01:02:03`.
private func clockTime(_ milliseconds: Int) -> String {
    let seconds = milliseconds / 1_000
    return [seconds / 3_600, seconds / 60 % 60, seconds % 60]
        .map { $0 < 10 ? "0\($0)" : "\($0)" }
        .joined(separator: ":")
}

extension SubtitleOptions: Extractor {
    package func content(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedContent {
        try extractSubtitles(bytes)
    }
}
