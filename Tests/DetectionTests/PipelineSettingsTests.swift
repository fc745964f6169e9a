import Configuration
import Testing

@testable import Detection

@Suite struct PipelineSettingsTests {
  @Test func theDefaultsOfThePipelineAreThoseOfTheStages() throws {
    let pipeline = try PipelineFile.load()
    var fields: [String] = []
    let standard = Mirror(reflecting: BehaviourSettings()).children
    let read = Mirror(reflecting: BehaviourSettings(pipeline)).children
    for (a, b) in zip(standard, read) where "\(a.value)" != "\(b.value)" { fields.append(a.label ?? "?") }
    for (a, b) in zip(
      Mirror(reflecting: CampaignSettings()).children, Mirror(reflecting: CampaignSettings(pipeline)).children)
    where "\(a.value)" != "\(b.value)" { fields.append(a.label ?? "?") }
    #expect(fields.isEmpty)
  }

  @Test func aPipelineSetsThem() throws {
    let text = "detectors: {load: {flood_rate: 99.5}, logins: {failures: 3}}\ncampaigns: {update_interval: 5m}\n"
    let pipeline = try PipelineFile.load(Array(text.utf8), file: "p.yaml")
    #expect(BehaviourSettings(pipeline).floodRate == 99.5)
    #expect(BehaviourSettings(pipeline).loginFailures == 3)
    #expect(CampaignSettings(pipeline).updateInterval == 300_000_000_000)
  }
}
