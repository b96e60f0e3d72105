import Foundation
import Testing

@testable import Objects

@Suite struct InternetTimeTests {
    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ])
    func theThreeFormsOfHTTP(text: String) {
        #expect(InternetTime.seconds(ofHTTPDate: text) == 784_111_777)
    }

    @Test(arguments: [
        "", "0", "Sun, 06 Now 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "soon",
    ])
    func whatIsNoDate(text: String) {
        #expect(InternetTime.seconds(ofHTTPDate: text) == nil)
    }

    @Test func isoDates() {
        let nanoseconds = InternetTime.nanoseconds(ofISODate:)
        #expect(nanoseconds("1970-01-01") == 0)
        #expect(nanoseconds("2009-10-12T17:50:30.000Z") == 1_255_369_830_000_000_000)
        #expect(nanoseconds("2009-10-12T17:50:30.25Z") == 1_255_369_830_250_000_000)
        #expect(nanoseconds("2009-10-12T19:50:30+02:00") == 1_255_369_830_000_000_000)
        #expect(nanoseconds("2009-10-12T12:50:30-0500") == 1_255_369_830_000_000_000)
        for text in [
            "", "2009", "2009-13-01", "2009-10-12T", "2009-10-12T17", "9999-01-01", "2009-10-12TZ",
        ] {
            #expect(nanoseconds(text) == nil, "\(text)")
        }
    }

    /// Against the calendar of Foundation, over four centuries and the turns of months.
    @Test func formsAndReadsTheSameMoment() {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "yyyyMMdd'T'HHmmss'Z'"
        for step in 0..<600 {
            let seconds = Int64(step) * 11_111_111 - 2_000_000_000
            let text = InternetTime.basicForm(milliseconds: seconds * 1000)
            #expect(
                text == formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds)))
            )
            let iso =
                "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.dropFirst(6).prefix(2))T"
                + "\(text.dropFirst(9).prefix(2)):\(text.dropFirst(11).prefix(2)):"
                + "\(text.dropFirst(13).prefix(2))Z"
            #expect(InternetTime.nanoseconds(ofISODate: iso) == seconds * 1_000_000_000)
        }
    }
}
