import Bytes
import Detection
import Reports
import Testing

#if canImport(Glibc)
  import Glibc
#endif

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
}
