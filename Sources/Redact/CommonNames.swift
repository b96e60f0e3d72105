/// Names that the table of names lacks, in lower case: first names, then last names.
///
/// - Source: written for this file, from the names that registrars list as most frequent in Turkey, India,
///   Pakistan, Romania, Vietnam, Ukraine, Nigeria, Ghana, Kenya and the Arab countries.
enum CommonNames {
    @inline(__always)
    static func uses(hash: UInt64) -> NameTable.Use {
        var index = Int(truncatingIfNeeded: hash) & Self.mask
        return Self.slots.withUnsafeBufferPointer { slots in
            while slots[index].hash != 0 {
                if slots[index].hash == hash { return slots[index].uses }
                index = (index + 1) & Self.mask
            }
            return []
        }
    }

    private struct Slot: Sendable {
        var hash: UInt64 = 0
        var uses: NameTable.Use = []
    }

    private static let mask = 2047

    /// Open addressing, four slots a name or more.
    private static let slots: [Slot] = {
        var slots = [Slot](repeating: Slot(), count: mask + 1)
        for (names, use) in [(firstNames, NameTable.Use.first), (lastNames, .last)] {
            for name in names.utf8.split(whereSeparator: { $0 <= .space }) {
                let hash = NameTable.hash(name)
                var index = Int(truncatingIfNeeded: hash) & mask
                while slots[index].hash != 0, slots[index].hash != hash {
                    index = (index + 1) & mask
                }
                slots[index].hash = hash
                slots[index].uses.insert(use)
            }
        }
        return slots
    }()

    private static let firstNames = """
        ayşe fatma emine hatice zeynep elif meryem şerife zehra hanife merve büşra özlem esra kübra gülsüm
        mehmet mustafa ahmet hüseyin hasan ibrahim ismail osman murat ömer ramazan yusuf emre burak ayhan
        orhan serkan volkan tolga cem can deniz selin defne nur sevgi gül leyla
        rajesh suresh ramesh mahesh amit anil sunil vijay sanjay rahul rohit vikram arjun ravi deepak manoj
        ashok prakash dinesh mukesh rakesh naveen praveen srinivas venkatesh karthik aditya harish girish
        priya pooja anjali sunita kavita neha divya lakshmi sita meena geeta rekha swati shweta nisha
        aarti jyoti shanti deepika ananya aishwarya sneha ritu
        muhammad mohammad mohammed usman bilal imran faisal kamran tariq asif nadeem shahid zahid sana
        ayesha hina sadia bushra rabia nadia saima
        ștefan andrei mihai ionuț bogdan răzvan cătălin florin gheorghe ioana mihaela gabriela alexandra
        nguyễn linh hương thảo phương tuấn dũng hùng minh thanh trang
        oleksandr oleksiy serhiy andriy volodymyr viktor mykola yuriy vasyl olena oksana tetyana nataliya
        chinedu emeka ngozi chioma adaeze obinna kwame kofi ama abena akosua kwabena wanjiku njeri kamau
        otieno achieng mwangi
        khalid youssef yousef ibrahim mahmoud mustafa abdullah abdul omar hassan hussein karim rashid salim
        fatima aisha khadija maryam zainab layla noor amina salma huda yasmin rania samira
        giorgos yannis dimitris nikos kostas eleni katerina
        """

    private static let lastNames = """
        yılmaz kaya demir şahin çelik yıldız yıldırım öztürk aydın özdemir arslan doğan kılıç aslan çetin kara
        koç kurt özkan şimşek polat korkmaz
        sharma verma gupta singh kumar patel shah mehta joshi desai reddy rao nair menon iyer iyengar pillai
        chatterjee mukherjee banerjee ghosh bose sen das dutta mishra tiwari pandey yadav chauhan agarwal
        kapoor malhotra khanna chopra bhatia sethi naidu gowda hegde shetty kulkarni deshpande patil
        khan ahmed hussain malik qureshi siddiqui sheikh chaudhry butt
        popescu ionescu popa radu dumitru stan stoica gheorghe marin tudor ionesco
        nguyen nguyễn trần phạm hoàng huỳnh phan võ đặng bùi đỗ ngô dương
        kovalenko shevchenko bondarenko tkachenko kravchenko boyko melnyk
        okafor okonkwo adeyemi adebayo mensah owusu boateng asante ochieng odhiambo kimani
        al-sayed mansour haddad khoury nasser saleh farouk aziz rahman
        papadopoulos georgiou nikolaou
        """
}

/// Surnames of China as Pinyin writes them.
///
/// - Source: the hundred most frequent of the census of 2020.
let pinyinSurnames = WordSet(
    """
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song \
    tang han feng deng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng su wei lu ding ren shen \
    yao lu jiang cui zhong tan wang fan jin shi liao jia xia fu fang bai zou meng xiong qin qiu hou yin xue \
    yan duan lei long shi tao he gu mao hao gong shao wan qian
    """
)
