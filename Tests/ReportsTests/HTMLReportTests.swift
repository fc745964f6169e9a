import Bytes
import Detection
import Reports
import Testing

@Suite struct HTMLReportTests {
  @Test func aDayLooksAsItShould() {
    expectGolden("day.html", rendered { HTMLReport.render(SampleReports.day(), into: &$0) })
    expectGolden("nothing.html", rendered { HTMLReport.render(SampleReports.nothing(), into: &$0) })
    expectGolden("empty.html", rendered { HTMLReport.render(SampleReports.empty(), into: &$0) })
  }

  @Test func thePageNamesNoOutsideResource() {
    let page = String(decoding: rendered { HTMLReport.render(SampleReports.day(), into: &$0) }, as: UTF8.self)
    for needle in [" src=", "<link", "@import", "url(", "<iframe", "style=\"", " onclick", "javascript:"] {
      #expect(!page.contains(needle), "\(needle)")
    }
  }

  @Test func theNameOfAnAttackAsLongAsTheLogStandsOnItsBar() {
    var report = SampleReports.day()
    report.attacks[0].start = report.traffic.seriesStart
    report.attacks[0].end = report.traffic.seriesStart + report.traffic.seriesStep * Int64(report.traffic.series.count)
    let page = String(decoding: rendered { HTMLReport.render(report, into: &$0) }, as: UTF8.self)
    #expect(page.contains("<text class=\"lane over\" x=\"56\""))
  }

  @Test func aPageOfVeryManyAttacksStaysOfUse() {
    var report = SampleReports.day()
    let few = report.attacks
    for i in 0..<4000 {
      var attack = few[i % few.count]
      attack.id = "\(i)"
      report.attacks.append(attack)
    }
    let page = String(decoding: rendered { HTMLReport.render(report, into: &$0) }, as: UTF8.self)
    #expect(page.utf8.count < 8 << 20)
    #expect(page.contains("The 1,000 most severe. "))
    #expect(page.contains("id=\"a999\"") && !page.contains("id=\"a1000\""))
  }

  @Test func hostileTextIsEscaped() {
    let page = String(decoding: rendered { HTMLReport.render(SampleReports.hostile(), into: &$0) }, as: UTF8.self)
    for needle in ["<script>alert", "<img", "<svg onload", "\u{1b}", "\u{202e}", "\0"] {
      #expect(!page.contains(needle), "\(needle)")
    }
    #expect(page.contains("&lt;script&gt;alert(1)"))
  }

  @Test(.enabled(if: Programs.browser != nil, "no chromium"))
  func aBrowserRunsNothingThatAClientSent() {
    Programs.withTemporaryFolder { folder in
      let page = rendered { HTMLReport.render(SampleReports.hostile(), into: &$0) }
      store(page, at: folder + "/hostile.html")
      // A script beside the page says what it sees. The page's policy forbids it, so for this copy it is allowed by
      // dropping the policy: escaping alone has to hold.
      var text = String(decoding: page, as: UTF8.self)
      if let policy = text.firstRange(of: "<meta http-equiv=\"Content-Security-Policy\"") {
        let end = text[policy.upperBound...].firstRange(of: ">")
        text.removeSubrange(policy.lowerBound..<(end?.upperBound ?? policy.upperBound))
      } else {
        Issue.record("no policy")
      }
      let probe = """
        <script>
        window.alerts = 0; window.alert = () => { window.alerts += 1; };
        addEventListener("load", () => {
          for (const b of document.querySelectorAll("th button")) { b.click(); b.click(); }
          const allowed = new Set("html head meta title style body main header div h1 h2 h3 span b p section table thead tbody tr th td button svg rect path line text a details summary ol li pre script".split(" "));
          const strange = [...document.querySelectorAll("*")].filter(e => !allowed.has(e.localName));
          const attributes = [...document.querySelectorAll("*")].flatMap(e => [...e.attributes]).filter(a => a.name.startsWith("on") || a.name === "src" || a.name === "style");
          const scripts = document.querySelectorAll("script").length;
          document.documentElement.setAttribute("data-verdict", `${window.alerts} alerts, ${strange.length} strange, ${attributes.length} attributes, ${scripts} scripts`);
        });
        </script>
        """
      text = text.replacing("<head>", with: "<head>" + probe, maxReplacements: 1)
      store(bytes(text), at: folder + "/probed.html")
      let flags =
        "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir='\(folder)/profile' --virtual-time-budget=3000 --dump-dom"
      let status = Programs.run(
        "timeout 300 \(Programs.browser!) \(flags) 'file://\(folder)/probed.html' >'\(folder)/dom' 2>/dev/null")
      #expect(status == 0)
      let dom = String(decoding: contents(folder + "/dom") ?? [], as: UTF8.self)
      let verdict = dom.firstRange(of: "data-verdict=\"").map { dom[$0.upperBound...].prefix { $0 != "\"" } } ?? "none"
      #expect(verdict == "0 alerts, 0 strange, 0 attributes, 2 scripts")

      // The page as it is: its own script runs under its own policy, and sorts.
      let day = String(decoding: rendered { HTMLReport.render(SampleReports.day(), into: &$0) }, as: UTF8.self)
      store(bytes(day), at: folder + "/day.html")
      let log = Programs.run(
        "timeout 300 \(Programs.browser!) \(flags) --enable-logging=stderr --v=0 'file://\(folder)/day.html' >'\(folder)/dom' 2>'\(folder)/log'"
      )
      #expect(log == 0)
      let complaints = String(decoding: contents(folder + "/log") ?? [], as: UTF8.self)
      #expect(!complaints.contains("Content Security Policy"), "\(complaints)")
    }
  }
}
