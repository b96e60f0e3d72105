/// Words that stand in languages of other scripts when they are written in Latin letters.
///
/// `hi:` begins the words of Hindi that no language of the Latin script has, or that are rare there;
/// `hi?` those that others have too; `ja~` endings. Indented lines go on with the line before.
///
/// - Source: written for this file: the commonest function words and everyday words of each language in
///   the spellings that people type. Words that stand twice or more among 6,081 rows of the development
///   set in Latin script are after `?`.
let romanisedWords = """
    hi: aaj aana aao aap aapka aapke aapki aasan aata aaunga aaya aaye aayi abhi accha acha achha
      achhi agar aise aksar apane apani apna apne apni asaan baad baarish baatein bachcha bachche
      bade badi bahar bahot bahut banao banaya barish bataiye batao bechna beta bhai bhaiya bharat
      bhasha bhool bilkul bina bohot bolo chahiye chahta chahte chahti chal chala chale chalenge
      chali chalo chalta chalte char chhota chota choti dekh dekha dekhna dekho dena desh
      dhanyavaad dhanyavad dhanyawad dheere didi dijiye dikhao dilli diya doodh dopahar dosti
      dukaan dukhi gaadi gaana gaane gai galat gaon garmi gaye gayi ghar gussa haan hain hamaare
      hamaari hamara hamare hamari hamesha hoga hogi hokar hoke hona hone honge hoon hota hote
      hoti hua hue hui humaare humara humari hume humein humne inhe inhone inki inko iske iski
      isko islie isliye isse itna itne itni jaa jaate jab jaise jaldi jana jao jata jaunga jaungi
      jaye jayega jeevan jhooth jinhone jiska jiske jiski jitna jitne jyada kaam kabhi kabhie
      kabse kahan kahani kaho kaisa kaise kaisi kamra karane karate karega karegi karen karenge
      karke karna karte karti karu karun karunga karungi karwa karwana kaun kehna kehte khaana
      khana kharidna khel khelna khush kijiye kisi kiske kiski kisko kitaab kitab kitna kitne
      kitni kiya kiye koi kripaya kripya kuch kuchh kyon kyu kyun kyunki laao ladka ladki lagta
      leke lekin likha likhna likho liye logon maa magar mahanga maine maloom malum matlab mehnga
      mein mera meri mila mile milega milegi milenge milna milta mujhe mujhko mujhse mushkil nahi
      nahin nai namaskar namaste naraz naya nayi neeche padh padhai padhna pahle paisa paise
      parivar parso pasand pata pehle phir purana pyaar pyar rahe rahi rahta rahte rahti rakha
      rakhna rakho rehta rehte rehti rupaye saath sabhi sabko sabse sach sachmuch sadak sahi
      sakata sakati sakta sakte sakti samajh samay samjha sardi sasta sath seekhna shaadi shaam
      shayad shehar sheher shukriya sikhna sirf soch socha sochna subah sunao sunna suno tab tabhi
      tabsehai taki tera teri theek thik thoda thodi toh tujhe tumhaare tumhara tumhare tumhari
      tumhe turant unhe unhein unhone unka unke unki unko upar usaki uska uske uski usko usne usse
      uthna utna vahan vahin vaise vapas wahan waise wajah wale wali wapas woh yaar yaha yahan yeh
      zaroor zaroori zaruri zindagi zyada
    hi? andar aur baat bada bana bas bata bhi bol bola chai de di din diye do dost duniya ek fir
      gana gaya ham har hi hindi hum hun inka iska jaana ji jo ka kab kaha kal kam kar karne karo
      karta ke ki kiska ko kya lag laga lagi lao le lena liya log mai main men mere naam pahale
      pani par pita raat raha sab se sona tak teen tere tha thi to tu tum wala wo ya ye zarur
    ur: aaj aap aapka abhi acha agar alaikum assalam assalamu bahut barah bohat diya gayi ghar
      hafiz hain hamaray hoga hota hotay hotey hua huay hui humara humaray humein inshallah janaab
      janab jee kaam kahan kaisay kaisey karachi karam karna kartay kartey kaun khayaal khayal
      khuda kitab kiya kuch kyun lahore lekin liye logon magar mashallah meharbani meherbani mein
      mera meray meri mohabbat muhabbat mujhay nahin phir rahay rahi saath sakta saktay sath
      shukriya taaleem taleem theek wahan wajah walaikum waqt yahan zaroor zaroori zindagi
    ur? aur baat bhi dia dil gaya gya hay hum kab kal karta kia kya log pakistan raha sab sahib
      tum
    ar: 2addeh 2alli 2awi 2olt 3al 3ala 3an 3and 3andi 3ando 3arabi 3aref 3ashan 3ashara 3ayez
      3ayz 3indak 3indi 5alas 7abibi 7aga 7atta 7elw a3raf aaraf aayez abadan abi addeh adhhab
      adhhabu adrus afham afwan ahlan aiwa akhbar akhbarak akhi akul akun al3arabi alaan alaikum
      alarabi alarabiyya alashan alaykom alaykum albalad albayt aldunya alhamdulillah alhayat
      alhub alkhair alkhayr alladhi alladhin allathi allati allugha almadina almadrasa almakan
      alnas alnoor alnour alsaa alsalama alsayyara alyawm alyoum amam ams andi ando annaha annahu
      annas anta antum arabi araf arba3a arbaa aref arooh arouh aruh ashan ashara ashrab assaa
      assalam assalama assalamu atakallam aw awez awi ayez ayna aywa aywah ayza azhab ba3d ba3dein
      ba3ed ba7ebak baad baadein baddi bafham bahebak bahibak barra bayn bayt bein beit biddi bidi
      bidna bidoun bidun bikam bikhayr bint bisabab bitehki bitetkallem bkam bkhair bokra bukra
      choukran da2iman daiman daqiqa dayman delwa2ty dhahaba dhahabtu dhalika dilwaqti dilwati
      e7na eh ehna eih eiwa el2an elbeit elli elly elnaharda elyom embare7 embareh emta ennaharda
      enta ente enti ezayak ezayyak ezzay faahim fahem fahemt fahim fahmt fawq fee feen fein fo2
      gadeesh galli ganb geddan ghadan ghali ghaliban ghalya gidan gidden gowa gult habibi habibti
      hada hadha hadhal hadhihi hadihi haga hagat hakaa halak halik halla halla2 hallaa haluk
      haluka haluki hamdulillah hatha hathihi hatta hawla haza helw hena heya hilw hinak hiya hona
      honak howa hunak hunaka idha illi imta indak indi innaha innaharda innahu insha inshallah
      inti intum ismak ismee ismi ismuka itha ithnan itnein izayak izzay izzayak jadeed jadid
      jameel jamil janb jaye jayi jiddan juwwa kaanat kabeer kabir kaif kaifa kaifak kamaan kaman
      kanat kanu kataba katabtu katheer kathir kathiran kayf kayfa keef keefak khalas khalf
      khallas khamsa khilal khilala kifak kifik kitab kol kolo konna kowayes kteer ktir kul kullu
      kulluha kunti kuntu kuwayyis kwayes kwayyes la2 laa laday ladayka ladayya laken lakinna
      lawsamaht lays laysa laysh lazem lazim leih lesh lianna liannahu limadha limatha ma3 ma3a
      ma3ak ma3i ma3lish ma3o maa maahu maalesh maalish maaya mabsoot mabsout mada madha madrasa
      mafeesh mafi mafish marhaba marhaban masaa matha mbareh mesh mish mithl mithla mnee7 mneeh
      mnih momken mosh mundhu munthuana mush na3am nadrus naharda nahnu nakul nurid ohibb oreed
      orid qabla qal qara2t qaraa qawi qultu rah rajul rakhis raye7 raye7a rayeh rayi7 rayih sa3a
      sa3edni sa3idni saadni saba3a sabah sabahu sadiq sadiqi sagheer saghir salaam salam sama7t
      samaht sawf shahr shai shay shayy shlonak shlonik shokran shou shukran shway shwaya shwayya
      ta2ban ta3ban ta7t taban taht takallam takun talata tamam tamanya tatakallam tayeb tayyeb
      tayyib thalatha thalika tilka tisa tsa3edni uhibb uhibbu uhibbuka ukhti ummi ureed urid
      usbu3 wa7ed wahad wahid walad walakin wallah wallahi wein wen ya3ni yaani yadhhab yadrus
      yajib yakul yakun yakunu yal3ab yalla yallah yani yashrab yawm yawmiyan yom yoom yumkin zain
      zalik zay zayy zein
    ar? al ala alan allah an anna anti baada bas el fi ha hadi hal hum huna huwa ila inta iza kam
      kan kana kif kull kulla kunna la lakin law leh lugha ma maak mai man masa mata min mumkin
      naam qala saa sana shu sitta wa wayn ya
    ru: blizko bolee bolnitse bolshaya bolshe bolshoy budem budesh budet budu budut byli bystro
      chasto chego chelovek cheloveka chem chemu cherez chto chtob chtoby cto daleko davai davay
      davayte davno delaesh delaet delat deneg dengi detey dlya dnya dolzhen dolzhna dolzhno
      dolzhny dom doma domoi domoy dorogoy drugie drugikh drugoy druzya dumayu dver emu esche
      eshche eshe esli etim etogo etoi etom etot etoy etu gde goda godu gorod gorode gorodu
      govorit govoryat govoryu hochesh hochet hochu horosho hotya idet idu idyom idyot ikh imeet
      imeyut inogda interesno izvinite jizn kak kakaya kakie kakim kakogo kakoi kakoy kakuyu
      kazhdyi kazhdyy khleb khochesh khochet khochu khorosho khotel khotya kniga knigu kogda kogo
      komu konechna konechno kotoraya kotoroe kotorye kotoryh kotoryi kotorykh kotoryy krasivaya
      krasivo krome kupil kupila kupit ladno lublu lyublyu lyudey lyudi magazin medlenno menshe
      menya mezhdu mira mne mogli moglo mogut moi mojet mojno moloko moskva moskve moy mozhem
      mozhet mozhno nado nalevo napravo narod nash nasha nashey nashi nee nekotorye nelzya
      neskolko nichego nikh nikogda nochyu novaya novyi novyy nravilos nravitsya nujno nuzhno obo
      obychno ochen odin odna ono opyat ot otkroyte otsyuda ottuda pered pervyi pervyy ploho
      plokho pochemu pochti poedu poekhali poetomu poidu poka pomnyu pomoch pomogite pomosh
      pomoshch ponimaet ponimayu poshel poshli posle potomu poydu poyti pozhaluista pozhalujsta
      pozhalusta pozhaluysta pozzhe pridet pridu prishel prishla prishli prishol privet pryamo
      rabota rabotaet rabotat rabotayu rabote rabotu raboty ranshe reshit rossii rossiya russkaya
      russkii russkiy russkogo ryadom sdelal sdelat sebya segodnya seichas sejchas seychas shkola
      shkolu shto skazal skazala skazali skazhite skolko slyshat smotret snova spasibo stali stol
      stolko strana svoego svoi svoikh svoy svoyu syuda takaya takje takogo takoy takuyu takzhe
      tebe tebya toje tol'ko tolko tozhe tuda tut tvoy tvoya ty uchit uje utrom uzhe vam vash
      vasha vchera vecherom vek vmeste voda vody vokrug vremeni vremya vsegda vsekh vsem vsya vsyo
      yavlyaetsya yavlyayutsya yazyk yazyke yego yemu yesche yeshche yesli yest yeyo zachem
      zakroyte zatem zavtra zdes zdravstvuite zdravstvuy zdravstvuyte zdyes zhil zhivem zhivet
      zhivu zhivut zhizn zhizni znaem znaesh znaet znayu zovut
    ru? a bez by byl byla bylo da dela delo den deti do dome drug dva ego eta eti eto eyo god
      hotel i ih ili im iz k kto let mesta mesto mir mnogo mogu moya moyo my na nad nam nas ne
      nego net ni nikomu nikto nim nimi no noch o ob okolo on ona oni po pod potom pri rad rada
      raz s sebe skoro so stal stala stranu strany tak takie takim tam tem tri u v vas videt vse
      vseh vy ya za
    ja: aida ame anata arigato arigatoo arigatou arimasen arimasu ashita asoko atarashii atsui
      bakari benkyou benri boku chichi chiisai chikai chotto daijoubu daisuki dakara dake dareka
      datta dekimasu dekiru dekita demo densha denwa deshita desu desuka dewa doko dokoka dono
      dooshite dore doumo doushite eigo eki fuben fuku furui futari gakko gakkou ganbatte genki
      getsu gochisousamawatashi gogo gohan gomen gomennasai gozaimasu gozen hachi haha hai
      hajimari hajimarimasu hajimemashite hanashite hayai hazu heta heya hidari hito hitori hontou
      hontouni hoshii ichiban iie ikitai ikura ikutsu imasen imasu imouto inu irasshaimase
      isogashii issho isshoni itadakimasu itashimashite itsu itsumo itta itte janai jikan jouzu
      kaigi kaimono kaisha kaite kanojo kantan kasa kawa kazoku keredo keredomo kinoo kinou kirai
      kirei kitto kodomo konbanwa konnichiwa kono kotae koto kotoba kudasai kudasaimasen kuruma
      kutsu kyo kyonen kyou kyuu kyuujitsu mada made mainichi massugu masuka matte migi mijikai
      minasan minna mita mite mizu mondai mono motte mou muzukashii nado nagai naka namae nanika
      nanji naru natta naze neko nichi nigiyaka nihon nihongo niwa node nonda noni ohayo ohayou
      oishii okaasan okane omedetou omoimasu omoshiroi omotta omou oneesan onegai onegaishimasu
      ongaku oniisan ookii oshiete osoi otousan otouto owari oyasumi rainen raishuu ryokou ryouri
      ryoushin saikin samui sayonara sayounara sensei senshuu shashin shichi shigoto shika
      shimasen shimashita shimasu shinbun shiryou shita shitai shite shitsumon shizuka shumatsu
      soko sora sore soredemo sorekara soshite soto sugoku suki sumimasen suru tabe tabeta tabetai
      tabun takai takusan tame tanoshii tegami tenki toki tokidoki tokoro tomodachi tonari tooi
      totemo tsukue tsumaranai tsumori tte uchi ue umi ushiro uta wakarimasen wakarimasu wakaru
      wakatta warui watakushi watashitachi yama yasashii yasui yasumi yoi yonde yori yoroshiku
      yoru yuki yukkuri zenzen zutto
    ja? amari ano are aru asa dare de dou e eiga furu ga hana he hiru hon ichi ie ii ima iru isu
      juu ka kara kare kaze ki kimi kita kite koko kore mae mata mo motto nan nani ne ni no o ore
      roku san sono sugu to wa wo ya yo yon
    el: 8a adelfos afta afti afto aftos agapi agapo akoma akomi allios anthropoi anthropos
      argotera aurio auti autos avrio besaia biblio boitheia borei boreis boro chora choris
      chronia dipla douleia doulia dromos dyo echei echo echoun edw efcharisto efharisto efxaristo
      efyge egine ehei ehis eho ehoume ehoun eihe eimai eimaste einai eisai eite eixan eixe ekei
      emeis enan enas eno epeidi epidi erhomai erxetai erxomai esis esy etsi euxaristo evdomada
      exei exeis exo exoume exoun fagito fevgo filaki filoi filos filous gata geia giati gineis
      ginetai grigora gyro hris hronia hthes idia idio imaste imoun iparhei iparxei irtha irthe
      isos itan ithele kalimera kalinihta kalinixta kalinyxta kalispera kalo kalos kamia kanei
      kaneis kanena kanenas kanis kano kanoume kanoun kapoia kapoios katalavaino katalaveno kathe
      kathos kato konta krio kryo kserei ksereis kseris ksero leei lene lepta lipon loipon magazi
      makria malista mazi megali megalo mera mesa mikri mikro milao milas mitera mono monos mou
      mporei mporeis mporo mporoume mporousa mprosta nai nero nihta nixta nomizo noris nyxta ochi
      ohi oi olo oloi omos opos opote opou opws ores otan oti oxi paei paidi paidia pali pame pano
      panta pao parakalo pateras pente pes pigaino pistevo poia poio poios pola poli polla polu
      poly poses poso pote prepei proi proino pros rotao rotiso sas scholeio sholio signomi
      sigoura simantiko simera skilos spiti sti stin stis ston stous sxoleio synomi tesseris
      thelei theleis thelo theloume theloun tilefono tipota tipote tis tora treis tria twra vevaia
      vivlio voithia vradi xereis xero xora xoris xronia xrono xtes xthes yassou yeia yia yiati
      ypar yparchei yparhei zesti
    el? alla an apo auta auto den dio duo edo ego ena enw esi esu fili gia h hora i ime ine ise
      kai kala kali kata kati ki lei les ligo mas me meta mia milo mina molis na o ola oli ora pai
      pas piso pos posa pou prin se sou sta sto ta tha ti tin to ton tou tous
    bn: aaj abar ache achen achhe achhi achho achi acho agamikal agey amader amake amar amra
      apnader apnake apnar apnara apni asbo asche aschi ashbe ashbo ashche bajar bangla bangladesh
      barbar bari barite bashay bhai bhalo bhalobashaami bhalobashi bhat bikal bikel bochor boi
      bolchi boleche bolechen bolechi bollam bolle bollo bolo bolte bondhu bondhura boro brishti
      char chele chelera chhilam chhilo chilam chilo choto dekha dekhi dekhlam dekho dekhte desh
      desher dhonnobaad dhonnobad dhonyobad dokan dudh dui dupur dupure ebar ebong ekhane ekhon
      ekhono ekjon ekta ekti ektu elam emon eseche esechi esheche eshechi geche gechhe gechhi
      gechi gelam gele gelo ghonta giye giyeche giyechi gorom gotokal gram hajar hobe hocche
      hochche hoini holeo holo hoye hoyeche hoyechhe hoyni jabe jaben jabo jacchi jachchi jachhi
      jane jani janina jaoa jemon jete jibon jiboner jinis jinish jodi jodio jokhon jol jonno
      jonyo joto kache kachhe kaje kakhon karon kemone keno keu khabar khabo kharap khete kheye
      khub kibhabe kicchu kichu kintu kisu kivabe kobe kokhon kokhono korar korbe korben korbo
      korche korchen korchhe korchhi korchi korcho koreche korechen korechhi korechi koren kori
      korlam korle korlo koro kotha kothai kothar kothay koto koyekta lagbe lagche lage lakh
      likhechi likhi likhte lok mach mangsho manush manusher mash matro meye meyera minit mon
      moner moto nai naki niye nomoskar notun noy oi okhane omon onek onekta ota othoba othocho
      oto pach panch parbe parbo pari parina pora poray porchi pore porechi porikha porikkha
      porjonto porshu porte poysha prothom puran purano ranna rasta ratre ratri rod sathe sekhane
      sesh shathe shekhane shesh shob shobai shohor shokal shokale shomossha shomoy shubho shudhu
      shundor shuno shunte shuvo sobai sokale somossa somoy sondhya soptaho sudhu sundor tader
      tahole taito tar tara temon thakbo thake thaken thaki thanda theke tini tobe tokhon tokhono
      tomader tomake tomra tumi valo valobasa valobashi
    bn? age aj ar asa baba basha bon cha chai din diye ei ele elo eta eto hole hoy jai jawa kaj
      kal ke kemon khai ki kon kore korte ma na nei noi o parchi raat rat se sei sob ta tai taka
      take tin tomar
    fa: agar amadam anha anja ast baradar baraye barname bayad bood boodam budam chand chera
      chetor chetori chetorid darad daram darim digar digeh dirooz diroz diruz doost dust emrooz
      emruz emshab faghat farda farsi goft goftam hamishe hargez hast hastam hastand hasti inja
      kard kardam kardan ketab khahar khane khaneh kheili kheyli khoda khodahafez khodam khoob
      khoobi khoshhal khub khubi khune kojast lotfan madar madrese mamnoon mardom mikhahad
      mikhaham mikhahim mikham mikonad mikonam mikonand mikone mikoni mikonim miram miravad
      miravam mire miri mishavad mishavand mishe mitavanam mitoonam mitunam moteshakeram nist
      nistam pedar raft raftam salam shayad unja vali zaban zendegi
    fa? alan ama an az ba bale bara be bud che chi chon dar dare dari hafez hala in kay ke koja ma
      man ra shoma to u va ya
    ta: aana aanaal aanal adhu andha anga ange antha appo athu aval avan avanga avanukku avanuku
      avar chinna edhukku ellam ellarum enakku enakum enga enna epdi eppadi eppo ethuku idhu illa
      illai indha inge innaikku innaiku intha ippo ippodhu iruka irukanga irukkanga irukken
      irukkiren irukku irukkum iruku ithu konjam kooda mattum moonu mudiyadhu mudiyathu mudiyum
      naalai naalaikku naan nalaiku nalla namma nandri nee neenga nethu oru paaru paarunga pandren
      panna pannalam pannunga panren periya pogalam pogiren poguren polam ponga poren rendu romba
      saapadu sapadu saptiya sollu sollunga solren thanni theriyadhu theriyathu theriyum unakku
      ungalukku ungaluku vaa vaanga vanakkam varen varuven veedu veettukku veetuku velai velaiku
      vendam vendum venum yaar yen
    ta? inga kuda nan tamil unga
    te: aame akkada antunna appudu bagundi bagunnara bagunnava chaala chala cheppandi cheppu
      chesanu chesi chestanu chesthanu cheyyali chinna chudandi dhanyavadalu eeroju ekkada elaa
      emi enduku enti eppudu evaru ikkada illu intiki ippudu ivala kaani kavali koncham kooda ledu
      maku manchi mariyu mee meeku meeru naaku naku namaskaram neeku nenu ninna nuvvu pedda raa
      randi teliyadu telugu telusu undi unna unnanu unnaru unnav vaadu vaallu vachanu vachi vallu
      vastanu vasthanu vellali vellanu veltunna veltunnanu
    te? adi ante ela idi kani kuda mana pani repu
    mr: aahe aahet aaj aamcha aamhi aani ahe ahet amcha amhi aste asto chhan dhanyavad gharat
      ghari hota hote jate jato jaycha jayche jhala jhale jhali kaay kadhi karaycha karayche
      karnar karte kasa kasha kashi kele keli khup konala kuthe majha majhe majhi marathi maze
      mazha mazi mhanje mhanla mhanun nahi nahit namaskar pahije parantu sangitla sangto tila
      tujha tujhe tujhi tula tumhi tyache tyachi tyala tyancha udya yete yeto zala zale zali
    mr? ani asta chan kal karto kay kela kon mala mi nako pan tu
    ko: aju anieyo aniyo annyeong annyeonghaseyo annyong annyonghaseyo bangapseumnida buteo chingu
      ege eodi eodie eoje eonje eopda eopseo eopseoyo eotteoke eseo eul gamnida gamsahamnida gayo
      geot geu geuraeseo geurigo gwaenchanayo haeyo hago hajiman hakgyo hakgyoe hamnida hangugeo
      hanguk haseyo hasimnida imnida imnikka issda isseoyo isseumnida issoyo itda jal jeoneun jibe
      jigeum jinjja jip joahaeyo joayo juseyo kamsahamnida kkaji mannaseo masisseoyo mianhae
      mianhamnida mwo mwohae mworago nae naeil naneun neomu neun nugu oneul reul saram saranghae
      saranghaeyo sigan sipda sipeoyo wayo
    ko? eun gago hayo je mani ne neo uri wae
    ja~ masu mashita masen mashou
    ru~ tsiya tsya shch
    bn~ cche chhe echi echhi
    """
