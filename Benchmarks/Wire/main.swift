// ns an event for the same batch and the same fields, by our accessors and by libcapnp's, in one run.

var bench = WireBenchmark(events: 1000)
bench.run()
