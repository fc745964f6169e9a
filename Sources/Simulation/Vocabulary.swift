// The words a made-up outdoor shop, its magazine and its forum are written with.

enum Vocabulary {
  static let categories = [
    "tents", "backpacks", "stoves", "lamps", "knives", "boots", "jackets", "maps", "sleeping-bags", "climbing",
    "kayaks",
    "water", "first-aid", "gps", "gifts", "sale",
  ]
  static let adjectives = [
    "light", "alpine", "nordic", "granite", "summit", "river", "storm", "trail", "compact", "classic", "ultra",
    "forest",
    "coastal", "winter", "desert", "polar", "amber", "silent", "solid", "swift",
  ]
  static let nouns = [
    "tent", "pack", "stove", "lantern", "knife", "boot", "parka", "compass", "quilt", "rope", "paddle", "bottle", "kit",
    "tarp", "mat", "pot", "axe", "filter", "headlamp", "hammock",
  ]
  static let topics = [
    "how-to-pitch-a-tent-in-the-wind", "select-the-right-stove", "union-of-wool-and-silk", "ten-huts-in-norway",
    "packing-for-a-week", "drop-in-climbing-sessions", "script-your-gps-unit", "what-to-eat-above-3000-m",
    "repairing-a-zipper", "the-order-of-layers", "sleep-well-at-minus-20", "knots-worth-knowing", "reading-a-map",
    "from-hut-to-hut", "first-winter-tour", "water-from-snow", "where-to-swim", "alert-in-bear-country",
    "table-mountain-in-june", "insert-an-insole",
  ]
  static let guides = [
    "getting-started", "orders", "returns", "warranty", "care", "sizes", "api", "api/authentication", "api/orders",
    "api/select-fields", "shipping", "payment", "privacy", "accessibility", "glossary", "app/install",
    "app/offline-maps",
  ]

  /// What people type into the search box. Quotes, code, several scripts, words that are also SQL: none of it hostile.
  static let searches: [StaticString] = [
    "tent", "tent 2 person", "hiking boots women", "gas stove", "sleeping bag -20", "head lamp rechargeable",
    "rope 60m",
    "o'brien backpack", "O'Neill jacket", "men's boots 44", "women's", "children's tent", "rock'n'roll bottle",
    "select tents", "union jack flag", "union select committee", "drop shipping", "table and chairs", "order by phone",
    "where to buy", "insert for boots", "update firmware gps", "delete account", "how to delete my account",
    "what is the best tent for 2 or 3 people?", "boots size 42 or 43", "tent and tarp", "1 or 2 person tent",
    "knife & fork set", "salt & pepper", "50% off", "100% wool", "C++ t-shirt", "node.js mug", "x < 3 kg", "<3",
    "price <= 100", "weight > 2kg", "\"ultra light\"", "\"two person\" tent", "5/8 screw", "1/4\" adapter", "12\" pan",
    "e-mail invoice", "user@example.com", "http://example.org/size-chart", "script font sticker", "javascript book",
    "sleep(8) hours mat", "concat two ropes", "benchmark stove test", "char cloth", "exec chair", "cat food dehydrated",
    "echo sounder", "ping g425 driver", "ls rain jacket", "curl brush", "wget", "/etc hosts mug",
    "C:\\ drive pun shirt",
    "tent; pegs", "lamp | torch", "a`b", "$100 gift card", "gift card $(50)", "{name} tag", "{{ engraving }}",
    "#1 dad mug",
    "what's new", "don't panic towel", "it's -- cold", "boots -- waterproof", "4x4", "1=1 puzzle", "1+1 free",
    "null island map",
    "schlafsack für den winter", "zelt größe xl", "regenjacke müller", "tente légère l'été", "réchaud à gaz",
    "sac à dos d'hiver",
    "l'oréal", "tienda de campaña", "botas de montaña niño", "mochila señora", "палатка двухместная", "спальник зимний",
    "テント 二人用", "登山靴", "帐篷 双人", "캠핑 의자", "خيمة", "אוהל", "çadır", "kış uyku tulumu", "stany pro dvě osoby",
    "żółta kurtka", "tält två personer", "☕ mug", "🏕️", "naïve café", "Ærø kort", "D'Angelo", "L'Hospitalet",
    "Côte d'Ivoire",
  ]

  /// What people write into forms.
  static let messages: [StaticString] = [
    "Hi, I ordered a tent on Monday and it hasn't arrived. Can you tell me where it is?",
    "My name is Conor O'Brien; the invoice says \"OBrien\". Please update it -- thanks!",
    "Is the union of the two poles available separately? I'd select the longer one.",
    "Where can I drop off the returns? The table in the FAQ says \"from 9 to 5\".",
    "The page shows <b>NaN</b> instead of the price. Using Firefox; maybe a script error?",
    "for (let i = 0; i < 10; i++) { console.log(i); } // this is what your API docs say, but it fails",
    "SELECT the items you want, then order by phone -- that is what the flyer says. Is it right?",
    "I can't log in. It says: error 500; /account/login?next=%2Fcart",
    "J'aimerais échanger l'article contre une taille plus grande. C'est possible ?",
    "Könnten Sie mir bitte sagen, ob die Größe 46 wieder lieferbar ist? Grüße, Jürgen",
    "¿Cuánto cuesta el envío a Perú? ¡Gracias!", "Здравствуйте, есть ли доставка в Казань?",
    "靴のサイズを教えてください。", "1 or 2 of the pegs were missing; 3 of 10 were bent & rusty.",
    "Use `tent --help` :) ... no, seriously: how do I fold it?", "It's great!!! 10/10 would buy again ;-)",
  ]

  static let names: [StaticString] = [
    "Conor O'Brien", "Anna Müller", "Sinead O'Connor", "José Núñez", "Zoë D'Angelo", "Li Wei", "Olga Ivanova",
    "Tom Null",
    "Jean-Luc L'Hermite", "Åsa Öberg", "Mary Jane", "Bobby Table",
  ]

  static let campaigns: [StaticString] = [
    "utm_source=newsletter&utm_medium=email&utm_campaign=summer_sale_2025",
    "utm_source=google&utm_medium=cpc&utm_campaign=brand%7Cexact&utm_term=%2Bpine%20%2Bshop",
    "utm_source=facebook&utm_medium=paid_social&utm_content=video_15s%3B1x1",
    "utm_source=partner&utm_medium=referral&ref=trail-blog&sub_id=a%26b",
  ]

  static let oldPaths: [StaticString] = [
    "/shop.php?item=118", "/index.php?page=about", "/catalogue/2014/tents.html", "/blog/?p=2231",
    "/old/images/logo.gif",
    "/forum/viewtopic.php?t=8812", "/en/home.aspx", "/wp-content/uploads/2016/05/header.jpg", "/rss.php",
    "/sitemap.html",
    "/press/2012/release-3.pdf", "/products/discontinued", "/m/", "/apple-touch-icon-precomposed.png",
    "/apple-touch-icon-120x120.png", "/.well-known/traffic-advice", "/ads.txt", "/browserconfig.xml",
  ]
}
