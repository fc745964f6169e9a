// The detectors that are code rather than patterns appear in verdicts and reports as rules like any other.

import Rollups

/// A built-in detector. In verdicts its index follows those of the loaded rules.
public enum BuiltInRule: UInt8, CaseIterable, Sendable {
  case sqlTokens, sqlProbe, markup, script, traversal, fileAccess, streamWrapper, remoteInclusion
  case command, template, expression, noSQL, externalEntity, internalAddress, headerSplitting
  case serializedObject, prototypePollution, ldapFilter, xpath, serverSideInclude, phpCode
  case functionImport, openRedirect, binaryRequest, malformedRequest, forbiddenMethod, upload, encodingAbuse
  case overflow, formatString

  /// Stable name, in verdicts and configuration.
  public var id: String {
    switch self {
    case .sqlTokens: "millrace-sqli-tokens"
    case .sqlProbe: "millrace-sqli-probe"
    case .markup: "millrace-xss-markup"
    case .script: "millrace-xss-script"
    case .traversal: "millrace-traversal"
    case .fileAccess: "millrace-sensitive-file"
    case .streamWrapper: "millrace-stream-wrapper"
    case .remoteInclusion: "millrace-remote-inclusion"
    case .command: "millrace-command"
    case .template: "millrace-template"
    case .expression: "millrace-expression"
    case .noSQL: "millrace-nosql"
    case .externalEntity: "millrace-xxe"
    case .internalAddress: "millrace-ssrf"
    case .headerSplitting: "millrace-crlf"
    case .serializedObject: "millrace-serialized-object"
    case .prototypePollution: "millrace-prototype-pollution"
    case .ldapFilter: "millrace-ldap"
    case .xpath: "millrace-xpath"
    case .serverSideInclude: "millrace-ssi"
    case .phpCode: "millrace-php-code"
    case .functionImport: "millrace-shellshock"
    case .openRedirect: "millrace-open-redirect"
    case .binaryRequest: "millrace-binary-request"
    case .malformedRequest: "millrace-malformed-request"
    case .forbiddenMethod: "millrace-method"
    case .upload: "millrace-upload"
    case .encodingAbuse: "millrace-encoding-abuse"
    case .overflow: "millrace-overflow"
    case .formatString: "millrace-format-string"
    }
  }

  public var title: String {
    switch self {
    case .sqlTokens: "A value continues or contains an SQL statement"
    case .sqlProbe: "A value of stray quotes, as sent to provoke an SQL error"
    case .markup: "A value opens an HTML element or attribute that runs script"
    case .script: "A value breaks into or carries script code"
    case .traversal: "A path climbs above where it may go"
    case .fileAccess: "A value names a file that holds a system's secrets"
    case .streamWrapper: "A value names a stream wrapper or local scheme"
    case .remoteInclusion: "A value names remote code to include"
    case .command: "A value continues a shell command"
    case .template: "A value holds an expression of a template engine"
    case .expression: "A value holds a lookup or an expression of a Java framework"
    case .noSQL: "A value holds an operator of a document database"
    case .externalEntity: "A value declares an XML entity"
    case .internalAddress: "A value points the server at an internal address"
    case .headerSplitting: "A value starts a new header line"
    case .serializedObject: "A value is a serialized object or names a gadget class"
    case .prototypePollution: "A parameter reaches for an object's prototype"
    case .ldapFilter: "A value rewrites an LDAP filter"
    case .xpath: "A value rewrites an XPath expression"
    case .serverSideInclude: "A value holds a server-side include directive"
    case .phpCode: "A value holds PHP code"
    case .functionImport: "A header defines a shell function"
    case .openRedirect: "A value disguises the host that it redirects to"
    case .binaryRequest: "The request is of another protocol"
    case .malformedRequest: "The request line is malformed"
    case .forbiddenMethod: "The method is not one that browsers and APIs use"
    case .upload: "An upload is named like a script"
    case .encodingAbuse: "Encoding that only hides what is written"
    case .overflow: "A value is one byte over and over, as sent to overrun a buffer"
    case .formatString: "A value is a run of printf's conversions"
    }
  }

  public var classes: AttackClasses {
    switch self {
    case .sqlTokens, .sqlProbe: .sqlInjection
    case .markup, .script: .crossSiteScripting
    case .traversal: .pathTraversal
    case .fileAccess, .streamWrapper, .remoteInclusion: .fileInclusion
    case .command, .serverSideInclude, .phpCode, .functionImport: .commandInjection
    case .template: .templateInjection
    case .expression: .expressionInjection
    case .noSQL: .noSQLInjection
    case .externalEntity: .xmlExternalEntity
    case .internalAddress: .serverSideRequestForgery
    case .headerSplitting: .headerInjection
    case .serializedObject, .prototypePollution: .deserialization
    case .ldapFilter: .ldapInjection
    case .xpath: .sqlInjection
    case .openRedirect: .openRedirect
    case .binaryRequest, .malformedRequest, .forbiddenMethod, .encodingAbuse, .overflow, .formatString: .protocolAbuse
    case .upload: .fileUpload
    }
  }
}
