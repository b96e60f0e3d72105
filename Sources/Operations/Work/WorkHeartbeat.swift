internal import Dispatch
internal import Storage
internal import Telemetry

/// A small file that is written anew every few seconds while an item is done, for those who watch.
///
/// Nothing depends on it: the lock of the item tells whether someone is at work.
final class WorkHeartbeat {
    private struct Beat: Encodable {
        let form = "work-heartbeat/1"
        let item: String
        let phase: String
        let part: Int
        let host: String
        let process: Int32
        let beatMilliseconds: Int64
        let done: Int
        let total: Int
        let failed: Int
    }

    private let path: String
    private let timer: (any DispatchSourceTimer)?
    private let queue = DispatchQueue(label: "millrace.heartbeat")

    init(_ item: WorkItem, _ files: WorkFiles, worker: WorkResult.Worker, options: RunOptions) {
        let path = files.heartbeat(item.name)
        self.path = path
        guard let seconds = options.secondsBetweenBeats else {
            self.timer = nil
            return
        }
        let timer = DispatchSource.makeTimerSource(queue: self.queue)
        self.timer = timer
        timer.schedule(deadline: .now(), repeating: seconds)
        timer.setEventHandler {
            let reading = options.progress.read()
            let beat = Beat(
                item: item.name,
                phase: item.phase.rawValue,
                part: item.part,
                host: worker.host,
                process: worker.process,
                beatMilliseconds: options.clock.milliseconds(),
                done: reading.done,
                total: reading.total,
                failed: reading.failed
            )
            // One that cannot be written is a beat that is not seen.
            try? files.write(beat, to: path)
        }
        timer.resume()
    }

    func end() {
        guard let timer = self.timer else { return }
        timer.cancel()
        // After a beat that is being written.
        self.queue.sync { try? removeFile(self.path) }
    }
}
