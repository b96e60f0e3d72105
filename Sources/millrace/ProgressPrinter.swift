internal import Console
internal import Dispatch
internal import Glibc
internal import Telemetry

/// Shows a run's progress: one live line on a terminal, plain lines or JSON events otherwise.
// @unchecked: `timer` is set once by start() and cancelled by stop(), both on the main thread; the phase
// belongs to the timer's queue.
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
    private var phase = ""
    private var phaseStartNanoseconds = monotonicNanoseconds()

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
        let now = monotonicNanoseconds()
        if reading.phase != self.phase {
            self.phase = reading.phase
            self.phaseStartNanoseconds = now
        }
        let pace = Pace(
            seconds: Double(now - self.startNanoseconds) / 1e9,
            phaseSeconds: Double(now - self.phaseStartNanoseconds) / 1e9
        )
        switch self.style {
        case .terminal:
            // A line that wraps would stay where it was drawn.
            let line = progressLine(reading, pace).prefix(terminalColumns() - 1)
            self.write("\r\u{1B}[K" + line)
        case .lines: self.write(progressLine(reading, pace) + "\n")
        case .json: self.write(progressEvent(reading, pace) + "\n")
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

/// How long a run and its present phase have taken.
struct Pace {
    var seconds: Double
    var phaseSeconds: Double

    /// Documents a second in this phase.
    func rate(_ reading: RunProgress.Reading) -> Double {
        self.phaseSeconds > 0 ? Double(reading.done) / self.phaseSeconds : 0
    }

    /// What the phase still takes; nil where its end is not known.
    func secondsLeft(_ reading: RunProgress.Reading) -> Int? {
        let rate = self.rate(reading)
        guard reading.isListingComplete, rate > 0, reading.total > reading.done else { return nil }
        return Int(Double(reading.total - reading.done) / rate)
    }
}

/// `prepare 1,204/1,988 · 190/s · 61.2 MB · 2 errors · ETA 0:04`.
func progressLine(_ reading: RunProgress.Reading, _ pace: Pace) -> String {
    let total = reading.isListingComplete ? grouped(reading.total) : "\(grouped(reading.total))+"
    var parts = [
        "\(reading.phase) \(grouped(reading.done))/\(total)",
        "\(grouped(Int(pace.rate(reading))))/s",
        "\(fixed(Double(reading.bytesRead) / 1e6, decimals: 1)) MB",
        "\(grouped(reading.failed)) errors",
    ]
    if let rest = pace.secondsLeft(reading) {
        let tail = rest % 60
        parts.append("ETA \(rest / 60):\(tail < 10 ? "0" : "")\(tail)")
    }
    return parts.joined(separator: " · ")
}

/// One JSON object a line, for machines that watch a run.
///
/// `secondsLeft` is of the phase, and null where its end is not known.
func progressEvent(_ reading: RunProgress.Reading, _ pace: Pace) -> String {
    let secondsLeft = pace.secondsLeft(reading).map { "\($0)" } ?? "null"
    return
        "{\"event\":\"progress\",\"phase\":\(jsonString(reading.phase)),\"done\":\(reading.done),"
        + "\"total\":\(reading.total),\"listed\":\(reading.listed),\"failed\":\(reading.failed),"
        + "\"bytes\":\(reading.bytesRead),\"chunks\":\(reading.chunks),"
        + "\"seconds\":\(fixed(pace.seconds, decimals: 1)),\"secondsLeft\":\(secondsLeft)}"
}
