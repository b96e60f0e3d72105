internal import CArchive
package import Formats
internal import Records

extension ArchiveOptions: Container {
    /// The names of an archive's members as a list; the members are documents of their own.
    ///
    /// - Output: metadata `members` counts them. Warnings: `links_skipped` (links and devices),
    ///   `system_files_skipped`, `unsafe_names` (names that lead out of the archive, read under what is
    ///   left of them), `archive_damaged` where the end cannot be read, `children_left_out`.
    /// - Throws: `.encrypted`, `.corrupt`, `.empty`.
    /// - Complexity: O(n + output); output is bounded by the budget.
    package func content(
        _ bytes: [UInt8],
        budget: ChildBudget,
        take: (ChildDocument) -> Bool
    ) throws(ExtractionError) -> ExtractedContent {
        var walk = ArchiveWalk()
        var failure: ExtractionError?
        bytes.withUnsafeBytes { buffer in
            do throws(ExtractionError) {
                let reader = try ArchiveReader(buffer) { archive in
                    archive_read_support_format_zip(archive)
                    archive_read_support_format_tar(archive)
                    archive_read_support_format_7zip(archive)
                }
                failure = walk.run(reader, budget: budget, take: take)
            } catch {
                failure = error
            }
        }
        if let failure, walk.names.isEmpty { throw failure }
        guard !walk.names.isEmpty || walk.skippedCount > 0 else {
            throw ExtractionError(.empty, "the archive holds no file")
        }
        return walk.content(isDamaged: failure != nil)
    }
}

/// One pass over an archive.
private struct ArchiveWalk {
    private(set) var names: [String] = []
    /// How often each name was given.
    private var used: [String: Int] = [:]
    private var links = 0
    private var systemFiles = 0
    private var unsafeNames = 0
    private var leftOut = 0
    private var headCount = 0

    var skippedCount: Int { self.links + self.systemFiles + self.leftOut }

    /// - Returns: why the archive cannot be read to its end; nil where it was.
    mutating func run(
        _ reader: ArchiveReader,
        budget: ChildBudget,
        take: (ChildDocument) -> Bool
    ) -> ExtractionError? {
        do throws(ExtractionError) {
            while let member = try reader.next() {
                guard self.headCount < archiveHeadCountMax else {
                    self.leftOut += 1
                    return nil
                }
                self.headCount += 1
                self.visit(member, reader, budget: budget, take: take)
            }
            return nil
        } catch {
            return error
        }
    }

    private mutating func visit(
        _ member: ArchiveReader.Member,
        _ reader: ArchiveReader,
        budget: ChildBudget,
        take: (ChildDocument) -> Bool
    ) {
        switch member.kind {
        case .folder: return
        case .link, .special:
            self.links += 1
            return
        case .file: break
        }
        let path = MemberPath(member.name)
        guard !path.isSystemFile else {
            self.systemFiles += 1
            return
        }
        if path.isUnsafe { self.unsafeNames += 1 }
        guard budget.takeOne() else {
            self.leftOut += 1
            return
        }
        let name = self.unused(path.text)
        self.names.append(name)
        let child = ChildDocument(
            suffix: "!/" + name,
            mediaType: MediaType(ofPath: name),
            bytes: self.read(member, reader, budget)
        )
        if !take(child) { self.leftOut += 1 }
    }

    private func read(
        _ member: ArchiveReader.Member,
        _ reader: ArchiveReader,
        _ budget: ChildBudget
    ) -> Result<[UInt8], ExtractionError> {
        guard !member.isEncrypted else { return .failure(encryptedArchive) }
        do throws(ArchiveFault) {
            let bytes = try reader.content(limit: budget.remainingBytes)
            return budget.spend(bytes.count) { bytes }
        } catch {
            switch error {
            case .overLimit: return .failure(budget.overBytes())
            case .failed(let error): return .failure(error)
            }
        }
    }

    /// The name, or where another member has it the name with a number: both are documents.
    private mutating func unused(_ name: String) -> String {
        let name = name.isEmpty ? "unnamed" : name
        var candidate = name
        while let count = self.used[candidate] {
            self.used[candidate] = count + 1
            candidate = "\(name)~\(count + 1)"
        }
        self.used[candidate] = 1
        return candidate
    }

    func content(isDamaged: Bool) -> ExtractedContent {
        var content = ExtractedContent()
        appendList(of: self.names, to: &content)
        content.metadata["members"] = "\(self.names.count)"
        content.warn("links_skipped", count: self.links)
        content.warn("system_files_skipped", count: self.systemFiles)
        content.warn("unsafe_names", count: self.unsafeNames)
        content.warn("archive_damaged", count: isDamaged ? 1 : 0)
        content.warn("children_left_out", count: self.leftOut)
        return content
    }
}

/// Heads that are read of one archive, folders and links among them.
private let archiveHeadCountMax = 1_000_000
