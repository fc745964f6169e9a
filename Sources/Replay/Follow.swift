// `--follow`: the whole line live on one box.

final class Follow {
  let options: ReplayOptions
  init(_ options: ReplayOptions) { self.options = options }
  func run() throws -> ReplayCommand.Status { throw SetupError("--follow: not built yet") }
}
