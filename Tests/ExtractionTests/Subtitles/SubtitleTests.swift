import Records
import Testing

@testable import Extraction

@Suite("Subtitles")
struct SubtitleTests {
    @Test func captionsAreJoinedAndCitedByTime() throws {
        let text = """
            1
            00:00:01,000 --> 00:00:03,000
            <i>The wheel</i>
            {\\an8}turns.

            2
            00:00:03,200 --> 00:00:05,000
            It grinds.

            3
            01:01:01,000 --> 01:01:04,000
            Later.
            """
        let content = try extractSubtitles(Array(text.utf8))
        #expect(content.plainText == "The wheel turns. It grinds.\n\nLater.")
        #expect(content.blocks.map { $0.place?.label } == ["00:00:01", "01:01:01"])
    }

    @Test func webVTTNamesSpeakersAndRolls() throws {
        let text = """
            WEBVTT - lecture

            NOTE not said

            STYLE
            ::cue { color: red }

            intro
            00:01.000 --> 00:02.000 align:start
            <v Ada>We grind</v>

            00:02.000 --> 00:03.000
            We grind
            corn &amp; rye

            00:03.500 --> 00:04.000
            <v Ben>Why?
            """
        let content = try extractSubtitles(Array(text.utf8))
        #expect(content.plainText == "Ada: We grind corn & rye\n\nBen: Why?")
    }

    @Test func whatHasNoTimesIsRefused() {
        #expect(refusal { _ = try extractSubtitles(Array("words only".utf8)) } == .corrupt)
        #expect(
            refusal { _ = try extractSubtitles(Array("1\n00:00:01,0 --> 00:00:02,0\n\n".utf8)) }
                == .empty
        )
        let hostile = String(repeating: "<", count: 100_000)
        _ = try? extractSubtitles(Array("00:00:01,0 --> 99999:99:99,0\n\(hostile)".utf8))
    }
}
