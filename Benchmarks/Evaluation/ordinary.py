"""Requests that tempt a detector and are no attack: this project's own examples, a kind of trap each."""

import base64
import json

import sets

PROSE = (
    "I'd like to select a size from the table where the union of both groups meets; and then we'll drop by.",
    "Don't forget: order by Friday or the offer's gone -- it's the last one (really)!",
    "Rock 'n' roll isn't dead; it's just sleeping. -- Anon",
    "5 or 6 people said that 1=1 is a tautology, and '1'='1' too.",
    "She said \"don't\" and he said 'why not?' and then they left; nobody knows where to.",
    "Please delete my account from your list, or update my address and set the name to O'Brien.",
    "The script was written by Charlotte O'Hara & performed at the Globe <3",
    "Insert coin into slot B, values may vary; create table space before you sit down.",
    "Cat food, dog food & bird seed; wget your groceries, ping me when done",
    "What's the difference between a < b and a > b when a and b are sets? I think {a | a < b} is empty.",
    "Price: $5 (was $10) - save 50%! Call 555-0100; ask for Bob || Alice.",
    "I ran the echo test; the result was ok, then I went to sleep (10 hours).",
    "Having trouble with group by in Excel, can anyone exec my macro? 10x -- Jim",
    "The union selected its leader from the members where the vote was highest.",
    "If you like it then you should have put a ring on it; like '%' signs in maths.",
    "Wir treffen uns um 19 Uhr -- bring' bitte Getränke mit; oder ruf an!",
    "L'été, c'est l'heure d'aller à l'île d'Oléron; n'est-ce pas ?",
    "Dall'altra parte dell'oceano c'è un'isola; e l'acqua è blu.",
    "Mwana wa shule alisema: 'Sijui'; kisha akaenda.",
    "今天天气很好;我们去公园吧 -- 你觉得呢?", "今日はいい天気ですね。'桜'が咲いています; 行きましょう。",
    "Привет! Как дела? -- Всё хорошо; а у тебя?", "مرحبا؛ كيف حالك؟ 'جيد' -- شكرا", "שלום; מה שלומך? 'טוב'",
    "สวัสดี; คุณสบายดีไหม -- ดี",
    "안녕하세요; '오늘'은 날씨가 좋네요 -- 그렇죠?", "Καλημέρα· τι κάνεις; 'καλά' -- ευχαριστώ",
)
POSTS = (
    "How do I write this? My query is:\n\n    SELECT name, age FROM people WHERE age > 30 ORDER BY name\n\nIt returns no rows, "
    "although the table has some with that age. Any idea what I am doing wrong here?",
    "Use `ls -la | grep foo` to list the files, then look at the output and tell us which of them are there on your disk.",
    "In JavaScript you write `for (let i = 0; i < n; i++) { total += i; }` and the loop runs n times, as everybody knows.",
    "My page shows `<div class=\"box\">` as text instead of a box. I think that I have to escape something but not what.",
    "The regex is ^[a-z]+(\\.[a-z]+)*$ and it should match a.b.c but it does not; what is the matter with it, please?",
    "#include <stdio.h>\nint main(void) { printf(\"%d\\n\", 3); return 0; }\n\nThis is my first program and I am very proud of it!",
    "The docs say to put {{ user.name }} into the template, but on my machine it shows the braces. Which version do I need?",
    "Set PATH=$HOME/bin:$PATH in your profile, log in again, and the program should then be found without its full path.",
)
VALUES = (
    "O'Brien", "D'Angelo", "O'Neill & Sons", "Jean-Luc d'Arc", "Smith; Jones", "Ng", "N/A", "null", "true",
    "undefined", "NaN",
    "-1", "1e10", "0x1F", "1,234.56", "$1,000", "50%", "100%25", "3 + 4", "a=b", "a==b", "x > y", "x < y", "<3",
    ":-)", "^_^",
    "(555) 010-0199", "+1 (555) 010-0199", "user@example.com", "user+tag@example.com", "first.last@sub.example.co.uk",
    "C++", "C#", "F#", ".NET", "node.js", "AT&T", "R&D", "Q&A", "rock & roll", "salt 'n' pepper", "3/4", "1/2\"",
    "5' 11\"", "24\" monitor",
    "12 o'clock", "'90s music", "the '60s", "don't", "it's", "\"exact phrase\"", "\"foo bar\" -baz",
    "title:(foo OR bar) AND year:2020",
    "site:example.com filetype:pdf", "cats OR dogs", "cats AND dogs NOT birds", "*.pdf", "foo*", "?", "!", "--",
    "---", "-- none --", "...", "..", "/", "//",
    "#1", "#hashtag", "@handle", "~", "`", "|", "a|b|c", "a;b;c", "1;2;3", "key:value;other:value", "{}", "[]", "()",
    "[1,2,3]", "{1,2,3}",
    "(select one)", "select", "union", "drop", "delete", "script", "alert", "onclick", "exec", "system", "eval",
    "admin", "root", "passwd",
    "Select Committee", "Student Union", "drop shipping", "update", "insert", "order by phone", "group by",
    "having fun", "where to eat",
    "union square hotel", "select comfort bed", "create table lamp", "table tennis or badminton", "like new", "and",
    "or", "not", "between jobs",
    "/home/user/docs/report.pdf", "C:\\Users\\Ann\\Documents\\cv.docx", "\\\\server\\share\\file.txt",
    "../images/logo.png", "./run", "index.php", "config.json",
    "2024-01-31", "2024-01-31T23:59:59+01:00", "31/01/2024", "12:30:45", "1706745599", "P1Y2M3DT4H", "en-US,en;q=0.9",
    "rgb(255, 0, 0)", "#ff0000", "url(image.png)", "calc(100% - 10px)", "translate(10px, 20px)", "sin(x)",
    "f(x) = x^2", "max(a, b)", "SUM(A1:B2)", "=A1+B2",
    "a -> b", "a => b", "a <- b", "<-", "->", "<>", "!=", "&&", "||", "E=mc^2", "x^2 + y^2 = z^2", "1 + 1 = 2", "2>1",
    "1<2", "if x then y else z",
    "550e8400-e29b-41d4-a716-446655440000", "d41d8cd98f00b204e9800998ecf8427e", "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "192.168.1.1", "10.0.0.0/8", "::1", "fe80::1",
    "00:1B:44:11:3A:B7", "+49 30 123456", "DE89370400440532013000", "4111 1111 1111 1111", "978-3-16-148410-0",
    "v1.2.3-rc.1+build.5",
    "Mon, 02 Jun 2025 10:00:00 GMT", "sort=price:asc,name:desc", "filter[price][gte]=10", "fields=id,name,price",
    "page[size]=20",
    "Crème brûlée", "naïve café", "Ærøskøbing", "Straße", "smörgåsbord", "¿Qué tal?", "日本語", "中文", "한국어", "русский",
    "العربية", "עברית", "हिन्दी", "ไทย", "😀👍🏽", "❤️ & 🎉",
    "P@ssw0rd!", "correct horse battery staple", "x'y\"z", "Tr0ub4dor&3", "a'b", "50' cable", "L'Oréal", "McDonald's",
    "Levi's 501's", "M&M's", "Toys \"R\" Us", "Guns N' Roses",
)
PARAMETERS = (
    "utm_source=newsletter&utm_medium=email&utm_campaign=spring_sale_2025&utm_content=header-link&utm_term=shoes%7Cboots",
    "gclid=Cj0KCQjw-daUBhCIARIsALbkjSZg_x1&gclsrc=aw.ds&fbclid=IwAR0_abc-DEF123&mc_eid=4f2d1a&mc_cid=77aa",
    "redirect=https%3A%2F%2Fwww.example.com%2Faccount%2Forders%3Fid%3D12%26tab%3Ditems",
    "next=/account/orders%3Fpage%3D2", "url=http://www.example.org/a/b.html%23top",
    "return_to=https://shop.example.com/cart?coupon=SAVE20&lang=de", "callback=jQuery112405_1592&_=1592410000000",
    "callback=jsonp_handler", "q=%22exact+phrase%22+-without+site%3Aexample.org",
    "lat=52.5200&lng=13.4050&bbox=13.0,52.3,13.8,52.7&zoom=12", "color%5B%5D=red&color%5B%5D=blue&size%5B%5D=m",
    "filter%5Bprice%5D%5Bgte%5D=10&filter%5Bprice%5D%5Blt%5D=50&sort=-created_at",
    "$filter=price%20gt%2010%20and%20startswith(name,'A')&$top=20&$orderby=name%20desc&$select=id,name",
    "$count=true&$expand=orders($top=5)&$skip=40",
    "query=%7Buser(id%3A12)%7Bname%2Cposts(first%3A10)%7Btitle%7D%7D%7D",
    "w=640&h=480&fit=crop&crop=faces,edges&q=75&fm=webp&s=0f1e2d3c4b5a",
    "token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJlLWhlcmU",
    "SAMLResponse=PHNhbWxwOlJlc3BvbnNlIElEPSJfMSI%2BPC9zYW1scDpSZXNwb25zZT4%3D&RelayState=%2Fhome",
    "state=xyz%2FABC%2B123%3D%3D&code=4%2F0AX4XfWh-abc_DEF", "id=1,2,3,4,5,6,7,8&fields=name,price,stock",
    "text=Look+what+I+found%21+https%3A%2F%2Fexample.com%2Fp%2F1&via=shop",
    "subject=Re%3A+your+order+%2312345&body=Hi%2C%0A%0Athanks+for+your+mail.%0A%0ABest%2C%0AAnn",
    "date%5Bfrom%5D=2025-01-01&date%5Bto%5D=2025-12-31",
    "s=" + "long+query+of+many+words+" * 40,
    "data=" + base64.b64encode(b"any plain text that somebody thought best sent in base64").decode().replace("=", "%3D"),
    "ids=" + "%2C".join(str(i) for i in range(1000, 1150)),
    "v=4&src=/js/app.js&err=TypeError%3A%20Cannot%20read%20property%20%27name%27%20of%20undefined&line=12",
    "msg=Uncaught+ReferenceError%3A+foo+is+not+defined&url=https%3A%2F%2Fexample.com%2F&l=1&c=220",
)
BODIES = (
    {"query": "query Q($id: ID!) { user(id: $id) { name posts(first: 10) { edges { node { title } } } } }", "variables": {"id": "12"}},
    {"query": "mutation M($input: UpdateUserInput!) { updateUser(input: $input) { user { id name } } }", "variables": {"input": {"id": 1, "name": "O'Hara"}}},
    {"query": {"bool": {"must": [{"match": {"title": "select shoes"}}], "filter": [{"range": {"price": {"gte": 10, "lte": 50}}}]}}, "size": 20},
    {"events": [{"type": "click", "target": "button#buy.primary > span", "x": 10, "y": 20}, {"type": "error", "message": "Can't find variable: foo", "stack": "foo@https://example.com/app.js:12:5\nbar@https://example.com/app.js:40:9"}]},
    {"html": "<p>Hello <strong>world</strong>, this is my <a href=\"https://example.com/page\">page</a> and an <em>idea</em>.</p><ul><li>one</li><li>two</li></ul>"},
    {"markdown": "# Title\n\nSome *text* with `code` and a [link](https://example.com).\n\n```sh\nmake test\n```\n"},
    {"content": "<h2>Our menu</h2><p style=\"text-align:center\">Soup &amp; salad</p><p><img src=\"/img/soup.jpg\" alt=\"Soup\" width=\"300\" /></p>"},
    {"svg": "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\"><path d=\"M0 0L10 10\"/></svg>"},
    {"rule": "price > 10 && stock != 0 || featured == true", "formula": "=IF(A1>10,SUM(B1:B9),0)", "template": "Dear {{name}}, your order {{order_id}} has shipped."},
    {"op": "replace", "path": "/address/street", "value": "1 Main St; Apt #5"},
    {"name": "Robert'); he said", "age": 12}, {"css": ".box > p { color: red; } /* note */ a:hover { margin: 0 }"},
    {"comment": "I think `rm` is dangerous; never run it as root. See also /etc/hosts on your own machine, which is a file that anybody can read there."},
    {"jwt": "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJpc3MiOiJodHRwczovL2V4YW1wbGUuY29tIn0.AAAA", "password": "x'; #9-- Qz\"<5"},
)
COOKIES = (
    "session=0f1e2d3c4b5a69788796a5b4c3d2e1f0; theme=dark; lang=en",
    "_ga=GA1.2.1234567890.1592410000; _gid=GA1.2.987654321.1592410000; _gat=1",
    "prefs=%7B%22theme%22%3A%22dark%22%2C%22size%22%3A12%7D; seen=1|2|3",
    "cart=eyJpdGVtcyI6W3siaWQiOjEsIm4iOjJ9XX0=; consent=CPzHq4APzHq4AAfABCENAzEsAP_AAH_AAAAAJFNf",
    "OptanonConsent=isGABCMPEnabled=false&datestamp=Mon+Jun+02+2025+10%3A00%3A00+GMT%2B0200&version=6.10.0&groups=C0001%3A1%2CC0002%3A0",
    "wp-settings-1=editor%3Dtinymce%26libraryContent%3Dbrowse; wordpress_test_cookie=WP+Cookie+check",
    "csrftoken=aB3-_xY9; sessionid=.eJxVjMEOwiAQRP-FsyEsLQU8eu83kF1YpGogKe3J",
    "__utmz=1.1592410000.1.1.utmcsr=google|utmccn=(organic)|utmcmd=organic|utmctr=select%20union%20hotel",
)
PATHS = (
    "/", "/robots.txt", "/favicon.ico", "/wiki/C%2B%2B", "/wiki/AC/DC", "/wiki/Rock_%27n%27_Roll",
    "/wiki/O%27Brien_(surname)", "/wiki/SQL_injection", "/wiki/%E6%97%A5%E6%9C%AC%E8%AA%9E",
    "/products/5%27-cable--10m", "/tag/c%23",
    "/docs/select-union-statement.html", "/blog/2024/01/how-to-drop-a-table-in-sql/",
    "/blog/cross-site-scripting-explained?ref=rss", "/download/setup-1.2.3.exe", "/files/report%20(final)%20v2.pdf",
    "/a/b/c/../d.css", "/img/logo@2x.png",
    "/~ann/notes.html", "/api/v2/users/12/orders;status=open", "/s/AbC-_123~x",
    "/maps/@52.5,13.4,12z/data=!3m1!4b1!4m5!3m4", "/_next/static/chunks/pages/%5Bslug%5D-0f1e2d.js",
    "/assets/app.0f1e2d3c.js?v=1.2.3", "/fonts/icon.eot?#iefix",
    "/player/embed?autoplay=1&src=rtmp%3A%2F%2Fmedia.example.com%2Flive", "/search/label/how%20to%20cat%20a%20file",
    "/en/exec/board-of-directors", "/calendar.ics?start=20250101T000000Z", "/.well-known/acme-challenge/Ab_c-1",
    "/.well-known/security.txt",
)
AGENTS = (
    "Mozilla/5.0 (Linux; Android 13; SM-G991B Build/TP1A.220624.014; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/110.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/400.0.0.1;]",
    "curl/7.88.1", "okhttp/4.9.3", "Dalvik/2.1.0 (Linux; U; Android 9)",
    "MyApp/2.1 (com.example.app; build:45; iOS 16.1.0) Alamofire/5.6.2",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; SLCC2; .NET CLR 2.0.50727; Media Center PC 6.0)",
    "FeedFetcher-Google; (+http://www.google.com/feedfetcher.html; 12 subscribers; feed-id=123)",
    "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1; U; en) Presto/2.12", "python-requests/2.28", "Wget/1.21", "Java/11.0.2",
)


def rows():
    """Every example, values by turns in a query, a form and JSON."""
    out = []

    def add(kind, **fields):
        out.append((0, kind, sets.request(len(out), **fields)))

    for kind, values in (("prose", PROSE), ("post", POSTS), ("value", VALUES)):
        for value in values:
            for turn in range(3):
                out.append((0, kind, sets.placed((0, 3, 4)[turn] + 5 * len(out), value)))
    for text in PARAMETERS:
        add("parameters", path="/page?" + text)
        add("parameters", method="POST", path="/page", body=text, content_type="application/x-www-form-urlencoded")
        add("referrer", path="/page", referer="https://www.example.org/page?" + text)
    for body in BODIES:
        add("json", method="POST", path="/api", content_type="application/json", body=json.dumps(body))
    for text in COOKIES:
        add("cookie", cookie=text)
    for text in PATHS:
        add("path", path=text)
    for text in AGENTS:
        add("agent", user_agent=text)
    return out
