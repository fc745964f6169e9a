import Testing

@testable import Detection

@Suite struct SigmaMatchingTests {
  @Test func aPlainValueIsTheWholeFieldInEitherCase() throws {
    #expect(try holds("cs-uri-stem: /Admin", Request(target: "/admin?x=1")))
    #expect(try !holds("cs-uri-stem: /admin", Request(target: "/admin/")))
    #expect(try holds("c-uri|contains: select", Request(target: "/?q=SELECT+1")))
    #expect(try holds("c-uri|contains: 'select 1'", Request(target: "/?q=SELECT+1")), "decoded")
  }
}
