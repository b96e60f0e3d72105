internal import Text

/// The words of a language that say how others belong together.
///
/// In a long query, a sentence mostly, they are left out: there they weigh together as much as a word that
/// means something. In a short one they may be what is searched for.
enum StopWords {
    /// Queries of fewer distinct terms are taken as they are.
    static let queryTermsMin = 8
    /// Fewer are never left of a query.
    private static let termsLeftMin = 3

    /// Which of the lists have a term, as the analysis has it: one bit each, the first lowest.
    private static let languages: [[UInt8]: UInt32] = {
        var analyzer = TermAnalyzer()
        var languages: [[UInt8]: UInt32] = [:]
        for (number, list) in Self.lists.enumerated() {
            for term in QueryTerms(list, with: &analyzer).terms {
                languages[term, default: 0] |= 1 << UInt32(number)
            }
        }
        return languages
    }()

    /// In the order in which languages are preferred where two fit a query equally well.
    private static let lists = [
        // English
        """
        a about above after again all also am an and any are as at be because been before being below \
        between both but by can cannot could did do does doing down during each few for from further \
        had has have having he her here hers him his how i if in into is it its itself me more most my \
        nor of off on once only or other our ours out over own same she should so some such than that \
        the their theirs them then there these they this those through to too under until up very was \
        we were what when where which while who whom why will with would you your yours
        """,
        // German
        """
        aber als am an auch auf aus bei bin bis bist da damit dann das dass dem den der des die dies \
        diese diesem diesen dieser dieses doch durch ein eine einem einen einer eines er es etwas euch \
        für gegen hat hatte hatten ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ist ja jede jedem \
        jeden jeder jedes kann können man mein mich mir mit nach noch nur ob oder sehr sein seine \
        seinem seinen seiner sich sie sind so sollte über um und uns unter vom von vor war waren warum \
        was weil welche welcher welches wenn werden wie wieder wird wo wurde wurden zu zum zur zwischen
        """,
        // French
        """
        à ai au aux avec avait avoir c ce ces cet cette comme d dans de des donc dont du elle elles en \
        est et était être eu il ils j je l la le les leur leurs lui m ma mais me mes mon n ne nos notre \
        nous on ont ou où par pour qu que quel quelle qui s sa sans se ses si son sont sous sur t ta te \
        tes ton tu un une vos votre vous y
        """,
        // Spanish
        """
        a al ante como con contra cual cuando de del desde donde el ella ellas ellos en entre era es \
        esa ese eso esta está están este esto fue ha han hasta la las le les lo los me mi muy más nos o \
        para pero por porque que qué quien se ser si sin sobre son su sus también te tu un una uno y ya
        """,
        // Italian
        """
        a ad agli ai al alla alle anche che chi ci come con cui da dai dal dalla dalle degli dei del \
        della delle di dove e è ed era gli ha hanno i il in io la le lei li lo loro lui ma mi nei nel \
        nella nelle noi non o per perché più quale quando quella quello questa questo se si sono su sul \
        sulla tra tu un una uno vi voi
        """,
        // Portuguese
        """
        a ao aos as à às até com como da das de dela dele do dos e é ela elas ele eles em entre era essa \
        esse esta está este eu foi há isso isto já lhe mais mas me na nas nem no nos nós o os ou para \
        pela pelas pelo pelos por porque qual quando que quem são se sem ser seu seus sobre sua suas \
        também te tem um uma você
        """,
        // Dutch
        """
        aan al als bij dan dat de der deze die dit door een en er had heb heeft hem het hij hoe hun ik \
        in is je kan maar me meer met mijn na naar niet nog nu of om omdat onder ons ook op over te tot \
        uit van veel voor waar want waren was wat we welke wel werd wie wij wordt zal ze zich zij zijn zo \
        zonder zou
        """,
        // Russian
        """
        а без более бы был была были было быть в вам вас весь во вот все всех вы где да для до его \
        ее если есть еще же за и из или им их к как какая какие какой кто ли мне может мы на над не \
        него нет ни но о об он она они оно от по под при с со так такой там то того тоже только у \
        уже чем что чтобы эта эти это этот я
        """,
        // Ukrainian
        """
        а або але без би бути був була були було в вам вас ви від всі вже де для до є за з зі і із \
        її їх й його які який яка як коли кого ми може на над не немає ні о об один по при про та \
        так такий там те то тому тут у це цей ця чи що щоб я
        """,
        // Polish
        """
        a aby ale bez być był była było były ci co czy dla do gdy gdzie go i ich im ja jak jako jaki \
        jakie jego jej jest już kiedy kto która które którego który lub ma może mu my na nad nie niż \
        o od ona one oni po pod poza przed przez przy są się tak także te tego tej ten to tu tylko \
        tym w we więc wy z za ze że
        """,
        // Czech
        """
        a aby ale ani až být by byl byla bylo byly co do ho i já jak jaké jako je jeho její jejich \
        jen ještě již jsem jsou k kde kdo kdy která které který má mezi mi může my na nad ne nebo \
        není o od on ona oni po pod podle pokud pro proč před při s se si své ta tak také ten tento \
        to tu už v ve více však vy z za ze že
        """,
        // Swedish
        """
        alla att av blev bli de dem den denna deras dess det detta dig din du där efter eller en er \
        ett från för ha hade han hans har hon hur här i icke in inte jag kan med men mig min mycket \
        man nu när och om oss på samma sedan sig sin ska skulle som så till under upp ut utan vad \
        var vara varför varit vem vi vid vilka vilken är över
        """,
        // Danish
        """
        af alle at blev blive da de dem den denne der deres det dette dig din du efter eller en end \
        er et for fra ham han hans har havde have hende her hos hun hvad hvilke hvilken hvis hvor \
        hvordan hvorfor i ikke ind jeg kan man med meget men mig min mod når og også om op os over \
        på sig sin skal som til ud under var ved vi vil være
        """,
        // Finnish
        """
        ei että emme en et ette hän he ja joka jossa jota jos joten kanssa kuin kuinka kun me mikä \
        mikään minkä minä missä mitä miten mutta myös ne niin nyt oli olla olen olet olette oletteko \
        on ollut ovat sekä se sen siinä siitä sinä tai te tämä tässä vai vain voi
        """,
        // Hungarian
        """
        a az abban aki akkor ami amely amelyek azok azt csak de egy egyes el és ez ezek ezt ha hanem \
        hogy hogyan hol is itt ki kell le legyen lehet meg mely mert mi miért mikor minden mint mit \
        mivel még már nagyon nem ott s sem szerint több vagy van vannak volt
        """,
        // Turkish
        """
        ama ancak bana bazı ben beni bir bu bunu çok da daha de değil diye en gibi göre hangi hem \
        her için ile ise kadar ki kim mi mı mu mü nasıl ne neden nedir nerede o olan olarak olduğu \
        onu onun sen siz şu tüm var ve veya ya yok
        """,
        // Romanian
        """
        a acest această ai al ale am ar are asta atunci au avea că când care ce cel cele cine cu cum \
        da dar de deci din după ea ei el ele era este eu fi fost în într îi își la le li lor mai mea \
        mi nu o ori pe pentru prin sa sau se și să si sunt sub te un una unde unei unui
        """,
    ]

    /// The terms without the stop words of the language that most of them fit.
    static func removed(from query: QueryTerms) -> QueryTerms {
        guard query.terms.count >= Self.queryTermsMin else { return query }
        let found = query.terms.map { Self.languages[$0] ?? 0 }
        var best: (language: UInt32, count: Int)?
        for number in Self.lists.indices {
            let language = UInt32(1) << UInt32(number)
            let count = found.count { $0 & language != 0 }
            if count > best?.count ?? 0 { best = (language, count) }
        }
        guard let best, query.terms.count - best.count >= Self.termsLeftMin else { return query }
        return query.filter { found[$0] & best.language == 0 }
    }
}
