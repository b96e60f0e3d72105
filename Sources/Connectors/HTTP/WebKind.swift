internal import Dataflow

extension WebConnector {
    static let kind = SourceKind(
        "http",
        summary: "Pages of web servers: of a list, a sitemap, a feed, or found by their links.",
        keys: [
            ParameterSpec("urls", .names, isOptional: true, summary: "The pages."),
            ParameterSpec(
                "sitemap",
                .names,
                isOptional: true,
                summary: "The URL of a sitemap or of an index of sitemaps, also gzipped."
            ),
            ParameterSpec(
                "feed",
                .names,
                isOptional: true,
                summary:
                    "The URL of an RSS or Atom feed: the pages that it names now; what leaves the "
                    + "feed leaves the index."
            ),
            ParameterSpec(
                "crawl",
                .names,
                isOptional: true,
                summary: "The first page: it and all it leads to within the scope."
            ),
            ParameterSpec(
                "scope",
                .names,
                isOptional: true,
                summary:
                    "URLs below which the source's pages are; nothing else is fetched, also after "
                    + "redirects. Without it the servers named, for 'crawl' the folder of the first page."
            ),
            ParameterSpec(
                "allow_private",
                .names,
                isOptional: true,
                summary:
                    "Hosts, addresses or blocks (10.1.0.0/16) that may be fetched though they are no "
                    + "public ones."
            ),
            ParameterSpec(
                "include",
                .stringList,
                default: .list([.string("**")]),
                summary: "Globs of the pages to index, by path without its first slash; others are "
                    + "fetched for their links."
            ),
            ParameterSpec(
                "exclude",
                .stringList,
                default: .list([]),
                summary: "Globs of paths that are not fetched."
            ),
            ParameterSpec(
                "robots",
                .bool,
                default: .bool(true),
                summary: "Whether robots.txt is obeyed; false is for servers of your own."
            ),
            ParameterSpec(
                "delay",
                .double(0...3600),
                isOptional: true,
                affectsOutput: false,
                summary:
                    "Seconds between two requests to a server, at least; a longer Crawl-delay of "
                    + "its robots.txt holds. Without the key 0.1, for hosts in allow_private 0."
            ),
            ParameterSpec(
                "timeout",
                .double(0.1...3600),
                default: .double(30),
                affectsOutput: false,
                summary: "Seconds within which an answer must be whole."
            ),
            ParameterSpec(
                "max_pages",
                .int(1...10_000_000),
                default: .int(100_000),
                summary: "More pages make the listing incomplete, and the run says so."
            ),
            ParameterSpec(
                "max_depth",
                .int(0...1000),
                default: .int(64),
                summary: "Links that lead from a first page to a page, at most."
            ),
            ParameterSpec(
                "trust_lastmod",
                .bool,
                default: .bool(false),
                affectsOutput: false,
                summary:
                    "Whether a page whose date in the sitemap or feed is the same is not asked for "
                    + "at all. Many sites do not keep these dates."
            ),
            ParameterSpec(
                "user_agent",
                .string,
                default: .string("millrace/1.0"),
                summary: "What servers are told; its first word is what robots.txt may name."
            ),
            ParameterSpec(
                "contact",
                .string,
                isOptional: true,
                affectsOutput: false,
                summary:
                    "A URL or mail address for those whose server is crawled; part of the user agent."
            ),
        ],
        check: { (settings) async throws(ConnectorError) in
            try await WebConnector(try WebSourceOptions(settings)).check()
        },
        make: { (settings) throws(ConnectorError) in WebConnector(try WebSourceOptions(settings)) }
    )
}
