// Reports: text, JSON and HTML.
