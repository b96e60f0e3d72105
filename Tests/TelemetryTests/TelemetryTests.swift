import Logging
import Telemetry
import Testing

@Suite struct TelemetryTests {
    @Test func countersAddUpInAnyOrder() {
        var row = StageCounters.Row()
        row.documents = 2
        row.nanoseconds = 5
        var left = StageCounters()
        left.add(row, to: "extract")
        left.add(row, to: "chunk")
        var total = StageCounters()
        total.add(left)
        total.add(left)
        #expect(total["extract"].documents == 4)
        #expect(total["chunk"].nanoseconds == 10)
        #expect(total["unknown"].documents == 0)
        #expect(total.stages == ["extract", "chunk"])
    }

    @Test(arguments: [
        ("plain", "\"plain\""),
        ("a\"b\\c", "\"a\\\"b\\\\c\""),
        ("line\nend\t\u{1}", "\"line\\nend\\t\\u0001\""),
        ("日本", "\"日本\""),
    ])
    func jsonStringsAreEscaped(text: String, expected: String) {
        #expect(jsonString(text) == expected)
    }

    @Test func jsonLogLinesAreOneObjectEach() {
        let handler = StandardErrorLogHandler(label: "run", format: .json, logLevel: .info)
        let line = handler.line(
            level: .error,
            message: "two\nlines",
            fields: [(key: "code", value: "x")]
        )
        #expect(line.hasPrefix("{\"time_ms\":"))
        #expect(line.hasSuffix("\"message\":\"two\\nlines\",\"code\":\"x\"}"))
        #expect(!line.contains("\n"))
    }

    @Test func memoryOfThisProcessIsSeen() {
        #expect(ProcessUsage.now().residentBytesMaximum > 1 << 20)
        #expect(residentBytes(ofProcesses: [-5]) == 0)
    }
}
