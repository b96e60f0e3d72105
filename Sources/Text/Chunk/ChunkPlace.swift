internal import Bytes
package import Records

/// Where the part of a chunk that is on its first page is printed.
///
/// - Input: `blocks` in reading order.
/// - Output: the box around those of the blocks on `page` that `range` reaches into; nil where they
///   have no places.
/// - Complexity: O(log blocks), and those reached.
package func place(of range: Range<Int>, page: Int, in blocks: [Block]) -> PagePlace? {
    let first = lowerBound(of: blocks.count) { blocks[$0].range.upperBound > range.lowerBound }
    var place: PagePlace?
    for block in blocks[first...] {
        guard block.range.lowerBound < range.upperBound else { break }
        guard Int(block.page) == page, let next = block.place else { continue }
        place = place?.union(next) ?? next
    }
    return place
}
