internal import Synchronization

/// So many events a second of each name, over a burst of twice as many: a token bucket a name.
final class RateLimiter: Sendable {
    private struct Bucket {
        var level: Double
        var filled: ContinuousClock.Instant
    }

    /// Choice: more names than this at once are an attack; the fullest buckets say least and go.
    private static let nameCountMax = 10_000

    private let rate: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    init(perSecond rate: Double) { self.rate = rate }

    private var burst: Double { max(1, 2 * self.rate) }

    /// Takes one of `name`'s; false where none is left.
    func take(_ name: String, now: ContinuousClock.Instant = .now) -> Bool {
        self.buckets.withLock { buckets in
            var bucket = self.filled(buckets[name], now)
            let isLeft = bucket.level >= 1
            if isLeft { bucket.level -= 1 }
            if buckets[name] == nil { self.makeRoom(&buckets, now) }
            buckets[name] = bucket
            return isLeft
        }
    }

    /// Whether `name` has one left, without taking it.
    func hasLeft(_ name: String, now: ContinuousClock.Instant = .now) -> Bool {
        self.buckets.withLock { self.filled($0[name], now).level >= 1 }
    }

    private func filled(_ bucket: Bucket?, _ now: ContinuousClock.Instant) -> Bucket {
        guard let bucket else { return Bucket(level: self.burst, filled: now) }
        let seconds = max(0, (now - bucket.filled) / .seconds(1))
        return Bucket(level: min(self.burst, bucket.level + seconds * self.rate), filled: now)
    }

    private func makeRoom(_ buckets: inout [String: Bucket], _ now: ContinuousClock.Instant) {
        guard buckets.count >= Self.nameCountMax else { return }
        buckets = buckets.filter { self.filled($0.value, now).level < self.burst }
        if buckets.count >= Self.nameCountMax { buckets.removeAll() }
    }
}
