-- Code points of scripts, and of the Unicode properties that PCRE2 10.42 has no name for (Unicode 16.0).
-- scx: rows that are missing are those of sc. A row is a list of ranges, each "gap[,length - 1]" in base 36, where the gap
-- counts from the end of the range before.
-- luacheck: no max line length

return {
  ["Hyphen"] = "19 3k yl 3ng 1l6,1 2rq kk 14ko 4q 2g",
  ["IDS_Unary_Operator"] = "9ha,1",
  ["ID_Compat_Math_Continue"] = "4y,1 6 69j 4,a 2,e ac 5 n 2e8z q w q w q w q w q",
  ["ID_Compat_Math_Start"] = "6pu 5 n 2e8z q w q w q w q w q",
  ["InCB"] = "lc,33 7o,6 7c,18 2 2,1 2,1 2 21,a 1d,k h 2u,6 3,5 3,1 2,3 10 v,q 2k,a 1n,8 a p,3 2,8 2,2 2,4 18,2 1o,8 17,n 2,v j,11 \z
    2 5,7 5 4,e 3,1 l,7 2 k,j 2,6 2 4,3 3 2 3,3 9 a 5,1 2 3,1 d,1 d 3,1 1m 5,1 5,1 3,2 4 v,1 4 c,1 j,j 2,6 2,1 2,4 3 5,4 \z
    2,1 5 l,1 m,6 2 k,j 2,6 2,1 2,4 3 2,1 2,3 9 8,2 5,1 2 3,1 e h 1o 2 d a 15 4 h,j 2,f 3 2,2 6,2 2,3 8,1 2,2 8,1 u 1n \z
    3,1 2 4,2 2,3 8,1 c,1 t,1 k,13 2 3,3 9 a b,1 u 21 5 3,2 2 9 2a 3,6 d,7 2r 3,8 c,6 22,1 s 2 2 1k,d 2,4 2,1 6,a 2,z a \z
    2v,3 2,5 2,1 3,1 q,1 5,2 h,3 e 3,1 7 g jk,2 qb,3 t,2 u,1 v,1 1t,1 2,6 9 3,a a 1a,2 2 3a,1 z 3b,2 5,1 a 7,2 64,1 3 1n \z
    2,6 2 2 3,7 7,9 3 1d,u 1e,3 1d,9 5,2 13,8 d,1 x,3 3,5 1l 2,1 4 2,4 1l,7 3,1 49,2 2,c 2,6 5 7 4,1 5j,1r em 5f,w 2db,2 \z
    3y 2p,v ff,5 2y,1 n9x,3 2,9 x,1 29,1 7l 4 5 q,1 6 48,1 r,h e 13,7 q,a 2 19,2 1d 3,3 3,1 3 11 1w,5 3,1 3,1 d 9 1c 1g \z
    2,2 3,1 6,1 2 17,1 9 6n 3 5 fn5 ki,f h,f a7,1 gu 6b 46,4 1af,2 2,1 6,3 15,2 5 4m,1 fy,3 1u,4 8u,1 28,3 1z,a 1e,3 3g \z
    1j,e 16 3,1 b,2 1e,3 3,1 8 1q,2 11,4 2,7 1r d,1 1h,8 2 9,3 3 2o,2 3,3 7 3 4e 4,7 m,1 1m,1 2 2 d a f,6 4,4 1w 3,5 2 3 \z
    2,2 5,2 2 f,1 2e,7 3,2 2 o 2a 3,5 2 3 2,1 2,1 6k 3,3 7,1 2,1 s,1 2e,7 3 2,1 2z 2 3,7 2u 2 3,3 2,4 78,8 2,1 6u b,3 5 \z
    41,3 3,1 5 x,9 15,5 3,3 9 a,5 3,2 1b,c 2,1 bb,6 2,5 2 2b,l 3,6 2,1 2,1 3f,5 4 2,1 2,6 2 21,1 4 2 9o,1 c,1 1h,4 6,2 o \z
    44m 7,e 8uh,b 4,2 1xd,4 1o,6 t5 1s,3 2a c,1 f58,1 3mq,19 3,m f3,4 4,5 9,7 3,6 v,3 45,2 1j0,1i 5,1d 9 f n,4 2,e 11t,6 \z
    2,g 3,6 2,1 2,4 2t 4h,6 ag 1q,3 e5,3 73,1 kh,6 32,6 241,4 gx7l,2n 3l,6n",
  ["Modifier_Combining_Mark"] = "190,1 3 3o 7 4,1 de,1 2,2 4 w",
  ["Other_Alphabetic"] = "n9 u,c g1,d 2 2,1 2,1 2 21,a 1d,c 2,6 h 2u,6 5,3 3,1 5 10 v,f 2v,a 2u,1 4,8 2,2 2,3 2z 1p,b 4,6 7,j 1j,1 3,e 2,1 6,2 \z
    b,1 u,2 1n,6 3,1 3,1 b b,1 u,2 1n,4 5,1 3,1 5 v,1 4 c,2 1n,7 2,2 2,1 m,1 n,2 5,2 1n,6 3,1 3,1 a,1 b,1 v 1o,4 4,2 2,2 \z
    b 15,4 1m,6 2,2 2,2 9,1 c,1 u,2 1n,6 2,2 2,2 9,1 c,1 g d,3 1n,6 2,2 2,2 b b,1 u,2 24,5 2 2,7 j,1 1q 3,6 j 2s 3,5 2,1 \z
    h 4k,i a,a 2,z 33,b 2 3,3 o,3 5,2 2,2 3,6 4,3 e,b 2 b,3 19x,1 v,1 v,1 v,1 1v,i 59,1 z 3b,b 5,8 67,4 1m,9 3,j 23,1 \z
    c,2 1e,4 1d,e 1p,2 v,8 3,1 1m,a 1f,i bh,x 1c2,1f 1rr,v nsl,7 z,1 9v 9 o,4 2h,1 1f,f 2 1m 13,4 t,b 1a,3 1d,b 12 1w,d \z
    d 9,1 1a,2 1f 2,2 3,1 6 19,4 6 6m,7 fn8 1nc,4 1af,2 2,1 6,3 lx,3 1u 8y,1 28 78,2 1i,d 1a,1 c,2 1a,8 a 1q,2 11,b j,1 \z
    1m,2 1d,c f,1 2l,8 3 7 3 4e,9 o,3 1n,6 3,1 3,1 b b,1 2d,8 2 3 2,3 2,1 2w,c 2,2 2z,h 6m,6 3,6 u,1 2b,e 2 2z,a 2w,d \z
    76,c 6w,5 2,1 3,1 4 2 3z,6 3,5 5 t,9 17,4 2,3 j,a 1b,d bc,7 2,6 2c,l 2,d 3f,5 4 2,1 2,2 2 4 1v,4 2,1 2,3 9p,3 a,1 2 \z
    1d,6 4,2 d0e,g 2sh 2,1i 8,3 2m,1 f59 6zm,6 2,g 3,6 2,1 2,4 2t 1q0 1k9,p 7,p 7,p",
  ["Other_Default_Ignorable_Code_Point"] = "nj 2s0,1 190,1 1ps 3cv 14qk 28,8 i9e0 2,t 2p,3j 6p,2rz",
  ["Other_Grapheme_Extend"] = "1xa p 9z p 2v p 6h 2 5,1 2,1 a,1 2w p 3c g 1ti v sh 6 2 6,1 2u 20,1 t5 36q,1 nxg 31 gym,1 3kx 39 7d f a 2p a 3 2,2 6 \z
    69 d 6q 7b hm d 16s fxr,1 j90,1 7,5 h41a,2n",
  ["Other_ID_Continue"] = "53 k0 34y,8 19l 182,1 3ce 14ru",
  ["Other_ID_Start"] = "4ud,1 1oy m 31p,1",
  ["Other_Lowercase"] = "4q g dy,8 8,1 v,4 2p 1h 2o2 2eo,1q e z,10 j6 e h,c 5w,f nl,p 1hv,1 o4f,1 5v 3m,2 4,1 o3,3 a i6v 3,2 2,15 2,8 16ra,1p",
  ["Other_Math"] = "2m oi,2 3 r,1 3,1 5k1 s,2 c x,3 p,1 f,1 1u,c 5 4,1 5,4 j 5 3,9 2 4,4 7 4,1 3,1 2,2 2,5 4,3 6,4 24,4 3,3 2,1 2,1 2 \z
    2,4 3,1 5,1 5,h 3,1 2 2,6 2 7,1 83,3 4p,1 2 p i ce,1 d,8 6,4 6,1 3,1 4,4 f 2 3,5 p,1 1m 2 u,3 a,1 9j,1 w,9 b8,l 1s,3 \z
    x,1 15yc 2 5 5w 2 160y,2c 2,1y 2,1 3 3,1 3,3 2,b 2 2,6 2,1s 2,3 3,7 2,6 2,r 2,3 2,4 2 4,6 2,9f 3,o 2,o 2,u 2,o 2,u \z
    2,o 2,u 2,o 2,u 2,o 2,7 3,1d 4ch,3 2,q 2,1 2 3 2,9 2,3 2 2 7 5 2 2 2,2 2,1 2 3 2 2 2 2 2,1 2 3,3 2,6 2,3 2,3 2 2,9 \z
    2,g 6,2 2,4 2,g",
  ["Other_Uppercase"] = "6lc,f nb,p 2ixt,p 7,p 7,p",
  ["sc:Adlam"] = "2olc,23 5,9 5,1",
  ["sc:Ahom"] = "1j40,q 3,e 5,m",
  ["sc:Anatolian_Hieroglyphs"] = "1s00,g6",
  ["sc:Arabic"] = "16o,4 2,5 2,d 2,2 2,v 2,9 c,p 2,2z 2,x 29,1b 6p,u 2,1 6,22 2,s 1bv5,36 h,a2 3,27 3,1h 8 x,f 35,4 2,3q 31g,u 1w,2 \z
    1k,3 181t,3 2,q 2,1 2 3 2,9 2,3 2 2 7 5 2 2 2,2 2,1 2 3 2 2 2 2 2,1 2 3,3 2,6 2,3 2,3 2 2,9 2,g 6,2 2,4 2,g 1h,1",
  ["sc:Armenian"] = "10x,11 3,1d 3,2 1chw,4",
  ["sc:Avestan"] = "1gqo,1h 4,6",
  ["sc:Balinese"] = "5c0,24 2,1d",
  ["sc:Bamum"] = "www,2f 124p,fs",
  ["sc:Bassa_Vah"] = "1zo0,t 3,5",
  ["sc:Batak"] = "5hc,1f 9,3",
  ["sc:Bengali"] = "1vk,3 2,7 3,1 3,l 2,6 2 4,3 3,8 3,1 3,3 9 5,1 2,4 3,o",
  ["sc:Bhaiksuki"] = "1k3k,8 2,18 2,d b,s",
  ["sc:Bopomofo"] = "kq,1 93u,16 35,v",
  ["sc:Brahmi"] = "1hq8,25 5,z a",
  ["sc:Braille"] = "7wg,73",
  ["sc:Buginese"] = "54w,r 3,1",
  ["sc:Buhid"] = "4lc,j",
  ["sc:Canadian_Aboriginal"] = "3y8,hr fl,1x 1ewr,f",
  ["sc:Carian"] = "1f34,1c",
  ["sc:Caucasian_Albanian"] = "1flc,1f c",
  ["sc:Chakma"] = "1hxc,1g 2,h",
  ["sc:Cham"] = "xkw,1i a,d 3,9 3,3",
  ["sc:Cherokee"] = "3vk,2d 3,5 twz,27",
  ["sc:Chorasmian"] = "1ho0,r",
  ["sc:Common"] = "0,1s r,5 r,1a 2,e 2,4 o w ci,12 6,4 3,j 39 a 7 2 hq 7 f 4 x 4d ed 3m,1 yi ba,3 83 168,2 20,1 5o,1 2 y6 e 8,3 2,5 2,2 \z
    3 li,b 3,2e 2,a 4,a 2,e i,w 1s,11 2,2 3,5 2,q 2,g 16,2 5,ih n,a m,pr 75,hf 3,v 2,2w e9,2l b7,k 2 2,o g,7 5,3 2k,1 4 \z
    2j,1 44,f x,11 a 1d,1r w,28 1c 2h,4n 535,1r hkx,x 2v,2 4m,9 6t 4h b0 f,1 g5v,1 5t,9 n,y 2,i 2,3 44 2,v r,5 r,a b \z
    1a,1 1t,6 2,6 b,4 77,2 5,18 4,8 29,c 1g,18 6d,q 10o5,3 319,6x 7,c3 4d,37 1p,6t b,12 3,1p 4,g 9,1 8,t 5,1o 5y,j d,j \z
    d,2e a,o 3s,2c 2,1y 2,1 3 3,1 3,3 2,b 2 2,6 2,1s 2,3 3,7 2,6 2,r 2,3 2,4 2 4,6 2,9f 3,83 3,1d 41e,1v 25,1o jn,17 \z
    5,2r d,e 3,e 2,e 2,10 b,4t 1l,p 2,1 e,17 5,8 8,1 f,5 4b,rb 5,g 4,c 4,3a 5,2m 7,b 5 g,b 5,1j 9,9 7,13 9,t 3,b 5,1 \z
    1r,9f d,d 3,c 4,9 6,1j 8,e 3,a 7,8 8,42 2,2t gvm0 v,2n",
  ["sc:Coptic"] = "rm,d 80h,37 6,6",
  ["sc:Cuneiform"] = "1kw0,pl 2v,32 2,4 c,5f",
  ["sc:Cypriot"] = "1g5c,5 3 2,17 2,1 4 3",
  ["sc:Cypro_Minoan"] = "1nyo,2q",
  ["sc:Cyrillic"] = "sg,3o 3,4o 4lt,a 4h 25 38o,v nr5,2n han,1 18n5,1p y",
  ["sc:Deseret"] = "1fcw,27",
  ["sc:Devanagari"] = "1s0,28 5,e 3,p vhd,v mip,9",
  ["sc:Dives_Akuru"] = "1ji8,6 3 3,7 2,1 2,t 2,1 3,b a,9",
  ["sc:Dogra"] = "1jb4,1n",
  ["sc:Duployan"] = "2fpc,2y 6,c 4,8 8,9 3,3",
  ["sc:Egyptian_Hieroglyphs"] = "1o1s,ut b,32y",
  ["sc:Elbasan"] = "1fk0,13",
  ["sc:Elymaic"] = "1hpc,m",
  ["sc:Ethiopic"] = "3k0,20 2,3 3,6 2 2,3 3,14 2,3 3,w 2,3 3,6 2 2,3 3,e 2,1k 2,3 3,1u 3,v 4,p 547,m a,6 2,6 2,6 2,6 2,6 2,6 2,6 2,6 \z
    opv,5 3,5 3,5 a,6 2,6 1qk2,6 2,3 2,1 2,e",
  ["sc:Garay"] = "1h6o,11 4,s 9,1",
  ["sc:Georgian"] = "3a8,11 2 6 3,16 2,3 2a9,16 3,2 37l,11 2 6",
  ["sc:Glagolitic"] = "8ow,2n 2e1t,6 2,g 3,6 2,1 2,4",
  ["sc:Gothic"] = "1f74,q",
  ["sc:Grantha"] = "1ibk,3 2,7 3,1 3,l 2,6 2,1 2,4 3,8 3,1 3,2 3 7 6,6 3,6 4,4",
  ["sc:Greek"] = "og,3 2,2 3,3 2 5 2 2,2 2 2,j 2,1q f,f 4yv,4 1f,4 5,4 2d 8x,l 3,5 3,11 3,5 3,7 2 2 2 2,u 3,1g 2,e 2,d 3,5 2,i 3,2 2,8 \z
    88 rb3 gyj,26 i 155s,1x",
  ["sc:Gujarati"] = "22p,2 2,8 2,2 2,l 2,6 2,1 2,4 3,9 2,2 2,2 3 g,3 3,b 8,6",
  ["sc:Gunjala_Gondi"] = "1kdc,5 2,1 2,10 2,1 2,5 8,9",
  ["sc:Gurmukhi"] = "1z5,2 2,5 5,1 3,l 2,6 2,1 2,1 2,1 3 2,4 5,1 3,2 4 8,3 2 8,g",
  ["sc:Gurung_Khema"] = "1xq8,1l",
  ["sc:Han"] = "96o,p 2,2g d,5x 1c 2 q,8 f,3 qt,533 1t,g73 hkx,a5 3,2x n49,1 d,1 sgf,wyn x,37d 7,65 3,4g1 f,5rk g,h9 1wj,f1 15v,3t6 \z
    6,38f",
  ["sc:Hangul"] = "3cw,73 5yn,1 76,2l 36,u 1u,u nhe,s hw,8mb d,m 5,1c 7tx,u 4,5 3,5 3,5 3,2",
  ["sc:Hanifi_Rohingya"] = "1h4w,13 9,9",
  ["sc:Hanunoo"] = "4kg,k",
  ["sc:Hatran"] = "1gbk,i 2,1 6,4",
  ["sc:Hebrew"] = "13l,1i 9,q 5,5 1cfd,p 2,4 2 2,1 2,1 2,9",
  ["sc:Hiragana"] = "9j5,2d 7,2 23qa,7y j u,2 cry",
  ["sc:Imperial_Aramaic"] = "1g74,l 2,8",
  ["sc:Inherited"] = "lc,33 7q,1 cl,a r kh,3 3fg,u ea,2 2,c 2,6 5 7 4,1 5j,1r el,1 5f,w 30a,3 30,1 14km,f h,d r4 6b 38b 1139,19 3,m f5,2 \z
    i,7 3,6 v,3 h45v,6n",
  ["sc:Inscriptional_Pahlavi"] = "1gtc,i 6,7",
  ["sc:Inscriptional_Parthian"] = "1gsg,l 3,7",
  ["sc:Javanese"] = "xhc,25 3,9 5,1",
  ["sc:Kaithi"] = "1hts,1u b",
  ["sc:Kannada"] = "2gw,c 2,2 2,m 2,9 2,4 3,8 2,2 2,3 8,1 7,1 2,3 3,9 2,2",
  ["sc:Katakana"] = "9lt,2h 3,2 6p,f 5t,1a 2,2f 14b3,9 2,18 ytv,3 2,6 2,1 2 80,2 1f f,3",
  ["sc:Kawi"] = "1kow,g 2,14 4,s",
  ["sc:Kayah_Li"] = "xds,19 2",
  ["sc:Kharoshthi"] = "1gjk,3 2,1 6,7 2,2 2,s 3,2 5,9 8,8",
  ["sc:Khitan_Small_Script"] = "20o4 5cs,d1 16",
  ["sc:Khmer"] = "4n4,2l 3,9 7,9 dj,v",
  ["sc:Khojki"] = "1i4g,h 2,1a",
  ["sc:Khudawadi"] = "1i9c,1m 6,9",
  ["sc:Kirat_Rai"] = "205c,1l",
  ["sc:Lao"] = "2v5,1 2 2,4 2,n 2 2,m 3,4 2 2,6 2,9 3,3",
  ["sc:Latin"] = "1t,p 7,p 1c g 6,m 2,u 2,cg 14,4 55o,11 7,1c 6,3 6,c 2,1x 1u,73 aa e h,c 3y,1 7 s i,14 254,v o83,2t 4,1u 3,1 2 2,7 \z
    m,d mp,16 2,8 2,3 fpz,6 t7,p 7,p 1ly,5 2,15 2,8 16iu,u 7,5",
  ["sc:Lepcha"] = "5j4,1j 4,e 4,2",
  ["sc:Limbu"] = "4xs,u 2,b 5,b 5 4,b",
  ["sc:Linear_A"] = "1fr4,8m a,l b,7",
  ["sc:Linear_B"] = "1ekg,b 2,p 2,i 2,1 2,e 3,d z,3e",
  ["sc:Lisu"] = "wk0,1b o8h",
  ["sc:Lycian"] = "1f28,s",
  ["sc:Lydian"] = "1gdc,p 6",
  ["sc:Mahajani"] = "1hzk,12",
  ["sc:Makasar"] = "1ko0,o",
  ["sc:Malayalam"] = "2kg,c 2,2 2,1e 2,2 2,5 5,f 3,p",
  ["sc:Mandaic"] = "1mo,r 3",
  ["sc:Manichaean"] = "1gow,12 5,b",
  ["sc:Marchen"] = "1k6o,v 3,l 2,d",
  ["sc:Masaram_Gondi"] = "1kao,6 2,1 2,17 4 2,1 2,8 9,9",
  ["sc:Medefaidrin"] = "20cg,2i",
  ["sc:Meetei_Mayek"] = "xr4,m 5m,19 3,9",
  ["sc:Mende_Kikakui"] = "2oe8,5g 3,f",
  ["sc:Meroitic_Cursive"] = "1ggw,n 5,j 3,19",
  ["sc:Meroitic_Hieroglyphs"] = "1gg0,v",
  ["sc:Miao"] = "20hs,22 5,1k 8,g",
  ["sc:Modi"] = "1iww,1w c,9",
  ["sc:Mongolian"] = "4qo,1 3 2,j 7,2g 8,16 1e46,c",
  ["sc:Mro"] = "1zk0,u 2,9 5,1",
  ["sc:Multani"] = "1i80,6 2 2,3 2,e 2,a",
  ["sc:Myanmar"] = "35s,4f u9t,u 2q,v le9,j",
  ["sc:Nabataean"] = "1g8w,u 9,8",
  ["sc:Nag_Mundari"] = "2nrk,15",
  ["sc:Nandinagari"] = "1jmo,7 3,19 3,a",
  ["sc:New_Tai_Lue"] = "51c,17 5,p 7,a 4,1",
  ["sc:Newa"] = "1iio,2j 2,4",
  ["sc:Nko"] = "1j4,1m 3,2",
  ["sc:Nushu"] = "20o1 cy7,az",
  ["sc:Nyiakeng_Puachue_Hmong"] = "2n0g,18 4,d 3,9 5,1",
  ["sc:Ogham"] = "4g0,s",
  ["sc:Ol_Chiki"] = "5lc,1b",
  ["sc:Ol_Onal"] = "2nyo,16 5",
  ["sc:Old_Hungarian"] = "1h1c,1e e,1e 8,5",
  ["sc:Old_Italic"] = "1f5s,z a,2",
  ["sc:Old_North_Arabian"] = "1gn4,v",
  ["sc:Old_Permic"] = "1f80,16",
  ["sc:Old_Persian"] = "1fa8,z 5,d",
  ["sc:Old_Sogdian"] = "1hj4,13",
  ["sc:Old_South_Arabian"] = "1gm8,v",
  ["sc:Old_Turkic"] = "1gxs,20",
  ["sc:Old_Uyghur"] = "1hm8,p",
  ["sc:Oriya"] = "269,2 2,7 3,1 3,l 2,6 2,1 2,4 3,8 3,1 3,2 8,2 5,1 2,4 3,h",
  ["sc:Osage"] = "1fhs,z 5,z",
  ["sc:Osmanya"] = "1fgg,t 3,9",
  ["sc:Pahawh_Hmong"] = "1zpc,1x b,9 2,6 2,k 6,i",
  ["sc:Palmyrene"] = "1g80,v",
  ["sc:Pau_Cin_Hau"] = "1juo,1k",
  ["sc:Phags_Pa"] = "x8g,1j",
  ["sc:Phoenician"] = "1gcg,r 4",
  ["sc:Psalter_Pahlavi"] = "1gu8,h 8,3 d,6",
  ["sc:Rejang"] = "xf4,z c",
  ["sc:Runic"] = "4gw,22 4,a",
  ["sc:Samaritan"] = "1kw,19 3,e",
  ["sc:Saurashtra"] = "xa8,1x 9,b",
  ["sc:Sharada"] = "1i0w,2n",
  ["sc:Shavian"] = "1ff4,1b",
  ["sc:Siddham"] = "1itc,1h 3,11",
  ["sc:SignWriting"] = "2l8g,i3 g,4 2,e",
  ["sc:Sinhala"] = "2o1,2 2,h 4,n 2,8 2 3,6 4 5,5 2 2,7 7,9 3,2 1fcd,j",
  ["sc:Sogdian"] = "1hkg,15",
  ["sc:Sora_Sompeng"] = "1hw0,o 8,9",
  ["sc:Soyombo"] = "1jrk,2a",
  ["sc:Sundanese"] = "5fk,1r 75,7",
  ["sc:Sunuwar"] = "1k1s,x f,9",
  ["sc:Syloti_Nagri"] = "x6o,18",
  ["sc:Syriac"] = "1ds,d 2,1n 3,2 7l,a",
  ["sc:Tagalog"] = "4jk,l a",
  ["sc:Tagbanwa"] = "4m8,c 2,2 2,1",
  ["sc:Tai_Le"] = "500,t 3,4",
  ["sc:Tai_Tham"] = "55s,1q 2,s 3,a 7,9 7,d",
  ["sc:Tai_Viet"] = "xog,1u p,4",
  ["sc:Takri"] = "1j0g,1l 7,9",
  ["sc:Tamil"] = "29u,1 2,5 4,2 2,3 4,1 2 2,1 4,1 4,2 4,b 5,4 4,2 2,3 3 7 f,k 1ih2,1d e",
  ["sc:Tangsa"] = "1zlc,26 2,9",
  ["sc:Tangut"] = "20o0 w,4qf 9,lb e9,8",
  ["sc:Telugu"] = "2dc,c 2,2 2,m 2,f 3,8 2,2 2,3 8,1 2,2 3 3,3 3,9 8,8",
  ["sc:Thaana"] = "1hc,1d",
  ["sc:Thai"] = "2rl,1l 6,r",
  ["sc:Tibetan"] = "2yo,1z 2,z 5,12 2,z 2,e 2,6 5,1",
  ["sc:Tifinagh"] = "8xc,1j 8,1 f",
  ["sc:Tirhuta"] = "1im8,1z 9,9",
  ["sc:Todhri"] = "1fpc,1f",
  ["sc:Toto"] = "2nbk,u",
  ["sc:Tulu_Tigalari"] = "1if4,9 2 3 2,11 2,9 2 3 2,3 2,9 2,1 9,1",
  ["sc:Ugaritic"] = "1f9c,t 2",
  ["sc:Vai"] = "wlc,8b",
  ["sc:Vithkuqi"] = "1fn4,a 2,e 2,6 2,1 2,a 2,e 2,6 2,1",
  ["sc:Wancho"] = "2ncw,1l 6",
  ["sc:Warang_Citi"] = "1jfk,2a d",
  ["sc:Yezidi"] = "1hfk,15 2,2 3,1",
  ["sc:Yi"] = "vls,wc 4,1i",
  ["sc:Zanabazar_Square"] = "1jpc,1z",
  ["scx:Adlam"] = "17j x 55b 2r6 2fgf,23 5,9 5,1",
  ["scx:Arabic"] = "16o,4 2,5y 2,x 29,1b 6p,u 2,1 6,22 2,s 4ls 2r6 14i7,36 h,cc 3,1h 8 x,f 35,4 2,3q ro,r 291,u 1w,2 1k,3 181t,3 2,q 2,1 \z
    2 3 2,9 2,3 2 2 7 5 2 2 2,2 2,1 2 3 2 2 2 2 2,1 2 3,3 2,6 2,3 2,3 2 2,9 2,g 6,2 2,4 2,g 1h,1",
  ["scx:Armenian"] = "lk fd,11 3,1d 3,2 1chw,4",
  ["scx:Avestan"] = "53 8zd,1 17m7,1h 4,6",
  ["scx:Bengali"] = "jg 1at,1 i,1 r,3 2,7 3,1 3,l 2,6 2 4,3 3,8 3,1 3,3 9 5,1 2,4 3,o 3pu 2 3,1 2 9 9 3 5 3,2 rne",
  ["scx:Bopomofo"] = "jr 2,2 e h,1 8wm,2 5,9 2,c b,3 3 7 5g a,16 35,v 14ee,1 7v,4",
  ["scx:Buginese"] = "54w,r 3,1 sds",
  ["scx:Buhid"] = "4l1,1 a,j",
  ["scx:Carian"] = "53 68z 3 2qc 15yn,1c",
  ["scx:Caucasian_Albanian"] = "lg 19 19 1exe,1f c",
  ["scx:Chakma"] = "1ye,9 18x,9 1epj,1g 2,h",
  ["scx:Cherokee"] = "lc,2 2 7,1 n,1 c,1 38v,2d 3,5 twz,27",
  ["scx:Common"] = "0,1s r,5 r,1a 2,b 2,1 2,4 o w ci,2 2,9 2 4 2,8 2 2,5 6,4 3,j 3j 7 2 hq 60 ed 125 ba,3 36w,b 3,w 2,u 2,9 2,1 2,6 2,a \z
    4,a 2,e i,w 1s,11 2,2 3,5 2,q 2,g 16,2 5,ih n,a m,pr 75,hf 3,v 2,2w e9,m 2,n 3,9 2,3 2 2,p bn 4 e e m eq,n w 1e,e \z
    d,3 4i,9 6,2n w 535,1r hl5,p 2v,2 r5 f,1 gbp,9 n,k 3,b 2,i 2,3 44 2,v r,5 r,5 3k,6 2,6 b,4 b7,c 1g,18 13wk,6x 7,c3 \z
    4d,37 1p,6t b,12 3,1p 4,g 9,1 8,t 5,1o 5y,j d,j d,2e s,6 3s,2c 2,1y 2,1 3 3,1 3,3 2,b 2 2,6 2,1s 2,3 3,7 2,6 2,r 2,3 \z
    2,4 2 4,6 2,9f 3,83 3,1d 41e,1v 25,1o jn,17 5,2r d,e 3,e 2,e 2,10 b,4t 1l,p 2,1 e,17 5,8 o,5 4b,rb 5,g 4,c 4,3a 5,2m \z
    7,b 5 g,b 5,1j 9,9 7,13 9,t 3,b 5,1 1r,9f d,d 3,c 4,9 6,1j 8,e 3,a 7,8 8,42 2,2t gvm0 v,2n",
  ["scx:Coptic"] = "53 g9 4,1 2 31,1 31,d 80h,37 6,6 7s 1615,r",
  ["scx:Cypriot"] = "1erk,2 5,18 4,8 1c1,5 3 2,17 2,1 4 3",
  ["scx:Cypro_Minoan"] = "1erk,1 973,2q",
  ["scx:Cyrillic"] = "jg 1w,2 2 2 2 3 6 6n,8f 4lt,a 4h 25 3k 354,v 1w np9,2n han,1 18n5,1p y",
  ["scx:Devanagari"] = "jg 18k,2a 3,16 3td,12 2,1 s7 qps,9 4n,v mip,9",
  ["scx:Dogra"] = "1us,b vcx,9 m2v,1n",
  ["scx:Duployan"] = "53 gg,1 2 p,1 8ig 26kk,2y 6,c 4,8 8,9 3,7",
  ["scx:Elbasan"] = "53 ge 1eyj,13",
  ["scx:Ethiopic"] = "lq 2ya,20 2,3 3,6 2 2,3 3,14 2,3 3,w 2,3 3,6 2 2,3 3,e 2,1k 2,3 3,1u 3,v 4,p 547,m a,6 2,6 2,6 2,6 2,6 2,6 2,6 2,6 \z
    opv,5 3,5 3,5 a,6 2,6 1qk2,6 2,3 2,1 2,e",
  ["scx:Garay"] = "170 f 4 1fz5,11 4,s 9,1",
  ["scx:Georgian"] = "53 ya 26v,11 2 6 3,1b 2a9,16 3,2 pn 2hy,11 2 6 78",
  ["scx:Glagolitic"] = "53 gc 2 an 3 76 29e 31b 2au,2n dg nqk 1pxt,6 2,g 3,6 2,1 2,4",
  ["scx:Gothic"] = "53 gd,1 3 15 1ekf,q",
  ["scx:Grantha"] = "1u9,1 i,1 ht,d 3bx 2,1 v,2 4,1 s7 1btc,3 2,7 3,1 3,l 2,6 2,1 2,4 2,9 3,1 3,2 3 7 6,6 3,6 4,4 2fw,1 2",
  ["scx:Greek"] = "53 g9,1 3 2 2 b 1b 3 17,7 3,3 2 5 2 2,2 2 2,j 2,1q f,f 4yv,4 1f,4 5,4 2d,2 8v,l 3,5 3,11 3,5 3,7 2 2 2 2,u 3,1g 2,e \z
    2,d 3,5 2,i 3,2 2,8 2n 5l rb3 gyj,26 i 155s,1x",
  ["scx:Gujarati"] = "1u9,1 i,1 7w,2 2,8 2,2 2,l 2,6 2,1 2,4 3,9 2,2 2,2 3 g,3 3,b 8,6 v1t,9",
  ["scx:Gunjala_Gondi"] = "53 1pp,1 1iij,5 2,1 2,10 2,1 2,5 8,9",
  ["scx:Gurmukhi"] = "1u9,1 i,1 4c,2 2,5 5,1 3,l 2,6 2,1 2,1 2,1 3 2,4 5,1 3,2 4 8,3 2 8,g v5m,9",
  ["scx:Gurung_Khema"] = "1ut 1vvf,1l",
  ["scx:Han"] = "53 91l,p 2,2g d,5x r,f 2,2 2,c 2,c 2,c 3 7,8 58 45,f x,11 a 1d,13 1l,1c g,b 1g 2h,o b,4 2p,u 2,533 1t,g73 1dt,7 \z
    g6x,a5 3,2x oc,1 7v,4 m7x,1 d,1 jn3,h 63j,1 2pb,wyn x,37d 7,65 3,4g1 f,5rk g,h9 1wj,f1 15v,3t6 6,38f",
  ["scx:Hangul"] = "3cw,73 5xe,2 5,9 2,c f,2 7 5g 1i,2l 36,u 1u,u nhe,s hw,8mb d,m 5,1c 7ka,1 7v,4 1n,u 4,5 3,5 3,5 3,2",
  ["scx:Hanifi_Rohingya"] = "170 f 4 x 44 1fsc,13 9,9",
  ["scx:Hanunoo"] = "4kg,m",
  ["scx:Hebrew"] = "lj,1 i1,1i 9,q 5,5 1cfd,p 2,4 2 2,1 2,1 2,9",
  ["scx:Hiragana"] = "9hd,2 5,9 2,c h,5 2 5,1 4,2d 3,7 2j,1 14jt,1 7v,4 b 1a,1 yua,7y j u,2 cry",
  ["scx:Inherited"] = "lr 3 2,b 2,1 4,6 3 3,f 2,1 2,h 2,4 2,3 169,1 3fg,u l0,1h 2 2,4 el,1 5f,v 17o1,f h,d r4 14hv,19 3,m f5,2 i,7 3,6 v,3 \z
    h45v,6n",
  ["scx:Javanese"] = "xhc,25 2,a 5,1",
  ["scx:Kaithi"] = "1uu,9 79e o3j,9 klj,1u b",
  ["scx:Kannada"] = "1u9,1 i,1 m3,c 2,2 2,m 2,9 2,4 3,8 2,2 2,3 8,1 7,1 2,3 3,9 2,2 34t 2,1 7 o 2 ri4,5",
  ["scx:Katakana"] = "lh u 8v2,2 5,9 2,c h,5 2 5,1 2k,3 4,2n 6p,f 5t,1a 2,2f 1432,1 7v,1q ytt,3 2,6 2,1 2 80,2 1f f,3",
  ["scx:Kayah_Li"] = "xds,1b",
  ["scx:Khojki"] = "25i,9 v29,9 kw7,h 2,1a",
  ["scx:Khudawadi"] = "1us,1 vd7,9 l13,1m 6,9",
  ["scx:Latin"] = "1t,p 7,p 1c d 3 6,m 2,u 2,cg 4 b 2,2 2 a 2 7,4 s,e 2,1 2 d 3,2 8,1 2,1 13 6 5,c 7q,1 y3,1 1ih 2dh,11 7,1c 6,3 6,c \z
    2,1x 1m 8,73 8g 1u e h,c 2c 1m,1 7 s i,14 254,v bc nvt,7 r,2t 4,1u 3,1 2 2,7 m,d 8f ea,16 2,8 2,3 fpz,6 t7,p 7,p \z
    1ly,5 2,15 2,8 16iu,u 7,5",
  ["scx:Limbu"] = "1ut 32z,u 2,b 5,b 5 4,b",
  ["scx:Linear_A"] = "1err,18 y5,8m a,l b,7",
  ["scx:Linear_B"] = "1ekg,b 2,p 2,i 2,1 2,e 3,d z,3e 6,2 5,18 4,8",
  ["scx:Lisu"] = "jg h 8xp,1 n2d,1b o8h",
  ["scx:Lycian"] = "6e2 18o6,s",
  ["scx:Lydian"] = "53 8ze 178v,p 6",
  ["scx:Mahajani"] = "53 1pp,b vcx,9 krb,12",
  ["scx:Malayalam"] = "1u9,1 i,1 pn,c 2,2 2,1e 2,2 2,5 5,f 3,p 317 o ri6,2",
  ["scx:Mandaic"] = "18g e8,r 3",
  ["scx:Manichaean"] = "18g 1fgg,12 5,b",
  ["scx:Masaram_Gondi"] = "1us,1 1ifv,6 2,1 2,17 4 2,1 2,8 9,9",
  ["scx:Meroitic_Hieroglyphs"] = "6e5 1a1v,v",
  ["scx:Modi"] = "x80,9 lon,1w c,9",
  ["scx:Mongolian"] = "4qo,p 7,2g 8,16 1hh 34i,1 6,3 19hx,c",
  ["scx:Multani"] = "21y,9 1g5t,6 2 2,3 2,e 2,a",
  ["scx:Myanmar"] = "35s,4f u4v 4y,u 2q,v le9,j",
  ["scx:Nandinagari"] = "1us,1 ox,9 35m 9 8 rhy,5 mej,7 3,19 3,a",
  ["scx:Nko"] = "170 f 4 bl,1m 3,2 1cfz,1",
  ["scx:Ol_Onal"] = "1us,1 2m3v,16 5",
  ["scx:Old_Hungarian"] = "6e2 3 2qc g 17wf,1e e,1e 8,5",
  ["scx:Old_Permic"] = "53 g9 6,2 b a8 1ebx,16",
  ["scx:Old_Turkic"] = "6e2 2qe 17tc,20",
  ["scx:Old_Uyghur"] = "18g 1fhu vy,p",
  ["scx:Oriya"] = "1u9,1 i,1 bg,2 2,7 3,1 3,l 2,6 2,1 2,4 3,8 3,1 3,2 8,2 5,1 2,4 3,h 3fn o",
  ["scx:Osage"] = "ld 3 7 25 1eu0,z 5,z",
  ["scx:Phags_Pa"] = "4qq,1 2 1m2 34j nr2,1j",
  ["scx:Psalter_Pahlavi"] = "18g 1fls,h 8,3 d,6",
  ["scx:Runic"] = "4gw,2g",
  ["scx:Samaritan"] = "1kw,19 3,e 7hv",
  ["scx:Sharada"] = "1u9 3uu 2 3,1 3 rio,5 3 kso,2n",
  ["scx:Shavian"] = "53 1fa1,1b",
  ["scx:Sinhala"] = "1us,1 t8,2 2,h 4,n 2,8 2 3,6 4 5,5 2 2,7 7,9 3,2 2ym 1cdr,j",
  ["scx:Sogdian"] = "18g 1gc0,15",
  ["scx:Sunuwar"] = "lc,1 2 a 3 t 4 1jf3,x f,9",
  ["scx:Syloti_Nagri"] = "1us,1 3l,9 v81,18",
  ["scx:Syriac"] = "lf,1 3,1 2 m 3,2 8,1 2 kc f,1 3 x b,a r 40,d 2,1n 3,2 7l,a 49a 2",
  ["scx:Tagalog"] = "4jk,l a m,1",
  ["scx:Tagbanwa"] = "4l1,1 16,c 2,2 2,1",
  ["scx:Tai_Le"] = "lc,1 6,1 4 2lw,9 1s7,t 3,4",
  ["scx:Takri"] = "1us,1 vd7,9 ls7,1l 7,9",
  ["scx:Tamil"] = "1u9,1 i,1 f1,1 2,5 4,2 2,3 4,1 2 2,1 4,1 4,2 4,b 5,4 4,2 2,3 3 7 f,k 3c0 ro9 ky6 2 1k,1 2h0,1d e",
  ["scx:Tangut"] = "9gw,f ds 1qsx w,4qf 9,lb e9,8",
  ["scx:Telugu"] = "1u9,1 i,1 ij,c 2,2 2,m 2,f 3,8 2,2 2,3 8,1 2,2 3 3,3 3,9 8,8 38b o",
  ["scx:Thaana"] = "170 f,1 3 1t,9 7r,1d 1cn5 b",
  ["scx:Thai"] = "jg r 18 1a 24w,1l 6,r",
  ["scx:Tibetan"] = "2yo,1z 2,z 5,12 2,z 2,e 2,6 5,1 6cu,3",
  ["scx:Tifinagh"] = "le 2 3 2 8br,1j 8,1 f",
  ["scx:Tirhuta"] = "1u9,1 i,1 3v1 ri6,9 ldz,1z 9,9",
  ["scx:Todhri"] = "ld 3 3 a 2 23 1f1e,1f",
  ["scx:Toto"] = "jg 2ms4,u",
  ["scx:Tulu_Tigalari"] = "2jq,9 35v 2 ri4,5 58 l1r,9 2 3 2,11 2,9 2 3 2,3 2,9 2,1 9,1",
  ["scx:Yezidi"] = "170 f 4 1t,9 1g5z,15 2,2 3,1",
  ["scx:Yi"] = "9hd,1 6,9 3,7 68 lxh,wc 4,1i hwb,4",
  ["age:V10_0"] = "1nk,a b6,1 71,5 e9 1n,1 33v 73,3 jq n4 1jn hf,4 kl luw,k jlv,2 4i9,1z 9,1f 3,m 2,4 gu,6 2,1 2,17 4 2,1 2,8 9,9 gaw \z
    co1,7w 2a,az cit,5 vi,1 z,1 eg,b k 9,7 2,1 q j,c 13,5 1l,m 1616,5rk",
  ["age:V11_0"] = "128 14 2v em,2 5w 8b 3c b2 3k 2d0 t4,16 3,2 2yj,2 n,o 5,e gc,4 kh lvg,4 1j4 9,1 91,1 j79,1 j jc,13 9,9 cn,13 9,15 ac \z
    3b,2 dx 83 jg 6e,1n gy jn,5 2,1 2,10 2,1 2,5 8,9 8n,o fns,2i 503,4 esv,j 3j,6 4xl,1v vv 156 64,3 ad,2 t,4 3,3 4 2,3 \z
    p,a e,9 8,1 11,o 2p,d",
  ["age:V12_0"] = "2gn en 3 3 2,5 5 8 8,1 3 e 2tc 2xb 1i gg nzf,5 3,4 ps,1 juh,m vd gp ko,7 3,19 3,a 4g,1 117,1d e 3zl,8 bnx,5 5 1c,8 \z
    2j,1 4r3,5 861,2 i,3 9eh,18 4,d 3,9 5,1 a9,1l 6 18s qe,1o tr 12h 11 6e,b 82,2 1c 1e a 16,5 4,1 b,5 4,7 3,2 1d,2b t,3 \z
    5,2 6,2 e,5",
  ["age:V12_1"] = "a2n",
  ["age:V13_0"] = "1q6,9 i6 bz 3h 2m6,1 3br jd,2 o9,4 5iv,9 g8h,c 1jf,3 17,1 1i n0,3 h0x 2jo,15 2,2 3,1 73,r ak 3r,1 i3 6,1 wv,6 3 3,7 \z
    2,1 2,t 2,1 3,b a,9 193 fuc c,1 5c2,de 17,8 jr9,2 2m,2 1q 10p,1 10,1 c4,1 2j 2u 5,1 17,1 7,2 u 4p f,3 g,i 8,6 a,2 \z
    e,6 16,42 2,1i 12,9 xr2,6 hlv,3t6",
  ["age:V14_0"] = "17h gj,u 2,1 7,7 m j,a oa x 3k 20g 8 a 6o j6,d 3i 1d,1 ho jq 29b 1c dw,a mg0,2 1j5,1 f,1 2 2,4 p,2 gjy am,f 3k 1b,1 \z
    1gx,a 2,e 2,6 2,1 2,a 2,e 2,6 2,1 ck,5 2,15 2,8 1iu,p 6f,5 25 16f 3r,6 oa,f 441,2q bjy,26 2,9 dnr,3 2,6 2,1 81,3 \z
    5we,19 3,m a,37 fa,1 2l2,u oi,u 10y,6 2,3 2,1 2,e 2xr,2 7l ax 2b 4v,1 19,3 b,3 9,2 i,2 7,7 9,6 xyg,1 386,3",
  ["age:V15_0"] = "2k3 d7 1elr,2 n4,2 1q7,9 s7,g 2,14 4,r 446 a,s onx z 6ln,j 2fm,5 7a,1p y u9,15 3j7 48,2 5,4 2i ik,2 g,1 11,2 c,2 2 \z
    f,1 b,1 d f,1 116p i6v,38f",
  ["age:V15_1"] = "9h8,3 ds 3tvl,h9",
  ["age:V16_0"] = "1p3 3p3,1 1c 7e,1 1i5,2 2pn,1 nae,2 d,2 ijo,1f 1fx,11 4,s 9,1 8j,2 1k w4,9 2 3 2,11 2,9 2 3 2,3 2,9 2,1 9,1 ku,j \z
    yl,x f,9 o1 45i,32y 5qe,1l 2dj,1l 686 cg1,6x 7,c3 4kd,16 5 3oz,9 5,1 co 6 1b 8 m 3 a 6a,10",
  ["age:V1_1"] = "0,dx 5,t 1l,2g 8,1a 2,9 n,1x r,1 j,1 5 4 6,6 2 2,j 2,17 2,6 4 2 2 2 2,h e,b 2,1t 2,b 2,14 a,1g 3,1 3,1 4,r 3,7 3,1 \z
    1k,11 3,6 2,12 2 13,9 2,8 d,q 6,4 o f 4 2,p 6,i e,d 3,1z 3,4 2,e 2,t 3,9 eg,2 2,1g 3,h 3,4 4,o h,2 2,7 3,1 3,l 2,6 2 \z
    4,3 3 2,6 3,1 3,2 a 5,1 2,4 3,k 8 3,5 5,1 3,l 2,6 2,1 2,1 2,1 3 2,4 5,1 3,2 c,3 2 8,e d,2 2,6 2 2,2 2,l 2,6 2,1 2,4 \z
    3,9 2,2 2,2 3 g 6,9 i,2 2,7 3,1 3,l 2,6 2,1 3,3 3,7 4,1 3,2 9,1 5,1 2,2 5,a i,1 2,5 4,2 2,3 4,1 2 2,1 4,1 4,2 4,7 \z
    2,2 5,4 4,2 2,3 a g,b f,2 2,7 2,2 2,m 2,9 2,4 5,6 2,2 2,3 8,1 a,1 5,9 j,1 2,7 2,2 2,m 2,9 2,4 5,6 2,2 2,3 8,1 8 2,1 \z
    5,9 j,1 2,7 2,2 2,m 2,f 5,5 3,2 2,3 a 9,1 5,9 42,1l 5,s 12,1 2 3,1 2 3 7,3 2,6 2,2 2 2 3,1 2,c 2,2 3,4 2 2,5 3,9 3,1 \z
    cj,11 b,12 5 5,2h 6,1v 6,29 2dj,4a 6,2h 7,l 3,5 3,11 3,5 3,7 2 2 2 2,u 3,1g 2,e 2,d 3,5 2,i 3,2 2,8 2,1a 2,m 10,6 \z
    4,q i,a 12,h v,1k r,1b e,2i m,6p f 2,3c 3q,10 s,a m,3u m,45 b,27 h,j 7,2d 42,3 2,3 3,r 2,y 2 2,3 4 2,6 3,6 f,u 4,n \z
    2,d 1mq,1j 8 2,2b 5,5 3,2l 7,13 5,2l 2,f 2p,s 4,z t,r 4,1d g,b 5,1a 2,3a 5,2q 3,u 54y,g4l cpn,565 5v,6 d,4 7,o 2,4 2 \z
    2,1 2,1 2,2z y,a4 h,1r 3,1h 15,b 11,3 d,k 5,9 2,i 2,3 5,2 2 2,3q 3 2,2l 3,2l 4,5 3,5 3,5 3,2 4,6 2,6 f,2",
  ["age:V2_0"] = "13l,g 2,c l 1to,1z 2,w 8,q 5,5 2 2,k 4,6 2 2xu eo rit,8mb 1mjf,1 1ekf,1 1ekf,1 1ekf,1 1ekf,1 1ekf,1 1ekf,1 1ekf,1 \z
    1ekf,1 1ekf,1 1ekf,1 1ekf,1 1ekf,1 1ekf,2t4x",
  ["age:V2_1"] = "6gc 1840",
  ["age:V3_0"] = "dy,3 v,7 3,h 3a,4 1e b,4 2g,8 k 39 4 2 2 2 v d 1v d 17,1 3,3 2l,1 4d 5l,2 2r,1 6 g 17,4 2,d 2,t 4,q 1i,1c 15e,1 2,h \z
    4,n 2,8 2 3,6 4 5,5 2 2,7 j,2 ae 18 o,2 8 2,2 2,e 3 1d,x 2,4 2,1 2,6 4,3 7,p br,6 2,1q 2 2,3 3,6 2 2,3 3,12 2 2,3 \z
    3,u 2 2,3 3,6 2 2,3 3,6 2,6 2,m 2,u 2 2,3 3,6 2,12 2,i 7,r 10,2c d,hh a,s 4,28 40,2k 4,9 n,e 2,9 7,2f 9,15 1hi p,5 \z
    2o,2 1f,1 2e,1 21 2w,8 7i 3e 2,t 3v,1 cq,7 y 2f,1 b3,73 135,p 2,2g d,5x r,b 1p,2 4 9u,n g9,52t g97,wc 4,h 3,f 2,b \z
    2,2 2 h1z yk,2",
  ["age:V3_1"] = "s4,1 1dcr,v 101,u 2,3 d,q 52,11 3,11 148j,6t b,12 4,4z f7,2c 2,1y 2,1 3 3,1 3,3 2,b 2 2,3 2,1 2,1s 2,3 3,7 2,6 2,r \z
    2,3 2,4 2 4,6 2,9d 5,81 5,1d 7wh,wye g16,f1 fhes v,2n",
  ["age:V3_2"] = "f4 8f k,c 2x,1 t 44,1 1m,1 3,1 3,1 1e,f 9r,1 8y 1ty,1 16w,c 2,6 c,m a,j d,c 2,2 2,1 1qs 7,4 5 8,4 e 1r,1 1f,6 2b,e \z
    4p,b 6r,d 3h v,1f 7x,j 48,9 2h,7 n,1 2j,b 3,9 67,d 2j,r 5,f 75,e7 118,2 2g,1 9,1 2n 6p,f 2a,e 2a,e mhv,1 h d 4 \z
    gvf,1m pe 4,f 1i,1 19 6k,1",
  ["age:V4_0"] = "f5 j,2 3c,1 1s,g 29,7 6,2 48,4 ed,3 a,8 1t,2 46,1 g 1a,2 u,2 c5 55 1w 2 3t 2d,2 e 1w 1o 3m,7 5e,1 274 j,9 7b,s 4,b \z
    5,b 5 4,15 3,4 30,v ld,2z ko,1 6f ic,1 8f 7p,1 39,7 f,1 v3,d 1e8,1 1e 18,1 27,3 4o,3 2s,1 w 535,1r yri 22,1 c8,b 2,p \z
    2,i 2,1 2,e 3,d z,3e 6,2 5,18 4,8 g1,t 2 3r,1 13,27 3,9 nr,5 3 2,17 2,1 4 3 141t,2e a3 h3jz,6n",
  ["age:V4_1"] = "fr,a 7r,4 4g,3 6v,1 4r z,2 1w j 1n,5 6q,t eo 29 dk 1c ru,1 88,1 2 7f 1s 1s 14 w w w g 14 o,1 w,p 15z,15 7,p 7,9 5,1 \z
    x,r 3,1 nh,2f ia,1 2,6 1e,4 u,3 1i 29 g hx,a fx 2u,1 j,a 6,f 7j,6 nc,5 6l,1a 2,1a y,2y f,18 b,1h a h,m a,6 2,6 2,6 \z
    2,6 2,6 2,6 2,6 2,6 y,n 5,1 pv,f 4v lk8,l 1fp,m 6i,17 g91,2x mv,9 mf,22 eu,z 5,d 17v,3 2,1 6,7 2,2 2,q 5,2 5,8 9,8 \z
    13fs,1x v3,1",
  ["age:V5_0"] = "g2,d 8c,2 9e 17,5 h,3 4n ee,1m ap,1 2,1 o3,1 e,1 2ry,23 5,18 g8,6 1g,1 kt,3 2m,1 1i go,b jv 7p,3 ne,6 6,3 8t,c 8,3 \z
    o80,3 6,1 7z,1j j2h,p 6 4ip,oe 42,2q e,3 yjx,h ux,1",
  ["age:V5_1"] = "og,3 3,1 2g 54 3x,f 6b,4 c,4 x,4 8f,h du,1 67 10 5r u,1 31 31 r,1 9,1 l,7 5a 7 u,1 d,5 4,6 do,1 2q 4,2 26 6 3 8,2 \z
    5,5 r,1r 5,1 1l7 k6,16 4,b 1z,1j 4,e 4,1e 98,r 52,3 2j,5 9x 3w 2n 1i,3 105 m,9 4,3 7d w,3 mk,4 5,14 4,4 7t,2 2,2 5,5 \z
    9v,v p,3 3,i l9 4j,j lp5,7 119,8b l,v 3,h 9,r 3o,4 3,2y 33,4 3l,1w a,b 13,2b c 4h,1i a,d 3,9 3,3 gjp,2 oa,b 1h,19 \z
    3n,s 4,1c 18w,p 6 13hm 63b,17 5,2r",
  ["age:V5_2"] = "10k,1 kb,19 3,e 5e 26 7 10,1 3l 15m,3 5e,3 59,4 1x,4 2b,5 e9 hj,8 fl,1x 51,1 1b 1y,1q 2,s 3,a 7,9 7,d f7,y 7f jd,2 \z
    48,2 1j gv ja,1 u,2 5,9 2,i 2 5,n 2g se,4 7r e,1 30,6 8w sz,b lmd,7 zp,1b bl,2f 8p,9 4n,r 2t,s 4,25 2,a 5,1 3l,r \z
    5,1u p,4 69,19 3,9 8mv,m 5,1c 6sw,2 2qb,l 2,8 57,1 91,v 3l,1h 4,s 3,q 6,7 3l,20 ew,u ea,1t 667,tq 11aq,a 6,u 3 c 2 3 \z
    4 4,4 9 8 q 2,1 3 b,3 3 34 g,x f,8 zp4,378",
  ["age:V6_0"] = "10m,1 6x 1r dd,r 3 64,1 k 7,1 s,4 e3,5 c2 h k fy,3 22,1 oz,1 1nm,1f 9,3 e5 ih,7 t mo,a kb k 2,3 u 5,1 t 10 2 5,2 a,1 \z
    1h,2 p f f,1 141 f u1,2 n1i,1 8c,1 2,1 f,9 29 lj,5 3,5 3,5 a,6 2,6 fwk,f 3zz,25 5,t hap,fs ds8,1 crj,e 3,d 3,e 2,e \z
    29 2,a 2 2,1 2,2 2,2 6,7 2,6 2,9 7,8 2 3,1 2,9 5,1 2,9 24,p 2,1 1c,8 m,1 4v,w g,5 2,1x 4,j d,10 2,4 m,g g,1q 2 2,51 \z
    2,3 4,1p j,n 44,4 2,f 2,2 2 2 2 2,2 2,5 3,3 2 3,3 2,b 5,a 1d,1x 1n,37 11vx,65",
  ["age:V6_1"] = "13j 39 ik 2,a 1k,q du ry,1 dk 6 1c,2 23w,2 d,5 75,7 18,3 251 2 10l,1 1g 6 1l,1 5n,9 mfl 1bc,7 10 6r,1 n 26,1 kn,m \z
    fnc,1 30x,1j 7,1 1e9,o 8,9 7,1g 2,d 1p,20 8,9 x3,1j 9,9 hfb,1w c,1a h,g oyp,3 2,q 2,1 2 3 2,9 2,3 2 2 7 5 2 2 2,2 \z
    2,1 2 3 2 2 2 2 2,1 2 3,3 2,6 2,3 2,3 2 2,9 2,g 6,2 2,4 2,g 1h,1 hl,1 r9,3 59 h 4 2 2 2 4 7,1 5 2,1 5",
  ["age:V6_2"] = "6gq",
  ["age:V6_3"] = "17g 56y,3",
  ["age:V7_0"] = "ov bt,7 2m,1 3b ik c,5 25 3d 8 hs 1g 25 3k 6d,9 1s2,7 f9,1 b6,e fu,1 6m,e jq,2 mv,6 li ul,2 b,p 3,v 3,x 4,b 2,7 h7,6 \z
    nrq,5 6v,b c,2 3,1 1y dl,u 3i,3 4x,1b 5,1 gci,6 ny,1 k 8w,r 10 1d,16 au,13 9,1f c 41,8m a,l b,7 6x,1q 9,8 cx,v x,12 \z
    5,b 3u,h 8,3 d,6 y8 5t,12 2f d 7,j c,h 2,16 37,1m 6,9 8,2 2,7 3,1 3,l 2,6 2,1 2,4 3,8 3,1 3,2 a 6,6 3,6 4,4 7g,1z \z
    9,9 4n,1h 3,h 1j,1w c,9 g7,2a d ch,1k 1o7,15 5n,b 6 dsc,u 2,9 5,1 2p,t 3,5 b,1x b,9 2,6 2,k 6,i fw1,2y 6,c 4,8 8,9 \z
    3,7 8kd,5g 3,f 1k9 x,l m,1 et,b a 1z n,b 12 6,3 6,b i,6 20 2 53 5,1 1s,1 5,6 u,h 2,14 2,2d 1z,1 e,1b 1z,9 h,c 4,3 \z
    3x,2c 18,b 5,1j 9,9 7,13 9,t",
  ["age:V8_0"] = "1pv,1 1b eu 9t 79 1au 3,5 2ip 5o,1 21t,3 mvy,8 1c9 6p z,5 91,1 gz,3 d,27 ga7,1 241,i 2,1 6,4 59,1 3,f 3,19 ht,1e \z
    e,1e 8,5 y2,3 f,4 4h,6 2 2,3 2,e 2,a 2f 28 hm,j 83,p 4,e 5,f 2fu 6f,5f 62l,g6 rko,a 17c,i3 g,4 2,e 4u6,2 27,1 28,4 \z
    11,7 74 24,4 6s,1 3w g0,8 2w,4 1o 11ls,4g1",
  ["age:V9_0"] = "1py,7 n,e pq 5r 5,2 2,6 o,2 2yw,8 ab 16o,3 211,1 nze 7r hjc,1 ma,z 5,z 2mb ci,2h 2 2 eb,c 13o,8 2,18 2,d b,s 4,v 3,l \z
    2,d gfe w,4q4 k,ky gsu,6 2,g 3,6 2,1 2,4 1qu,22 6,9 5,1 1mk,h 3z n3 16 8d,1 y,2 f7,5 2,7 9 3,b 2,b 5,e 13,c",
  ["gcb:CR"] = "d",
  ["gcb:Control"] = "0,9 2,1 2,h 2o,w e 12n 3jm 1kt 3,1 p,6 1e,f 17yo 6p,b ab9,f qxt,3 440,7 h406,v 2p,3j 6p,2rz",
  ["gcb:Extend"] = "lc,33 7o,6 7c,18 2 2,1 2,1 2 21,a 1d,k h 2u,6 3,5 3,1 2,3 10 v,q 2k,a 1n,8 a p,3 2,8 2,2 2,4 18,2 1o,8 17,n 2,v 1k 2 \z
    5,7 5 4,6 b,1 u 1n 2 3,3 9 a b,1 r 3,1 1m 5,1 5,1 3,2 4 v,1 4 c,1 1m 5,4 2,1 5 l,1 n,5 2 1n 2,1 2,3 9 8,2 b,1 v 1o 2 \z
    d a 15 4 1k 2,2 6,2 2,3 8,1 c,1 u 1n 3,1 2 4,2 2,3 8,1 c,1 t,1 1m,1 2 3,3 9 a b,1 u 21 5 3,2 2 9 2a 3,6 d,7 2r 3,8 \z
    c,6 22,1 s 2 2 1k,d 2,4 2,1 6,a 2,z a 2v,3 2,5 2,1 3,1 q,1 5,2 h,3 e 3,1 7 g jk,2 qb,3 t,2 u,1 v,1 1t,1 2,6 9 3,a a \z
    1a,2 2 3a,1 z 3b,2 5,1 a 7,2 64,1 3 1n 2,6 2 2 3,7 7,9 3 1d,u 1e,3 1d,9 5,2 13,8 d,1 x,3 3,5 1l 2,1 4 2,4 1l,7 3,1 \z
    49,2 2,c 2,6 5 7 4,1 5j,1r el 5g,w 2db,2 3y 2p,v ff,5 2y,1 n9x,3 2,9 x,1 29,1 7l 4 5 q,1 6 48,1 r,h e 13,7 q,a 2 \z
    19,2 1d 3,3 3,1 3 11 1w,5 3,1 3,1 d 9 1c 1g 2,2 3,1 6,1 2 17,1 9 6n 3 5 fn5 ki,f h,f a7,1 gu 6b 46,4 1af,2 2,1 6,3 \z
    15,2 5 4m,1 fy,3 1u,4 8u,1 28,3 1z,a 1e,3 3g 1j,e 16 3,1 b,2 1e,3 3,1 8 1q,2 11,4 2,7 1r d,1 1h,8 2 9,3 3 2o,2 3,3 7 \z
    3 4e 4,7 m,1 1m,1 2 2 d a f,6 4,4 1w 3,5 2 3 2,2 5,2 2 f,1 2e,7 3,2 2 o 2a 3,5 2 3 2,1 2,1 6k 3,3 7,1 2,1 s,1 2e,7 3 \z
    2,1 2z 2 3,7 2u 2 3,3 2,4 78,8 2,1 6u b,3 5 41,3 3,1 5 x,9 15,5 3,3 9 a,5 3,2 1b,c 2,1 bb,6 2,5 2 2b,l 3,6 2,1 2,1 \z
    3f,5 4 2,1 2,6 2 21,1 4 2 9o,1 c,1 1h,4 6,2 o 44m 7,e 8uh,b 4,2 1xd,4 1o,6 t5 1s,3 2a c,1 f58,1 3mq,19 3,m f3,4 4,5 \z
    9,7 3,6 v,3 45,2 1j0,1i 5,1d 9 f n,4 2,e 11t,6 2,g 3,6 2,1 2,4 2t 4h,6 ag 1q,3 e5,3 73,1 kh,6 32,6 241,4 gx7l,2n \z
    3l,6n",
  ["gcb:L"] = "3cw,2n u0x,s",
  ["gcb:LF"] = "a",
  ["gcb:Prepend"] = "16o,5 60 1e ap,1 29 vg 1f8v g 6t,1 em 12m 2 6x 22,5 jh cc",
  ["gcb:Regional_Indicator"] = "2qcm,p",
  ["gcb:SpacingMark"] = "1s3 1k 3,2 9,3 2,1 1f,1 1o,1 7,1 3,1 1j 1n,2 1v 1n,2 9 2,1 1i,1 1p 7,1 3,1 37 2,1 4,2 2,2 1h,2 1q,3 1q,1 1n 3 2,1 1b \z
    f,1 1o,1 6,2 2,2 1i,1 25,1 7,6 k,1 1s 3k 3v,1 1s 4y a,1 q,1 19 1f6 8,7 2,1 9n,3 3,2 5,1 2,5 69,1 1n 2 m,5 42 1m,3 1t \z
    v 5,1 1s 3,2 2 1i,7 9,1 4s m rho,1 3 2h,1 1f,f 3z 1d 1d,1 5,1 3,1 34,1 3,1 p 4e 3,1 6 6m,1 2,1 2,1 2 jro 2 3k 1a,2 \z
    5,1 38 p,1 1o 1d,2 a f 2m,2 4,1 4t,2 w,1 1o 2,3 3,1 3,1 m,1 2e,1 g 2,1 2w,2 9,1 4 30,1 7 2,1 2 3 6n,1 7,3 3 36,2 9,1 \z
    2 32 2,1 33 8 7a,2 a 6x,4 2,1 8 2 3z,2 9,3 5 2d u,1 1r bc f 2z 8 3 5y,4 5,1 2 9r,1 d 1d,1 9,1 d0r,2 2sl,1i",
  ["gcb:T"] = "3hk,2f 132k,1c",
  ["gcb:V"] = "3fk,1z 1349,m tjx 4,3",
  ["gcb:ZWJ"] = "6bx",
  ["wb:ALetter"] = "1t,p 7,p 1c b 5 6,m 2,u 2,db 7,x 35,4 2,1 3,3 2 7 2,2 2 2,j 2,2a 2,3u 9,4l 2,11 3,3 2 2,14 2 2x 19,16 10,1 2,2q 2 \z
    g,1 8,1 b,2 3 g,1 2,t u,2g c p,w a,1 5 6,l 5 a 4 o,o 8,a 6,n 2,5 i,15 1n,1h 4 j 8,9 g,f 5,7 3,1 3,l 2,6 2 4,3 4 h \z
    e,1 2,2 f,1 b 9,5 5,1 3,l 2,6 2,1 2,1 2,1 w,3 2 k,2 h,8 2,2 2,l 2,6 2,1 2,4 4 j g,1 o c,7 3,1 3,l 2,6 2,1 2,4 4 v,1 \z
    2,2 g i 2,5 4,2 2,3 4,1 2 2,1 4,1 4,2 4,b n 1h,7 2,2 2,m 2,f 4 r,2 3 3,1 v 5,7 2,2 2,m 2,9 2,4 4 w,1 2,1 g,1 i,8 2,2 \z
    2,14 3 h 6,2 9,2 p,5 6,h 4,n 2,8 2 3,6 8q 1s,7 2,z s,4 7o,11 2 6 3,16 2,98 2,3 3,6 2 2,3 3,14 2,3 3,w 2,3 3,6 2 2,3 \z
    3,e 2,1k 2,3 3,1u 12,f h,2d 3,5 4,h7 3,g 2,p 6,22 4,a 8,h e,i f,h f,c 2,2 4w,2g 8,4 3,x 2 6,1x b,u 6a,m 6n,1a i,7 \z
    1j,t e,1 b,17 r,z 16,2 b,z 3,a 6,16 3,2 16,3 2,5 2,1 4 6,5b 1t,7p 3,5 3,11 3,5 3,7 2 2 2 2,u 3,1g 2,6 2 4,2 2,6 4,3 \z
    3,5 5,c 6,2 2,6 39 e h,c 2u 5 3,9 2 4,4 7 2 2 2,3 2,a 3,3 6,4 5 i,14 mm,1f 1ef,6c 7,3 4,1 d,11 2 6 3,1j 8 h,m a,6 \z
    2,6 2,6 2,6 2,6 2,6 2,6 2,6 29 d2 1i,1 5l,16 2,2l i,v ls1,wc 1w,19 3,7g 4,f b,1 l,1a h,u 3,27 p,5h 3,1 2 2,7 m,f 2,2 \z
    2,3 2,m u,1f f,1d 1r,5 4 2,1 c,r b,m q,s 8,1a t 1d,14 o,2 2,7 45,a 8,2 d,5 3,5 3,5 a,6 2,6 2,1l 7,36 u,8mb d,m 5,1c \z
    6x1,6 d,4 1l,2p y,a2 j,1r 3,1h 15,b 39,4 2,3q 11,p 7,p 1y,u 4,5 3,5 3,5 3,2 10,b 2,p 2,i 2,1 2,e 3,d z,3e 1y,1g 7g,s \z
    4,1c 1c,v e,t 6,11 b,t 3,z 5,7 2,4 17,4d j,z 5,z 5,13 9,1f d,a 2,e 2,6 2,1 2,a 2,e 2,6 2,1 4,1f d,8m a,l b,7 p,5 \z
    2,15 2,8 1y,5 3 2,17 2,1 4 3,m b,m a,u 1u,i 2,1 b,l b,p 1z,1j 7,1 1t g,3 2,2 2,s 17,s 4,s 10,7 2,r s,1h b,l b,i e,h \z
    33,20 1k,1e e,1e e,z 13,r a,m 6z,15 7,1 h,2 1o,s b 9,l 17,h 1b,k s,m d,1g 1m,1 3 e,18 x,o r,z u 3 9,y 4 d,1b f,3 m 2 \z
    10,h 2,o k,1 1s,6 2 2,3 2,e 2,9 8,1a 13,7 3,1 3,l 2,6 2,1 2,4 4 j d,4 v,9 2 3 2,11 2 q 2 19,1g j,3 l,2 v,1b l,1 2 \z
    55,1a 16,3 11,1b l 1o,16 e 94,17 39,1r w,7 3 3,7 2,1 2,n g 2 2n,7 3,12 h 2 t b,13 8 m c,19 k j,20 5k,w w,8 2,10 i \z
    1e,t 35,6 2,1 2,11 m q,5 2,1 2,v f 94,i g 2,c 2,x 3h 28,pl 2v,32 i,5f 219,2o g,tr i,5 q,32y 6,g6 5a2,t 1cz,fs 8,u \z
    i,26 i,t j,1b h,3 w,k 6,i c1,18 5w,1r 3l,22 6 1v,c 1t,1 2 f19,2y 6,c 4,8 8,9 4mf,2c 2,1y 2,1 3 3,1 3,3 2,b 2 2,6 \z
    2,1s 2,3 3,7 2,6 2,r 2,3 2,4 2 4,6 2,9f 3,o 2,o 2,u 2,o 2,u 2,o 2,u 2,o 2,u 2,o 2,7 1f9,u 7,5 7a,1p 43,18 b,6 h 8y,t \z
    j,17 dh,r 6d,t 3 ds,6 2,3 2,1 2,e 2,5g 1o,1v 8 xh,3 2,q 2,1 2 3 2,9 2,3 2 2 7 5 2 2 2,2 2,1 2 3 2 2 2 2 2,1 2 3,3 \z
    2,6 2,3 2,3 2 2,9 2,g 6,2 2,4 2,g hh,p 7,p 7,p",
  ["wb:CR"] = "d",
  ["wb:Double_Quote"] = "y",
  ["wb:Extend"] = "lc,33 7o,6 7c,18 2 2,1 2,1 2 21,a 1d,k h 2u,6 3,5 3,1 2,3 10 v,q 2k,a 1n,8 a p,3 2,8 2,2 2,4 18,2 1o,8 17,n 2,w 1j,2 \z
    2,h 2,6 b,1 u,2 1l 2,6 3,1 3,2 a b,1 r 3,2 1l 2,4 5,1 3,2 4 v,1 4 c,2 1l 2,7 2,2 2,2 l,1 n,5 2,2 1l 2,6 3,1 3,2 8,2 \z
    b,1 v 1o,4 4,2 2,3 a 15,4 1k 2,6 2,2 2,3 8,1 c,1 u,2 1l 2,6 2,2 2,3 8,1 c,1 g d,3 1k,1 2,6 2,2 2,3 a b,1 u,2 1z 5,5 \z
    2 2,7 j,1 1q 3,6 d,7 2r 3,8 c,6 22,1 s 2 2 5,1 1e,j 2,1 6,a 2,z a 2t,j o,3 5,2 2,2 3,6 4,3 e,b 2 b,3 jk,2 qb,3 t,2 \z
    u,1 v,1 1t,v a 1a,2 2 3a,1 z 3b,b 5,b 64,4 1m,9 2,s 3 1d,u 1e,4 1c,g 13,8 d,2 v,c 1l,d 1d,j 49,2 2,k 5 7 3,2 5j,1r \z
    el 5g,w 2db,2 3y 2p,v ff,5 2y,1 n9x,3 2,9 x,1 29,1 7l 4 5 o,4 5 2c,1 1f,h r,h e 13,7 q,c 19,3 1c,d 11 1w,d d 9,1 \z
    1a,2 1f 2,2 3,1 6,1 2 16,4 6,1 6l,7 2,1 fn5 ki,f h,f a7,1 gu 6b 46,4 1af,2 2,1 6,3 15,2 5 4m,1 fy,3 1u,4 8u,1 28,3 \z
    1z,a 1e,3 3f,2 1i,e 16 3,1 b,3 1a,a 8 1q,2 11,d h,1 19 d,2 1d,d 9,3 2,1 2l,b 7 3 4e,b m,3 1k,1 2,6 3,1 3,2 a b,1 3,6 \z
    4,4 1w,8 2 3 2,3 2,4 2 f,1 2b,h o 2a,j 6k,6 3,8 s,1 2b,g 2z,c 2u,e 75,e 6u,5 2,1 3,3 2 2,1 3y,6 3,6 4 t,9 15,6 2,3 9 \z
    a,a 1b,f ba,7 2,7 2b,l 2,d 3f,5 4 2,1 2,6 2 1v,4 2,1 2,4 9o,3 a,1 2 1d,6 4,4 o 44m 7,e 8uh,h 1xd,4 1o,6 t5 2,1i 8,3 \z
    2a c,1 f58,1 3mq,19 3,m f3,4 4,5 9,7 3,6 v,3 45,2 1j0,1i 5,1d 9 f n,4 2,e 11t,6 2,g 3,6 2,1 2,4 2t 4h,6 ag 1q,3 e5,3 \z
    73,1 kh,6 32,6 241,4 gx7l,2n 3l,6n",
  ["wb:ExtendNumLet"] = "2n 6a8 g,1 k 17tr,1 p,2 6o",
  ["wb:Format"] = "4t 12n 3jm 1kw,1 r,4 1e,4 2,9 17yo 6y,2 ab9,f qxt,3 440,7 h407",
  ["wb:Hebrew_Letter"] = "15c,q 5,3 1cff 2,9 2,c 2,4 2 2,1 2,1 2,9",
  ["wb:Katakana"] = "9ip,4 2u,1 4,2i 2,3 6p,f 5t,1a 2,2f 14b3,1j ytv,3 2,6 2,1 2 80,2 1f f,3",
  ["wb:LF"] = "a",
  ["wb:MidLetter"] = "1m 3h k0 d4 45 56b 17u4 1u 5h",
  ["wb:MidNum"] = "18 f n7 ej 3n,1 2n b0 4ss 17v0 4 54 f",
  ["wb:MidNumLet"] = "1a 6ay,1 b 17vy 51 7",
  ["wb:Newline"] = "b,1 3d 68z,1",
  ["wb:Numeric"] = "1c,9 153,5 2j,9 2 36 j,9 5j,9 5j,1 29 3o,9 3b,9 3b,9 3b,9 3b,9 3b,9 3b,9 3b,9 3b,9 3b,9 2p,9 3b,9 1z,9 7r,9 1z,9 \z
    1fr,9 13,9 8d,9 3l,a 4m,9 7,9 53,9 2f,9 3r,9 7,9 r7r,9 iv,9 13,9 5j,9 n,9 2f,9 bb,9 gev,9 13b,9 1on,9 7,9 m5,9 26 g \z
    z,9 1p,9 41,9 7r,9 9j,9 3b,9 af,9 2v,9 7,j 25,9 br,9 2v,9 if,9 2f,9 6v,9 1z,9 br,9 d07,9 1t3,9 2f,9 3r,9 ev,9 iuv,9 \z
    251,1d 1tt,9 br,9 dz,9 6w,9 nq,9 3o7,9",
  ["wb:Regional_Indicator"] = "2qcm,p",
  ["wb:Single_Quote"] = "13",
  ["wb:WSegSpace"] = "w 4f4 1vk,6 2,2 2d 335",
  ["wb:ZWJ"] = "6bx",
  ["sb:ATerm"] = "1a 6ba 17vy 58",
  ["sb:CR"] = "d",
  ["sb:Close"] = "y 5,2 1e 2 u 2 1a g 2v3,3 1ge,1 1vg,7 q,1 b,1 1j,1 f,1 hm,3 u,1 tt,5 8,d 28,1 w,9 b8,l 1s,3 x,1 sj,d f,1 3,9 p j,7 \z
    bw,9 3,7 2,2 14in,1 60,1 t,f 3,1 h,5 4q,1 1e 2 u 2 2,1 2,1 1csz,2",
  ["sb:Extend"] = "lc,33 7o,6 7c,18 2 2,1 2,1 2 21,a 1d,k h 2u,6 3,5 3,1 2,3 10 v,q 2k,a 1n,8 a p,3 2,8 2,2 2,4 18,2 1o,8 17,n 2,w 1j,2 \z
    2,h 2,6 b,1 u,2 1l 2,6 3,1 3,2 a b,1 r 3,2 1l 2,4 5,1 3,2 4 v,1 4 c,2 1l 2,7 2,2 2,2 l,1 n,5 2,2 1l 2,6 3,1 3,2 8,2 \z
    b,1 v 1o,4 4,2 2,3 a 15,4 1k 2,6 2,2 2,3 8,1 c,1 u,2 1l 2,6 2,2 2,3 8,1 c,1 g d,3 1k,1 2,6 2,2 2,3 a b,1 u,2 1z 5,5 \z
    2 2,7 j,1 1q 3,6 d,7 2r 3,8 c,6 22,1 s 2 2 5,1 1e,j 2,1 6,a 2,z a 2t,j o,3 5,2 2,2 3,6 4,3 e,b 2 b,3 jk,2 qb,3 t,2 \z
    u,1 v,1 1t,v a 1a,2 2 3a,1 z 3b,b 5,b 64,4 1m,9 2,s 3 1d,u 1e,4 1c,g 13,8 d,2 v,c 1l,d 1d,j 49,2 2,k 5 7 3,2 5j,1r \z
    el,1 5f,w 2db,2 3y 2p,v ff,5 2y,1 n9x,3 2,9 x,1 29,1 7l 4 5 o,4 5 2c,1 1f,h r,h e 13,7 q,c 19,3 1c,d 11 1w,d d 9,1 \z
    1a,2 1f 2,2 3,1 6,1 2 16,4 6,1 6l,7 2,1 fn5 ki,f h,f a7,1 gu 6b 46,4 1af,2 2,1 6,3 15,2 5 4m,1 fy,3 1u,4 8u,1 28,3 \z
    1z,a 1e,3 3f,2 1i,e 16 3,1 b,3 1a,a 8 1q,2 11,d h,1 19 d,2 1d,d 9,3 2,1 2l,b 7 3 4e,b m,3 1k,1 2,6 3,1 3,2 a b,1 3,6 \z
    4,4 1w,8 2 3 2,3 2,4 2 f,1 2b,h o 2a,j 6k,6 3,8 s,1 2b,g 2z,c 2u,e 75,e 6u,5 2,1 3,3 2 2,1 3y,6 3,6 4 t,9 15,6 2,3 9 \z
    a,a 1b,f ba,7 2,7 2b,l 2,d 3f,5 4 2,1 2,6 2 1v,4 2,1 2,4 9o,3 a,1 2 1d,6 4,4 o 44m 7,e 8uh,h 1xd,4 1o,6 t5 2,1i 8,3 \z
    2a c,1 f58,1 3mq,19 3,m f3,4 4,5 9,7 3,6 v,3 45,2 1j0,1i 5,1d 9 f n,4 2,e 11t,6 2,g 3,6 2,1 2,4 2t 4h,6 ag 1q,3 e5,3 \z
    73,1 kh,6 32,6 gzbq,2n 3l,6n",
  ["sb:Format"] = "4t 12n 6r 3cv 1kt 3,1 r,4 1e,4 2,9 17yo 6y,2 ab9,f qxt,3 440,7 h407",
  ["sb:LF"] = "a",
  ["sb:Lower"] = "2p,p 1c b 5 11,n 2,7 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2,1 2 2 2 2 2 2 2 2,1 2 2 2 2 2 2 2 2 2 2 \z
    2 2 2 2 2 2 2 2 2 2 2 2 2 3 2 2,2 3 2 3 4,1 5 3 4,2 3 3 2 2 3 2,1 2 3 4 2 3,1 3,2 7 3 3 2 2 2 2 2 2 2 2,1 2 2 2 2 2 \z
    2 2 2 2,1 3 2 4 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2,6 3 3,1 2 5 2 2 2 2,1w 2,z 8,1 v,4 3x 2 4 \z
    3,3 j s,y 2,1 4,2 2 2 2 2 2 2 2 2 2 2 2 2,4 2 3 3,1 1g,1b 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 a 2 2 2 2 2 2 2 2 2 2 2 \z
    2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 3 2 2 2 2 2 2,1 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 \z
    2 2 2 2 2 2 2 2 2 2 2 2 2 1d,14 29g l8,5 1oj,8 2 3a,5b 1u 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 \z
    2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2,8 2 2 2 2 2 2 2 2 2 2 2 2 \z
    2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2,8 9,5 b,7 9,7 9,5 b,7 9,7 9,d 3,7 9,7 9,7 \z
    9,4 2,1 7 4,2 2,1 9,3 3,1 9,7 b,2 2,1 3e e h,c 32 4,1 4 s 5 5 3,1 9,3 5 y,f 5 ng,p 1fr,1b 2 4,1 2 2 2 5 2,1 2,7 4 2 \z
    2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2,1 8 2 5 d,11 2 6 nx0 \z
    2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 k 2 2 2 2 2 2 2 2 2 2 2 2 2,2 3q 2 2 2 2 2 2,2 2 2 2 2 2 2 2 2 2 2 2 2 2 \z
    2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2,9 2 2 3 2 2 2 2 5 2 3 2,2 2 2 2 2 2 2 2 2 2 2 6 6 2 2 2 2 2 2 2 5 2 3 4 2 2 2 2 \z
    2 n,2 2 2,2 mu,16 2,d 7,27 fnl,6 d,4 tm,p y6,13 3t,z 4c,a 2,e 2,6 2,1 ck 3,2 2,15 2,8 zq,1e 3i,l 27v,v gw1,v k2j,p \z
    r,6 2,h r,p r,3 2 2,6 2,a r,p r,p r,p r,p r,p r,p r,p r,p r,r t,o 2,5 r,o 2,5 r,o 2,5 r,o 2,5 r,o 2,5 2 1f9,9 2,j \z
    7,5 7a,1p 1px,x",
  ["sb:Numeric"] = "1c,9 153,5 2j,9 2,1 35 j,9 5j,9 5j,1 29 3o,9 3b,9 3b,9 3b,9 3b,9 3b,9 3b,9 3b,9 3b,9 3b,9 2p,9 3b,9 1z,9 7r,9 1z,9 \z
    1fr,9 13,9 8d,9 3l,a 4m,9 7,9 53,9 2f,9 3r,9 7,9 r7r,9 iv,9 13,9 5j,9 n,9 2f,9 bb,9 gev,9 13b,9 1on,9 7,9 m5,9 26 g \z
    z,9 1p,9 41,9 7r,9 9j,9 3b,9 af,9 2v,9 7,j 25,9 br,9 2v,9 if,9 2f,9 6v,9 1z,9 br,9 d07,9 1t3,9 2f,9 3r,9 ev,9 iuv,9 \z
    251,1d 1tt,9 br,9 dz,9 6w,9 nq,9 3o7,9",
  ["sb:OLetter"] = "cb 5,3 5t 11,6 7,b r 2 3q dh 3b,q 5,4 19,16 10,1 2,2q 2 g,1 8,1 b,2 3 h 2,t u,2g c p,w a,1 5 6,l 5 a 4 o,o 8,a 6,n \z
    2,5 i,15 1n,1h 4 j 8,9 g,f 5,7 3,1 3,l 2,6 2 4,3 4 h e,1 2,2 f,1 b 9,5 5,1 3,l 2,6 2,1 2,1 2,1 w,3 2 k,2 h,8 2,2 2,l \z
    2,6 2,1 2,4 4 j g,1 o c,7 3,1 3,l 2,6 2,1 2,4 4 v,1 2,2 g i 2,5 4,2 2,3 4,1 2 2,1 4,1 4,2 4,b n 1h,7 2,2 2,m 2,f 4 \z
    r,2 3 3,1 v 5,7 2,2 2,m 2,9 2,4 4 w,1 2,1 g,1 i,8 2,2 2,14 3 h 6,2 9,2 p,5 6,h 4,n 2,8 2 3,6 1n,1b 2,1 d,6 1n,1 2 \z
    2,4 2,n 2 2,9 2,1 a 3,4 2 m,3 x 1s,7 2,z s,4 38,16 l h,5 5,3 4 4,1 8,2 5,c d 1u,16 3,97 2,3 3,6 2 2,3 3,14 2,3 3,w \z
    2,3 3,6 2 2,3 3,e 2,1k 2,3 3,1u 12,f 36,h7 3,g 2,p 6,22 4,a 8,h e,i f,h f,c 2,2 g,1f 10 5 1w,2g 8,4 3,x 2 6,1x b,u \z
    1e,t 3,4 c,17 5,p 1j,m a,1g 2b 2m,1a i,7 1j,t e,1 b,17 r,z 16,2 b,z j,16 3,2 16,3 2,5 2,1 4 u3,3 20,2 3,3 2aw,1j 8 \z
    h,m a,6 2,6 2,6 2,6 2,6 2,6 2,6 2,6 29 d2,2 q,8 8,4 3,4 5,2d 7,2 2,2h 2,3 6,16 2,2l i,v 1d,f e9,533 1t,h3g 1w,19 \z
    3,7g 4,f b,1 1v h x,27 14,8 2x 7 2w 4,6 2,2 2,3 2,m u,1f f,1d 1r,5 4 2,1 c,r b,m q,s 8,1a t h,4 2,9 b,4 2,14 o,2 2,7 \z
    l,m 4 4,1d 2 4,1 3,4 3 2 p,2 3,a 8,2 d,5 3,5 3,5 a,6 2,6 42,y u,8mb d,m 5,1c 6it,a5 3,2x 1w 2,9 2,c 2,4 2 2,1 2,1 \z
    2,2z y,a2 j,1r 3,1h 15,b 39,4 2,3q 2y,1j 3,u 4,5 3,5 3,5 3,2 10,b 2,p 2,i 2,1 2,e 3,d z,3e 1y,1g 7g,s 4,1c 1c,v e,t \z
    6,11 b,t 3,z 5,7 2,4 3f,25 2r,13 9,1f 2l,1f d,8m a,l b,7 q,1 3i,5 3 2,17 2,1 4 3,m b,m a,u 1u,i 2,1 b,l b,p 1z,1j \z
    7,1 1t g,3 2,2 2,s 17,s 4,s 10,7 2,r s,1h b,l b,i e,h 33,20 54,z 13,5 w 7l,15 7,1 h,2 1o,s b 9,l 17,h 1b,k s,m d,1g \z
    1m,1 3 e,18 x,o r,z u 3 9,y 4 d,1b f,3 m 2 10,h 2,o k,1 1s,6 2 2,3 2,e 2,9 8,1a 13,7 3,1 3,l 2,6 2,1 2,4 4 j d,4 v,9 \z
    2 3 2,11 2 q 2 19,1g j,3 l,2 v,1b l,1 2 55,1a 16,3 11,1b l 1o,16 e 20,q 12,6 56,17 5w,7 3 3,7 2,1 2,n g 2 2n,7 3,12 \z
    h 2 t b,13 8 m c,19 k j,20 5k,w w,8 2,10 i 1e,t 35,6 2,1 2,11 m q,5 2,1 2,v f 94,i g 2,c 2,x 3h 28,pl 2v,32 i,5f \z
    219,2o g,tr i,5 q,32y 6,g6 5a2,t 1cz,fs 8,u i,26 i,t j,1b h,3 w,k 6,i c1,18 b8,22 6 1v,c 1t,1 2 t,4qf 9,yd 16,9 \z
    6w8,3 2,6 2,1 2,82 g u,2 3 f,3 9,az 1s5,2y 6,c 4,8 8,9 6sx dy,18 b,6 h 8y,t j,17 dh,r 6d,t 3 ds,6 2,3 2,1 2,e 2,5g \z
    3r xh,3 2,q 2,1 2 3 2,9 2,3 2 2 7 5 2 2 2,2 2,1 2 3 2 2 2 2 2,1 2 3,3 2,6 2,3 2,3 2 2,9 2,g 6,2 2,4 2,g 3et,wyn \z
    x,37d 7,65 3,4g1 f,5rk g,h9 1wj,f1 15v,3t6 6,38f",
  ["sb:SContinue"] = "18,1 d,1 n7 db 4v,1 dn 362 6 1l7,1 359 14pb,1 2,1 t,1 u,1 3,1 3 b 4p,1 d,1 21",
  ["sb:STerm"] = "x u 11m 44,2 51 18,2 6v 1q 2 4,1 86,1 1d1,1 lz 5,1 li 5j,1 4e,1 1a 6 8r,1 9v,3 4j,1 b,1 3,1 u,2 58,1 1u,1 ql,1 a,2 \z
    2i8,2 8j e n,1 by n3x 7j,1 6c 4 an,1 2f,1 2o 49,1 44,2 41,1 6y g87 3,1 1s,1 4q u 1u 25x,1 zi,4 19,3 5a,1 3a,3 3k,2 \z
    3m,1 7 h,1 2h,1 2,1 31 8b,1 3a,1 ae,1 6,e 2y,1 6y,2 ee 2 70,1 2g,1 bp,1 j9,1 23,1 eui,1 3q 1u,1 c fe,1 89 fev 5wp",
  ["sb:Sep"] = "3p 68z,1",
  ["sb:Sp"] = "9 2,1 k 3k 4bk 1vk,a 11 1c 335",
  ["sb:Upper"] = "1t,p 2u,m 2,6 y 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 3 2 2 2 2 2 2 2 3 2 2 2 2 2 2 2 2 2 2 2 2 2 2 \z
    2 2 2 2 2 2 2 2 2,1 2 2 4,1 2 2,1 2,2 3,3 2,1 2,2 4,1 2,1 2 2 2,1 2 3 2,1 2,2 2 2,1 4 8,1 2,1 2,1 2 2 2 2 2 2 2 2 3 \z
    2 2 2 2 2 2 2 2 3,1 2 2,2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 8,1 2,1 3 2,3 2 2 2 2 82 2 4 9 7 \z
    2,2 2 2,1 2,g 2,8 10 3,2 4 2 2 2 2 2 2 2 2 2 2 2 6 3 2,1 3,1e 1d 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 a 2 2 2 2 2 2 2 2 2 \z
    2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2,1 2 2 2 2 2 2 3 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 \z
    2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 3,11 28a,11 2 6 k3,2d 1p0 af 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 \z
    2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 a 2 2 2 2 2 2 2 2 2 2 2 2 \z
    2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 a,7 9,5 b,7 9,7 9,5 c 2 2 2 9,7 p,7 9,7 9,7 \z
    9,4 c,4 c,3 d,4 c,4 7a 5 4,2 3,2 3 4,4 7 2 2 2,3 3,3 b,1 6 r,f k mr,p 1f5,1b 1d 2,2 3 2 2 2,3 2 3 9,2 2 2 2 2 2 2 2 \z
    2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 9 2 5 nym 2 2 2 2 2 2 2 2 2 2 2 \z
    2 2 2 2 2 2 2 2 2 2 2 k 2 2 2 2 2 2 2 2 2 2 2 2 2 3s 2 2 2 2 2 2 4 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 \z
    2 2 2 2 2 b 2 2,1 2 2 2 2 5 2 3 2 4 2 2 2 2 2 2 2 2 2 2,4 2,4 2 2 2 2 2 2 2 2,3 2 2,1 4 6 2 2 2 p h7w,p xy,13 3t,z \z
    4d,a 2,e 2,6 2,1 1d7,1e 4e,l 27v,v gw1,v k2p,p r,p r,p r 2,1 3 3,1 3,3 2,7 r,p r,1 2,3 3,7 2,6 s,1 2,3 2,4 2 4,6 s,p \z
    r,p r,p r,p r,p r,p v,o y,o y,o y,o y,o y 3ee,x 1lb,p 7,p 7,p",
}
