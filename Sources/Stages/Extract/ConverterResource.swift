package import Dataflow
internal import Formats
internal import Hashing
internal import Records
internal import Storage

/// Whether a stage has documents converted by a program.
package func usesConverter(_ node: PlanNode) -> Bool {
    node.uses == LegacyOfficeOptions.descriptor.name
        && !LegacyOfficeOptions(node.parameters).converter.isEmpty
}

/// Which converter a stage's answers come from, for its fingerprint: the bytes of the program and of
/// what names its version, so that nothing is run to ask.
package func converterResource(_ node: PlanNode) -> String? {
    guard usesConverter(node) else { return nil }
    guard let program = LegacyOfficeOptions(node.parameters).program else { return "no converter" }
    let hashes = program.identifyingFiles.compactMap { path in
        (try? readFile(path, maximumBytes: programByteCountMax)).map { sha256($0).hex }
    }
    // What it makes is read by other formats' readers.
    let readers: [any FormatOptions.Type] = [DOCXOptions.self, XLSXOptions.self, PPTXOptions.self]
    let revisions = readers.map { "\($0.descriptor.revision)" }
    return "converter " + (hashes + revisions).joined(separator: " ")
}

private let programByteCountMax = 1 << 30

/// The converter that a stage names.
func converterResources(of node: PlanNode) -> [StageResource] {
    guard usesConverter(node) else { return [] }
    let options = LegacyOfficeOptions(node.parameters)
    let program = options.program
    return [
        StageResource(
            stage: node.id,
            name: "converter '\(options.converter)'",
            path: program?.path ?? options.converter,
            isThere: program != nil,
            isOptional: true,
            consequence: "documents of Office 97 to 2003 become dead letters",
            remedy: converterRemedy
        )
    ]
}

/// What to type where there is no converter.
package let converterRemedy =
    "on Debian 'apt-get install libreoffice-writer-nogui libreoffice-calc-nogui "
    + "libreoffice-impress-nogui' brings 'soffice'"
