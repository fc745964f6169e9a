import Bytes
import Testing

@testable import Detection

/// What people and programs send without harm. None of it may reach the threshold.
@Suite("Honest values are not attacks")
struct HonestValuesTests {
  static let texts = [
    // Names and places.
    "O'Brien", "D'Angelo", "Sean O'Casey and Mary O'Hara", "L'Alcúdia", "Hawai'i", "'s-Hertogenbosch", "Ca' Foscari",
    "Dell'Acqua, Piazza dell'Unità 3", "C/ Sant Joan, 12-3º B", "12 St. John's Road (rear)", "Müller & Söhne GmbH",
    // Prose.
    "It's a dog's life, and I don't know what you're talking about.",
    "Don't select from the menu until you've read the union's rules; drop me a line.",
    "The workers' union selected a committee, and the company dropped the case.",
    "Please update your records and delete my old address from the table of members.",
    "either 'yes' or 'no' is fine, but 'maybe' isn't", "rock 'n' roll -- the best there is",
    "I'd like to order by phone; is that ok?", "Where's the like button? I can't find it and I've looked.",
    "Is 3 < 5 and 7 > 2?", "2 + 2 = 4", "a=b", "x = y + 1", "if x < 10 and y > 3 then stop", "100% sure", "50% off!",
    "5'10\" tall and 180 lbs", "TV 55\" 4K", "vinyl 12\" single", "Q&A", "R&D; sales & marketing", "AT&T",
    "rock & roll",
    "C++ or C#?", "how to exit vim", "find the cat", "time; date; place", "more | less", "who is the host?",
    "The test; make it sort of cut", "first; second; third", "Tom; Dick; Harry",
    // Search queries.
    "union square select hotels", "select comfort mattress", "student union select committee",
    "how to select from table in sql", "sql union all example", "drop table tutorial", "insert into meaning",
    "\"cats\" or \"dogs\"", "\"not for sale\"", "\"like new\" bicycle", "order by name", "javascript: the good parts",
    "what does alert do in javascript", "what is /etc used for", "cat food", "ping pong table", "sleep apnea",
    "benchmark cpu 2024", "having fun", "group by meaning", "limit 10 items", "null and void", "true or false",
    "1 or 2 bedrooms", "2 and a half men", "wget tutorial", "curl hair products", "bash brothers", "perl necklace",
    // Other languages.
    "l'été n'est pas encore là, et j'attends l'arrivée d'un ami", "¿Dónde está la biblioteca? ¡Aquí!",
    "Wie geht's? 's geht schon.", "что делать и кто виноват?", "東京（日本）で「寿司」を食べる", "한국어 문장입니다.",
    "שלום, מה שלומך?", "مرحبا بالعالم", "Çalışıyor mu? 'Evet' dedi.",
    // Data.
    "user.name+tag@example.com", "550e8400-e29b-41d4-a716-446655440000", "2024-05-01T12:34:56+02:00",
    "1'000'000.00 CHF", "$1,299.00", "+1 (555) 010-0199", "N 52° 31' 12\" E 13° 24' 18\"",
    "dGhpcyBpcyBqdXN0IGEgdG9rZW4gd2l0aCB0ZXh0", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
    "IwAR0abcDEF-_ghiJKL1234567890", "#section-2", "#ff8800", "v1.2.3-rc.1", "C:\\Users\\maria\\Documents\\photo.jpg",
    "report (final) [v2].pdf", "images/2024/05/photo.jpg", "../images/logo.png", "{\"page\":1,\"sort\":\"-date\"}",
    "[1,2,3]", "a,b,c;d,e,f", "key: value", "<3", ":-) ;-)", "->", "=>", "...", "--", "n/a", "*", "?", "!", "*.txt",
    "https://www.example.com/path/page.html?id=3&lang=en#top", "https://example.com/search?q=a%20b",
    "http://example.org/", "//cdn.example.com/lib.js", "mailto:info@example.com", "tel:+15550100",
    "{ user(id: 4) { name email posts(first: 10) { title } } }", "query($id: ID!) { node(id: $id) { id } }",
    // Code that people talk about.
    "if (a < b && c > d) { printf(\"hello\\n\"); }", "for (int i = 0; i < n; i++) sum += a[i];",
    "Use git commit -m 'message' and then git push origin main, it worked for me on the second attempt.",
    "<p>Hello <b>world</b>, see <a href=\"https://example.com/\">this page</a>.</p>", "[b]bold[/b] and [url]x[/url]",
    "Hi all, my query SELECT name FROM users WHERE id = 5 is slow, can somebody please tell me what index it needs?",
    "sleep(8) hours mat", "what does sleep(5) do in php", "md5(password) or bcrypt", "how to call system (2)",
    "select distinct brands \"like\"", "Muñoz Núñez, José Mª", "C/ Mayor, 3 - 2º B", "p@ss'w0rd;--x", "xK#9;'lo&2=",
    "12345678Z", "+34 961-23-45-67", "price[gte]=10", "name eq 'x' and price lt 20", "startswith(name,'Al')",
    "rock'n'roll", "\\frac{a}{b} + \\sqrt{x^2}", "\\section{Intro}", "*/5 * * * *", "0 0 1 1 *", "^[a-z]+(\\d{2,4})?$",
    "id,name,price\n1,\"Box, small\",2.50\n", "# Title\n\n- one\n- two\n\n`code` and **bold**", "🎉 party! 😀😀",
    "Hmm........ ok",
    "photo.final.jpg", "org.example.app", "java.util.ArrayList", "-price", "price asc, name desc", "1-2", "a&b",
    "https://example.org/page", "https://example.org/?a=b&c=d", "../../images/logo.png", "2024-05-01", "12:30-14:00",
    "GA1.2.1234567890.1700000000", "fb.1.1700000000000.IwAR2abc-DEF", "the file is at C:\\temp\\report.txt",
    "{\"@context\":\"https://schema.org\",\"name\":\"Ann \\\"Bo\\\" Lee\"}", "====================", "%d items of %d",
    "To list files type ls -la in the terminal; then cd into the folder that you want and run make, it takes a minute.",
    "Je voudrais commander l'article n° 5, qu'est-ce que je dois faire?", "Ich hab's nicht gefunden, wo ist's?",
    "Dear {{first_name}}, thank you for your order", "Hello ${name}", "var x = 5;", "x -> x + 1",
    // What looks like a separator and a command, and is a sentence or a document.
    "Bread, milk; curl your hair, ping me later", "2 High Road; Apt #7", "12 Oak Lane; Apt 4",
    "Type `ls -la | grep bar` and then read what the terminal shows you, line by line, until you find your own file.",
    "Never run `rm` as root; look at /etc/hosts first, which is a file that anybody may read on a machine of their own.",
    "# Build\n\nSome *words* and `code`.\n\n```sh\nmake install\n```\n", "\\\\fileserver\\public\\plan.docx",
    "6'-hose--12m", "HONEY AND LAVENDER SOAP 2 '#", "2alert(2)", "the (1) or (2) option", "f(x) = 10 = 20 / 2",
    "char(10)", "boolean mode or not", "db.example.com", "https://example.com/?a=@b", "a #id on the page",
  ]

