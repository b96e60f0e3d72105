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
    private static let slotCount = 2_048
    private var keys: [UInt64]
    private var masks: [UInt32]

    private init() {
        self.keys = Array(repeating: 0, count: Self.slotCount)
        self.masks = Array(repeating: 0, count: Self.slotCount)
        for (category, words) in Self.written.enumerated() {
            for word in words.split(separator: " ") {
                let key = word.utf8.reduce(fnvBasis) { fnvStep($0, $1 == 0x5F ? 0x20 : $1) }
                var slot = Int(truncatingIfNeeded: key) & (Self.slotCount - 1)
                while self.keys[slot] != 0, self.keys[slot] != key {
                    slot = (slot + 1) & (Self.slotCount - 1)
                }
                self.keys[slot] = key
                self.masks[slot] |= 1 << UInt32(category)
            }
        }
    }

    /// The categories whose words a text has, a bit each.
    ///
    /// - Complexity: O(n).
    func categories(of text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        self.keys.withUnsafeBufferPointer { keys in
            self.masks.withUnsafeBufferPointer { masks in
                var reading = Reading(keys: keys, masks: masks)
                for byte in text { reading.take(byte) }
                reading.endWord()
                return UInt64(reading.found)
            }
        }
    }

    /// A text while its words are looked up.
    private struct Reading {
        let keys: UnsafeBufferPointer<UInt64>
        let masks: UnsafeBufferPointer<UInt32>
        var found: UInt32 = 0
        private var word = fnvBasis
        /// The word before, a blank and this one; the basis where no word is before.
        private var pair = fnvBasis
        private var length = 0
        /// The last two characters of a script without blanks, a byte behind the other.
        private var wide: UInt64 = 0
        private var wideCount = 0

        init(keys: UnsafeBufferPointer<UInt64>, masks: UnsafeBufferPointer<UInt32>) {
            self.keys = keys
            self.masks = masks
        }

        @inline(__always)
        mutating func take(_ byte: UInt8) {
            if byte.isASCIIAlphanumeric || byte >= 0x80 {
                let lower = byte.asciiLowercased
                self.word = fnvStep(self.word, lower)
                if self.pair != fnvBasis { self.pair = fnvStep(self.pair, lower) }
                self.length += 1
            } else {
                self.endWord()
                if byte != .space { self.pair = fnvBasis }
            }
            let isWide =
                (byte >= 0xE3 && byte <= 0xED) || (byte & 0xC0 == 0x80 && self.wideCount > 0)
            if isWide { self.takeWide(byte) } else { self.wideCount = 0 }
        }

        mutating func endWord() {
            guard self.length > 0 else { return }
            self.found |= self.mask(of: self.word)
            if self.pair != fnvBasis { self.found |= self.mask(of: self.pair) }
            // The word just ended begins the next pair.
            self.pair = fnvStep(self.word, .space)
            self.word = fnvBasis
            self.length = 0
        }

        /// Two characters of a script without blanks are looked up as a word.
        private mutating func takeWide(_ byte: UInt8) {
            self.wide = self.wide << 8 | UInt64(byte)
            self.wideCount += 1
            guard self.wideCount == 6 else { return }
            var key = fnvBasis
            for shift in stride(from: UInt64(40), through: 0, by: -8) {
                key = fnvStep(key, UInt8(truncatingIfNeeded: self.wide >> shift))
            }
            self.found |= self.mask(of: key)
            self.wideCount = 3
        }

        private func mask(of key: UInt64) -> UInt32 {
            var slot = Int(truncatingIfNeeded: key) & (CallWords.slotCount - 1)
            while self.keys[slot] != 0 {
                if self.keys[slot] == key { return self.masks[slot] }
                slot = (slot + 1) & (CallWords.slotCount - 1)
            }
            return 0
        }
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
        related read_also read_more read_next see_also more_from mehr_zum mehr_von auch_interessant \
        lesen_sie weiterlesen weitere_artikel weitere_informationen mehr_lesen zum_thema siehe_auch \
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
        anzeige anzeigen werbung advertisement advertising sponsored publicité publicidad reklama \
        pubblicità werbeanzeige affiliate provision ad anuncio publicidade commission affiliate_links
        """,
        // Apps and downloads.
        """
        app apps download downloads herunterladen app_store google_play télécharger descargar \
        scarica pobierz скачать pdf download_the
        """,
        // Support.
        """
        donate donation spenden spende unterstützen unterstütze unterstützung support_us soutenir apoya \
        dona wspieraj steady paypal patreon spendenkonto förderer wesprzyj kaffee ko-fi
        """,
        // Topics.
        """
        tags tag schlagwörter schlagworte kategorie kategorien category categories themen thema topics \
        filed etiquetas temas tagi rubrik ressort mots_clés stichwörter keywords schlagwort filed_under \
        veröffentlicht_in category: tópicos метки
        """,
        // Authors.
        """
        author autor autorin redakteur redakteurin redaktion writer journalist journalistin auteur autore \
        editor reporter freelance the_author den_autor die_autorin verfasser written_by von_der \
        volontär korrespondent correspondent staff editor_in blogger autora redacción
        """,
        // Contact.
        """
        telefon tel fax email e-mail kontakt contact adresse address straße ansprechpartner \
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
