/// Whether `name` can stand in a log line and a metric: 1 to 64 letters, digits and `. _ - @`.
func isPlainName(_ name: String) -> Bool {
    1...64 ~= name.utf8.count
        && name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || [0x2E, 0x5F, 0x2D, 0x40].contains(byte)
        }
}

/// Whether `label` can be a label of a document: not empty, and without control characters.
func isLabel(_ label: String) -> Bool {
    !label.isEmpty && label.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
}
