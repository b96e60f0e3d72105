/// Given names that are common in many countries, in lower case.
///
/// - Source: written for this file, from the names that registrars list as most frequent, country by
///   country; no person's full name is in it.
enum GivenNames {
    static func contains(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        var hash: UInt64 = 0
        var words = 0
        forEachWord(word) {
            hash = $0.value(group: 0)
            words += 1
        }
        return words == 1 && self.hashes.contains(hash)
    }

    private static let hashes: Set<UInt64> = {
        var hashes = Set<UInt64>()
        for name in names.split(whereSeparator: \.isWhitespace) {
            var name = String(name)
            name.withUTF8 { text in forEachWord(text) { hashes.insert($0.value(group: 0)) } }
        }
        return hashes
    }()

    private static let names = """
        james john robert michael william david richard joseph thomas charles christopher daniel matthew
        anthony donald steven andrew paul joshua kenneth kevin brian george timothy edward ronald jason
        jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel
        gregory frank alexander patrick raymond jack dennis jerry tyler aaron henry peter adam nathan
        zachary kyle walter harold carl jeremy keith roger arthur lawrence sean christian austin albert
        jesse willie billy bruce ralph bryan eugene louis wayne alan juan russell oliver harry simon
        mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra
        margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca sharon
        laura cynthia dorothy amy kathleen angela shirley emma brenda pamela nicole samantha katherine anna
        christine debra rachel carolyn janet maria olivia heather helen catherine diane julie victoria joyce
        lauren kelly christina joan evelyn judith andrea hannah megan cheryl jacqueline martha madison
        teresa gloria sara janice ann kathryn abigail sophia frances jean alice judy isabella julia denise
        amber beverly danielle marilyn charlotte natalie theresa diana brittany doris kayla alexis lucy chloe
        hans peter klaus jürgen wolfgang thomas andreas stefan michael markus christian martin uwe ute
        heike sabine petra monika ursula renate karin birgit gisela helga ingrid jan lukas leon felix paul
        jonas maximilian tobias sebastian florian matthias dieter günter horst werner heinz gerhard helmut
        pierre jacques michel philippe alain bernard nicolas julien antoine guillaume mathieu rené andré
        françois christophe laurent olivier sylvie isabelle nathalie valérie sophie céline camille marie
        claire chloé manon léa hélène amélie élodie aurélie luca marco giuseppe giovanni antonio mario
        francesco paolo andrea alessandro roberto stefano matteo lorenzo giulia chiara francesca
        alessia martina elena paola giorgia silvia federica valentina josé juan carlos luis miguel javier
        manuel pedro jorge fernando alejandro pablo sergio ángel diego álvaro maría carmen ana isabel
        dolores pilar josefa lucía paula marta cristina elena rocío joão pedro tiago rui nuno inês
        beatriz mariana rafael gabriel thiago bruno leonardo eduardo jan piet kees henk willem hendrik
        sanne femke anouk lotte daan bram thijs sven lars erik anders johan per karl nils olof björn
        gunnar ingrid astrid karin kerstin eva birgitta anna ole knut kari liv hanne mette søren jens niels
        matti juhani timo pekka kari juha antti mikko päivi tuula ritva leena piotr krzysztof andrzej
        tomasz paweł jan stanisław marcin michał marek grzegorz adam zbigniew jerzy tadeusz anna
        katarzyna małgorzata agnieszka krystyna barbara ewa elżbieta zofia janina joanna jakub petr pavel
        jiří josef jaroslav miroslav tomáš zdeněk václav jana hana lenka kateřina lucie věra alena
        lászló istván józsef jános zoltán sándor gábor ferenc attila péter mária erzsébet katalin ilona
        ion gheorghe vasile constantin nicolae ștefan andrei alexandru mihai cristian elena ioana
        mehmet mustafa ahmet ali hüseyin hasan ibrahim ismail osman murat ömer ramazan yusuf emre burak
        fatma ayşe emine hatice zeynep elif meryem şerife zehra sultan hanife merve büşra özlem
        ivan sergei sergey dmitri dmitry alexei alexey nikolai vladimir mikhail andrei yuri igor oleg
        olga tatiana natalia elena svetlana irina anna ekaterina marina lyudmila galina nadezhda anastasia
        иван сергей дмитрий алексей николай владимир михаил андрей юрий игорь олег александр павел
        ольга татьяна наталья елена светлана ирина анна екатерина марина людмила галина анастасия мария
        giorgos yannis dimitris nikos kostas γιώργος γιάννης δημήτρης νίκος κώστας μαρία ελένη κατερίνα
        mohammed muhammad mohamed ahmed ali omar hassan hussein khalid youssef ibrahim mahmoud fatima
        aisha khadija maryam zainab layla noor amina rajesh suresh ramesh mahesh amit anil sunil vijay
        sanjay rahul rohit vikram arjun ravi deepak manoj priya pooja anjali sunita kavita neha
        divya lakshmi sita yuki hiroshi takashi kenji akira satoshi haruto yui sakura aiko yoko keiko wei
        fang li min jun xiaoming jing yan hui minjun jihoon seoyeon jiwoo nguyen linh minh huong thanh
        """
}
