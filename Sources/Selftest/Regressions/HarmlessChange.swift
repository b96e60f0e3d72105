/// What a night brings that is nobody's fault; a gate has to let it pass.
enum HarmlessChange: String, CaseIterable, Sendable {
    case edits, additions, deletions, moves, retitled
    case folderMoved, touched, restyled, newDates, valuesAdded, newDuplicates, oneBroken
    case grown, otherOrder, comment, chunksALittleLonger, nothing

    /// How many of it, each by a seed of its own, are tried of fifty.
    var count: Int {
        switch self {
        case .edits: 12
        case .additions: 8
        case .deletions, .moves: 6
        case .retitled: 3
        case .newDuplicates, .grown, .valuesAdded: 2
        default: 1
        }
    }

    func make(in bench: inout NightBench, number: Int, seed: UInt64) throws {
        var random = SeededRandom(seed: seed &+ UInt64(number) &* 7_919)
        let next = 1_000 + 100 * number
        func some(_ percent: Int) -> [String] {
            var names = bench.names.shuffled(using: &random)
            names.removeLast(names.count - max(1, names.count * percent / 100))
            return names
        }
        func add(_ count: Int) throws {
            for offset in 0..<count {
                try bench.write(
                    NightBench.name(next + offset),
                    NightBench.document(next + offset, seed: seed)
                )
            }
        }
        switch self {
        case .edits:
            for name in some(5 + 2 * number) {
                bench.documents[name]?.edit(words: 4 + number, random: &random)
                if let document = bench.documents[name] { try bench.write(name, document) }
            }
        case .additions: try add(2 + 3 * number)
        case .deletions: for name in some(1 + number) { try bench.remove(name) }
        case .moves:
            for name in some(5 + 8 * number) {
                let parts = name.split(separator: "/", maxSplits: 2)
                try bench.move(name, to: "\(parts[0])/\(parts[1])/moved/\(parts[2])")
            }
        case .retitled:
            for name in some(10) {
                bench.documents[name]?.title += " revised"
                if let document = bench.documents[name] { try bench.write(name, document) }
            }
        case .valuesAdded:
            var planted = PlantedData(seed: seed &+ UInt64(number))
            for name in some(4) {
                bench.documents[name]?.sections[0].sentences.append(planted.plant(.email).sentence)
                if let document = bench.documents[name] { try bench.write(name, document) }
            }
        case .newDuplicates:
            for (place, name) in some(2).enumerated() {
                guard let document = bench.documents[name] else { continue }
                try bench.write("main/copies/n\(number)-\(place).html", document)
            }
        case .grown: try add(bench.names.count * (2 + number) / 6)
        default: try self.makeOnce(&bench)
        }
    }

    private func makeOnce(_ bench: inout NightBench) throws {
        switch self {
        case .folderMoved:
            for name in bench.names where name.hasPrefix("main/all/") {
                try bench.move(name, to: "main/every/" + name.dropFirst("main/all/".count))
            }
        case .touched: for name in bench.names { try bench.source.touch(name) }
        case .restyled: try bench.rewrite { $0.invisibleRevision += 1 }
        case .newDates: try bench.rewrite { $0.modifiedDay = $0.modifiedDay.map { $0 + 2 } }
        case .oneBroken: try bench.source.write("main/all/broken.pdf", Array("%PDF-1.4 no".utf8))
        case .otherOrder: bench.pipeline.sources.reverse()
        case .comment: bench.pipeline.comment = "looked at again"
        case .chunksALittleLonger: bench.pipeline.chunkKeys = "maximum_tokens: 72"
        default: break
        }
    }
}
