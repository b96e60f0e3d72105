internal import Bytes

/// What short lines around an article are about, by their words: calls to share or subscribe,
/// credits, dates and the like, in the languages of the pages we know.
///
/// A category is one piece of evidence among many, with a learnt weight; it decides nothing alone.
struct CallWords: Sendable {
    static let shared = CallWords()

    static let categoryCount = 20
    /// Share, subscribe, related, follow.
    static let calls: UInt64 = 1 << 0 | 1 << 1 | 1 << 3 | 1 << 14
    /// The word is the first of two that are one entry.
    private static let beginsPair: UInt32 = 1 << 31
    private var table = WordMeanings<UInt32>(empty: 0)

    private init() {
        for (category, words) in Self.written.enumerated() {
            for word in words.split(separator: " ") {
                let parts = word.split(separator: "_").map { Self.key(of: $0) }
                if parts.count > 1 { self.table.update(parts[0]) { $0 |= Self.beginsPair } }
                let key = parts.count > 1 ? pairHash(parts[0], parts[1]) : parts[0]
                self.table.update(key) { $0 |= 1 << UInt32(category) }
            }
        }
    }

    private static func key(of word: Substring) -> UInt64 {
        var word = word
        return word.withUTF8 { wordHash($0, from: 0, to: $0.count) }
    }

    /// The categories whose words a text has, a bit each.
    ///
    /// - Complexity: O(n).
    func categories(of text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var found: UInt32 = 0
        /// The word before, if it may begin an entry of two and blanks alone stand behind it; else 0.
        var previous: UInt64 = 0
        var index = 0
        while index < text.count {
            let start = index
            var hasWide = false
            while index < text.count, isInWord(text[index]) {
                if text[index] >= 0xE3 { hasWide = true }
                index += 1
            }
            if index > start {
                let word = wordHash(text, from: start, to: index)
                let meaning = self.table.find(word) ?? 0
                found |= meaning
                if previous != 0 { found |= self.table.find(pairHash(previous, word)) ?? 0 }
                if hasWide { found |= self.wideCategories(of: text, from: start, to: index) }
                previous = meaning & Self.beginsPair != 0 ? word : 0
            }
            if index < text.count, text[index] != .space { previous = 0 }
            index += 1
        }
        return UInt64(found & ~Self.beginsPair)
    }

    /// In scripts without blanks every two characters are looked up as a word.
    private func wideCategories(
        of text: UnsafeBufferPointer<UInt8>,
        from start: Int,
        to end: Int
    ) -> UInt32 {
        var found: UInt32 = 0
        var count = 0
        for index in start..<end {
            let byte = text[index]
            let isWide = (byte >= 0xE3 && byte <= 0xED) || (byte & 0xC0 == 0x80 && count > 0)
            count = isWide ? count + 1 : 0
            guard count == 6 else { continue }
            found |= self.table.find(wordHash(text, from: index - 5, to: index + 1)) ?? 0
            count = 3
        }
        return found
    }

