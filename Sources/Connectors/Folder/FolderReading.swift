internal import CFiles
internal import Glibc

extension FolderConnector {
    /// The bytes of a listed file, all from one state of it.
    ///
    /// Size and times are compared before and after; a file that changed is read once more. Unless
    /// links are followed, no part of the path may have become one.
    package func readNow(
        _ item: ListedItem,
        maximumBytes: Int
    ) throws(ConnectorError) -> SourceDocument {
        let limit = min(maximumBytes, self.maximumBytes)
        let isDescribed = item.token.last == 0
        let path = isDescribed ? Array(item.token.dropLast()) : item.token
        for _ in 0..<2 {
            guard let bytes = try self.readOnce(path, item, limit: limit) else { continue }
            var document = SourceDocument(bytes: bytes)
            if isDescribed { try self.readSidecar(of: path, item).describe(&document) }
            return document
        }
        throw ConnectorError(
            .transient,
            path: item.uri,
            "the file changed while it was read, twice; run 'millrace sync' again"
        )
    }

    /// - Throws: never `.gone`, since that would be said of the document.
    private func readSidecar(
        of path: [UInt8],
        _ item: ListedItem
    ) throws(ConnectorError) -> Sidecar {
        let bytes: [UInt8]?
        do throws(ConnectorError) {
            bytes = try self.readOnce(Sidecar.path(of: path), item, limit: Sidecar.bytesMaximum)
        } catch {
            let code: ConnectorError.Code = error.code == .tooLarge ? .permanent : .transient
            throw ConnectorError(
                code,
                path: item.uri,
                "its \(Sidecar.suffix) cannot be read: \(error.message)"
            )
        }
        guard let bytes else {
            throw ConnectorError(
                .transient,
                path: item.uri,
                "its \(Sidecar.suffix) changed while it was read; run 'millrace sync' again"
            )
        }
        return try Sidecar(bytes, of: item.uri)
    }

    /// Nil when the file changed meanwhile.
    private func readOnce(
        _ path: [UInt8],
        _ item: ListedItem,
        limit: Int
    ) throws(ConnectorError) -> [UInt8]? {
        let descriptor = try self.openFile(path, item)
        defer { close(descriptor) }
        let before = try self.status(descriptor, item)
        guard isKind(before, S_IFREG) else {
            throw ConnectorError(.permanent, path: item.uri, "no longer a regular file")
        }
        let size = Int(before.st_size)
        guard size <= limit else {
            throw ConnectorError(
                .tooLarge,
                path: item.uri,
                "the file has \(size) bytes, limit \(limit); raise 'maximum_bytes' to read it"
            )
        }
        let bytes = try self.readBytes(descriptor, count: size, item)
        let after = try self.status(descriptor, item)
        let isUnchanged =
            bytes.count == size && after.st_size == before.st_size
            && nanoseconds(after.st_mtim) == nanoseconds(before.st_mtim)
            && nanoseconds(after.st_ctim) == nanoseconds(before.st_ctim)
        return isUnchanged ? bytes : nil
    }

    /// Up to `count` bytes and one more, which tells that the file has grown.
    private func readBytes(
        _ descriptor: Int32,
        count: Int,
        _ item: ListedItem
    ) throws(ConnectorError) -> [UInt8] {
        var systemCode: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count + 1) { buffer, filled in
            while filled <= count, let base = buffer.baseAddress {
                let result = Glibc.read(descriptor, base + filled, count + 1 - filled)
                if result > 0 {
                    filled += result
                } else if result == 0 {
                    return
                } else if errno != EINTR {
                    systemCode = errno
                    return
                }
            }
        }
        if systemCode != 0 { throw self.failure(systemCode, item) }
        return bytes
    }

    private func status(_ descriptor: Int32, _ item: ListedItem) throws(ConnectorError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw self.failure(errno, item) }
        return status
    }

    private func openFile(_ path: [UInt8], _ item: ListedItem) throws(ConnectorError) -> Int32 {
        let root = open(self.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else {
            throw ConnectorError(
                .unavailable,
                path: self.root,
                "the folder of source '\(self.name)' cannot be opened: \(systemMessage(errno))",
                systemCode: errno
            )
        }
        return self.followSymlinks
            ? try self.openFollowing(path, item, root: root)
            : try self.openDirectly(path, item, root: root)
    }

    /// Opens so that no link is followed anywhere in the path: at once where the kernel can, else one
    /// component after the other, which also tells what is wrong.
    private func openDirectly(
        _ path: [UInt8],
        _ item: ListedItem,
        root: Int32
    ) throws(ConnectorError) -> Int32 {
        var folder = root
        let components = path.split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        if components.allSatisfy(isPlain), case let file = openBelow(root, path), file >= 0 {
            close(root)
            return file
        }
        for (index, component) in components.enumerated() {
            let isLast = index == components.count - 1
            let flags = isLast ? fileFlags : O_RDONLY | O_DIRECTORY | O_CLOEXEC
            let next = isPlain(component) ? open(component, in: folder, flags | O_NOFOLLOW) : -1
            let systemCode = isPlain(component) ? errno : ENOENT
            close(folder)
            guard next >= 0 else { throw self.failure(systemCode, item) }
            folder = next
        }
        return folder
    }

    /// Opens through links, then asks where that led.
    private func openFollowing(
        _ path: [UInt8],
        _ item: ListedItem,
        root: Int32
    ) throws(ConnectorError) -> Int32 {
        defer { close(root) }
        let descriptor = open(path[...], in: root, fileFlags)
        guard descriptor >= 0 else { throw self.failure(errno, item) }
        guard let rootPath = canonicalPath("/proc/self/fd/\(root)"),
            let target = canonicalPath("/proc/self/fd/\(descriptor)"),
            target.starts(with: rootPath == [UInt8(ascii: "/")] ? rootPath : rootPath + [0x2F])
        else {
            close(descriptor)
            throw ConnectorError(.permanent, path: item.uri, "a link leads out of the source")
        }
        return descriptor
    }

    private func failure(_ systemCode: Int32, _ item: ListedItem) -> ConnectorError {
        ConnectorError(
            Self.code(of: systemCode),
            path: item.uri,
            "the file cannot be read: \(systemMessage(systemCode))",
            systemCode: systemCode
        )
    }
}

extension FolderConnector {
    private static func code(of systemCode: Int32) -> ConnectorError.Code {
        switch systemCode {
        case ENOENT, ENOTDIR: .gone
        case EACCES, EPERM: .forbidden
        case EIO, EAGAIN, EINTR, EBUSY, ESTALE, ETIMEDOUT, ENFILE, EMFILE, ENOMEM: .transient
        default: .permanent
        }
    }
}

/// Not to wait for a writer where a file has been replaced by a pipe.
private let fileFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY

/// Whether a component of a token is a name: tokens come back from a manifest.
private func isPlain(_ component: ArraySlice<UInt8>) -> Bool {
    !component.isEmpty && !component.contains(0) && !component.elementsEqual(".".utf8)
        && !component.elementsEqual("..".utf8)
}

private func openBelow(_ folder: Int32, _ path: [UInt8]) -> Int32 {
    (path + [0]).withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return -1 }
        return millrace_open_below(folder, base.assumingMemoryBound(to: CChar.self), fileFlags)
    }
}

private func open(_ path: ArraySlice<UInt8>, in folder: Int32, _ flags: Int32) -> Int32 {
    (path + [0]).withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return -1 }
        return openat(folder, base.assumingMemoryBound(to: CChar.self), flags)
    }
}
