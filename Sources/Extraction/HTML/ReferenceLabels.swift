/// What texts write above the works and pages that they refer to.
struct ReferenceLabels: Sendable {
    static let shared = ReferenceLabels()
    private let labels: Set<[UInt8]>

    private init() {
        self.labels = Set(Self.written.split(separator: "\n").map { foldedText(Array($0.utf8)) })
    }

    func contains(_ heading: [UInt8]) -> Bool {
        heading.count <= 60 && self.labels.contains(foldedText(heading))
    }

    private static let written = """
        Bibliography
        Citations
        Endnotes
        External links
        Footnotes
        Further reading
        Literature
        Notes
        Notes and references
        References
        Sources
        Works cited
        Anmerkungen
        Einzelnachweise
        Fußnoten
        Literatur
        Literaturverzeichnis
        Quellen
        Quellenverzeichnis
        Weblinks
        Bibliographie
        Liens externes
        Notes et références
        Pour aller plus loin
        Références
        Bibliografía
        Enlaces externos
        Fuentes
        Notas
        Referencias
        Bibliografia
        Ligações externas
        Referências
        Collegamenti esterni
        Fonti
        Riferimenti
        Bronnen
        Literatuur
        Referenties
        Literatura
        Przypisy
        Źródła
        Prameny
        Reference
        Kilder
        Källor
        Referenser
        Lähteet
        Kaynakça
        Источники
        Литература
        Примечания
        Ссылки
        Джерела
        Література
        Примітки
        出典
        参考文献
        外部リンク
        注釈
        脚注
        参考资料
        参考資料
        注释
        각주
        참고 문헌
        """
}
