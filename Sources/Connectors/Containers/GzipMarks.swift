internal import Storage
internal import Synchronization

/// Places in large gzips that expanding can go on from, so that a record far into one is read without all that
/// stands before it.
///
/// Some 50 kB each. There are so many at most, in all gzips together: where more would be kept every second one goes,
/// and they are twice as far apart from then on.
final class GzipMarks: Sendable {
    struct Mark: Sendable {
        let place: RecordPlace
        /// Of the next compressed byte in the file.
        let position: Int
        /// In the state it has there; who goes on with it has a copy.
        let member: GzipMember
    }

    /// A gzip in a file as that was when the marks were made: they lead into no other.
    private struct Key: Hashable {
        let file: ContainerFile.Identity
        let offset: Int
    }

    private struct Trails {
        var marks: [Key: [Mark]] = [:]
        var count = 0
        var distance = 1 << 20

        mutating func add(_ mark: Mark, _ key: Key) {
            self.marks[key, default: []].append(mark)
            self.count += 1
            guard self.count > GzipMarks.countMaximum else { return }
            self.marks = self.marks.mapValues { marks in
                marks.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
            }
            self.count = self.marks.values.reduce(0) { $0 + $1.count }
            self.distance *= 2
        }
    }

    private static let countMaximum = 512

    private let trails = Mutex(Trails())

    /// The last mark at or before the place; nil where there is none.
    func mark(in file: ContainerFile, before place: RecordPlace) -> Mark? {
        let key = Key(file: file.identity, offset: place.offset)
        let found = self.trails.withLock {
            $0.marks[key]?.last { $0.place.inner <= place.inner }
        }
        guard let found, let copy = try? found.member.copy() else { return nil }
        return Mark(place: found.place, position: found.position, member: copy)
    }

    /// Keeps the state where none is near.
    func add(
        _ member: GzipMember,
        at place: RecordPlace,
        _ position: Int,
        of file: ContainerFile
    ) throws(GunzipFault) {
        guard place.inner >= 1 << 20, !member.isAtEnd else { return }
        let key = Key(file: file.identity, offset: place.offset)
        let isWanted = self.trails.withLock { trails in
            let last = trails.marks[key]?.last?.place.inner ?? 0
            return place.inner - last >= trails.distance
        }
        guard isWanted else { return }
        let mark = Mark(place: place, position: position, member: try member.copy())
        self.trails.withLock { $0.add(mark, key) }
    }
}
