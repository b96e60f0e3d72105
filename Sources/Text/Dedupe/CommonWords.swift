/// Words whose capital says nothing: what sentences begin with and what the chrome of a page says.
///
/// A capital on any other word may be a name. None of these words is a fact by itself.
enum CommonWords {
    static let shared = WordHashes([sentenceWords, navigationWords].joined(separator: " "))
}

/// Articles, pronouns, prepositions, conjunctions, auxiliaries and what else opens sentences.
private let sentenceWords = """
    a about according actually additionally again against ago ah almost along already also although
    am among an and another anyone anything are aren as ask assume at away b back because been
    begin being believe besides best better bring but by c call came certain check choose click come
    compare consider consult copy create d day did different do does doing done during e else end
    ensure etc even ever everyone everything example explore f far feel find finally follow for from
    further furthermore g generally get give given go good great h had has have having he hello help
    hence her here hers him his hold how however i if imagine important in indeed instead into is isn
    it its itself j just k keep know l large later learn leave let like likely likewise list little ll
    long look m made make many maybe me mean meanwhile moreover much my n near need next nevertheless
    note now o obviously of oh okay ok one's or other others otherwise our ours out own p part
    people perhaps place please possible previous provided put q question quite r rather re read really
    recall regarding remember s said same save say see seem select send set several she show similarly
    simply small so someone something soon specifically start still such sure t take tell text than
    thanks thank that the their theirs them themselves then there therefore these they thing things
    think this those though through throughout thus to together too toward towards try turn typically
    u us use used user users uses using usually v ve very visit w want was wasn watch way we well were
    what whatever when whenever where whereas wherever whether which while who whom whose why will
    with work would write x y you your yours yourself z
    der die das den dem des ein eine einen einem einer eines und oder aber wenn weil dass daß ob als wie
    wo was wer wir ihr sie es ich du er ist sind war waren wird werden wurde wurden hat haben hatte
    für von mit bei aus an am im in ins zum zur auch noch schon sehr so dann hier da dort diese dieser
    dieses diesen dem jede jeder jedes man sich bitte danke um durch gegen seit während
    le la les l un une des du de d et ou mais si que qui quoi dont où comme quand car donc or ce cet
    cette ces c il elle ils elles on nous vous je tu est sont était étaient sera été a ont avait avoir
    être pour par avec dans en au aux chez vers ici là très aussi encore déjà tout bien merci
    el los las lo una unos unas del al y o u pero que quien cual como cuando donde porque este esta
    estos estas ese esa esos esas es son era eran fue fueron ser está están ha han había para por con
    en entre hacia hasta muy también ya aquí allí se su sus nos usted ustedes gracias
    il lo gli i uno di da in con su per tra fra e ed o ma che chi cui come quando dove perché questo
    questa questi queste quello quella è sono era erano sarà stato ha hanno aveva anche ancora già qui
    molto si suo sua grazie
    os as um uma uns umas do da dos das no na nos nas ao aos e ou mas que quem como quando onde porque
    este esta isto esse essa isso é são era eram foi foram ser está estão tem têm para por com em entre
    muito também já aqui se seu sua obrigado
    de het en of maar als dat die wie wat waar hoe omdat dit deze is zijn was waren wordt worden heeft
    hebben had van met bij uit aan in op om te ook nog al hier daar zeer dank
    i oraz lub ale że który która które jak kiedy gdzie jest są był była było były będzie z w na do
    od dla przez to ten ta te się też już tu tam bardzo dziękuję
    и или но что который которая которые как когда где есть был была было были будет с в на к от для
    по из у о это этот эта эти он она они мы вы я ты также уже здесь там очень его ее их
    och eller men att som när där här är var har hade med för från till av på i om den det de ett en
    og eller men at som når der her er var har havde med for fra til af på i om den det de et
    """

/// What menus, footers and buttons of pages say, in the same languages.
private let navigationWords = """
    home homepage menu navigation nav main content contents skip search find login logout log sign
    signin signup register account profile settings preferences cart basket checkout shop store
    products product services service solutions pricing plans features company about contact contacts
    support help faq faqs docs documentation guide guides tutorial tutorials blog news events press
    media careers jobs team partners customers community forum forums resources downloads download
    gallery videos video photos share tweet print email mail subscribe newsletter rss feed follow like
    comment comments reply replies report edit view views details continue more show hide expand
    collapse toggle previous prev next back forward top up page pages index overview introduction
    summary archive archives categories category tags tag topics topic related popular recent latest
    featured recommended sitemap site map terms conditions privacy policy policies cookie cookies
    legal imprint disclaimer copyright rights reserved accessibility language languages english
    deutsch français español italiano português nederlands polski русский select choose close cancel
    submit send ok apply reset loading advertisement sponsored powered updated published posted author
    toc table figure chapter section appendix sidebar header footer banner breadcrumb breadcrumbs
    website web webpage online free demo trial welcome thank learn start started getting quickstart
    facebook twitter linkedin instagram youtube github link links click tap button
    startseite suche suchen anmelden abmelden registrieren konto warenkorb kasse produkte leistungen
    unternehmen kontakt hilfe aktuelles termine presse karriere impressum datenschutz agb nutzung
    weiter zurück vorherige nächste seite seiten inhalt inhaltsverzeichnis übersicht drucken teilen
    folgen abonnieren kommentare kommentar antworten mehr anzeigen weitere alle kategorien schlagworte
    sprache schließen abbrechen senden herunterladen hauptmenü über
    accueil recherche rechercher connexion déconnexion inscription compte panier produits société
    entreprise aide actualités presse emplois mentions légales confidentialité suivant suivante
    précédent précédente retour sommaire imprimer partager suivre abonner commentaires répondre
    afficher voir catégories langue fermer annuler envoyer télécharger haut propos
    inicio buscar búsqueda acceder salir registrarse cuenta carrito productos servicios empresa contacto
    ayuda noticias prensa empleo aviso privacidad siguiente anterior volver índice imprimir compartir
    seguir suscribirse comentarios responder mostrar ver categorías idioma cerrar cancelar enviar
    descargar arriba
    cerca ricerca accedi esci registrati carrello prodotti servizi azienda contatti aiuto notizie
    lavora note successivo precedente indietro indice stampa condividi segui iscriviti commenti rispondi
    mostra categorie lingua chiudi annulla invia scarica
    início pesquisa pesquisar entrar sair registar conta carrinho produtos serviços contato contacto
    ajuda notícias imprensa próximo próxima voltar imprimir compartilhar partilhar assinar comentários
    categorias fechar baixar
    zoeken inloggen uitloggen registreren winkelwagen producten diensten bedrijf hulp nieuws pers
    vacatures volgende vorige terug inhoud afdrukken delen volgen abonneren reacties reageren toon
    categorieën taal sluiten annuleren verzenden
    szukaj zaloguj wyloguj rejestracja konto koszyk produkty usługi firma kontakt pomoc aktualności
    następna poprzednia wstecz drukuj udostępnij komentarze zamknij
    главная поиск войти выйти регистрация корзина продукты услуги компания контакты помощь новости
    вакансии далее назад следующая предыдущая содержание печать поделиться подписаться комментарии
    ответить показать категории язык закрыть отмена отправить скачать
    """
