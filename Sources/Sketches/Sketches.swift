// Sketches: mergeable summaries, each stating its error.
