// What is posted: one JSON document for each kind of receiver.

import Bytes
import Detection
import Reports

enum Payloads {
  /// What any program can take: the text, and the attack as in a report.
  static func generic(_ attack: Attack, text: String, pipeline: String) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject(inline: true)
    json.member("id", attack.id)
    json.member("event", attack.state.rawValue)
    json.member("pipeline", pipeline)
    json.member("text", text)
    json.key("attack")
    JSONReport.write(attack, &json, inline: true)
    json.endObject()
    return json.output.bytes.copied()
  }

  /// Slack's incoming webhooks, and those of Mattermost, Rocket.Chat and others that take the same.
  static func slack(_ text: String) -> [UInt8] {
    var escaped = ""
    for character in text {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      default: escaped.append(character)
      }
    }
    var json = JSONWriter()
    json.beginObject(inline: true)
    json.member("text", escaped)
    json.endObject()
    return json.output.bytes.copied()
  }

  /// `POST /api/v2/alerts` of Alertmanager.
  static func alertmanager(_ alerts: [Alert]) -> [UInt8] {
    var json = JSONWriter()
    json.beginArray(inline: true)
    for alert in alerts {
      json.element()
      json.beginObject(inline: true)
      json.key("labels")
      write(alert.labels, &json)
      json.key("annotations")
      write(alert.annotations, &json)
      json.member("startsAt", time: alert.start)
      json.member("endsAt", time: alert.end)
      json.endObject()
    }
    json.endArray()
    return json.output.bytes.copied()
  }

  private static func write(_ pairs: [Alert.Pair], _ json: inout JSONWriter) {
    json.beginObject(inline: true)
    for pair in pairs { json.member(pair.name, pair.value) }
    json.endObject()
  }
}
