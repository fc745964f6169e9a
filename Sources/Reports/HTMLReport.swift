// The report as one page.

import Bytes
import Detection

public enum HTMLReport {
  public static func render(_ report: ReplayReport, into output: inout ByteBuffer) {
    output.append("<!doctype html>\n")
  }
}
