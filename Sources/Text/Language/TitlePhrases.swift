/// Titles that stand on pages everywhere and are too short for the models.
///
/// - Source: written for this file: what sites and manuals call their pages.
struct TitlePhrases: Sendable {
    /// Longer texts are no titles.
    static let byteLimit = 64

    private var languages: [UInt64: [String]] = [:]

    static let known = TitlePhrases(titlePhrases)

    /// - Input: a line `es: phrase | phrase` for each language; indented lines go on.
    init(_ lines: String) {
        var language = ""
        for line in lines.split(separator: "\n") {
            var rest = line[...]
            if !line.hasPrefix(" "), let colon = line.firstIndex(of: ":") {
                language = String(line[..<colon])
                rest = line[line.index(after: colon)...]
            }
            for phrase in rest.split(separator: "|") {
                var phrase = String(phrase)
                let hash = phrase.withUTF8 { Self.hash($0) }
                guard hash != 0 else { continue }
                self.languages[hash, default: []].append(language)
            }
        }
    }

    /// The languages in which the whole of `text` is a common title.
    func languages(of text: UnsafeBufferPointer<UInt8>) -> [String] {
        guard text.count <= Self.byteLimit else { return [] }
        return self.languages[Self.hash(text)] ?? []
    }

    /// Of the words in lower case, whatever parts them; 0 for none.
    private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0
        forEachWord(text) { hash = (hash ^ $0.value(group: 0)) &* 0x100_0000_01B3 }
        return hash
    }
}

