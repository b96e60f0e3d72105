import Testing

@testable import Redact

@Suite struct SecretLabelTests {
    static let found = SecretLabelRow.all.flatMap(\.found).map { example in
        // The value stands after the last bar.
        let bar = example.lastIndex(of: "|") ?? example.endIndex
        return (String(example[..<bar]), String(example[bar...].dropFirst()))
    }

    @Test(arguments: found) func theValueIsFound(_ text: String, _ value: String) {
        #expect(scan(text).filter { $0.kind == .secret }.map { slice(text, $0.range) } == [value])
    }

    @Test(arguments: SecretLabelRow.all.flatMap(\.left))
    func whatIsNoValueIsLeft(_ text: String) {
        #expect(scan(text).map { "\($0.rule) \(slice(text, $0.range))" } == [])
    }

    @Test(arguments: [
        ("sshpass -p vV4PJlegQuDqg ssh host", "vV4PJlegQuDqg"),
        ("mysql -uroot -pqQ6tY6Gy9QhdN app", "qQ6tY6Gy9QhdN"),
        ("curl -u admin:uU9F5VIwFbFcOVE https://h", "uU9F5VIwFbFcOVE"),
        ("curl --user admin:uU9F5VIwFbFcOVE https://h", "uU9F5VIwFbFcOVE"),
        ("redis-cli -a qQ6tY6Gy9QhdN ping", "qQ6tY6Gy9QhdN"),
        ("docker login -u bob -p qQ6tY6Gy9QhdN", "qQ6tY6Gy9QhdN"),
        ("app:qQ6tY6Gy9QhdN@tcp(db:3306)/x", "qQ6tY6Gy9QhdN"),
        (#""https:\/\/app:qQ6tY6Gy9QhdN@h.internal""#, "qQ6tY6Gy9QhdN"),
        ("redis://:qQ6tY6Gy9QhdN@cache:6379", "qQ6tY6Gy9QhdN"),
        ("jdbc:oracle:thin:scott/qQ6tY6Gy9QhdN@//h:1521/x", "qQ6tY6Gy9QhdN"),
        ("smbclient -U bob%qQ6tY6Gy9QhdN //s/d", "qQ6tY6Gy9QhdN"),
        ("useradd -p qQ6tY6Gy9QhdN bob", "qQ6tY6Gy9QhdN"),
        ("openssl enc -k qQ6tY6Gy9QhdN -in a", "qQ6tY6Gy9QhdN"),
    ])
    func optionsAndAddressesGiveTheirPassword(_ text: String, _ value: String) {
        #expect(scan(text).filter { $0.kind == .secret }.map { slice(text, $0.range) } == [value])
    }

    @Test(arguments: [
        "docker run -p 8080:80 web2", "ssh -p 2222 host1", "mkdir -p /var/lib/app2",
        "curl -u admin",
        "ls -a dir2file", "docker run --user 1000:1000 web", "pip install --user package2",
        "print -unbuffered:output2",
    ])
    func otherOptionsAreLeft(_ text: String) {
        #expect(!scan(text).contains { $0.kind == .secret }, "\(scan(text))")
    }
}
