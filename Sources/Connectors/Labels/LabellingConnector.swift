internal import Records

/// Gives the documents of another connector the labels that the pipeline's rules say.
///
/// Where a listing tells all that the rules ask for, a change of the rules shows in the labels that are
/// listed; where only reading tells, in the versions: such a document is read again, and not extracted.
package struct LabellingConnector: Connector {
    private let base: any Connector
    private let rules: LabelRules

    package init(_ base: any Connector, _ rules: LabelRules) {
        self.base = base
        self.rules = rules
    }

    package var capabilities: ConnectorCapabilities {
        var capabilities = self.base.capabilities
        capabilities.hasLabels = true
        return capabilities
    }

    package func page(
        after cursor: ListingCursor?
    ) async throws(ConnectorError) -> ListingPage {
        var page = try await self.base.page(after: cursor)
        page.items = page.items.map { $0.labelled(by: self.rules) }
        return page
    }

    package func read(
        _ item: ListedItem,
        maximumBytes: Int
    ) async throws(ConnectorError) -> SourceDocument {
        if let refusal = item.refusal { throw refusal }
        let listed = item.unlabelled()
        let document = try await self.base.read(listed, maximumBytes: maximumBytes)
        return try document.labelled(by: self.rules, listedAs: listed)
    }
}

/// The same around a source on this machine's disks.
package struct LocalLabellingConnector: LocalConnector {
    private let base: any LocalConnector
    private let rules: LabelRules

    package init(_ base: any LocalConnector, _ rules: LabelRules) {
        self.base = base
        self.rules = rules
    }

    package var capabilities: ConnectorCapabilities {
        var capabilities = self.base.capabilities
        capabilities.hasLabels = true
        return capabilities
    }

    package var root: String { self.base.root }

    package func wouldList(_ names: [String], below folder: String) -> Bool {
        self.base.wouldList(names, below: folder)
    }

    package func list(
        _ visit: (ListedItem) throws -> Void
    ) throws(ConnectorError) -> ListingReport {
        try self.base.list { try visit($0.labelled(by: self.rules)) }
    }

    package func readNow(
        _ item: ListedItem,
        maximumBytes: Int
    ) throws(ConnectorError) -> SourceDocument {
        if let refusal = item.refusal { throw refusal }
        let listed = item.unlabelled()
        let document = try self.base.readNow(listed, maximumBytes: maximumBytes)
        return try document.labelled(by: self.rules, listedAs: listed)
    }
}

extension ListedItem {
    /// With the labels that the rules give it, or with what a reading will need to know them.
    fileprivate func labelled(by rules: LabelRules) -> ListedItem {
        if self.refusal != nil { return self }
        let isTold = self.labels != nil && rules.readsPlacesAlone
        let version = isTold ? self.version : self.version(under: rules)
        guard isTold || self.content != nil else {
            return self.with(token: self.wrapped, version: version, labels: nil, content: nil)
        }
        do throws(ConnectorError) {
            let labels = try rules.labels(
                of: self.uri,
                metadata: self.metadata.merging(self.content?.metadata ?? [:]) { $1 },
                given: self.content?.labels ?? self.labels ?? []
            )
            var content = self.content
            content?.labels = labels
            return self.with(
                token: self.wrapped,
                version: version,
                labels: labels,
                content: content
            )
        } catch {
            return self.refused(by: error)
        }
    }

    /// Another one where the rules are others.
    private func version(under rules: LabelRules) -> ItemVersion {
        guard self.version.isKnown else { return .unknown }
        return ItemVersion(of: self.version.digest.bytes + rules.digest.bytes)
    }

    /// A token that keeps what the labels hide.
    private var wrapped: [UInt8] {
        var fields = CursorFields()
        fields.add(self.token)
        fields.add(self.version.isKnown ? self.version.digest.bytes : [])
        if let labels = self.labels { for label in labels { fields.add(label) } }
        return fields.bytes
    }

    /// As it was before.
    fileprivate func unlabelled() -> ListedItem {
        guard let fields = CursorFields.parse(self.token), fields.count >= 2 else { return self }
        let digest = Digest(bytes: fields[1])
        return self.with(
            token: fields[0],
            version: digest.map { ItemVersion($0) } ?? .unknown,
            labels: fields.dropFirst(2).map { String(decoding: $0, as: UTF8.self) },
            content: self.content
        )
    }
}

extension SourceDocument {
    fileprivate func labelled(
        by rules: LabelRules,
        listedAs item: ListedItem
    ) throws(ConnectorError) -> SourceDocument {
        var document = self
        document.labels = try rules.labels(
            of: item.uri,
            metadata: item.metadata.merging(self.metadata) { $1 },
            given: self.labels ?? item.labels ?? []
        )
        return document
    }
}
