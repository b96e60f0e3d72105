import Hashing
package import Records

extension RedactionPolicy {
    /// The SHA-256 of everything that decides what the policy does.
    ///
    /// Equal hashes promise equal output; the name and the cases do not enter. The bytes hashed are
    /// `millrace policy 1`, then each part on a line of its own: numbers in thousandths, texts by
    /// their length, sets sorted, lists in their order.
    package var hash: Digest {
        var form = CanonicalForm()
        form.add("millrace policy 1")
        form.add(set: self.kinds.map(\.rawValue))
        form.add(self.fallback)
        form.add(self.threshold)
        form.add(self.keyID)
        form.add(self.redactsURIs ? "redact" : "keep")
        form.add(list: self.rules) { rule, form in
            form.add(set: rule.kinds.map(\.rawValue))
            form.add(set: rule.sources)
            form.add(set: rule.languages)
            form.add(set: rule.regions)
            form.add(rule.action)
            form.add(rule.threshold ?? -1)
        }
        form.add(list: self.context) { context, form in
            form.add(context.kind.rawValue)
            form.add(set: context.words)
            form.add(context.raise)
        }
        form.add(list: self.allowed) { list, form in
            form.add(set: list.kinds.map(\.rawValue))
            form.add(set: list.values)
            form.add(set: list.suffixes)
        }
        form.add(list: self.dictionaries) { dictionary, form in
            form.add(dictionary.name)
            form.add(set: dictionary.terms)
        }
        form.add(list: self.patterns) { shape, form in
            form.add(shape.name)
            form.add(shape.pattern)
        }
        return sha256(form.bytes)
    }
}

private struct CanonicalForm {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ text: String) {
        self.bytes += "\(text.utf8.count) ".utf8
        self.bytes += text.utf8
        self.bytes.append(0x0A)
    }

    mutating func add(_ number: Float) { self.add("\(Int((number * 1000).rounded()))") }

    mutating func add(_ action: RedactionPolicy.Action) {
        self.add("\(action.name) \(action.keepLast ?? 0)")
    }

    mutating func add(set values: some Collection<String>) {
        self.add(list: values.sorted()) { value, form in form.add(value) }
    }

    mutating func add<Element>(
        list values: [Element],
        _ body: (Element, inout CanonicalForm) -> Void
    ) {
        self.add("\(values.count)")
        for value in values { body(value, &self) }
    }
}
