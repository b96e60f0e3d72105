internal import Glibc
package import Logging

/// How log lines look.
package enum LogFormat: String, Sendable, CaseIterable {
    case text
    case json
}

/// Sends every logger of the process to standard error in `format`.
///
/// Call once, before any logger.
package func bootstrapLogging(format: LogFormat, level: Logger.Level) {
    LoggingSystem.bootstrap { label in
        StandardErrorLogHandler(label: label, format: format, logLevel: level)
    }
}

/// One line a record on standard error, as text or as a JSON object.
package struct StandardErrorLogHandler: LogHandler {
    package let label: String
    package let format: LogFormat
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]

    package init(label: String, format: LogFormat, logLevel: Logger.Level) {
        self.label = label
        self.format = format
        self.logLevel = logLevel
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let fields = self.metadata.merging(event.metadata ?? [:]) { _, new in new }
            .map { (key: $0.key, value: "\($0.value)") }
            .sorted { $0.key < $1.key }
        let line = self.line(level: event.level, message: "\(event.message)", fields: fields)
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    }

    /// The line without its line end.
    package func line(
        level: Logger.Level,
        message: String,
        fields: [(key: String, value: String)]
    ) -> String {
        switch self.format {
        case .text:
            let tail = fields.map { " \($0.key)=\($0.value)" }.joined()
            return "\(level.rawValue): \(message)\(tail)"
        case .json:
            let time = WallClock.system.milliseconds()
            let pairs =
                [
                    "\"time_ms\":\(time)", "\"level\":\(jsonString(level.rawValue))",
                    "\"logger\":\(jsonString(self.label))", "\"message\":\(jsonString(message))",
                ] + fields.map { "\(jsonString($0.key)):\(jsonString($0.value))" }
            return "{\(pairs.joined(separator: ","))}"
        }
    }
}

/// A JSON string literal (RFC 8259, section 7).
package func jsonString(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case let control where control.value < 0x20:
            let hex = String(control.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
