internal import Hashing
internal import Objects
internal import Records

/// What asking for one page came to.
enum PageVisit: Sendable {
    /// As it was at the listing before.
    case unchanged
    case page(FetchedPage)
    case redirect(WebAddress)
    /// The server has no such page.
    case absent
    /// It may not be fetched; for people.
    case refused(String)
    case failed(RemoteFailure)
}

/// A page that was fetched.
struct FetchedPage: Sendable {
    var entityTag: String
    var lastModified: String
    var mediaType: MediaType
    var charset: String?
    /// Nil for one that is too large to be kept until somebody wants it.
    var bytes: [UInt8]?
    var size: Int?
    /// Of bytes and type; of what the server says of it where the bytes are not there.
    var version: ItemVersion
    /// What it says of itself and of others; nil for what is no page of HTML.
    var links: PageLinks?
}

extension WebFetcher {
    /// Pages up to this many bytes are kept when they are listed, so that nobody asks for them twice.
    static let keptByteLimit = 4 << 20

    /// Asks for a page, or whether it changed since `known`.
    func visit(_ address: WebAddress, known: PageRecord?) async -> PageVisit {
        do throws(RemoteFailure) {
            guard try await self.isAllowed(address) else {
                return .refused("robots.txt forbids it")
            }
            let response = try await self.patiently(address) { () async throws(RemoteFailure) in
                try await self.fetch(
                    address,
                    entityTag: known?.entityTag ?? "",
                    lastModified: known?.lastModified ?? "",
                    maximumBytes: min(Self.keptByteLimit, self.options.maximumBytes)
                )
            }
            return self.visit(of: response, address, known)
        } catch {
            switch error.kind {
            case .tooLarge: return await self.visitLarge(address, known)
            case .gone: return .absent
            default:
                return error.code == RemoteFailure.privateAddress
                    ? .refused(error.message) : .failed(error)
            }
        }
    }

    private func visit(
        of response: HTTPResponse,
        _ address: WebAddress,
        _ known: PageRecord?
    ) -> PageVisit {
        if response.status == 304, known != nil { return .unchanged }
        if (300..<400).contains(response.status) {
            return redirectTarget(of: response, from: address).map { .redirect($0) } ?? .absent
        }
        var page = self.described(response, address)
        page.bytes = response.body
        page.size = response.body.count
        page.version = ItemVersion(
            sha256(
                Array(
                    "\(page.mediaType) \(page.charset ?? "") \(page.links?.isNoIndex ?? false)\n"
                        .utf8
                )
                    + response.body
            )
        )
        return .page(page)
    }

    /// A page whose body is left for the one who reads it.
    private func visitLarge(_ address: WebAddress, _ known: PageRecord?) async -> PageVisit {
        do throws(RemoteFailure) {
            let response = try await self.patiently(address) { () async throws(RemoteFailure) in
                try await self.fetch(address, method: "HEAD", maximumBytes: 1 << 20)
            }
            var page = self.described(response, address)
            page.size = response.header("content-length").flatMap { Int($0) }
            let tag = page.entityTag + page.lastModified
            page.version = tag.isEmpty ? .unknown : ItemVersion(of: "\(tag) \(page.size ?? -1)")
            return .page(page)
        } catch {
            return error.kind == .gone ? .absent : .failed(error)
        }
    }

    /// What the head of an answer says, and the links in a page of HTML.
    private func described(_ response: HTTPResponse, _ address: WebAddress) -> FetchedPage {
        let type = ContentTypeHeader(response.header("content-type"))
        var page = FetchedPage(
            entityTag: String((response.header("etag") ?? "").prefix(256)),
            lastModified: String((response.header("last-modified") ?? "").prefix(64)),
            mediaType: type.mediaType(ofNamed: MediaType(ofPath: address.path)),
            charset: type.charset,
            version: .unknown
        )
        let isHTML = page.mediaType == .html || page.mediaType == .xhtml
        var links = PageLinks(isHTML ? response.body : [], agent: self.options.agent)
        for header in response.headers where header.name.lowercased() == "x-robots-tag" {
            links.readHeader(header.value, agent: self.options.agent)
        }
        page.links = isHTML || links.isNoIndex ? links : nil
        return page
    }
}
