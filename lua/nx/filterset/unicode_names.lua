-- Names of Unicode properties and of their values, in the spelling that is left when case, spaces, `-` and `_` are taken
-- out. From the Unicode Character Database 16.0. A row is "name: other names".

return {
  bool = "ASCII_Hex_Digit:ahex asciihexdigit ; Alphabetic:alpha alphabetic ; Bidi_Control:bidic bidicontrol ; \z
    Bidi_Mirrored:bidim bidimirrored ; Case_Ignorable:caseignorable ci ; Cased:cased ; \z
    Changes_When_Casefolded:changeswhencasefolded cwcf ; Changes_When_Casemapped:changeswhencasemapped cwcm ; \z
    Changes_When_Lowercased:changeswhenlowercased cwl ; Changes_When_Titlecased:changeswhentitlecased cwt ; \z
    Changes_When_Uppercased:changeswhenuppercased cwu ; Dash:dash ; \z
    Default_Ignorable_Code_Point:defaultignorablecodepoint di ; Deprecated:dep deprecated ; Diacritic:dia diacritic ; \z
    Emoji:emoji ; Emoji_Component:ecomp emojicomponent ; Emoji_Modifier:emod emojimodifier ; Emoji_Modifier_Base:ebase \z
    emojimodifierbase ; Emoji_Presentation:emojipresentation epres ; Extended_Pictographic:extendedpictographic extpict \z
    ; Extender:ext extender ; Grapheme_Base:graphemebase grbase ; Grapheme_Extend:graphemeextend grext ; \z
    Grapheme_Link:graphemelink grlink ; Hex_Digit:hex hexdigit ; Hyphen:hyphen ; IDS_Binary_Operator:idsb \z
    idsbinaryoperator ; IDS_Trinary_Operator:idst idstrinaryoperator ; IDS_Unary_Operator:idsu idsunaryoperator ; \z
    ID_Compat_Math_Continue:idcompatmathcontinue ; ID_Compat_Math_Start:idcompatmathstart ; ID_Continue:idc idcontinue ; \z
    ID_Start:ids idstart ; Ideographic:ideo ideographic ; Join_Control:joinc joincontrol ; Logical_Order_Exception:loe \z
    logicalorderexception ; Lowercase:lower lowercase ; Math:math ; Modifier_Combining_Mark:mcm modifiercombiningmark ; \z
    Noncharacter_Code_Point:nchar noncharactercodepoint ; Other_Alphabetic:oalpha otheralphabetic ; \z
    Other_Default_Ignorable_Code_Point:odi otherdefaultignorablecodepoint ; Other_Grapheme_Extend:ogrext \z
    othergraphemeextend ; Other_ID_Continue:oidc otheridcontinue ; Other_ID_Start:oids otheridstart ; \z
    Other_Lowercase:olower otherlowercase ; Other_Math:omath othermath ; Other_Uppercase:otheruppercase oupper ; \z
    Pattern_Syntax:patsyn patternsyntax ; Pattern_White_Space:patternwhitespace patws ; Prepended_Concatenation_Mark:pcm \z
    prependedconcatenationmark ; Quotation_Mark:qmark quotationmark ; Radical:radical ; \z
    Regional_Indicator:regionalindicator ri ; Sentence_Terminal:sentenceterminal sterm ; Soft_Dotted:sd softdotted ; \z
    Terminal_Punctuation:term terminalpunctuation ; Unified_Ideograph:uideo unifiedideograph ; Uppercase:upper uppercase \z
    ; Variation_Selector:variationselector vs ; White_Space:space whitespace wspace ; XID_Continue:xidc xidcontinue ; \z
    XID_Start:xids xidstart",
  other = "Age:age ; Bidi_Class:bc bidiclass ; Bidi_Mirroring_Glyph:bidimirroringglyph bmg ; \z
    Bidi_Paired_Bracket:bidipairedbracket bpb ; Bidi_Paired_Bracket_Type:bidipairedbrackettype bpt ; Block:blk block ; \z
    Canonical_Combining_Class:canonicalcombiningclass ccc ; Case_Folding:casefolding cf ; \z
    Changes_When_NFKC_Casefolded:changeswhennfkccasefolded cwkcf ; Composition_Exclusion:ce compositionexclusion ; \z
    Decomposition_Mapping:decompositionmapping dm ; Decomposition_Type:decompositiontype dt ; East_Asian_Width:ea \z
    eastasianwidth ; Equivalent_Unified_Ideograph:equideo equivalentunifiedideograph ; Expands_On_NFC:expandsonnfc xonfc \z
    ; Expands_On_NFD:expandsonnfd xonfd ; Expands_On_NFKC:expandsonnfkc xonfkc ; Expands_On_NFKD:expandsonnfkd xonfkd ; \z
    FC_NFKC_Closure:fcnfkc fcnfkcclosure ; Full_Composition_Exclusion:compex fullcompositionexclusion ; \z
    General_Category:gc generalcategory ; Grapheme_Cluster_Break:gcb graphemeclusterbreak ; \z
    Hangul_Syllable_Type:hangulsyllabletype hst ; ISO_Comment:isc ocomment ; Indic_Conjunct_Break:incb \z
    indicconjunctbreak ; Indic_Positional_Category:indicpositionalcategory inpc ; \z
    Indic_Syllabic_Category:indicsyllabiccategory insc ; Jamo_Short_Name:jamoshortname jsn ; Joining_Group:jg \z
    joininggroup ; Joining_Type:joiningtype jt ; Line_Break:lb linebreak ; Lowercase_Mapping:lc lowercasemapping ; \z
    NFC_Quick_Check:nfcqc nfcquickcheck ; NFD_Quick_Check:nfdqc nfdquickcheck ; NFKC_Casefold:nfkccasefold nfkccf ; \z
    NFKC_Quick_Check:nfkcqc nfkcquickcheck ; NFKC_Simple_Casefold:nfkcscf nfkcsimplecasefold ; NFKD_Quick_Check:nfkdqc \z
    nfkdquickcheck ; Name:na name ; Name_Alias:namealias ; Numeric_Type:nt numerictype ; Numeric_Value:numericvalue nv ; \z
    Script:sc script ; Script_Extensions:scriptextensions scx ; Sentence_Break:sb sentencebreak ; \z
    Simple_Case_Folding:scf sfc simplecasefolding ; Simple_Lowercase_Mapping:simplelowercasemapping slc ; \z
    Simple_Titlecase_Mapping:simpletitlecasemapping stc ; Simple_Uppercase_Mapping:simpleuppercasemapping suc ; \z
    Titlecase_Mapping:tc titlecasemapping ; Unicode_1_Name:na1 unicode1name ; Uppercase_Mapping:uc uppercasemapping ; \z
    Vertical_Orientation:verticalorientation vo ; Word_Break:wb wordbreak ; kAccountingNumeric:cjkaccountingnumeric \z
    kaccountingnumeric ; kCompatibilityVariant:cjkcompatibilityvariant kcompatibilityvariant ; kEH_Cat:kehcat ; \z
    kEH_Desc:kehdesc ; kEH_HG:kehhg ; kEH_IFAO:kehifao ; kEH_JSesh:kehjsesh ; kEH_NoMirror:kehnomirror ; \z
    kEH_NoRotate:kehnorotate ; kIICore:cjkiicore kiicore ; kIRG_GSource:cjkirggsource kirggsource ; \z
    kIRG_HSource:cjkirghsource kirghsource ; kIRG_JSource:cjkirgjsource kirgjsource ; kIRG_KPSource:cjkirgkpsource \z
    kirgkpsource ; kIRG_KSource:cjkirgksource kirgksource ; kIRG_MSource:cjkirgmsource kirgmsource ; \z
    kIRG_SSource:cjkirgssource kirgssource ; kIRG_TSource:cjkirgtsource kirgtsource ; kIRG_UKSource:cjkirguksource \z
    kirguksource ; kIRG_USource:cjkirgusource kirgusource ; kIRG_VSource:cjkirgvsource kirgvsource ; \z
    kOtherNumeric:cjkothernumeric kothernumeric ; kPrimaryNumeric:cjkprimarynumeric kprimarynumeric ; \z
    kRSUnicode:cjkrsunicode krsunicode unicoderadicalstroke urs",
  gc = "Cased_Letter:casedletter lc ; Close_Punctuation:closepunctuation pe ; Connector_Punctuation:connectorpunctuation pc \z
    ; Control:cc cntrl control ; Currency_Symbol:currencysymbol sc ; Dash_Punctuation:dashpunctuation pd ; \z
    Decimal_Number:decimalnumber digit nd ; Enclosing_Mark:enclosingmark me ; Final_Punctuation:finalpunctuation pf ; \z
    Format:cf format ; Initial_Punctuation:initialpunctuation pi ; Letter:l letter ; Letter_Number:letternumber nl ; \z
    Line_Separator:lineseparator zl ; Lowercase_Letter:ll lowercaseletter ; Mark:combiningmark m mark ; \z
    Math_Symbol:mathsymbol sm ; Modifier_Letter:lm modifierletter ; Modifier_Symbol:modifiersymbol sk ; \z
    Nonspacing_Mark:mn nonspacingmark ; Number:n number ; Open_Punctuation:openpunctuation ps ; Other:c other ; \z
    Other_Letter:lo otherletter ; Other_Number:no othernumber ; Other_Punctuation:otherpunctuation po ; \z
    Other_Symbol:othersymbol so ; Paragraph_Separator:paragraphseparator zp ; Private_Use:co privateuse ; Punctuation:p \z
    punct punctuation ; Separator:separator z ; Space_Separator:spaceseparator zs ; Spacing_Mark:mc spacingmark ; \z
    Surrogate:cs surrogate ; Symbol:s symbol ; Titlecase_Letter:lt titlecaseletter ; Unassigned:cn unassigned ; \z
    Uppercase_Letter:lu uppercaseletter",
  sc = "Adlam:adlam adlm ; Ahom:ahom ; Anatolian_Hieroglyphs:anatolianhieroglyphs hluw ; Arabic:arab arabic ; \z
    Armenian:armenian armn ; Avestan:avestan avst ; Balinese:bali balinese ; Bamum:bamu bamum ; Bassa_Vah:bass bassavah \z
    ; Batak:batak batk ; Bengali:beng bengali ; Bhaiksuki:bhaiksuki bhks ; Bopomofo:bopo bopomofo ; Brahmi:brah brahmi ; \z
    Braille:brai braille ; Buginese:bugi buginese ; Buhid:buhd buhid ; Canadian_Aboriginal:canadianaboriginal cans ; \z
    Carian:cari carian ; Caucasian_Albanian:aghb caucasianalbanian ; Chakma:cakm chakma ; Cham:cham ; Cherokee:cher \z
    cherokee ; Chorasmian:chorasmian chrs ; Common:common zyyy ; Coptic:copt coptic qaac ; Cuneiform:cuneiform xsux ; \z
    Cypriot:cprt cypriot ; Cypro_Minoan:cpmn cyprominoan ; Cyrillic:cyrillic cyrl ; Deseret:deseret dsrt ; \z
    Devanagari:deva devanagari ; Dives_Akuru:diak divesakuru ; Dogra:dogr dogra ; Duployan:dupl duployan ; \z
    Egyptian_Hieroglyphs:egyp egyptianhieroglyphs ; Elbasan:elba elbasan ; Elymaic:elym elymaic ; Ethiopic:ethi ethiopic \z
    ; Garay:gara garay ; Georgian:geor georgian ; Glagolitic:glag glagolitic ; Gothic:goth gothic ; Grantha:gran grantha \z
    ; Greek:greek grek ; Gujarati:gujarati gujr ; Gunjala_Gondi:gong gunjalagondi ; Gurmukhi:gurmukhi guru ; \z
    Gurung_Khema:gukh gurungkhema ; Han:han hani ; Hangul:hang hangul ; Hanifi_Rohingya:hanifirohingya rohg ; \z
    Hanunoo:hano hanunoo ; Hatran:hatr hatran ; Hebrew:hebr hebrew ; Hiragana:hira hiragana ; Imperial_Aramaic:armi \z
    imperialaramaic ; Inherited:inherited qaai zinh ; Inscriptional_Pahlavi:inscriptionalpahlavi phli ; \z
    Inscriptional_Parthian:inscriptionalparthian prti ; Javanese:java javanese ; Kaithi:kaithi kthi ; Kannada:kannada \z
    knda ; Katakana:kana katakana ; Katakana_Or_Hiragana:hrkt katakanaorhiragana ; Kawi:kawi ; Kayah_Li:kali kayahli ; \z
    Kharoshthi:khar kharoshthi ; Khitan_Small_Script:khitansmallscript kits ; Khmer:khmer khmr ; Khojki:khoj khojki ; \z
    Khudawadi:khudawadi sind ; Kirat_Rai:kiratrai krai ; Lao:lao laoo ; Latin:latin latn ; Lepcha:lepc lepcha ; \z
    Limbu:limb limbu ; Linear_A:lina lineara ; Linear_B:linb linearb ; Lisu:lisu ; Lycian:lyci lycian ; Lydian:lydi \z
    lydian ; Mahajani:mahajani mahj ; Makasar:maka makasar ; Malayalam:malayalam mlym ; Mandaic:mand mandaic ; \z
    Manichaean:mani manichaean ; Marchen:marc marchen ; Masaram_Gondi:gonm masaramgondi ; Medefaidrin:medefaidrin medf ; \z
    Meetei_Mayek:meeteimayek mtei ; Mende_Kikakui:mend mendekikakui ; Meroitic_Cursive:merc meroiticcursive ; \z
    Meroitic_Hieroglyphs:mero meroitichieroglyphs ; Miao:miao plrd ; Modi:modi ; Mongolian:mong mongolian ; Mro:mro mroo \z
    ; Multani:mult multani ; Myanmar:myanmar mymr ; Nabataean:nabataean nbat ; Nag_Mundari:nagm nagmundari ; \z
    Nandinagari:nand nandinagari ; New_Tai_Lue:newtailue talu ; Newa:newa ; Nko:nko nkoo ; Nushu:nshu nushu ; \z
    Nyiakeng_Puachue_Hmong:hmnp nyiakengpuachuehmong ; Ogham:ogam ogham ; Ol_Chiki:olchiki olck ; Ol_Onal:olonal onao ; \z
    Old_Hungarian:hung oldhungarian ; Old_Italic:ital olditalic ; Old_North_Arabian:narb oldnortharabian ; \z
    Old_Permic:oldpermic perm ; Old_Persian:oldpersian xpeo ; Old_Sogdian:oldsogdian sogo ; \z
    Old_South_Arabian:oldsoutharabian sarb ; Old_Turkic:oldturkic orkh ; Old_Uyghur:olduyghur ougr ; Oriya:oriya orya ; \z
    Osage:osage osge ; Osmanya:osma osmanya ; Pahawh_Hmong:hmng pahawhhmong ; Palmyrene:palm palmyrene ; \z
    Pau_Cin_Hau:pauc paucinhau ; Phags_Pa:phag phagspa ; Phoenician:phnx phoenician ; Psalter_Pahlavi:phlp \z
    psalterpahlavi ; Rejang:rejang rjng ; Runic:runic runr ; Samaritan:samaritan samr ; Saurashtra:saur saurashtra ; \z
    Sharada:sharada shrd ; Shavian:shavian shaw ; Siddham:sidd siddham ; SignWriting:sgnw signwriting ; Sinhala:sinh \z
    sinhala ; Sogdian:sogd sogdian ; Sora_Sompeng:sora sorasompeng ; Soyombo:soyo soyombo ; Sundanese:sund sundanese ; \z
    Sunuwar:sunu sunuwar ; Syloti_Nagri:sylo sylotinagri ; Syriac:syrc syriac ; Tagalog:tagalog tglg ; Tagbanwa:tagb \z
    tagbanwa ; Tai_Le:taile tale ; Tai_Tham:lana taitham ; Tai_Viet:taiviet tavt ; Takri:takr takri ; Tamil:tamil taml ; \z
    Tangsa:tangsa tnsa ; Tangut:tang tangut ; Telugu:telu telugu ; Thaana:thaa thaana ; Thai:thai ; Tibetan:tibetan tibt \z
    ; Tifinagh:tfng tifinagh ; Tirhuta:tirh tirhuta ; Todhri:todhri todr ; Toto:toto ; Tulu_Tigalari:tulutigalari tutg ; \z
    Ugaritic:ugar ugaritic ; Unknown:unknown zzzz ; Vai:vai vaii ; Vithkuqi:vith vithkuqi ; Wancho:wancho wcho ; \z
    Warang_Citi:wara warangciti ; Yezidi:yezi yezidi ; Yi:yi yiii ; Zanabazar_Square:zanabazarsquare zanb",
  age = "Unassigned:na unassigned ; V10_0:10.0 v100 ; V11_0:11.0 v110 ; V12_0:12.0 v120 ; V12_1:12.1 v121 ; V13_0:13.0 v130 ; \z
    V14_0:14.0 v140 ; V15_0:15.0 v150 ; V15_1:15.1 v151 ; V16_0:16.0 v160 ; V1_1:1.1 v11 ; V2_0:2.0 v20 ; V2_1:2.1 v21 ; \z
    V3_0:3.0 v30 ; V3_1:3.1 v31 ; V3_2:3.2 v32 ; V4_0:4.0 v40 ; V4_1:4.1 v41 ; V5_0:5.0 v50 ; V5_1:5.1 v51 ; V5_2:5.2 \z
    v52 ; V6_0:6.0 v60 ; V6_1:6.1 v61 ; V6_2:6.2 v62 ; V6_3:6.3 v63 ; V7_0:7.0 v70 ; V8_0:8.0 v80 ; V9_0:9.0 v90",
  gcb = "CR:cr ; Control:cn control ; E_Base:eb ebase ; E_Base_GAZ:ebasegaz ebg ; E_Modifier:em emodifier ; Extend:ex extend \z
    ; Glue_After_Zwj:gaz glueafterzwj ; L:l ; LF:lf ; LV:lv ; LVT:lvt ; Other:other xx ; Prepend:pp prepend ; \z
    Regional_Indicator:regionalindicator ri ; SpacingMark:sm spacingmark ; T:t ; V:v ; ZWJ:zwj",
  wb = "ALetter:aletter le ; CR:cr ; Double_Quote:doublequote dq ; E_Base:eb ebase ; E_Base_GAZ:ebasegaz ebg ; E_Modifier:em \z
    emodifier ; Extend:extend ; ExtendNumLet:ex extendnumlet ; Format:fo format ; Glue_After_Zwj:gaz glueafterzwj ; \z
    Hebrew_Letter:hebrewletter hl ; Katakana:ka katakana ; LF:lf ; MidLetter:midletter ml ; MidNum:midnum mn ; \z
    MidNumLet:mb midnumlet ; Newline:newline nl ; Numeric:nu numeric ; Other:other xx ; \z
    Regional_Indicator:regionalindicator ri ; Single_Quote:singlequote sq ; WSegSpace:wsegspace ; ZWJ:zwj",
  sb = "ATerm:at aterm ; CR:cr ; Close:cl close ; Extend:ex extend ; Format:fo format ; LF:lf ; Lower:lo lower ; Numeric:nu \z
    numeric ; OLetter:le oletter ; Other:other xx ; SContinue:sc scontinue ; STerm:st sterm ; Sep:se sep ; Sp:sp ; \z
    Upper:up upper",
}
