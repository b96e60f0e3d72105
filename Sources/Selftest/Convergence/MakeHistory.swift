/// How large histories are.
struct HistorySize: Sendable {
    var documents = 10...24
    /// Syncs that are checked.
    var steps = 8
    /// The most workers of a run.
    var workers = 4
    var canUseProcesses = false
}

/// The history of a seed: some documents, then changes and syncs.
func makeHistory(seed: UInt64, size: HistorySize, shape: PipelineShape) -> [HistoryEvent] {
    var maker = HistoryMaker(seed: seed, size: size, shape: shape)
    return maker.make()
}

private struct HistoryMaker {
    private var random: SeededRandom
    private let size: HistorySize
    private let shape: PipelineShape
    private var state: CollectionState
    private var events: [HistoryEvent] = []
    private var nextFile = 1
    private var planted: PlantedData

    init(seed: UInt64, size: HistorySize, shape: PipelineShape) {
        self.random = SeededRandom(seed: seed)
        self.size = size
        self.shape = shape
        self.state = CollectionState(shape: shape)
        self.planted = PlantedData(seed: seed)
    }

    mutating func make() -> [HistoryEvent] {
        for _ in 0..<self.random.number(in: self.size.documents) { self.add() }
        self.sync()
        for _ in 1..<max(2, self.size.steps) {
            for _ in 0..<self.random.number(in: 1...5) { self.change() }
            if self.random.chance(20) { self.interrupt() }
            self.sync()
            if self.random.chance(15) { self.append(self.compaction()) }
        }
        self.append(self.compaction())
        return self.events
    }

    private mutating func append(_ event: HistoryEvent) {
        guard self.state.allows(event) else { return }
        self.state.apply(event)
        self.events.append(event)
    }

    private mutating func sync() {
        self.append(
            .sync(
                workers: self.random.number(in: 1...self.size.workers),
                isParanoid: self.random.chance(10)
            )
        )
    }

    private mutating func compaction() -> HistoryEvent {
        .compact(workers: self.random.number(in: 1...self.size.workers))
    }

    /// A run that does not come to its end, and perhaps more changes after it.
    private mutating func interrupt() {
        let workers = self.random.number(in: 1...self.size.workers)
        if self.size.canUseProcesses, self.random.chance(40) {
            self.append(.kill(milliseconds: self.random.number(in: 5...150), workers: workers))
        } else if self.random.chance(30) {
            self.append(.limit(documents: self.random.number(in: 1...6), workers: workers))
        } else {
            self.append(.stop(reading: self.random.number(in: 2...14), workers: workers))
        }
        if self.random.chance(50) { self.change() }
    }

    private mutating func change() {
        let numbers = self.state.numbers
        guard numbers.count > 3 else { return self.add() }
        let file = self.random.pick(numbers)
        switch self.random.below(100) {
        case ..<12: self.add()
        case ..<34:
            self.append(
                .edit(
                    file,
                    words: self.random.number(in: 1...5),
                    seed: self.random.next(),
                    inPlace: self.random.chance(50) && self.state.files[file]?.isLinked == false
                )
            )
        case ..<38: self.append(.editInvisibly(file))
        case ..<48: self.append(.rename(file, to: self.newPath(for: file)))
        case ..<51: self.append(.exchange(file, self.random.pick(numbers)))
        case ..<61: self.copy(file)
        case ..<66: self.append(.touch(file))
        case ..<74: self.append(.delete(file))
        case ..<79: self.deleteCanonical()
        case ..<85: self.damage(file)
        case ..<90: self.mend()
        default: self.configure()
        }
    }

