internal import Console
internal import Dispatch
internal import Glibc
internal import Telemetry

/// Shows a run's progress: one live line on a terminal, plain lines or JSON events otherwise.
// @unchecked: `timer` is set once by start() and cancelled by stop(), both on the main thread.
final class ProgressPrinter: @unchecked Sendable {
    enum Style {
        case terminal
        case lines
        case json
        case none

        static func choose(json: Bool, quiet: Bool) -> Style {
            if quiet { return .none }
            if json { return .json }
            return isatty(2) == 1 ? .terminal : .lines
        }
    }

    private let progress: RunProgress
    private let style: Style
    private let startNanoseconds = monotonicNanoseconds()
    private var timer: (any DispatchSourceTimer)?

    init(progress: RunProgress, style: Style) {
        self.progress = progress
        self.style = style
    }

    func start() {
        let interval: DispatchTimeInterval
        switch self.style {
        case .terminal: interval = .milliseconds(200)
        case .lines, .json: interval = .seconds(5)
        case .none: return
        }
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "millrace.progress"))
        timer.schedule(deadline: .now() + interval, repeating: interval)
        timer.setEventHandler { self.show() }
        timer.resume()
        self.timer = timer
    }

    func stop() {
        self.timer?.cancel()
        self.timer = nil
        if self.style == .terminal { self.write("\r\u{1B}[K") }
    }

    private func show() {
        let reading = self.progress.read()
        let seconds = Double(monotonicNanoseconds() - self.startNanoseconds) / 1e9
        switch self.style {
        case .terminal:
            // A line that wraps would stay where it was drawn.
            let line = progressLine(reading, seconds: seconds).prefix(terminalColumns() - 1)
            self.write("\r\u{1B}[K" + line)
        case .lines: self.write(progressLine(reading, seconds: seconds) + "\n")
        case .json: self.write(progressEvent(reading, seconds: seconds) + "\n")
        case .none: break
        }
    }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    }
}

/// How many columns the terminal of standard error has; 80 where it does not say.
private func terminalColumns() -> Int {
    var size = winsize()
    guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 80 }
    return Int(size.ws_col)
}

/// `prepare 1,204/1,988 · 190/s · 61.2 MB · 2 errors · ETA 0:04`.
func progressLine(_ reading: RunProgress.Reading, seconds: Double) -> String {
    let rate = seconds > 0 ? Double(reading.done) / seconds : 0
    let total = reading.isListingComplete ? grouped(reading.total) : "\(grouped(reading.total))+"
    var parts = [
        "\(reading.phase) \(grouped(reading.done))/\(total)",
        "\(grouped(Int(rate)))/s",
        "\(fixed(Double(reading.bytesRead) / 1e6, decimals: 1)) MB",
        "\(grouped(reading.failed)) errors",
    ]
    if reading.isListingComplete, rate > 0, reading.total > reading.done {
        let rest = Int(Double(reading.total - reading.done) / rate)
        let tail = rest % 60
        parts.append("ETA \(rest / 60):\(tail < 10 ? "0" : "")\(tail)")
    }
    return parts.joined(separator: " · ")
}

/// One JSON object a line, for machines that watch a run.
func progressEvent(_ reading: RunProgress.Reading, seconds: Double) -> String {
    "{\"event\":\"progress\",\"phase\":\(jsonString(reading.phase)),\"done\":\(reading.done),"
        + "\"total\":\(reading.total),\"listed\":\(reading.listed),\"failed\":\(reading.failed),"
        + "\"bytes\":\(reading.bytesRead),\"chunks\":\(reading.chunks),"
        + "\"seconds\":\(fixed(seconds, decimals: 1))}"
}
