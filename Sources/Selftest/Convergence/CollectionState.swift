/// What a history has made so far: the files, the pipeline, and what an index of them has to serve.
struct CollectionState: Sendable {
    private(set) var files: [Int: CollectionFile] = [:]
    private(set) var shape: PipelineShape
    let model: String
    /// What the last sync that came to its end made searchable, by path.
    private var served: [String: FileContent] = [:]
    /// Paths that a run which did not come to its end may have taken up or not.
    private var uncertain: Set<String> = []
    private var servedShape: PipelineShape
    /// Whether nothing happened since a sync came to its end.
    private(set) var isSettled = false

    init(shape: PipelineShape) {
        self.shape = shape
        self.servedShape = shape
        self.model = shape.model ?? "hash"
    }

    var paths: Set<String> { Set(self.files.values.map(\.path)) }

    /// The files by number, so that nothing depends on the order of a dictionary.
    var numbers: [Int] { self.files.keys.sorted() }

    /// Whether `event` would do anything now.
    func allows(_ event: HistoryEvent) -> Bool {
        switch event {
        case .add(let file, let path, _):
            return self.files[file] == nil && !self.paths.contains(path)
        case .edit(let file, _, _, _), .editInvisibly(let file):
            return self.files[file].map { !$0.content.isBroken } ?? false
        case .rename(let file, let path):
            return self.files[file] != nil && !self.paths.contains(path)
        case .exchange(let file, let other):
            guard let one = self.files[file], let two = self.files[other] else { return false }
            // Text under the name of a PDF is another thing to fail, not the same document.
            return file != other && one.path.hasSuffix(".pdf") == two.path.hasSuffix(".pdf")
        case .copy(let file, let copy, let path, _):
            return self.files[file] != nil && self.files[copy] == nil
                && !self.paths.contains(path)
        case .touch(let file): return self.files[file] != nil
        // An empty folder is not a change of documents, but a source that may have gone.
        case .delete(let file): return self.files[file] != nil && self.files.count > 1
        case .damage(let file, _, _): return self.files[file].map { !$0.content.isBroken } ?? false
        case .mend(let file): return self.files[file]?.intact != nil
        case .configure(let setting):
            var other = self.shape
            PipelineSetting.apply(setting, to: &other, model: self.model)
            return other != self.shape
        case .sync, .stop, .limit, .kill: return !self.files.isEmpty
        case .compact: return self.isSettled
        }
    }

    /// - Precondition: `allows(event)`.
    mutating func apply(_ event: HistoryEvent) {
        self.isSettled = event.isWhole
        switch event {
        case .add(let file, let path, let content):
            self.files[file] = CollectionFile(path: path, content: content)
        case .edit(let file, let words, let seed, _):
            self.change(file) { document in
                var random = SeededRandom(seed: seed)
                // One edit in four changes no fact, one only leaves out the end of a section.
                switch random.below(4) {
                case 0: document.reword(words: words, random: &random)
                case 1: document.cut(words: words, random: &random)
                default: document.edit(words: words, random: &random)
                }
            }
        case .editInvisibly(let file): self.change(file) { $0.invisibleRevision += 1 }
        case .rename(let file, let path): self.files[file]?.path = path
        case .exchange(let file, let other):
            guard let path = self.files[file]?.path, let second = self.files[other]?.path
            else { return }
            self.files[file]?.path = second
            self.files[other]?.path = path
        case .copy(let file, let copy, let path, let isLink):
            if isLink { self.files[file]?.isLinked = true }
            guard var twin = self.files[file] else { return }
            twin.path = path
            self.files[copy] = twin
        case .delete(let file): self.files[file] = nil
        case .damage(let file, let kind, let seed):
            let intact = self.files[file]?.content
            self.files[file]?.intact = intact
            self.files[file]?.content = .broken(kind, seed: seed)
            self.files[file]?.isLinked = false
        case .mend(let file):
            guard let intact = self.files[file]?.intact else { return }
            self.files[file]?.content = intact
            self.files[file]?.intact = nil
            self.files[file]?.isLinked = false
        case .configure(let setting):
            PipelineSetting.apply(setting, to: &self.shape, model: self.model)
        case .sync: self.settle()
        case .stop, .limit, .kill: self.unsettle()
        case .touch, .compact: break
        }
    }

    private mutating func change(_ file: Int, _ body: (inout SyntheticDocument) -> Void) {
        guard case .document(var document, let format) = self.files[file]?.content else { return }
        body(&document)
        self.files[file]?.content = .document(document, format)
        self.files[file]?.isLinked = false
    }
}

extension CollectionState {
    /// Files of which nobody can say what an index has to serve, because they are broken and their
    /// last good version was taken up by a run that did not end, or under another pipeline.
    var undecidable: [Int] {
        let isPreparedAnew = !self.shape.preparesLike(self.servedShape)
        return self.numbers.filter { number in
            guard let file = self.files[number], file.content.isBroken else { return false }
            return self.uncertain.contains(file.path)
                || isPreparedAnew && self.served[file.path] != nil
        }
    }

    /// Whether a broken file stands for an older version of itself.
    var hasStaleFiles: Bool {
        self.files.values.contains { $0.content.isBroken && self.served[$0.path] != nil }
    }

    /// What a fresh backfill has to be given to serve the same: the last good versions.
    var expectedFiles: [(path: String, content: FileContent)] {
        self.files.values.sorted { $0.path < $1.path }.map { file in
            let old = file.content.isBroken ? self.served[file.path] : nil
            return (file.path, old ?? file.content)
        }
    }

    private mutating func settle() {
        let expected = self.expectedFiles
        self.served = [:]
        for file in expected where !file.content.isBroken { self.served[file.path] = file.content }
        self.uncertain = []
        self.servedShape = self.shape
    }

    private mutating func unsettle() {
        for file in self.files.values where self.served[file.path] != file.content {
            self.uncertain.insert(file.path)
        }
        self.uncertain.formUnion(self.served.keys.filter { !self.paths.contains($0) })
        if !self.shape.preparesLike(self.servedShape) { self.uncertain.formUnion(self.paths) }
    }
}

extension PipelineShape {
    /// Whether the stages that need a document's bytes are the same.
    fileprivate func preparesLike(_ other: PipelineShape) -> Bool {
        self.redacts == other.redacts && self.redactKinds == other.redactKinds
            && self.minimumScore == other.minimumScore
            && self.allowedLanguages == other.allowedLanguages && self.content == other.content
            && (self.threshold == nil) == (other.threshold == nil)
    }
}