    /// A category a line; `_` stands for the blank between two words.
    private static let written: [String] = [
        // Share.
        """
        share teilen partager partagez compartir comparte compartilhar compartilhe condividi condividere \
        udostępnij поделиться поделитесь delen deel dela paylaş sdílet facebook twitter whatsapp \
        pinterest linkedin tweet xing 分享 シェ 공유
        """,
        // Subscribe.
        """
        newsletter newsletters subscribe subscriber subscribers subscription abonnieren abonniert \
        abonnez abonnement abo abonnenten suscríbete suscribirse suscripción suscriptor iscriviti \
        subskrybuj подпишитесь подписаться подписывайтесь abonneer prenumerera inscreva assine \
        assinante sign_up updates_direkt kostenlos_abonnieren rss push inbox postfach posteingang \
        prenumerata boletín 订阅
        """,
        // Comments.
        """
        comment comments kommentar kommentare kommentieren kommentaren commentaire commentaires \
        comentario comentarios comentar comentários komentarz komentarze komentarzy komentarzem \
        комментарии комментарий комментировать reactie reacties commento commenti yorum reply replies \
        antworten leserbrief diskutieren diskussion discussion netiquette antworte 评论 コメ
        """,
        // Related.
        """
        related read_also read_more read_next see_also also_on more_from mehr_zum mehr_von \
        auch_interessant lesen_sie weiterlesen weitere_artikel weitere_informationen mehr_lesen \
        zum_thema siehe_auch \
        lire_aussi lire_la leer_más te_puede puede_interesar lea_también lee_también relacionadas \
        relacionados czytaj_także czytaj_również zobacz_także zobacz_też leggi_anche читайте_также \
        lees_ook lees_meer leia_também veja_também similar recommended empfehlungen empfohlen beliebt \
        popular trending ähnliche auch_lesen mehr_dazu mehr_themen aktuelle_beiträge neueste \
        interessieren recent latest verwandte passend_dazu 相关 推荐 関連 관련
        """,
        // Register.
        """
        login log_in anmelden angemeldet einloggen eingeloggt registrieren registriert register \
        registered account konto connexion inscription connectez sesión zaloguj войти passwort password \
        mitglied_werden sign_in jetzt_registrieren ausloggen benutzername username
        """,
        // Rights.
        """
        copyright rights_reserved alle_rechte rechte_vorbehalten impressum datenschutz \
        datenschutzerklärung privacy terms nutzungsbedingungen agb haftung disclaimer tous_droits \
        derechos_reservados prawa_zastrzeżone nachdruck creative_commons lizenz license licence \
        diritti_riservati права_защищены responsible_for
        """,
        // Credits of pictures and sources.
        """
        photo photos foto fotos bild bilder quelle quellen source sources crédit crédits credit credits \
        getty dpa afp reuters imago shutterstock fotolia bildquelle bildnachweis image images fuente \
        fotografía zdjęcie фото źródło abbildung abb istock unsplash pixabay photograph picture_alliance \
        symbolbild screenshot archiv symbolfoto archivbild
        """,
        // Dates of publication.
        """
        published updated aktualisiert veröffentlicht publié jour actualizado publicado opublikowano \
        last_modified zuletzt geändert erstellt posted posted_on letzte_änderung stand aktualisierung \
        uhr modified veröffentlichung opublikowany mis_à aggiornato pubblicato bijgewerkt gepubliceerd
        """,
        // Advertising.
        """
        anzeige anzeigen werbung advert adverts advertisement advertising sponsored publicité \
        publicidad reklama pubblicità werbeanzeige affiliate provision ad anuncio publicidade \
        commission affiliate_links
        """,
        // Apps and downloads.
        """
        app apps download downloads herunterladen app_store google_play télécharger descargar \
        scarica pobierz скачать pdf download_the
        """,
        // Support.
        """
        donate donation spenden spende unterstützen unterstütze unterstützung support_us soutenir apoya \
        dona wspieraj steady paypal patreon spendenkonto förderer wesprzyj kaffee
        """,
        // Topics.
        """
        tags tag schlagwörter schlagworte kategorie kategorien category categories themen thema topics \
        filed etiquetas temas tagi rubrik ressort mots_clés stichwörter keywords schlagwort filed_under \
        veröffentlicht_in tópicos метки
        """,
        // Authors.
        """
        author autor autorin redakteur redakteurin redaktion writer journalist journalistin auteur autore \
        editor reporter freelance the_author den_autor die_autorin verfasser written_by von_der \
        volontär korrespondent correspondent staff editor_in blogger autora redacción
        """,
        // Contact.
        """
        telefon tel fax email kontakt contact adresse address straße ansprechpartner \
        pressekontakt pressestelle contacto contatto телефон phone mail ansprechpartnerin anfahrt
        """,
        // Follow.
        """
        follow follow_us folgen folge suivez síguenos seguici channel youtube kanal instagram telegram \
        social_media fan_werden siga tiktok podcast spotify google_news puede_escribirnos
        """,
        // Consent.
        """
        cookie cookies einwilligung consent einverstanden externer_inhalt externe_inhalte inhalte_von \
        agree i_agree zustimmen javascript browser adblocker zustimmung akzeptieren anzuzeigen
        """,
        // Ways through the site.
        """
        back zurück top nach_oben home startseite print drucken seite_drucken next previous nächster \
        vorheriger suivant précédent siguiente anterior inhaltsverzeichnis inhalt contents menu suche \
        search übersicht listenansicht weiter_zu zur_startseite skip_to springen artikel_drucken \
        following previous_post next_post permalink seite
        """,
        // Shops.
        """
        warenkorb cart preis price kaufen buy add_to lieferzeit versand mwst lager produkt jetzt_kaufen \
        bestellen shop in_den artikelnummer verfügbar merkzettel wunschliste
        """,
        // Ratings and votes.
        """
        helpful hilfreich rate rating bewerten bewertung bewertungen vote votes stars sterne likes like \
        gefällt views aufrufe feedback umfrage reactions upvote
        """,
        // The publisher about itself.
        """
        über_uns about_us über_die über_den pressemitteilung about_the wir_sind our_team unser_team \
        the_company das_unternehmen we_recommend für_sie exklusiv exklusive erhalten_sie profitieren \
        leistungen we_are unsere
        """,
    ]
}

@inline(__always)
private func isInWord(_ byte: UInt8) -> Bool { byte.isASCIIAlphanumeric || byte >= 0x80 }