private let titlePhrases = """
    en: release notes | privacy policy | terms of service | terms of use | terms and conditions |
      getting started | about us | contact | contact us | table of contents | sitemap | site map |
      frequently asked questions | quick start | quick start guide | installation guide | change log |
      changelog | user manual | user guide | cookie policy | legal notice | imprint | overview |
      introduction | summary | appendix | references | see also | further reading | table of figures |
      known issues | system requirements | troubleshooting | opening hours | press release | careers
    de: impressum | datenschutz | datenschutzerklärung | allgemeine geschäftsbedingungen | agb |
      nutzungsbedingungen | über uns | kontakt | häufige fragen | häufig gestellte fragen |
      erste schritte | benutzerhandbuch | bedienungsanleitung | inhaltsverzeichnis | versionshinweise |
      inhalt | startseite | rechtliche hinweise | cookie-richtlinie | öffnungszeiten | übersicht |
      einleitung | zusammenfassung | anhang | literaturverzeichnis | stellenangebote | widerrufsbelehrung
    fr: mentions légales | politique de confidentialité | à propos | nous contacter | plan du site |
      conditions générales de vente | conditions générales d'utilisation | conditions générales |
      foire aux questions | questions fréquentes | guide d'installation | guide de démarrage rapide |
      table des matières | sommaire | accueil | notes de version | mode d'emploi | horaires d'ouverture |
      qui sommes-nous | politique de cookies | prise en main | manuel d'utilisation | annexe
    es: aviso legal | política de privacidad | preguntas frecuentes | condiciones generales |
      inicio de sesión | quiénes somos | mapa del sitio | guía de instalación | política de cookies |
      términos y condiciones | términos de uso | condiciones de uso | contacto | inicio | índice |
      notas de la versión | manual de usuario | guía rápida | sobre nosotros | horario de apertura |
      introducción | resumen | acerca de | primeros pasos | requisitos del sistema
    it: note legali | informativa sulla privacy | chi siamo | domande frequenti | contatti |
      termini e condizioni | condizioni generali | mappa del sito | guida rapida | indice |
      note di rilascio | manuale utente | condizioni d'uso | informativa sui cookie | orari di apertura |
      guida all'installazione | introduzione | primi passi | pagina iniziale
    pt: política de privacidade | perguntas frequentes | quem somos | termos de uso | sobre nós |
      termos e condições | mapa do site | guia de instalação | aviso legal | contato | contacto | início |
      notas de versão | manual do usuário | política de cookies | condições gerais | introdução |
      horário de funcionamento | primeiros passos | fale conosco
    nl: algemene voorwaarden | privacybeleid | privacyverklaring | veelgestelde vragen | over ons |
      contact | handleiding | inhoudsopgave | gebruiksvoorwaarden | cookiebeleid | openingstijden |
      aan de slag | snel aan de slag | gebruikershandleiding | wettelijke vermeldingen | disclaimer
    pl: polityka prywatności | o nas | regulamin | kontakt | najczęściej zadawane pytania | spis treści |
      warunki korzystania | pierwsze kroki | instrukcja obsługi | mapa strony | strona główna |
      informacje prawne | uwagi do wydania | godziny otwarcia | polityka cookies
    cs: obchodní podmínky | o nás | kontakt | časté dotazy | zásady ochrany osobních údajů | obsah |
      ochrana osobních údajů | podmínky použití | mapa stránek | úvod | návod k použití | začínáme
    sk: obchodné podmienky | o nás | kontakt | často kladené otázky | ochrana osobných údajov |
      podmienky používania | obsah | návod na použitie | úvod
    sv: om oss | integritetspolicy | vanliga frågor | kontakta oss | användarvillkor | innehåll |
      kom igång | allmänna villkor | öppettider | innehållsförteckning | bruksanvisning | startsida
    da: om os | privatlivspolitik | ofte stillede spørgsmål | kontakt os | handelsbetingelser |
      kom godt i gang | cookiepolitik | åbningstider | indholdsfortegnelse | brugsanvisning | forside
    nb: om oss | personvern | personvernerklæring | ofte stilte spørsmål | kontakt oss | vilkår |
      brukerveiledning | kom i gang | åpningstider | innholdsfortegnelse | salgsbetingelser | forside
    fi: tietosuojaseloste | usein kysytyt kysymykset | tietoa meistä | yhteystiedot | käyttöehdot |
      sisällysluettelo | aloitus | käyttöohje | etusivu | aukioloajat | toimitusehdot
    tr: gizlilik politikası | hakkımızda | sıkça sorulan sorular | iletişim | kullanım koşulları |
      içindekiler | ana sayfa | kullanım kılavuzu | başlarken | çerez politikası | site haritası
    ro: termeni și condiții | despre noi | politica de confidențialitate | întrebări frecvente | cuprins |
      politica de cookies | acasă | noțiuni introductive | manual de utilizare
    hu: adatvédelmi tájékoztató | rólunk | kapcsolat | gyakori kérdések | általános szerződési feltételek |
      tartalomjegyzék | impresszum | használati útmutató | felhasználási feltételek | első lépések
    ru: о нас | политика конфиденциальности | контакты | пользовательское соглашение | содержание |
      условия использования | часто задаваемые вопросы | главная | карта сайта | быстрый старт |
      руководство пользователя | правовая информация | примечания к выпуску | о компании
    uk: про нас | політика конфіденційності | контакти | умови використання | зміст | головна |
      часті запитання | карта сайту | посібник користувача
    bg: за нас | политика за поверителност | контакти | общи условия | често задавани въпроси
    hr: o nama | politika privatnosti | uvjeti korištenja | česta pitanja | kontakt | opći uvjeti
    sl: o nas | politika zasebnosti | pogosta vprašanja | pogoji uporabe | splošni pogoji
    el: πολιτική απορρήτου | όροι χρήσης | συχνές ερωτήσεις | επικοινωνία | σχετικά με εμάς | περιεχόμενα
    id: syarat dan ketentuan | tentang kami | kebijakan privasi | hubungi kami | daftar isi | beranda
    ms: terma dan syarat | dasar privasi | tentang kami | hubungi kami | soalan lazim
    vi: chính sách bảo mật | giới thiệu | liên hệ | điều khoản sử dụng | câu hỏi thường gặp | mục lục
    ca: avís legal | política de privacitat | preguntes freqüents | qui som | política de galetes
    eu: lege-oharra | pribatutasun politika | nor gara | ohiko galderak
    """
