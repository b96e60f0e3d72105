/// An IANA media type without parameters, lower case: `text/html`.
package struct MediaType: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let name: String

    package init(_ name: String) { self.name = name.lowercased() }

    package static let html = MediaType("text/html")
    package static let xhtml = MediaType("application/xhtml+xml")
    package static let pdf = MediaType("application/pdf")
    package static let markdown = MediaType("text/markdown")
    package static let plain = MediaType("text/plain")
    package static let unknown = MediaType("application/octet-stream")

    package var description: String { self.name }

    package static func < (left: MediaType, right: MediaType) -> Bool { left.name < right.name }
}
