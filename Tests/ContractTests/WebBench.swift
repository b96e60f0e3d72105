import Connectors
import Dataflow
import Foundation
import LoopbackServer
import Testing

/// Files behind nginx, named by a sitemap.
final class WebBench: ContractBench {
    private let server: NginxServer
    private let folder: BenchFolder

    init() throws {
        let folder = try BenchFolder()
        self.folder = folder
        self.server = try NginxServer(
            server: "location / { alias \(folder.path)/; }"
        )
    }

    func put(_ documents: [String: String]) throws {
        try self.folder.putInSteps(documents)
        let entries = documents.keys.sorted().map { name in
            let path = name.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? ""
            let place = "\(self.server.url)/\(path)".replacing("&", with: "&amp;")
            return "<url><loc>\(place)</loc></url>"
        }
        let space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        let map = "<urlset xmlns='\(space)'>\(entries.joined(separator: "\n"))</urlset>"
        try Data(map.utf8).write(to: URL(filePath: "\(self.folder.path)/.map"))
    }

    func connector() throws -> any Connector {
        try self.connector(
            "http",
            [
                "sitemap": .list([.string("\(self.server.url)/.map")]),
                "allow_private": .list([.string("127.0.0.1")]), "timeout": .double(600),
            ],
            in: self.folder.path
        )
    }
}

extension ConnectorContract {
    static let http = ConnectorContract(name: "http: a sitemap of nginx", exceptions: [:]) {
        try WebBench()
    }
}
