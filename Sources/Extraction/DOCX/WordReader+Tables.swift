internal import Records

struct OpenTable {
    var table = WordTable()
    /// Columns of the open cell.
    var span = 1
    /// The open cell goes on with the one above.
    var isMerged = false
    var rowIsDeleted = false
}

/// Tables, row by row.
extension WordReader {
    func startTablePart(_ element: XMLElement) {
        if element.name.local == "tbl" {
            self.tables.append(OpenTable())
            return
        }
        guard let last = self.tables.indices.last else { return }
        switch element.name.local {
        case "tr": self.tables[last].table.rows.append([])
        case "tc":
            self.containers.append(WordContainer())
            self.tables[last].span = 1
            self.tables[last].isMerged = false
        case "gridSpan":
            let span = element["val"].flatMap { Int($0) } ?? 1
            self.tables[last].span = max(1, min(span, 63))
        default:
            self.tables[last].isMerged = element["val"] != "restart"
        }
    }

    func endTablePart(_ local: String) {
        guard let last = self.tables.indices.last else { return }
        switch local {
        case "tc":
            let blocks = self.closeContainer()
            guard let row = self.tables[last].table.rows.indices.last else { return }
            self.tables[last].table.rows[row].append(self.tables[last].isMerged ? [] : blocks)
            for _ in 1..<self.tables[last].span { self.tables[last].table.rows[row].append([]) }
        case "tr":
            if self.tables[last].rowIsDeleted { self.tables[last].table.rows.removeLast() }
            self.tables[last].rowIsDeleted = false
        default:
            let table = self.tables.removeLast().table
            guard let container = self.containers.indices.last else { return }
            self.containers[container].blocks.append(.table(table))
        }
    }

    func deleteRow() {
        if let last = self.tables.indices.last { self.tables[last].rowIsDeleted = true }
    }
}