  @Test(arguments: [
    "<?xml version=\"1.0\"?><order xmlns=\"http://example.com/order\"><name>Ann O'Hara</name><n>2</n></order>",
    "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><q>a &amp; b</q></soap:Body></soap:Envelope>",
    "<rss version='2.0'><item><title>Rock &apos;n&apos; roll</title><link>https://example.com/a?b=1&amp;c=2</link></item></rss>",
    "<a><![CDATA[a < b and c > d; it's true]]></a>",
  ])
  func asXML(document: String) {
    var judge = Judge()
    let verdict = judge.request(
      target: Array("/api".utf8), method: .post, contentType: Array("application/xml".utf8),
      body: Array(document.utf8))
    #expect(verdict.score < 50, "\(verdict.score) \(verdict.classes.list) \(document)")
  }

  @Test(arguments: texts)
  func asAParameter(text: String) {
    var judge = Judge()
    let verdict = judge.parameter(text)
    #expect(verdict.score < 50, "\(verdict.score) \(verdict.classes.list) \(text)")
  }

  @Test(arguments: texts)
  func inAForm(text: String) {
    var judge = Judge()
    let verdict = judge.form(text)
    #expect(verdict.score < 50, "\(verdict.score) \(verdict.classes.list) \(text)")
  }

  @Test(arguments: [
    "https://search.example/?q=sleep(8)+hours+mat", "https://search.example/?q=how+to+fix+' or 1=1 --",
    "https://www.example.com/search?q=1%27%20union%20select%201,2--",
    "https://forum.example/?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "https://www.example.com/a?file=../../../../etc/passwd",
  ])
  func aReferrerRepeatsWhatAnotherRequestSaid(referrer: String) {
    var judge = Judge()
    let verdict = judge.request(target: Array("/style.css".utf8), referrer: Array(referrer.utf8))
    #expect(verdict.score < 50, "\(verdict.score) \(verdict.classes.list) \(referrer)")
  }

  @Test(arguments: [
    "/", "/index.html", "/a/../b/c.html", "/blog/2016/03/../images/x.png", "/wiki/Rock_%26_Roll", "/c++/faq.html",
    "/search?q=caf%C3%A9&lang=fr", "/alta?nombre=Jos%E9&apellidos=Mu%F1oz+P%E9rez&dni=12345678Z&cp=46001",
    "/l?utm_source=news&utm_medium=email&utm_campaign=may%2024&fbclid=IwAR3xYz_-AbC&gclid=Cj0KCQjw",
    "/login?next=%2Faccount%2Forders%3Fpage%3D2", "/r?url=https%3A%2F%2Fexample.com%2Fa%3Fb%3Dc%26d%3De",
    "/api/v1/items?filter[status]=open&sort=-created&page[size]=20", "/x.css?v=3.2.1", "/wp-login.php?redirect_to=%2F",
    "/category/java/?lt;prefill&gt;true&lt;/prefill&gt;",
    "/a/%22%20data-url=%22%22%20class=%22u%22%3Ex.example/a/%3C/a%3E%20%3C/div%3E%20%3C/div%3E%20%3Cscript%3E%20Page.resize(%22",
    "/scripts//%22file://$file/%22", "/wp-login.php?redirect_to=http:/www.example.com/wp-admin/",
    "/blog/shell-tricks.html",
    "/tags/o%27reilly/", "/~user/page.html", "/a;jsessionid=0123ABCD?x=1", "/.well-known/acme-challenge/abc_DEF-123",
  ])
  func targetsOfOrdinarySites(target: String) throws {
    let rules = try RuleSet.load(ShippedRules.files.map { ($0.name, Array($0.text.utf8)) })
    var judge = Judge(rules: rules)
    let verdict = judge.target(target)
    #expect(verdict.score < 50, "\(verdict.score) \(verdict.classes.list) \(target)")
  }
}
