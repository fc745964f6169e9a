// LogFormats: bytes of a line to fields of an event.
