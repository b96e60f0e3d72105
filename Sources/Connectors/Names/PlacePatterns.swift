/// Which places of a source are its documents: the globs that a folder has, for places that are no files.
///
/// A place that begins with a dot, or has a part that does, is hidden to nobody here.
struct PlacePatterns: Sendable {
    private let include: GlobSet
    private let exclude: GlobSet

    /// - Throws: `.configuration`, naming the glob that cannot be used.
    init(
        include: [String],
        exclude: [String],
        of source: String
    ) throws(ConnectorError) {
        guard !include.isEmpty else {
            throw ConnectorError(
                .configuration,
                path: "sources.\(source).include",
                "'include' is empty; leave it out to list everything"
            )
        }
        self.include = try placeGlobs(include, key: "include", of: source)
        self.exclude = try placeGlobs(exclude, key: "exclude", of: source)
    }

    /// Whether a place is a document's; the place without a name, a server's first page, is matched as
    /// `index.html`.
    func lists(_ place: some Collection<UInt8>) -> Bool {
        let isMatch =
            place.isEmpty ? self.include.matches("index.html".utf8) : self.include.matches(place)
        return isMatch && !self.excludes(place)
    }

    /// Whether a place, or a part of it that a folder would be, is left out with all below it.
    func excludes(_ place: some Collection<UInt8>) -> Bool {
        var state = self.exclude.start
        for byte in place {
            if byte == UInt8(ascii: "/"), state.isMatch { return true }
            state = self.exclude.advance(state, by: CollectionOfOne(byte))
        }
        return state.isMatch
    }
}

private func placeGlobs(
    _ patterns: [String],
    key: String,
    of source: String
) throws(ConnectorError) -> GlobSet {
    do throws(GlobError) {
        for pattern in patterns { _ = try parseGlob(pattern) }
        return try GlobSet(patterns, wildcardsMatchDots: true)
    } catch {
        throw ConnectorError(
            .configuration,
            path: "sources.\(source).\(key)",
            "\(patterns.joined(separator: ", ")): \(error.message)"
        )
    }
}