    private mutating func add() {
        let language = self.random.pick(CorpusLanguage.allCases)
        let formats = SyntheticDocument.Format.allCases.filter { $0 != .pdf || language.isLatin }
        let format = self.random.pick(formats)
        var document = SyntheticDocument(
            language: language,
            number: self.nextFile,
            sections: self.random.number(in: 1...4),
            random: &self.random
        )
        if self.random.chance(30) {
            document.sections[0].sentences.append(self.planted.plant().sentence)
        }
        if self.random.chance(80) { document.host = self.random.below(2) }
        if self.random.chance(50) { document.modifiedDay = 1 + self.random.below(20) }
        var content = FileContent.document(document, format)
        if self.random.chance(5) {
            content = .broken(self.brokenKind(for: format), seed: self.random.next())
        }
        self.append(.add(self.takeNumber(), path: self.newPath(format.rawValue), content))
    }

    private mutating func copy(_ file: Int) {
        let copy = self.takeNumber()
        self.append(
            .copy(file, as: copy, path: self.newPath(for: file), isLink: self.random.chance(20))
        )
        // Half of the copies differ a little, so that some are near-duplicates.
        if self.random.chance(50) {
            self.append(.edit(copy, words: 2, seed: self.random.next(), inPlace: false))
        }
    }

    /// Deletes the file that stands for a group of equal ones.
    private mutating func deleteCanonical() {
        var groups: [FileContent: [CollectionFile]] = [:]
        for file in self.state.files.values { groups[file.content, default: []].append(file) }
        let canonical = groups.values.filter { $0.count > 1 }
            .compactMap { $0.map(\.path).min() }.min()
        guard let canonical,
            let file = self.state.numbers.first(where: {
                self.state.files[$0]?.path == canonical
            })
        else { return }
        self.append(.delete(file))
    }

    private mutating func damage(_ file: Int) {
        guard case .document(_, let format)? = self.state.files[file]?.content else { return }
        self.append(.damage(file, self.brokenKind(for: format), seed: self.random.next()))
    }

    private mutating func mend() {
        let broken = self.state.numbers.filter { self.state.files[$0]?.intact != nil }
        if !broken.isEmpty { self.append(.mend(self.random.pick(broken))) }
    }

    /// A kind that is broken under the name of any format.
    private mutating func brokenKind(for format: SyntheticDocument.Format) -> BrokenFile {
        format == .pdf && self.random.chance(50) ? .truncatedPDF : .empty
    }

    private mutating func configure() {
        let settings: [PipelineSetting] = [
            .maximumTokens(32), .maximumTokens(64), .overlapTokens(8), .overlapTokens(0),
            .threshold(0.6), .threshold(0.8), .threshold(nil), .near("facts"), .near("remove"),
            .near("group"), .near("off"), .prefer(["uri"]), .prefer(["modified", "completeness"]),
            .prefer(nil), .redactKinds(["EMAIL", "PHONE"]),
            .redactKinds(nil), .minimumScore(0.9), .minimumScore(0.5),
            .allowedLanguages(["en", "de", "ru"]), .allowedLanguages([]), .content("all"),
            .content("main"), .boilerplate("keep"), .boilerplate("host"), .vectors("f32"),
            .vectors("q10"), .hasVectors(false),
            .hasVectors(true),
        ]
        self.append(.configure(self.random.pick(settings)))
    }

    private mutating func takeNumber() -> Int {
        self.nextFile += 1
        return self.nextFile - 1
    }

    /// A free path with the ending of the file, or now and then one of another format.
    private mutating func newPath(for file: Int) -> String {
        let path = self.state.files[file]?.path ?? ""
        var ending = path.split(separator: ".").last.map(String.init) ?? "txt"
        if self.random.chance(10) { ending = self.random.pick(["md", "txt", "html"]) }
        return self.newPath(ending)
    }

    private mutating func newPath(_ ending: String) -> String {
        let used = self.state.paths
        while true {
            let folder = self.random.pick(["", "a/", "m/", "z/deep/", "old/", "v1.9/", "v1.10/"])
            // Few names, so that a name is used again by another document.
            let path = "\(folder)d\(self.random.below(60)).\(ending)"
            if !used.contains(path) { return path }
        }
    }
}
